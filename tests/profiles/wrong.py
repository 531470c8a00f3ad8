# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Profiles that are wrong, each in one way, and choices of tenants that can't be.

A row of `EDITS` is what stands in `RIGHT`, what stands there instead, and what the error must say. `#!` ends the line that the error must name.
"""

from __future__ import annotations

from typing import Any

RIGHT = """---
profile: 2
integration: example
vendor: Example
product: Example Dashboards
guides:
  - title: Connecting Example with Autotask
    revised: 2026-11-01

security_levels:
  - key: base
    name: Example Base
    settings:
      Contracts:
        Contracts: {View: All}
        Contract Visibility: Full
      Service Desk:
        Tickets: {View: All, Add: true}
  - key: full
    name: Example Full
    copy_of_key: base
    modules:
      Inventory: read and write
    settings:
      Admin:
        Tagging: true
    webhooks: {maximum: 10, bound: minimum}
  - key: other
    name: Example Other
    copy_of_key: full
    sections:
      Reports: Full Permission

optional:
  - key: vendors
    security_level: full
    settings:
      CRM:
        Vendor & Partners: All

api_users:
  - key: main
    first_name: Example
    last_name: API
    security_level: full
    tracking_identifier:
      integration_vendor: Example - Dashboards
      internal_integration_name: Example
    lines_of_business: all
    expect:
      granted:
        - Tickets:query
      denied:
        - Projects:query
  - key: second
    first_name: Example
    last_name: Reports
    system_level: API User (system)
    tracking_identifier: {internal_integration_name: Example}
  - key: lists
    first_name: Example
    last_name: Lists
    security_level: other
    tracking_identifier: {internal_integration_name: Example Lists}

prerequisites:
  - text: The own company has a country.
    check: own_country
manual_steps:
  - where: Example's portal
    text: Press Load.

handover:
  to: Example's portal
  fields:
    - {name: User, value: user_name}
    - {name: Password, value: secret}
    - {name: Key, value: user_name, user: second}

common_issues:
  - symptom: Connection failed
    checks: [credentials]
sources:
  - at: security_levels > base > name
    source: assumed
"""

EDITS: dict[str, tuple[str, str, str]] = {
    # ---- settings
    "unknown section": ("      Contracts:\n", "      Contrats: #!\n", 'no such section "Contrats". Nearest: "Contracts"'),
    "unknown label": ("Contract Visibility: Full", "Contract Visiblity: Full #!", 'Nearest: "Contract Visibility"'),
    "unknown group": (
        "        Tagging: true",
        "        Featur Access: #!\n          Tagging: true",
        'no such setting "Featur Access" in the section Admin. Nearest: "Feature Access"',
    ),
    "unknown label in a group": (
        "        Tagging: true",
        "        Feature Access:\n          Taging: true #!",
        'no such setting "Taging" in Admin > Feature Access. Nearest: "Tagging"',
    ),
    "label of another section": (
        "        Tagging: true",
        "        Charges: {View: All} #!",
        'no such setting "Charges" in the section Admin. "Charges" stands in Service Desk > Object Permissions.',
    ),
    "unknown column": (
        "{View: All, Add: true}",
        "{View: All, Create it: true} #!",
        'no column "Create it" here; the columns are "View", "Add", "Edit" and "Delete"',
    ),
    "value outside of its column": (
        "{View: All, Add: true}",
        "{View: Everything, Add: true} #!",
        '"Everything" is not allowed here; choose "All", "Mine + Organizations" or "Mine"',
    ),
    "box with a value": ("Tagging: true", "Tagging: All #!", '"All" is not a state of a check box; write true or false'),
    "row without columns": ("{View: All, Add: true}", "All #!", 'here a mapping is needed, not "All"'),
    "box with columns": ("Tagging: true", "Tagging: {View: All} #!", "a mapping is not a state of a check box"),
    "nothing as a value": (
        "Contract Visibility: Full",
        "Contract Visibility: #!",
        'nothing is not allowed here; choose "Full", "Limited" or "None"',
    ),
    "cell of fixed text": (
        "Contract Visibility: Full",
        "Contract Visibility: Full\n      Inventory:\n        Products: {Edit: All} #!",
        'the editor shows "mirrors Add" there',
    ),
    "section as a list": ("      Admin:\n        Tagging: true", "      Admin: [Tagging] #!", "here a mapping is needed, not a list"),
    "settings as text": (
        "    settings:\n      Admin:\n        Tagging: true",
        "    settings: all of them #!",
        'a mapping (lines of `key: value`) is needed here, not "all of them".',
    ),
    "number out of range": (
        "Tagging: true",
        "Tagging: true\n      Other:\n        Maximum number of Webhooks: 0 #!",
        "0 is not a whole number from 1 to 999",
    ),
    "more webhooks than anybody can mean": (
        "{maximum: 10, bound: minimum}",
        "{maximum: 100000000000000000000} #!",
        "100000000000000000000 is too large; the most is 999",
    ),
    "same setting in two spellings": (
        "        Contract Visibility: Full",
        "        Contract Visibility: Full\n        contract visibility: Full #!",
        "the same setting is named twice, perhaps in two spellings",
    ),
    "same section in two spellings of its settings": (
        "      Service Desk:\n",
        "      contracts:\n        Contracts: {View: All} #!\n      Service Desk:\n",
        "the same setting is named twice",
    ),
    "child without its parent": (
        "Tagging: true",
        "Tagging: true\n      Documents:\n        Can manage Documents: true #!",
        'it can only be set when "Can access Documents" in the section Documents & Knowledge Base is ticked, too',
    ),
    "parent cleared in a full section": (
        "Reports: Full Permission",
        "Documents: Full Permission\n    settings:\n      Documents:\n        Can access Documents: false #!",
        'it can only be set when "Can access Documents" in the section Documents & Knowledge Base is ticked, too',
    ),
    "webhooks cleared and limited": (
        "Tagging: true",
        "Tagging: true\n      Other:\n        Can create Webhooks: false #!",
        "`webhooks` sets a maximum of 10, which contradicts this",
    ),
    "webhooks of two numbers": (
        "Tagging: true",
        "Tagging: true\n      Other:\n        Can create Webhooks: true\n        Maximum number of Webhooks: 5 #!",
        "`webhooks` sets a maximum of 10, which contradicts this",
    ),
    "wrong setting in an optional part": (
        "Vendor & Partners: All",
        "Vendor & Partners: Mine #!",
        '"Mine" is not allowed here; choose "All" or "None"',
    ),
    "unknown whole section": ("      Reports: Full Permission", "      Report cards: Full Permission #!", 'Nearest: "Reports"'),
    "whole section half": (
        "Reports: Full Permission",
        "Reports: Half #!",
        '"Half" is not what a whole section can be set to; choose "Full Permission" or "No Permission"',
    ),
    "whole section twice": (
        "Reports: Full Permission",
        "Reports: Full Permission\n      reports: No Permission #!",
        "the same section is named twice",
    ),
    "unknown module word": (
        "Inventory: read and write",
        "Inventory: read, sometimes #!",
        '"read, sometimes" is no word of the table of module words; choose "read", "read and write", "create, edit, delete"',
    ),
    "module word of an unknown section": (
        "Inventory: read and write",
        "Inventry: read #!",
        'no such section "Inventry". Nearest: "Inventory"',
    ),
    "module twice": ("Inventory: read and write", "Inventory: read\n      inventory: read and write #!", "the same section is named twice"),
    # ---- levels
    "level without a name": ("  - key: base\n    name: Example Base\n", "  - key: base #!\n", "> name: this key is missing"),
    "level without key and name": (
        "  - key: other\n    name: Example Other\n    copy_of_key: full\n",
        "  - baseline: none #!\n",
        "> key: this key is missing",
    ),
    "level's key twice": ("  - key: other", "  - key: base #!", 'duplicate key "base"'),
    "level's name twice": ("name: Example Other", "name: example base #!", "another level has this name, too"),
    "level's name too long": (
        "name: Example Other",
        "name: Example Other of which the name is longer than it can be #!",
        "has 56 characters; at most 50 are possible",
    ),
    "level's name a system level's": (
        "name: Example Other",
        "name: API User (system) #!",
        "is a system level; those can be copied, but not changed",
    ),
    "level's name with quotes": (
        "name: Example Other",
        'name: Example "Other" #!',
        "double quotes, line breaks and characters that nobody sees can't be part of a level's name",
    ),
    "level's name of two lines": (
        "name: Example Other",
        'name: "Example\\nOther" #!',
        "double quotes, line breaks and characters that nobody sees can't be part of a level's name",
    ),
    "level's name a number": ("name: Example Other", "name: 365 #!", "text is needed here, not 365. Put it into quotes."),
    "level's name nothing": ("name: Example Other", "name: #!", "text is needed here; it is empty"),
    "level's name empty": ("name: Example Other", 'name: "" #!', "something is needed here; it is empty"),
    "level's key in capitals": (
        "  - key: other",
        "  - key: Other Level #!",
        '"Other Level" is not valid here. A short name within this profile: lower-case letters',
    ),
    "level that copies itself": ("copy_of_key: base", "copy_of_key: full #!", "a level can't be a copy of itself: full > full"),
    "level that copies itself over two others": (
        "    name: Example Base\n",
        "    name: Example Base\n    copy_of_key: other #!\n",
        "a level can't be a copy of itself: base > other > full > base",
    ),
    "copied twice": (
        "copy_of_key: base",
        "copy_of: API User (system)\n    copy_of_key: base #!",
        "either `copy_of`, a level of the tenant, or `copy_of_key`",
    ),
    "copy of an unknown key": ("copy_of_key: base", "copy_of_key: bass #!", 'no security level with the key "bass". Nearest: "base".'),
    "unknown baseline": ("copy_of_key: base", "copy_of_key: base\n    baseline: nothing #!", 'Choose "none" or "copy".'),
    "webhooks without a maximum": ("{maximum: 10, bound: minimum}", "{bound: minimum} #!", "either a `maximum`"),
    "webhooks with a maximum and a minimum": ("{maximum: 10, bound: minimum}", "{maximum: 10, minimum: 1} #!", "either a `maximum`"),
    "webhooks advised below the minimum": ("{maximum: 10, bound: minimum}", "{minimum: 5, advised: 4} #!", "no less than that"),
    "webhooks advised with a maximum": ("{maximum: 10, bound: minimum}", "{maximum: 5, advised: 9} #!", "goes with a `minimum`"),
    "negative maximum": ("{maximum: 10, bound: minimum}", "{maximum: -1} #!", "-1 is too small; the least is 0"),
    "maximum as text": ("{maximum: 10, bound: minimum}", "{maximum: ten} #!", 'a whole number is needed here, not "ten"'),
    "at least nothing": ("{maximum: 10, bound: minimum}", "{maximum: 0, bound: minimum} #!", "at least 0 says nothing"),
    "unknown bound": ("bound: minimum}", "bound: minimal} #!", 'Nearest: "minimum". Choose "exact" or "minimum".'),
    "webhooks as a number": ("webhooks: {maximum: 10, bound: minimum}", "webhooks: 10 #!", "is needed here, not 10."),
    "optional part of an unknown level": (
        "    security_level: full\n    settings",
        "    security_level: ful #!\n    settings",
        'Nearest: "full"',
    ),
    "optional part's key twice": (
        "api_users:\n",
        "  - {key: vendors, security_level: full, modules: {Projects: read}} #!\n\napi_users:\n",
        'duplicate key "vendors"',
    ),
    "default as text": (
        "    security_level: full\n    settings",
        "    security_level: full\n    default: perhaps #!\n    settings",
        "true or false is needed here",
    ),
    # ---- users
    "unknown level of a user": (
        "    security_level: full\n    track",
        "    security_level: fulll #!\n    track",
        'with the key "fulll". Nearest: "full".',
    ),
    "user of two levels": (
        "  - key: second\n",
        "  - key: second #!\n    security_level: base\n",
        "a user has either a `security_level` of this profile, by its key, or a `system_level`",
    ),
    "user of no level": (
        "  - key: second\n    first_name: Example\n    last_name: Reports\n    system_level: API User (system)\n",
        "  - key: second #!\n    first_name: Example\n    last_name: Reports\n",
        "a user has either a `security_level`",
    ),
    "unknown system level": (
        "system_level: API User (system)",
        "system_level: API-User #!",
        'is no system level that API users can have; choose "API User (system)" or',
    ),
    "empty tracking identifier": ("{internal_integration_name: Example}", "{} #!", "names nothing; where the guide could not be read"),
    "unknown kind of tracking identifier": (
        "{internal_integration_name: Example}",
        "{internal_integration: Example} #!",
        'there is no such key here. Nearest: "internal_integration_name"',
    ),
    "first name with quotes": (
        "    first_name: Example\n    last_name: API",
        '    first_name: Exam"ple #!\n    last_name: API',
        "double quotes, line breaks and",
    ),
    "user's name twice": (
        "    first_name: Example\n    last_name: Reports",
        "    first_name: Example #!\n    last_name: api",
        "another API user has this first and last name, too",
    ),
    "last name too long": ("last_name: Reports", f"last_name: {'Reports' * 9} #!", "has 63 characters; at most 50 are possible"),
    "user's key twice": ("  - key: second", "  - key: main #!", 'duplicate key "main"'),
    "lines of business wrong": (
        "lines_of_business: all",
        "lines_of_business: some #!",
        "Either all (nothing is associated), tenant_choice, or a list",
    ),
    "lines of business of numbers": (
        "lines_of_business: all",
        "lines_of_business: [1] #!",
        "text is needed here, not 1. Put it into quotes.",
    ),
    "unknown protected data": ("lines_of_business: all", "protected_data: read #!", 'Choose "none", "view" or "edit".'),
    "locked as text": ("lines_of_business: all", "locked: unlocked #!", 'true or false is needed here, not "unlocked".'),
    "expectation of an unknown operation": (
        "        - Tickets:query",
        "        - Tickets:read #!",
        'no operation "read"; there are "query", "create", "update" and "delete"',
    ),
    "expectation without an operation": ("        - Tickets:query", "        - Tickets #!", "An operation, such as Tickets:query"),
    "expectation as a mapping": ("        - Tickets:query", "        - Tickets: query #!", "text is needed here, not a mapping."),
    "granted and denied at once": ("        - Projects:query", "        - Tickets:query #!", "Tickets:query is both granted and denied"),
    # ---- the rest of the form
    "unknown key at the top": ("product:", "produkt: Dashboards #!\nproduct:", 'there is no such key here. Nearest: "product"'),
    "typo of a required key": ("vendor: Example\n", "vendr: Example #!\n", 'there is no such key here. Nearest: "vendor"'),
    "missing vendor": (
        "---\nprofile: 2\nintegration: example\nvendor: Example\n",
        "---\nprofile: 2 #!\nintegration: example\n",
        "> vendor: this key is missing",
    ),
    "unknown key of a level": ("    name: Example Other", "    nmae: Example Other #!", 'Nearest: "name"'),
    "a tenant's variable as a key": ("product:", "overrides: {} #!\nproduct:", "there is no such key here."),
    "later version of the form": (
        "profile: 2\n",
        "profile: 3 #!\n",
        "profile version 3 is not supported; use 2",
    ),
    "version as text": ("profile: 2\n", 'profile: "2" #!\n', 'profile version "2" is not supported; use 2'),
    "integration with a space": (
        "integration: example",
        "integration: my example #!",
        '"my example" is not valid here. The key of the integration',
    ),
    "integration too long": ("integration: example", f"integration: {'example' * 6} #!", "has 42 characters; at most 30 are possible"),
    "vendor as a list": ("vendor: Example\n", "vendor: [Example] #!\n", "text is needed here, not a list."),
    "guides as text": (
        "guides:\n  - title: Connecting Example with Autotask\n    revised: 2026-11-01\n",
        "guides: a guide #!\n",
        'is needed here, not "a guide".',
    ),
    "one guide as text": (
        "guides:\n  - title: Connecting Example with Autotask\n    revised: 2026-11-01\n",
        "source: a guide #!\n",
        'source: a mapping (lines of `key: value`) is needed here, not "a guide".',
    ),
    "one guide in both ways": ("product:", "source: {title: Another} #!\nproduct:", "`guides` says the same"),
    "unknown guide": ("    source: assumed\n", "    source: guide\n    guide: setup #!\n", 'no guide with the key "setup"'),
    "levels as a mapping": (
        "optional:\n  - key: vendors\n    security_level: full\n",
        "optional: #!\n  vendors:\n    security_level: full\n",
        "a list is needed here",
    ),
    "unknown check of a prerequisite": ("check: own_country", "check: own_contry #!", 'Nearest: "own_country"'),
    "something by hand without a place": (
        "  - where: Example's portal\n    text: Press Load.",
        "  - text: Press Load. #!",
        "> where: this key is missing",
    ),
    "vendor with a name and a beginning": (
        "integration_vendor: Example - Dashboards",
        "integration_vendor: [{name: Example, begins_with: Exam}] #!",
        "either a `name`",
    ),
    "part that belongs to no level": (
        "    security_level: full\n    settings:\n      CRM:",
        "    settings: #!\n      CRM:",
        "name the `security_level`",
    ),
    "unknown value handed over": ("value: user_name}\n", "value: username} #!\n", '"username" is not valid here. Nearest: "user_name"'),
    "field of two values": ("{name: User, value: user_name}", "{name: User, value: user_name, text: me} #!", "either a `value`"),
    "unknown value in a format": (
        "{name: User, value: user_name}",
        '{name: User, format: "{user_nmae}@{tenant}"} #!',
        'there is no value "user_nmae". Nearest: "user_name"',
    ),
    "a format that reaches into values": ("{name: User, value: user_name}", '{name: User, format: "{secret.x}"} #!', "there is no value"),
    "a format with a brace too many": ("{name: User, value: user_name}", '{name: User, format: "{secret}}"} #!', "don't belong together"),
    "a text that is meant to be a format": ("{name: User, value: user_name}", '{name: User, text: "{user_name}"} #!', "write `format`"),
    "field of no value": ("{name: User, value: user_name}", "{name: User} #!", "either a `value`"),
    "field of an unknown user": (
        "user: second}",
        "user: secnd} #!",
        'this profile has no API user with the key "secnd". Nearest: "second".',
    ),
    "field twice": (
        "{name: Key, value: user_name, user: second}",
        "{name: User, value: user_name, user: second} #!",
        "another field has this name, too",
    ),
    "unknown condition of a field": (
        "{name: User, value: user_name}",
        "{name: User, value: user_name, when: vendor} #!",
        'Choose "custom".',
    ),
    "no hand-over fields": ("  to: Example's portal\n", "  too: Example's portal #!\n", 'there is no such key here. Nearest: "to"'),
    "unknown check": ("checks: [credentials]", "checks: [credential] #!", '"credential" is not valid here. Nearest: "credentials"'),
    "source at an unknown place": (
        "  - at: security_levels > base > name\n",
        "  - at: security_levels > base > nam #!\n",
        'is no place in this profile. Nearest: "security_levels > base > name"',
    ),
    "source that is hearsay": ("source: assumed", "source: hearsay #!", 'Choose "guide", "other source", "assumed" or "unknown".'),
    "source twice": (
        "    source: assumed\n",
        "    source: assumed\n  - {at: Security_Levels > base > name, source: guide} #!\n",
        "this place stands here twice",
    ),
    # ---- secrets
    "secret of a user": (
        "last_name: API\n",
        "last_name: API\n    secret: hunter2 #!\n",
        "a profile holds no secrets; they are recorded per tenant, encrypted",
    ),
    "password in the hand-over": ("to: Example's portal\n", "to: Example's portal\n  Password: hunter2 #!\n", "a profile holds no secrets"),
    "user name of a user": ("last_name: API\n", "last_name: API\n    User-Name: hunter2 #!\n", "a profile holds no secrets"),
    "token below a setting": ("Tagging: true", "Tagging: true\n        API Token: hunter2 #!", "a profile holds no secrets"),
    "integration code": ("lines_of_business: all", "integration_code: hunter2 #!", "a profile holds no secrets"),
    "client secret": ("product:", "client_secret: hunter2 #!\nproduct:", "a profile holds no secrets"),
    "encrypted value": ("product: Example Dashboards", "product: !vault hunter2 #!", "a profile holds no secrets, not even encrypted ones"),
    "encrypted text": (
        "product: Example Dashboards",
        "product: | #!\n  $ANSIBLE_VAULT;1.1;AES256\n  6162",
        "a profile holds no secrets, not even encrypted ones",
    ),
    # ---- YAML
    "key twice at the top": ("product:", "vendor: Another #!\nproduct:", "duplicate key"),
    "key twice deep down": ("        Tagging: true", "        Tagging: true\n        Tagging: false #!", "duplicate key"),
    "key twice on one line": ("{View: All, Add: true}", "{View: All, View: Mine} #!", "duplicate key"),
    "anchor": ("vendor: Example\n", "vendor: &name Example #!\n", "anchors and aliases can't be used in a profile; write the values out"),
    "merge key": ("product:", "<<: {vendor: Example} #!\nproduct:", "merge keys can't be used here"),
    "tag of Python": ("vendor: Example\n", "vendor: !!python/object/apply:os.getcwd [] #!\n", "tags can't be used in a profile"),
    "tag of one's own": ("vendor: Example\n", "vendor: !mine Example #!\n", "tags can't be used in a profile"),
    "two documents": ("sources:\n", "--- #!\nsources:\n", "a file holds a profile; here a second document begins"),
    "tab": ("    name: Example Other", "\tname: Example Other #!", "a tab stands here; YAML is indented with spaces"),
    "colon too many": ("text: Press Load.", "text: Press: Load. #!", "there is a colon too many"),
    "wrong indentation": ("    last_name: API\n", "   last_name: API #!\n", "this is not indented like what it belongs to"),
    "bracket left open": ("checks: [credentials]", "checks: [credentials #!", "a comma or a closing bracket is missing"),
    "quotes left open": ("text: Press Load.", 'text: "Press Load. #!', "the quotes that begin here are not closed"),
    "line without a colon": ("    text: Press Load.\n", "    text: Press Load.\nby myself #!\n", "neither a key with a colon"),
    "at sign": ("text: Press Load.", "text: @everybody #!", "text that begins like this has to stand in quotes"),
    "backslash": ("text: Press Load.", r'text: "C:\Users" #!', "a backslash means something in double quotes"),
    "key that is a list": ("product:", "[a, b]: c #!\nproduct:", "a key must be plain text"),
    "endless key": ("product:", f"? {'k' * 500} #!\n: 1\nproduct:", "a key has at most 160 characters"),
    "endless value": (
        "Contract Visibility: Full",
        f"Contract Visibility: {'Fu' * 900} #!",
        '... is not allowed here; choose "Full"'.replace("...", '..."'),
    ),
}

# How many further errors follow, where others refer to what is no longer there.
FURTHER = {"level without key and name": 1, "level's key twice": 1, "level's key in capitals": 1, "user's key twice": 1}

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{this}: &{this} [{', '.join([f'*{before}'] * 9)}]\n" for before, this in zip("abcdefghi", "bcdefghij", strict=True)
)

# Whole files: their bytes, the line that the error must name, and what it must say.
FILES: dict[str, tuple[bytes, int | None, str]] = {
    "no tracking identifier": (
        RIGHT.replace("    tracking_identifier: {internal_integration_name: Example}\n", "").encode(),
        55,
        "name an `integration_vendor`",
    ),
    "no API users": (RIGHT[: RIGHT.index("api_users:")].encode() + b"api_users: []\n", 41, "something is needed here; it is empty"),
    "empty file": (b"", 1, "a profile is a mapping that begins with `profile: 2`"),
    "file of comments": (b"---\n# nothing\n", 1, "a profile is a mapping that begins with `profile: 2`"),
    "list at the top": (b"---\n- profile: 2\n", 1, "a profile is a mapping that begins with `profile: 2`"),
    "text at the top": (b"profile\n", 1, "a profile is a mapping that begins with `profile: 2`"),
    "larger than 2 MB": (RIGHT.encode() + b"# filler\n" * 250_000, None, "the file has more than the 256 KB that a profile may have"),
    "bomb": (BOMB.encode(), 1, "anchors and aliases can't be used in a profile"),
    "deep nesting": (b"profile: 2\nvendor: " + b"[" * 100_000, 2, "this is nested deeper than the 12 levels that a profile has"),
    "not UTF-8": (RIGHT.replace("Connecting", "Verbindung f\xfcr").encode("latin-1"), 7, "this is not UTF-8 text; save the file as UTF-8"),
    "UTF-16": (RIGHT.encode("utf-16"), 1, "this is not UTF-8 text; save the file as UTF-8"),
    "NUL bytes": (RIGHT.replace("product: Example", "product: \0Example").encode(), 5, "a character here that text doesn't have"),
}

# What a tenant chooses, and what the error must say.
CHOICES: dict[str, tuple[dict[str, Any], str]] = {
    "unknown optional part": (
        {"included": ["vendor"]},
        'included: Example has no optional part "vendor". Nearest: "vendors". Its parts: "vendors".',
    ),
    "unknown part to go without": (
        {"excluded": ["everything"]},
        'excluded: Example has no optional part "everything". Its parts: "vendors".',
    ),
    "override of an unknown level": (
        {"overrides": {"security_levels": {"bass": {"name": "Base"}}}},
        'overrides > security_levels > bass: this profile has no security level with the key "bass". Nearest: "base".',
    ),
    "override of an unknown user": (
        {"overrides": {"api_users": {"secnd": {}}}},
        'overrides > api_users > secnd: this profile has no API user with the key "secnd". Nearest: "second".',
    ),
    "override with an unknown key": (
        {"overrides": {"security_levels": {"base": {"nam": "Base"}}}},
        'overrides > security_levels > base > nam: there is no such key here. Nearest: "name"',
    ),
    "override of a key": (
        {"overrides": {"security_levels": {"base": {"key": "other"}}}},
        "overrides > security_levels > base > key: there is no such key here.",
    ),
    "override of what can't be": ({"overrides": {"vendor": "Another"}}, "overrides > vendor: there is no such key here."),
    "override with a wrong value": (
        {"overrides": {"security_levels": {"base": {"settings": {"Contracts": {"Contract Visibility": "Most"}}}}}},
        'overrides > security_levels > base > settings > Contracts > Contract Visibility: "Most" is not allowed here',
    ),
    "override to another level's name": (
        {"overrides": {"security_levels": {"base": {"name": "Example Full"}}}},
        "overrides > security_levels > full > name: another level has this name, too",
    ),
    "override to a system level's name": (
        {"overrides": {"security_levels": {"base": {"name": "API User (system)"}}}},
        "overrides > security_levels > base > name:",
    ),
    "override to a circle": (
        {"overrides": {"security_levels": {"base": {"copy_of_key": "full"}}}},
        "overrides > security_levels > base > copy_of_key: a level can't be a copy of itself: base > full > base",
    ),
    "override to an unknown level of a user": (
        {"overrides": {"api_users": {"main": {"security_level": "ful"}}}},
        'overrides > api_users > main > security_level: this profile has no security level with the key "ful". Nearest: "full".',
    ),
    "override to two levels": (
        {"overrides": {"api_users": {"main": {"security_level": "base", "system_level": "API User (system)"}}}},
        "overrides > api_users > main: a user has either a `security_level`",
    ),
    "override of the hand-over to an unknown user": (
        {"overrides": {"handover": {"fields": [{"name": "User", "value": "user_name", "user": "third"}]}}},
        'overrides > handover > fields > 1 > user: this profile has no API user with the key "third".',
    ),
    "override against the webhooks": (
        {"overrides": {"security_levels": {"full": {"settings": {"Other": {"Can create Webhooks": False}}}}}},
        "overrides > security_levels > full > settings > Other > Can create Webhooks: `webhooks` sets a maximum of 10",
    ),
}
