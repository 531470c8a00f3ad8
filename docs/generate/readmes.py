# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The READMEs of the roles, as far as they follow from a profile or an argument spec."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from .marks import marked, replaced, rows_of, table
from .vendor import PROVISIONER, Vendor

SOURCE = "*Source*: the `guide`, an `other source`, or `assumed`; the profile's `sources` say more."
BEGUN = "## What differs from the guide\n\nNothing.\n"
VARIABLES = """\
## Variables

Those of [integration](../integration/README.md), and these. What they do to a profile is told in [docs/profile.md](../../docs/profile.md#on-a-tenant).

"""
KEPT = " (the last column is written by hand, and kept)"
BLOCKS = ("intro", "variables", "granted", "parts")


def vendors_readme(vendor: Vendor, specs: str) -> str:
    """The README of a vendor's role, made from its profile and its argument spec; begun where there is none."""
    path = vendor.folder / "README.md"
    text = path.read_text() if path.exists() else _begun()
    if vendor.role != PROVISIONER:
        text = replaced(text, "intro", _intro(vendor))
    text = replaced(text, "variables", VARIABLES + variables(specs, "main", prefix=f"{vendor.role}_"))
    text = replaced(text, "granted", _granted(vendor, text))
    return replaced(text, "parts", _parts(vendor))


def _begun() -> str:
    intro, variables, granted, parts = (marked(name, "", note=KEPT if name == "granted" else "") for name in BLOCKS)
    return f"{intro}\n{variables}\n{BEGUN}\n{granted}\n{parts}"


def _intro(vendor: Vendor) -> str:
    profile = vendor.profile
    return f"""\
# {vendor.name}

Sets up Autotask for {profile.get("product", vendor.name)}, as {_guide((profile.get("guides") or [{}])[0])} asks for it. All of that is one
[profile](files/profile.yml).

```
ansible-playbook msp.autotask.provision -i fleet.yml -e autotask_vendor={vendor.role} --ask-vault-pass
```

The run asks people for what is missing, proves the result, and writes an encrypted hand-over. Next to it is a list of what people still have to do.
"""


def _guide(guide: Mapping[str, str]) -> str:
    return f"[its guide]({guide['url']})" if guide.get("url") else "its guide"


def variables(specs: str, entry_point: str, prefix: str = "") -> str:
    """The variables of an entry point as a table, as the argument spec describes them."""
    options = _entry_points(specs)[entry_point]["options"]
    return _table({name: option for name, option in options.items() if name.startswith(prefix)})


def engines_readme(path: Path, specs: str) -> str:
    """The README of the role that carries profiles out, with its entry points as the argument spec describes them."""
    text = replaced(path.read_text(), "entry points", _list_of_entry_points(specs))
    return replaced(text, "variables", _variables_of_all(specs))


def _list_of_entry_points(specs: str) -> str:
    rows = [
        [f"`{name}`", f"{entry['short_description']}. {' '.join(plain(line) for line in entry['description'])}"]
        for name, entry in in_order(specs).items()
    ]
    return table(["`tasks_from`", "what it does"], rows)


def _variables_of_all(specs: str) -> str:
    """The variables of `main`, and those that the other entry points have beside them, or of another meaning, by the alphabet.

    What entry points have in common is merged, and in which order that comes depends on the version of PyYAML.
    """
    entries = in_order(specs)
    common = entries["main"]["options"]
    found = f"### Of `main`\n\n{_table(dict(sorted(common.items())))}"
    for name, entry in entries.items():
        own = {option: what for option, what in sorted(entry["options"].items()) if common.get(option) != what}
        found += f"\n### Of `{name}`, in addition\n\n{_table(own)}" if own and name != "main" else ""
    return found


def _entry_points(specs: str) -> dict[str, Any]:
    return dict(yaml.safe_load(specs)["argument_specs"])


def in_order(specs: str) -> dict[str, Any]:
    """The entry points of an argument spec, the one that is meant without a name first."""
    return dict(sorted(_entry_points(specs).items(), key=lambda item: item[0] != "main"))


def _table(options: Mapping[str, Any]) -> str:
    return table(["variable", "what it is"], [[f"`{name}`", described(option)] for name, option in options.items()])


def described(option: Mapping[str, Any]) -> str:
    """What an option is, what it may be, and what it is when nobody sets it."""
    texts = option["description"] if isinstance(option["description"], list) else [option["description"]]
    found = [plain(text) for text in texts]
    if option.get("choices"):
        found.append(f"One of {_codes(option['choices'])}." if option["type"] != "list" else f"There are {_codes(option['choices'])}.")
    if option.get("required"):
        found.append("Required.")
    if option.get("default") not in (None, [], {}):
        found.append(f"By default `{str(option['default']).lower() if isinstance(option['default'], bool) else option['default']}`.")
    return " ".join(found)


def plain(text: str) -> str:
    """The text with its documentation marks, such as `V(absent)`, as Markdown."""
    return re.sub(r"\b[CEMOPV]\(([^)#]*)(?:#\w+)?\)", lambda found: f"`{found[1].replace('=', ': ')}`", text)


def _codes(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _granted(vendor: Vendor, text: str) -> str:
    """What is granted, with what it is for, which is kept as somebody wrote it."""
    known = {row[0]: row[3] for row in rows_of(text) if len(row) == 4}
    rows = [[grant.setting, grant.value, grant.source, known.get(grant.setting, "")] for grant in vendor.granted()]
    heading = ["setting", "value", "source", "what for"]
    return f"## What is granted, and why\n\n{_rest(vendor)}{SOURCE}\n\n{table(heading, rows)}"


def _rest(vendor: Vendor) -> str:
    levels = vendor.profile.get("security_levels", [])
    cleared = all(level.get("baseline", "none") == "none" or "copy_of_key" in level for level in levels)
    return "Everything else is cleared. " if levels and cleared else ""


def _parts(vendor: Vendor) -> str:
    """The settings that each optional part adds, and when somebody wants it. Empty where there are no parts."""
    always = vendor.granted()
    rows = []
    for part in vendor.parts:
        called = f"`{part['key']}`" + (", on by default" if part.get("default") else "")
        added = [grant for grant in vendor.granted([part["key"]]) if grant not in always]
        rows += [[called, grant.setting, grant.value, grant.source, part.get("when", "")] for grant in added]
        rows += [[called, "", "", "", part.get("when", "")]] if not added else []
    if not rows:
        return ""
    return f"## Optional parts\n\n{table(['part', 'setting', 'value', 'source', 'wanted when'], rows)}"
