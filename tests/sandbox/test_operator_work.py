# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The operator works real change tickets: opened over REST, worked in the console, read back over REST."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox import editor
from sandbox.operator.labels import Stuck
from sandbox.operator.worker import Operator, SignInFailed, work
from tests.sandboxes import Rest, Sandbox, Tenant, control, take

from .people import (
    API_USER,
    account,
    change_ticket,
    copy_level,
    new_api_user,
    notes,
    sign_in,
    ticked,
    ticket_number,
)

LEVELS = "Open Admin > Organization Settings & Users > Resources/Users (HR) > Security Levels."
USERS = "Open Admin > Organization Settings & Users > Resources/Users (HR) > Resources/Users."
COPY = f'{LEVELS} In the menu of "{API_USER}" choose Copy Security Level.'
NAME = 'Level editor: set Name to "Bee".'
SAVE = 'Level "Bee": press Save & Close.'
TAGGING = 'Level "Bee", "Admin" > "Feature Access": clear "Tagging".'
VENDOR = "BeeCastle - CRM"

LEVEL_STEPS = (
    COPY,
    NAME,
    'Level "Bee": press No Permission in the sections "Contracts", "CRM", "Inventory", "Projects" and "Service Desk". Do not save yet.',
    'Level "Bee": press No Permission in the sections "Documents & Knowledge Base", "Timesheets", "Reports", "Admin" and "Other". '
    "Do not save yet.",
    'Level "Bee": in the section "Web Services API", set everything to its lowest value except the group "Feature Access". '
    "Do not save yet.",
    'Level "Bee", "Contracts" > "Object Permissions": set "Contracts" to View "All"; '
    '"Contracts": set "Contract Visibility" to "Full", tick "Can access Invoice History, (Invoice) Export Wizard, and Payments".',
    'Level "Bee", "CRM" > "Organization & Contact Access": set "Customer & Cancelation" to "All"; '
    '"CRM" > "Object Permissions": set "Opportunities & Quotes" to View "All", Add "Yes".',
    'Level "Bee", "Inventory" > "Object Permissions": set "Products" to View "All"; '
    '"Service Desk" > "Object Permissions": set "Tickets" to View "All", set "Charges" to View "All".',
    'Level "Bee", "Admin" > "Feature Access": tick "Products, Services & Inventory", tick "Resources/Users (HR)"; '
    '"Other" > "Resources/Users (HR)": tick "Can view Internal Cost section on New/Edit Resource page".',
    'Level "Bee", "Other" > "Webhooks": tick "Can create Webhooks", set "Maximum number of Webhooks" to 20; '
    '"Other" > "Miscellaneous": tick "Can view internal cost data (excludes New/Edit Resource page)".',
    'Level "Bee": tick Active.',
    SAVE,
)
USER_STEPS = (
    f"{USERS} Press the arrow beside New and choose New API User.",
    'API user "Bee API": set First Name to "Bee", Last Name to "API" and Email Address to "bee@example.com".',
    'API user "Bee API": set Security Level to "Bee".',
    'API user "Bee API": set Primary Internal Location to "Headquarters".',
    'API user "Bee API": tick Active and clear Locked.',
    'API user "Bee API": press Generate Key and note the Username (Key).',
    'API user "Bee API": press Generate Secret and note the Password (Secret). It is shown only now.',
    f'API user "Bee API", API Tracking Identifier: choose Integration Vendor "{VENDOR}". If it is not listed, choose Custom '
    '(Internal Integration), set Internal Integration Name to "Bee" and note the Tracking Identifier.',
    'API user "Bee API", Line of Business: associate "Cloud" and "Projects".',
    'API user "Bee API": press Save & Close.',
)
RECORD = (
    "Record the Username (Key), the Password (Secret) and, if one was generated, the Tracking Identifier of API user "
    '"Bee API" with the playbook msp.autotask.record_credentials, tenant "{slug}", integration "bee".'
)

RECORDER = """
import getpass, pathlib, sys
file, tenant, integration = sys.argv[1:]
print("TASK [Record the Username (Key)] ***", tenant, integration)
values = [input("Username (Key) of the API user: "), getpass.getpass("Password (Secret): "), getpass.getpass("Tracking Identifier [none]: ")]
print("You said:", *values)
if pathlib.Path(file).with_suffix(".broken").exists():
    sys.exit("the vault is closed")
pathlib.Path(file).write_text(repr([tenant, integration, *values]))
"""


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """Where the record command writes to."""
    (tmp_path / "recorder.py").write_text(RECORDER)
    return tmp_path / "recorded.txt"


@pytest.fixture
def said() -> list[str]:
    """What the operator said."""
    return []


@pytest.fixture
def hire(recorded: Path, said: list[str]) -> Callable[..., Operator]:
    """Gives a tenant an operator who knows the record command."""

    def hired(tenant: Tenant, user: str = "admin", **options: Any) -> Operator:
        command = f"'{sys.executable}' '{recorded.with_name('recorder.py')}' '{recorded}' {{tenant}} {{integration}}"
        name, password = account(tenant, user)
        known: dict[str, Any] = {"record_command": command, "say": said.append}
        return Operator(tenant.access["console_url"], name, password, **(known | options))

    return hired


@pytest.fixture
def operator(tenant: Tenant, hire: Callable[..., Operator]) -> Operator:
    """The operator of this test's tenant."""
    return hire(tenant)


def granted(tenant: Tenant, name: str = "Bee") -> dict[str, Any]:
    nothing = (False, 0, "None", "No", "Mine", "My Tasks", "Basic")
    return {key: value for key, value in tenant.level(name)["cells"].items() if value not in nothing}


def clock_in(tenant: Tenant, name: str, **active: bool) -> None:
    """Makes a level by hand."""
    tab = sign_in(tenant)
    copy_level(tab, name)
    tab.put((), "Active", "", active.get("active", True))
    tab.press("Save & Close")


@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize("term", ["Organization", "Company"])
def test_a_whole_change(
    spare_tenants: list[Tenant],
    sandbox: Sandbox,
    hire: Callable[..., Operator],
    recorded: Path,
    said: list[str],
    listed: bool,
    term: str,
) -> None:
    terms = {entry["slug"]: entry["organization_term"] for entry in sandbox.control("GET", "tenants")}
    tenant = take(spare_tenants, lambda one: (VENDOR in one.access["integration_vendors"]) == listed and terms[one.slug] == term)
    steps = (*LEVEL_STEPS, *USER_STEPS, RECORD.format(slug=tenant.slug))
    ticket = change_ticket(tenant, *steps)
    operator = hire(tenant)
    assert operator.work() == len(steps)
    assert all(ticked(tenant, ticket))
    assert granted(tenant) == {
        "Contracts|Object Permissions|Contracts|View": "All",
        "Contracts||Can access Invoice History, (Invoice) Export Wizard and Payments|": True,
        "Contracts||Contract Visibility|": "Full",
        "CRM|Organization & Contact Access|Customer & Cancelation|": "All",
        "CRM|Object Permissions|Opportunities & Quotes|View": "All",
        "CRM|Object Permissions|Opportunities & Quotes|Add": "Yes",
        "Inventory|Object Permissions|Products|View": "All",
        "Service Desk|Object Permissions|Tickets|View": "All",
        "Service Desk|Object Permissions|Charges|View": "All",
        "Admin|Feature Access|Products, Services, & Inventory|": True,
        "Admin|Feature Access|Resources/Users (HR)|": True,
        "Other|Resources/Users (HR)|Can view Internal Cost section on New/Edit Resource page|": True,
        "Other|Webhooks|Can create Webhooks|": True,
        "Other|Webhooks|Maximum number of Webhooks|": 20,
        "Other|Miscellaneous|Can view internal cost data (excludes New/Edit Resource page)|": True,
        "Web Services API|Feature Access|Can login to Web Services API (Access to version 1.6 & later is limited to "
        "API User security levels)|": True,
    }
    slug, integration, key, secret, identifier = ast.literal_eval(recorded.read_text())
    assert (slug, integration, bool(identifier)) == (tenant.slug, "bee", not listed)
    code = tenant.access["integration_vendors"][VENDOR] if listed else identifier
    headers = {"UserName": key, "Secret": secret, "ApiIntegrationCode": code}
    access = Rest(tenant.access["rest_url"], headers).ask("GET", "TicketWebhooks/entityInformation")["info"]
    assert access["userAccessForCreate"] == "All"
    everything = "\n".join(said + notes(tenant, ticket) + [sandbox.log.read_text(), sandbox.output.read_text()])
    assert key.partition("@")[0] not in everything and secret not in everything and (not identifier or identifier not in everything)
    assert not notes(tenant, ticket)
    assert operator.work() == 0
    assert len(said) == len(steps)
    assert said[3] == f"{tenant.slug}: {ticket_number(tenant, ticket)} item 4 of {len(steps)} done: {LEVEL_STEPS[3]}"


@pytest.mark.parametrize(("there", "after"), [(50, 50), (3, 10), (0, 10)])
def test_at_least_so_many(tenant: Tenant, operator: Operator, there: int, after: int) -> None:
    clock_in(tenant, "Bee")
    place = "Other|Webhooks|"
    if there:
        tenant.set_cells({f"{place}Can create Webhooks|": True, f"{place}Maximum number of Webhooks|": there}, "Bee")
    edit = f'{LEVELS} In the menu of "Bee (API-only)" choose Edit Security Level.'
    least = 'Level "Bee", "Other" > "Webhooks": tick "Can create Webhooks", set "Maximum number of Webhooks" to at least 10.'
    change_ticket(tenant, edit, least, SAVE)
    assert operator.work() == 3
    assert tenant.level("Bee")["cells"][f"{place}Maximum number of Webhooks|"] == after


def test_as_in_another_level(tenant: Tenant, operator: Operator) -> None:
    """Read in a tab of its own, and set here, what needs a box behind that box; but for one group, and for what isn't named."""
    clock_in(tenant, "Bee")
    webhooks = {"Other|Webhooks|Can create Webhooks|": True, "Other|Webhooks|Maximum number of Webhooks|": 7}
    cells = tenant.level("Bee")["cells"]
    known = {key: cell.least for key, cell in editor.cells_by_key().items() if key in cells and "Can login to Web" not in key}
    tenant.set_cells({**known, **webhooks}, "Bee")
    edit = f'{LEVELS} In the menu of "Bee (API-only)" choose Edit Security Level.'
    source = 'as in the level "API User (system)"'
    expected, system = dict(tenant.level("Bee")["cells"]), tenant.level("API User (system)")["cells"]

    def follow(step: str, keys: list[str]) -> None:
        ticket = change_ticket(tenant, edit, step, SAVE, external_id=f"msp.autotask/bee/{len(step)}")
        assert operator.work() == 3, notes(tenant, ticket)
        expected.update({key: system[key] for key in keys})
        assert {key: value for key, value in tenant.level("Bee")["cells"].items() if value != expected[key]} == {}

    follow(
        f'Level "Bee", "Service Desk" > "Object Permissions": set View and Edit of "Tickets" {source}.',
        [f"Service Desk|Object Permissions|Tickets|{column}" for column in ("View", "Edit")],
    )
    follow(
        f'Level "Bee": set everything in the section "Documents & Knowledge Base" {source}. Do not save yet.',
        [key for key in expected if key.startswith("Documents & Knowledge Base|")],
    )
    follow(
        f'Level "Bee": set everything but the group "Webhooks" {source}. Do not save yet.', [key for key in expected if key not in webhooks]
    )


@pytest.mark.parametrize("navigation", ["old", "new"])
def test_every_other_section_in_either_navigation(navigation: str, tenant: Tenant, operator: Operator) -> None:
    """The sections that the visit names, also after it, keep what it sets in them."""
    control(tenant.address, "PATCH", f"tenants/{tenant.slug}", {"console_navigation": navigation, "more_sections": ["Fleet Planning"]})
    steps = (
        COPY.replace("Admin > ", "Admin (> Admin Categories) > "),
        NAME,
        'Level "Bee": press Full Permission in the section "CRM". Do not save yet.',
        'Level "Bee": press No Permission in the section "Documents & Knowledge Base". Do not save yet.',
        'Level "Bee": press No Permission in every other section that you see. Do not save yet.',
        'Level "Bee", "Reports" > "LiveReports": clear "Can publish LiveReports".',
        SAVE,
    )
    ticket = change_ticket(tenant, *steps)
    assert operator.work() == len(steps)
    assert ticked(tenant, ticket) == [True] * len(steps)
    known = editor.cells_by_key(more=("Fleet Planning",))
    granted = {key.partition("|")[0] for key, value in tenant.level("Bee")["cells"].items() if value != known[key].least}
    assert granted == {"CRM", "Reports"}


def test_other_tickets_are_left_alone(tenant: Tenant, operator: Operator) -> None:
    ticket = change_ticket(tenant, COPY, NAME, SAVE, external_id="somebody/else")
    assert [operator.work(), operator.work()] == [0, 0]
    assert not any(ticked(tenant, ticket))


def test_a_queue_can_be_chosen(tenant: Tenant, hire: Callable[..., Operator]) -> None:
    change_ticket(tenant, COPY, NAME, SAVE, queue="Administration")
    assert hire(tenant, queue="Service Desk").work() == 0
    assert hire(tenant, queue="Post Sale").work() == 0
    assert hire(tenant, queue="Administration").work() == 3


class TestHalfDone:
    """Work that stops in the middle, or that somebody else began."""

    def test_what_was_not_saved_is_not_ticked(self, tenant: Tenant, operator: Operator, hire: Callable[..., Operator]) -> None:
        ticket = change_ticket(tenant, *LEVEL_STEPS)
        assert operator.work(limit=5) == 1
        assert ticked(tenant, ticket) == [True] + [False] * 11
        copy_level(sign_in(tenant), "never saved", "API User (system) Can't Read Costs (API-only)")
        assert hire(tenant).work() == 11
        assert "Customer & Cancelation" in str(granted(tenant))
        copies = [level["name"] for level in tenant.control("GET", "levels") if level["name"].startswith("Copy")]
        assert copies == ["Copy (1) of API User (system) Can't Read Costs"]

    def test_a_limit_at_the_end_of_a_visit(self, tenant: Tenant, operator: Operator) -> None:
        ticket = change_ticket(tenant, *LEVEL_STEPS, *USER_STEPS)
        assert operator.work(limit=12) == 12
        assert ticked(tenant, ticket) == [True] * 12 + [False] * 10
        assert operator.work() == 10

    def test_a_limit_counts_over_all_tickets(self, tenant: Tenant, operator: Operator) -> None:
        for number in (1, 2, 3):
            steps = [step.replace("Bee", f"Bee {number}") for step in (COPY, NAME, SAVE)]
            change_ticket(tenant, *steps, external_id=f"msp.autotask/{number}")
        assert operator.work(limit=6) == 6
        assert operator.work() == 3

    def test_a_reopened_step_is_done_again_and_saved(self, tenant: Tenant, operator: Operator) -> None:
        ticket = change_ticket(tenant, COPY, NAME, 'Level "Bee": tick Active.', TAGGING, SAVE)
        operator.work()
        tenant.set_cells({"Admin|Feature Access|Tagging|": True}, "Bee")
        operator.tick(ticket_number(tenant, ticket), 4, done=False)
        assert ticked(tenant, ticket) == [True, True, True, False, True]
        assert operator.work() == 1
        assert tenant.level("Bee")["cells"]["Admin|Feature Access|Tagging|"] is False

    def test_a_level_that_was_renamed_already_is_found_by_its_name(self, tenant: Tenant, operator: Operator) -> None:
        clock_in(tenant, "Bee", active=False)
        ticket = change_ticket(tenant, COPY, NAME, TAGGING, SAVE)
        for step in (1, 2):
            operator.tick(ticket_number(tenant, ticket), step)
        assert operator.work() == 2
        assert tenant.level("Bee")["cells"]["Admin|Feature Access|Tagging|"] is False

    def test_of_two_nameless_copies_none_is_guessed(self, tenant: Tenant, operator: Operator) -> None:
        ticket = change_ticket(tenant, COPY, NAME, SAVE)
        operator.work(limit=1)
        copy_level(sign_in(tenant), "never saved")
        assert operator.work() == 0
        (note,) = notes(tenant, ticket)
        assert f'There are 2 copies of "{API_USER}"' in note

    def test_careless_ticks_are_noticed_where_they_hurt(self, tenant: Tenant, operator: Operator) -> None:
        ticket = change_ticket(tenant, *LEVEL_STEPS, *USER_STEPS, RECORD.format(slug=tenant.slug))
        for step in range(1, 13):
            operator.tick(ticket_number(tenant, ticket), step)
        assert operator.work() == 0
        (note,) = notes(tenant, ticket)
        assert 'set Security Level to "Bee"' in note and '"Security Level" does not list "Bee"' in note
        assert len(tenant.control("GET", "api-users")) == 1

    def test_a_careless_tick_of_the_key_is_refused_by_the_page(self, tenant: Tenant, operator: Operator, said: list[str]) -> None:
        clock_in(tenant, "Bee")
        ticket = change_ticket(tenant, *USER_STEPS, RECORD.format(slug=tenant.slug))
        operator.tick(ticket_number(tenant, ticket), 6)
        assert operator.work() == 0
        (note,) = notes(tenant, ticket)
        assert "press Save & Close" in note and "Username (Key) is required" in note
        assert 'left open: "Bee API" is not saved yet' in said[-1]

    def test_a_step_that_was_never_there(self, tenant: Tenant, operator: Operator) -> None:
        ticket = change_ticket(tenant, COPY)
        for step in (0, 2):
            with pytest.raises(Stuck, match=f"has no item {step}"):
                operator.tick(ticket_number(tenant, ticket), step)
        with pytest.raises(Stuck, match="no change ticket"):
            operator.tick("T20000101.0001", 1)


class TestStuck:
    """What can't be followed stays open, with a note that says why."""

    @pytest.mark.parametrize(
        ("step", "reason"),
        [
            ('Level "Bee": paint it green.', "I don't know what 'paint it green' tells me to do"),
            ("Please ask Kim about the level.", "I don't know this kind of sentence"),
        ],
    )
    def test_a_visit_that_is_not_understood_is_not_begun(self, tenant: Tenant, operator: Operator, step: str, reason: str) -> None:
        ticket = change_ticket(tenant, COPY, NAME, step, SAVE)
        assert operator.work() == 0
        (note,) = notes(tenant, ticket)
        assert step in note and reason in note
        assert not [level for level in tenant.control("GET", "levels") if level["name"].startswith("Copy")]

    @pytest.mark.parametrize(
        ("step", "reason"),
        [
            ('Level "Bee", "Admin" > "Feature Access": tick "Everything".', 'There is no setting "Everything"'),
            ('Level "Bee", "Admin" > "Features": tick "Tagging".', 'There is no section or group "Features"'),
            ('Level "Bee", "Administration": tick "Tagging".', 'There is no section or group "Administration"'),
            ('Level "Bee", "CRM" > "Object Permissions": set "Notes" to Add "Perhaps".', '"Notes" does not list "Perhaps"'),
            ('Level "Bee", "CRM" > "Object Permissions": set "Notes" to View "All".', "can't be set"),
            ('Level "Bee", "CRM" > "Object Permissions": set "Gnomes" to Add "Yes".', 'There is no row "Gnomes"'),
            ('Level "Bee", "CRM" > "Object Permissions": set "Notes" to Paint "Yes".', 'There is no column "Paint"'),
            ('Level "Bee", "Other" > "Webhooks": set "Maximum number of Webhooks" to 20.', '"Maximum number of Webhooks" is greyed out'),
            (
                'Level "Bee", "Other" > "Webhooks": tick "Can create Webhooks", set "Maximum number of Webhooks" to 1000.',
                "must be a number from 1 to 999",
            ),
        ],
    )
    def test_nothing_of_the_visit_is_saved_but_the_copy(self, tenant: Tenant, operator: Operator, step: str, reason: str) -> None:
        ticket = change_ticket(tenant, COPY, NAME, TAGGING, step, SAVE)
        assert operator.work() == 1
        assert ticked(tenant, ticket) == [True, False, False, False, False]
        (note,) = notes(tenant, ticket)
        assert reason in note
        assert step in note or SAVE in note
        assert "Bee" not in {level["name"] for level in tenant.control("GET", "levels")}

    def test_what_does_not_depend_on_it_goes_on(self, tenant: Tenant, operator: Operator) -> None:
        clock_in(tenant, "Bee")
        clock_in(tenant, "Wasp")
        other = (f'{LEVELS} In the menu of "Wasp (API-only)" choose Edit Security Level.', 'Level "Wasp": clear Active.')
        first = f'{LEVELS} In the menu of "Bee (API-only)" choose Edit Security Level.'
        ticket = change_ticket(tenant, first, 'Level "Bee": paint it.', SAVE, *other, 'Level "Wasp": press Save & Close.')
        assert operator.work() == 3
        assert ticked(tenant, ticket) == [False, False, False, True, True, True]
        assert not tenant.level("Wasp")["active"]

    def test_it_is_not_tried_again_before_something_changes(
        self, tenant: Tenant, operator: Operator, hire: Callable[..., Operator]
    ) -> None:
        step = 'Level "Bee", "Admin": tick "Everything".'
        ticket = change_ticket(tenant, COPY, NAME, step, SAVE)
        assert [operator.work(), operator.work(), operator.work()] == [1, 0, 0]
        assert len(notes(tenant, ticket)) == 1
        assert hire(tenant).work() == 0
        assert len(notes(tenant, ticket)) == 1, "nobody says the same thing twice"
        items = tenant.rest.find("TicketChecklistItems", {"op": "eq", "field": "itemName", "value": step})
        change = {"id": items[0]["id"], "itemName": TAGGING}
        tenant.rest.ask("PATCH", f"Tickets/{ticket}/ChecklistItems", json=change)
        assert operator.work() == 3
        assert all(ticked(tenant, ticket))

    def test_an_ambiguous_name(self, tenant: Tenant, operator: Operator) -> None:
        tab = sign_in(tenant)
        for _round in range(2):
            new_api_user(tab, "API")
            tab.press("Save & Close")
        step = f'{USERS} In the menu of "Bee API" choose Edit.'
        ticket = change_ticket(tenant, step, 'API user "Bee API": clear Active.', 'API user "Bee API": press Save & Close.')
        assert operator.work() == 0
        (note,) = notes(tenant, ticket)
        assert step in note and 'There is more than one entry in the list "Bee API"' in note

    def test_a_system_level_can_not_be_saved(self, tenant: Tenant, operator: Operator) -> None:
        name = "API User (system)"
        steps = (
            f'{LEVELS} In the menu of "{API_USER}" choose Edit Security Level.',
            f'Level "{name}", "Admin" > "Feature Access": clear "Tagging".',
            f'Level "{name}": press Save & Close.',
        )
        ticket = change_ticket(tenant, *steps)
        assert operator.work() == 0
        (note,) = notes(tenant, ticket)
        assert steps[2] in note and '"Save & Close" is greyed out' in note

    def test_a_level_that_is_not_there(self, tenant: Tenant, operator: Operator) -> None:
        step = 'Level "Wasp", "Admin" > "Feature Access": tick "Tagging".'
        ticket = change_ticket(tenant, step, 'Level "Wasp": press Save & Close.')
        assert operator.work() == 0
        (note,) = notes(tenant, ticket)
        assert step in note and 'There is no entry in the list "Wasp"' in note

    def test_the_wrong_level_is_open(self, tenant: Tenant, operator: Operator) -> None:
        wasp = ('Level "Wasp": tick Active.', 'Level "Wasp": press Save & Close.')
        ticket = change_ticket(tenant, f'{LEVELS} In the menu of "Manager (system)" choose Edit Security Level.', *wasp)
        assert operator.work() == 0
        assert 'The page that is open is that of "Manager (system)"' in " ".join(notes(tenant, ticket))

    def test_what_nobody_says_to_save(self, tenant: Tenant, operator: Operator) -> None:
        ticket = change_ticket(tenant, COPY, NAME, TAGGING)
        assert operator.work() == 0
        assert not notes(tenant, ticket), "somebody may still be writing"
        assert [operator.work(), operator.work()] == [0, 0]
        (note,) = notes(tenant, ticket)
        assert "No step says that this is to be saved" in note
        assert not [level for level in tenant.control("GET", "levels") if level["name"].startswith("Copy")]

    def test_a_ticket_that_is_still_being_written(self, tenant: Tenant, operator: Operator) -> None:
        ticket = change_ticket(tenant, COPY, NAME)
        assert operator.work() == 0
        for position, step in enumerate((TAGGING, SAVE, "Do magic."), start=3):
            tenant.rest.ask("POST", f"Tickets/{ticket}/ChecklistItems", json={"itemName": step, "position": position})
        assert operator.work() == 4
        (note,) = notes(tenant, ticket)
        assert "Do magic." in note and "I don't know this kind of sentence" in note

    def test_a_ticket_that_is_rearranged_meanwhile(self, tenant: Tenant, hire: Callable[..., Operator]) -> None:
        ticket = change_ticket(tenant, COPY, NAME, TAGGING, SAVE)
        items = tenant.rest.find("TicketChecklistItems", {"op": "eq", "field": "ticketID", "value": ticket})

        def insert(line: str) -> None:
            if "item 1 of 4 done" in line:
                for item in items[1:]:
                    change = {"id": item["id"], "position": item["position"] + 1}
                    tenant.rest.ask("PATCH", f"Tickets/{ticket}/ChecklistItems", json=change)
                tenant.rest.ask("POST", f"Tickets/{ticket}/ChecklistItems", json={"itemName": "New.", "position": 2})

        assert hire(tenant, say=insert).work() == 4
        assert ticked(tenant, ticket) == [True, False, True, True, True]

    def test_what_the_person_may_not_grant(self, tenant: Tenant, hire: Callable[..., Operator]) -> None:
        label = "Can view Internal Cost section on New/Edit Resource page"
        ticket = change_ticket(tenant, COPY, NAME, f'Level "Bee", "Other" > "Resources/Users (HR)": tick "{label}".', SAVE)
        assert hire(tenant, "clerk").work() == 1
        (note,) = notes(tenant, ticket)
        assert SAVE in note and "somebody who has this permission" in note

    def test_a_ticket_that_disappears(self, tenant: Tenant, operator: Operator, said: list[str], hire: Callable[..., Operator]) -> None:
        ticket = change_ticket(tenant, COPY, NAME, SAVE)

        def delete(line: str) -> None:
            said.append(line)
            if "done" in line:
                tenant.control("DELETE", f"tickets/{ticket}")

        assert hire(tenant, say=delete).work() == 1
        assert "can't be worked" in said[-1]
        assert operator.work() == 0


def test_lines_of_business_are_moved_to_and_fro(tenant: Tenant, operator: Operator) -> None:
    new = sign_in(tenant)
    new_api_user(new, "API")
    new.press("Save & Close")
    place = 'API user "Bee API", Line of Business'
    wanted = {
        f'{place}: associate "Cloud" and "Projects".': ["Cloud", "Projects"],
        f'{place}: remove "Cloud".': ["Projects"],
        f'{place}: associate "Cloud" and "Managed Services", and nothing else.': ["Cloud", "Managed Services"],
        f"{place}: associate nothing.": [],
    }
    for number, (step, expected) in enumerate(wanted.items()):
        steps = (f'{USERS} In the menu of "Bee API" choose Edit.', step, 'API user "Bee API": press Save & Close.')
        change_ticket(tenant, *steps, external_id=f"msp.autotask/{number}")
        assert operator.work() == 3
        user = next(user for user in tenant.control("GET", "api-users") if user["first_name"] == "Bee")
        assert sorted(user["lines_of_business"]) == expected


class TestLocalWords:
    """The sentence says Organization, the page says something else."""

    def test_a_row_and_a_value(self, spare_tenants: list[Tenant], sandbox: Sandbox, hire: Callable[..., Operator]) -> None:
        terms = {entry["slug"]: entry["organization_term"] for entry in sandbox.control("GET", "tenants")}
        tenant = take(spare_tenants, lambda one: terms[one.slug] == "Business Unit")
        ticket = change_ticket(
            tenant,
            COPY,
            NAME,
            'Level "Bee", "CRM" > "Object Permissions": set "Organizations" to Edit "Mine", set "Devices & Subscriptions" to Edit "None"; '
            '"Service Desk" > "Object Permissions": set "Tickets" to View "Mine + Organizations".',
            'Level "Bee", "Web Services API" > "Resource Impersonation": tick View (Query) and Add of "Account".',
            SAVE,
        )
        assert hire(tenant).work() == 5, notes(tenant, ticket)
        cells = tenant.level("Bee")["cells"]
        assert cells["CRM|Object Permissions|Organizations|Edit"] == "Mine"
        assert cells["CRM|Object Permissions|Configuration Items & Subscriptions|Edit"] == "None"
        assert cells["Service Desk|Object Permissions|Tickets|View"] == "Mine + Organizations"
        assert cells["Web Services API|Resource Impersonation|Account|Add"] is True


class TestHandOver:
    """Recording what was noted."""

    @pytest.fixture
    def ticket(self, tenant: Tenant) -> int:
        clock_in(tenant, "Bee")
        return change_ticket(tenant, *USER_STEPS, RECORD.format(slug=tenant.slug))

    def test_without_a_command(self, tenant: Tenant, ticket: int, hire: Callable[..., Operator]) -> None:
        assert hire(tenant, record_command=None).work() == 10
        (note,) = notes(tenant, ticket)
        assert "I was not told which command" in note

    def test_a_command_that_fails_and_then_works(
        self, tenant: Tenant, ticket: int, operator: Operator, recorded: Path, said: list[str]
    ) -> None:
        broken = recorded.with_suffix(".broken")
        broken.touch()
        assert operator.work() == 10
        assert operator.work() == 0
        (note,) = notes(tenant, ticket)
        assert "The record command failed" in note and "the vault is closed" in note and "You said: ********" in note
        user = next(user for user in tenant.control("GET", "api-users") if user["first_name"] == "Bee")
        assert user["user_name"] not in note
        broken.unlink()
        tenant.rest.ask(
            "POST",
            f"Tickets/{ticket}/Notes",
            json={"title": "Open", "description": "The vault is open again.", "noteType": 1, "publish": 1},
        )
        assert operator.work() == 1
        assert user["user_name"] in recorded.read_text()
        secret = ast.literal_eval(recorded.read_text())[3]
        assert secret not in "\n".join([*said, *notes(tenant, ticket)])

    def test_somebody_else_noted_it(self, tenant: Tenant, ticket: int, operator: Operator, hire: Callable[..., Operator]) -> None:
        assert hire(tenant).work(limit=10) == 10
        assert operator.work() == 0
        (note,) = notes(tenant, ticket)
        assert 'I have not noted the Password (Secret) of "Bee API"' in note

    def test_a_new_secret_is_recorded_with_the_present_key(self, tenant: Tenant, operator: Operator, recorded: Path) -> None:
        tab = sign_in(tenant)
        credentials = new_api_user(tab, "API")
        tab.press("Save & Close")
        steps = (
            f'{USERS} In the menu of "Bee API" choose Edit.',
            'API user "Bee API": press Generate Secret and note the Password (Secret). It is shown only now.',
            'API user "Bee API": press Save & Close.',
            RECORD.format(slug=tenant.slug),
        )
        change_ticket(tenant, *steps)
        assert operator.work() == 4
        key, secret, identifier = ast.literal_eval(recorded.read_text())[2:]
        assert (key, identifier) == (credentials["UserName"], "")
        assert secret != credentials["Secret"]
        assert Rest(tenant.access["rest_url"], credentials | {"Secret": secret}).ask("GET", "Companies/entityInformation")

    def test_what_a_ticket_says_is_not_part_of_the_command(self, tenant: Tenant, operator: Operator, recorded: Path) -> None:
        clock_in(tenant, "Bee")
        ticket = change_ticket(tenant, *USER_STEPS, RECORD.format(slug="x; touch y"))
        assert operator.work() == 10
        assert "these are no plain names" in notes(tenant, ticket)[0]
        assert not recorded.exists()


def test_who_is_not_let_in_does_not_try_again(tenant: Tenant) -> None:
    name, password = account(tenant)
    with pytest.raises(SignInFailed, match="password is wrong"):
        work(tenant.access["console_url"], name, "guess")
    assert work(tenant.access["console_url"], name, password) == 0
