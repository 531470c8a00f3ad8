# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The sentences of docs/steps.md as the operator reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.operator.sentences import (
    Action,
    AsIn,
    Associate,
    AtLeast,
    Choose,
    Edit,
    Either,
    Fill,
    Instruction,
    Move,
    Note,
    NotUnderstood,
    Open,
    Press,
    PressBut,
    PressElsewhere,
    Record,
    Tick,
    parse,
)

LEVELS = ("Admin", "Organization Settings & Users", "Resources/Users (HR)", "Security Levels")
USERS = ("Admin", "Company Settings & Users", "Resources/Users (HR)", "Resources/Users")
TRACKING = ("API Tracking Identifier",)
BUSINESS = ("Line of Business",)
CUSTOM = "Custom (Internal Integration)"


def level(*actions: Action) -> Edit:
    return Edit("Level", "BeeCastle API", actions)


def user(*actions: Action) -> Edit:
    return Edit("API user", "BeeCastle API", actions)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        (
            (
                "Open Admin > Organization Settings & Users > Resources/Users (HR) > Security Levels. "
                'In the menu of "API User (system) (API-only)" choose Copy Security Level.'
            ),
            Open(LEVELS, "API User (system) (API-only)", "Copy Security Level"),
        ),
        (
            (
                "Open Admin > Company Settings & Users > Resources/Users (HR) > Resources/Users. "
                "Press the arrow beside New and choose New API User."
            ),
            Open(USERS, None, "New API User"),
        ),
        (
            (
                "Open Admin (> Admin Categories) > Organization Settings & Users > Resources/Users (HR) > Security Levels. "
                'In the menu of "API User (system) (API-only)" choose Copy Security Level.'
            ),
            Open(("Admin", "(Admin Categories)", *LEVELS[1:]), "API User (system) (API-only)", "Copy Security Level"),
        ),
        ('Level editor: set Name to "BeeCastle API".', Edit("Level", None, (Fill((), "Name", "BeeCastle API"),))),
        ('Level "BeeCastle API": tick Active.', level(Tick((), "Active", True))),
        ('Level "BeeCastle API": clear Active.', level(Tick((), "Active", False))),
        (
            'Level "BeeCastle API": press No Permission in the section "CRM". Do not save yet.',
            level(Press(("CRM",), "No Permission")),
        ),
        (
            'Level "BeeCastle API": press Full Permission in the sections "CRM", "Other" and "Web Services API". Do not save yet.',
            level(
                Press(("CRM",), "Full Permission"), Press(("Other",), "Full Permission"), Press(("Web Services API",), "Full Permission")
            ),
        ),
        (
            'Level "BeeCastle API": press No Permission in every other section that you see. Do not save yet.',
            level(PressElsewhere("No Permission")),
        ),
        (
            (
                'Level "BeeCastle API": in the section "Web Services API", set everything to its lowest value '
                'except the group "Feature Access". Do not save yet.'
            ),
            level(PressBut("Web Services API", "Feature Access", "No Permission")),
        ),
        (
            'Level "BeeCastle API": in the section "Other", set everything to its highest value except the group "Webhooks". Do not save yet.',
            level(PressBut("Other", "Webhooks", "Full Permission")),
        ),
        (
            'Level "BeeCastle API": set everything but the group "Webhooks" as in the level "Hive API". Do not save yet.',
            level(AsIn((), "Hive API", exception="Webhooks")),
        ),
        (
            'Level "BeeCastle API": set everything in the section "CRM" as in the level "Hive API". Do not save yet.',
            level(AsIn(("CRM",), "Hive API")),
        ),
        (
            (
                'Level "BeeCastle API", "CRM" > "Object Permissions": set Add and Edit of "Notes" as in the level "Hive API"; '
                '"Other" > "Webhooks": set "Can create Webhooks" as in the level "Hive API", tick "Something".'
            ),
            level(
                AsIn(("CRM", "Object Permissions"), "Hive API", "Notes", "Add"),
                AsIn(("CRM", "Object Permissions"), "Hive API", "Notes", "Edit"),
                AsIn(("Other", "Webhooks"), "Hive API", "Can create Webhooks"),
                Tick(("Other", "Webhooks"), "Something", True),
            ),
        ),
        (
            (
                'Level "BeeCastle API", "CRM" > "Organization & Contact Access": set "Customer & Cancelation" to "All", '
                'set "Prospects, Leads, & Dead" to "All"; '
                '"CRM" > "Object Permissions": set "Opportunities & Quotes" to View "All", Add "Yes".'
            ),
            level(
                Fill(("CRM", "Organization & Contact Access"), "Customer & Cancelation", "All"),
                Fill(("CRM", "Organization & Contact Access"), "Prospects, Leads, & Dead", "All"),
                Fill(("CRM", "Object Permissions"), "Opportunities & Quotes", "All", "View"),
                Fill(("CRM", "Object Permissions"), "Opportunities & Quotes", "Yes", "Add"),
            ),
        ),
        (
            'Level "BeeCastle API", "Other" > "Webhooks": set "Maximum number of Webhooks" to at least 10.',
            level(AtLeast(("Other", "Webhooks"), "Maximum number of Webhooks", 10)),
        ),
        (
            (
                'Level "BeeCastle API", "Other" > "Webhooks": tick "Can create Webhooks", set "Maximum number of Webhooks" to 20; '
                '"Contracts": set "Contract Visibility" to "Full", clear "Can Approve; post, tick and set".'
            ),
            level(
                Tick(("Other", "Webhooks"), "Can create Webhooks", True),
                Fill(("Other", "Webhooks"), "Maximum number of Webhooks", "20"),
                Fill(("Contracts",), "Contract Visibility", "Full"),
                Tick(("Contracts",), "Can Approve; post, tick and set", False),
            ),
        ),
        (
            (
                'Level "BeeCastle API", "Web Services API" > "Resource Impersonation": '
                'tick View (Query), Add and Edit (Update) of "Tickets", clear Delete of "Account".'
            ),
            level(
                Tick(("Web Services API", "Resource Impersonation"), "Tickets", True, "View (Query)"),
                Tick(("Web Services API", "Resource Impersonation"), "Tickets", True, "Add"),
                Tick(("Web Services API", "Resource Impersonation"), "Tickets", True, "Edit (Update)"),
                Tick(("Web Services API", "Resource Impersonation"), "Account", False, "Delete"),
            ),
        ),
        (
            'Level "BeeCastle API", "Other": tick "Can edit tabs" (the box about tabs, above "Can manage tabs"), clear "Can manage tabs".',
            level(Tick(("Other",), "Can edit tabs", True), Tick(("Other",), "Can manage tabs", False)),
        ),
        ('Level "BeeCastle API": press Save & Close.', level(Press((), "Save & Close"))),
        (
            'API user "BeeCastle API": set First Name to "BeeCastle", Last Name to "API" and Email Address to "api@example.com".',
            user(Fill((), "First Name", "BeeCastle"), Fill((), "Last Name", "API"), Fill((), "Email Address", "api@example.com")),
        ),
        (
            'API user "BeeCastle API": set Security Level to "Read to write and Last Name to come".',
            user(Fill((), "Security Level", "Read to write and Last Name to come")),
        ),
        ('API user "BeeCastle API": set Number Format to "X,XXX.XX".', user(Fill((), "Number Format", "X,XXX.XX"))),
        ('API user "BeeCastle API": tick Active and clear Locked.', user(Tick((), "Active", True), Tick((), "Locked", False))),
        ('API user "BeeCastle API": clear Active.', user(Tick((), "Active", False))),
        (
            'API user "BeeCastle API": press Generate Key and note the Username (Key).',
            user(Press((), "Generate Key"), Note("Username (Key)")),
        ),
        (
            'API user "BeeCastle API": press Generate Secret and note the Password (Secret). It is shown only now.',
            user(Press((), "Generate Secret"), Note("Password (Secret)")),
        ),
        (
            'API user "BeeCastle API", API Tracking Identifier: choose Integration Vendor "BeeCastle - CRM".',
            user(Choose(TRACKING, "Integration Vendor"), Fill(TRACKING, "Integration Vendor", "BeeCastle - CRM")),
        ),
        (
            (
                f'API user "BeeCastle API", API Tracking Identifier: choose {CUSTOM}, set Internal Integration Name to "BeeCastle" '
                "and note the Tracking Identifier."
            ),
            user(Choose(TRACKING, CUSTOM), Fill(TRACKING, "Internal Integration Name", "BeeCastle"), Note("Tracking Identifier")),
        ),
        (
            (
                'API user "BeeCastle API", API Tracking Identifier: choose Integration Vendor "BeeCastle - CRM". If it is not listed, '
                f'choose {CUSTOM}, set Internal Integration Name to "BeeCastle" and note the Tracking Identifier.'
            ),
            user(
                Either(
                    (Choose(TRACKING, "Integration Vendor"), Fill(TRACKING, "Integration Vendor", "BeeCastle - CRM")),
                    (
                        Choose(TRACKING, CUSTOM),
                        Fill(TRACKING, "Internal Integration Name", "BeeCastle"),
                        Note("Tracking Identifier"),
                    ),
                )
            ),
        ),
        (
            'API user "BeeCastle API", Line of Business: associate "Sales, West", "Service" and "Cloud".',
            user(Move(BUSINESS, "Not Associated", ("Sales, West", "Service", "Cloud"), "Associate")),
        ),
        (
            'API user "BeeCastle API", Line of Business: associate "Sales, West" and "Cloud", and nothing else.',
            user(Associate(BUSINESS, ("Sales, West", "Cloud"))),
        ),
        ('API user "BeeCastle API", Line of Business: associate nothing.', user(Associate(BUSINESS, ()))),
        ('API user "BeeCastle API", Line of Business: remove "Cloud".', user(Move(BUSINESS, "Associated", ("Cloud",), "Remove"))),
        (
            'API user "BeeCastle API", Line of Business: clear "Resource can view items with no assigned Line of Business".',
            user(Tick(BUSINESS, "Resource can view items with no assigned Line of Business", False)),
        ),
        ('API user "BeeCastle API": press Save & Close.', user(Press((), "Save & Close"))),
        (
            (
                "Record the Username (Key), the Password (Secret) and, if one was generated, the Tracking Identifier of "
                'API user "BeeCastle API" with the playbook msp.autotask.record_credentials, tenant "alder", integration "beecastle".'
            ),
            Record("BeeCastle API", "alder", "beecastle"),
        ),
    ],
)
def test_reads(text: str, meaning: Instruction) -> None:
    assert parse(text) == meaning


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Please call me before you change anything.",
        'Level "BeeCastle API": tick Inactive.',
        'Level "BeeCastle API": delete it.',
        'Level "BeeCastle API", set "Notes" to "All".',
        'Level "BeeCastle API", "CRM": set "Notes" to All.',
        'Level "BeeCastle API", "CRM": set "Notes" to "All", then lean back.',
        'Level "BeeCastle API", "Other": set "Maximum number of Webhooks" to twenty.',
        'Level "Bee"Castle": tick Active.',
        'API user "BeeCastle API": tick Active and lock the door.',
        'API user "BeeCastle API", Line of Business: associate Sales.',
    ],
)
def test_does_not_guess(text: str) -> None:
    with pytest.raises(NotUnderstood):
        parse(text)


def test_spacing_is_read_past() -> None:
    assert parse('  Level  "BeeCastle API":\n tick Active. ') == level(Tick((), "Active", True))


def test_tells_which_part_it_does_not_know() -> None:
    with pytest.raises(NotUnderstood, match="paint it green"):
        parse('Level "BeeCastle API", "CRM": set "Notes" to "All", paint it green.')


def examples() -> list[str]:
    """The example sentences of docs/steps.md: the lines of its text blocks, with a wrapped line's continuation indented."""
    page = (Path(__file__).parents[2] / "docs" / "steps.md").read_text(encoding="utf-8")
    blocks = page.split("```text\n")[1:]
    lines = "\n".join(block.split("```")[0] for block in blocks).replace("\n  ", " ")
    return [line for line in lines.splitlines() if line]


@pytest.mark.parametrize("text", examples())
def test_reads_every_example_of_the_page(text: str) -> None:
    assert len(text) <= 255
    parse(text)


def test_the_page_has_an_example_of_every_kind() -> None:
    assert {type(parse(text)) for text in examples()} == {Open, Edit, Record}
