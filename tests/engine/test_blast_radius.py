# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a change touches besides is told to whoever works it off, and nothing of it is read where nobody is asked for anything."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._entities import WEBHOOK_ENTITIES
from ansible_collections.msp.autotask.plugins.module_utils._rest.activity import DAYS, WRITTEN
from tests.sandbox.test_rest_webhooks import WEBHOOK

from .rights import set_up
from .running import House, entries, entry_of, profile

# Requests that a look may take.
MOST = 8
LIMIT = {"webhooks": {"maximum": 3}}
DAY = datetime.timedelta(days=1)


def absent(key: str) -> dict[str, Any]:
    return {"profile": profile(key, level=LIMIT), "state": "absent"}


@pytest.fixture
def tinsel(house: House) -> House:
    """A tenant with an integration that has made a ticket yesterday and one long ago, and owns a webhook; somebody else has its level, too."""
    house.set_up(profile("tinsel", level=LIMIT))
    own = house.kept("tinsel")
    assert own
    now = datetime.datetime.now(datetime.UTC)
    for when in (now - DAY, now - DAY * (DAYS + 1)):
        house.store.insert(house.employee.tenant.id, "Tickets", made_by(user(house, "Tinsel API").id, when))
    signed(house, own, "POST", "TicketWebhooks", {**WEBHOOK, "name": "On tickets"})
    return house


def user(house: House, name: str) -> Any:
    return next(one for one in house.store.api_users(house.employee.tenant.id) if one.name == name)


def made_by(creator: int, when: datetime.datetime) -> dict[str, Any]:
    return {"title": "Made by an integration", "creatorResourceID": creator, "createDate": when.strftime("%Y-%m-%dT%H:%M:%SZ")}


def signed(house: House, credentials: Mapping[str, Any], method: str, path: str, body: Mapping[str, Any]) -> None:
    headers = {
        "UserName": credentials["user_name"],
        "Secret": credentials["secret"],
        "ApiIntegrationCode": credentials["integration_code"],
    }
    assert house.tenant.rest.call(method, path, headers=headers, json=dict(body)).status_code == 200


def another_on(house: House, level: str, active: bool = True) -> str:
    """Somebody gives the level to another API user by hand."""
    mine = user(house, "Tinsel API")
    other = replace(
        mine, id=0, first_name="Legacy", last_name="Sync", key="legacy", email="legacy@example.com", active=active, tracking="none"
    )
    house.store.create_api_user(other, "another secret")
    return other.name


def asked_for_it(house: House, run: Callable[[], Any]) -> int:
    """How many requests of the kinds that a look takes a run has sent, but for those that find the change tickets and their notes, and find them again."""
    before = house.requests()
    run()
    found = house.requests() - before
    kinds = {"EntityInformation", *(f"{entity}/query" for entity in (*WRITTEN, *WEBHOOK_ENTITIES))}
    total = sum(count for kind, count in found.items() if kind.partition(" ")[2] in kinds)
    own = [f"{method} {entity}/query" for method in ("GET", "POST") for entity in ("Tickets", "TicketNotes")]
    return total - sum(min(found[kind], 1) for kind in own)


def described(house: House, integration: str, number: int) -> str:
    return str(house.tickets(integration)[number - 1]["description"])


def test_a_rotation_tells_what_works_with_the_old_secret(tinsel: House) -> None:
    another_on(tinsel, "Tinsel API", active=False)
    assert entries(tinsel.rotate()) == {"tinsel": "pending"}
    text = described(tinsel, "tinsel", 2)
    yesterday = (datetime.datetime.now(datetime.UTC) - DAY).strftime("%Y-%m-%d %H:")
    assert '- The security level "Tinsel API" is also that of "Legacy Sync" (inactive). What they sign in with stays as it is.' in text
    assert "- A new secret stops no webhook" in text
    assert f'- "Tinsel API" has made Tickets (1) in the last {DAYS} days, the last of them on {yesterday}' in text
    assert "- What is only read leaves no trace in Autotask" in text


def test_check_mode_shows_it_and_a_run_that_waits_reads_none_of_it(tinsel: House) -> None:
    planned: list[dict[str, Any]] = []
    assert 1 < asked_for_it(tinsel, lambda: planned.append(tinsel.rotate(check=True))) <= MOST
    assert any("A new secret stops no webhook" in line for line in entry_of(planned[0], "tinsel")["messages"])
    tinsel.rotate()
    waiting: list[dict[str, Any]] = []
    assert asked_for_it(tinsel, lambda: waiting.append(tinsel.rotate())) == 0
    assert not any("webhook" in line for line in entry_of(waiting[0], "tinsel")["messages"])
    tinsel.work()
    tinsel.rotate()
    assert asked_for_it(tinsel, tinsel.rotate) <= 1  # the own rights of the user whose secret it is


def test_a_retirement_names_the_webhooks_that_stop(tinsel: House) -> None:
    tinsel.store.set_options(tinsel.employee.tenant.id, {"api_user_patch": "ignored"})
    planned: list[dict[str, Any]] = []
    assert 1 < asked_for_it(tinsel, lambda: planned.append(tinsel.ensure(absent("tinsel"), check=True))) <= MOST
    tinsel.ensure()
    words = '"Tinsel API" owns webhooks that stop working: TicketWebhooks "On tickets".'
    assert words in entry_of(planned[0], "tinsel")["messages"] and f"- {words}" in described(tinsel, "tinsel", 2)
    assert 'No other API user has the security level "Tinsel API".' in described(tinsel, "tinsel", 2)
    rights = 1  # whether it may keep tickets
    assert asked_for_it(tinsel, tinsel.ensure) <= rights
    assert "not-to-be-seen-again" not in str(tinsel.state()["Tickets"])


def test_who_is_switched_off_at_once_is_told_before(tinsel: House) -> None:
    tinsel.ensure(absent("tinsel"))
    assert not tinsel.users()["Tinsel API"]
    assert any("owns webhooks that stop working" in line for line in tinsel.said)
    assert asked_for_it(tinsel, tinsel.ensure) == 0


def test_a_level_that_others_have_is_changed_for_them_too(tinsel: House) -> None:
    another_on(tinsel, "Tinsel API")
    wanted = profile("tinsel", level={**LIMIT, "settings": {"CRM": {"Notes": {"Edit": "None"}}}})
    result: list[dict[str, Any]] = []
    own = 1  # what the integration's user may do, which each run asks
    assert 1 < asked_for_it(tinsel, lambda: result.append(tinsel.ensure(wanted, check=True))) <= MOST + own
    assert entries(result[0]) == {"tinsel": "planned"}
    tinsel.ensure()
    text = described(tinsel, "tinsel", 2)
    assert '- The security level "Tinsel API" is also that of "Legacy Sync". What is changed on it is changed for them as well.' in text
    assert f'- "Legacy Sync" has made nothing in the last {DAYS} days that this run sees.' in text


def test_a_level_that_nobody_else_has_costs_no_request(tinsel: House) -> None:
    wanted = profile("tinsel", level={**LIMIT, "settings": {"CRM": {"Notes": {"Edit": "None"}}}})
    result: list[dict[str, Any]] = []
    rights = 2  # the run's own, whether it may keep tickets, and those of the integration's user
    assert asked_for_it(tinsel, lambda: result.append(tinsel.ensure(wanted, check=True))) <= rights
    assert entries(result[0]) == {"tinsel": "planned"} and "Good to know before:\n- The security" not in str(tinsel.tickets("tinsel"))


def test_what_is_asked_for_in_a_ticket_that_is_open_is_told_in_a_note(tinsel: House) -> None:
    another_on(tinsel, "Tinsel API")
    tinsel.rotate()
    tinsel.ensure(profile("tinsel", level={**LIMIT, "settings": {"CRM": {"Notes": {"Edit": "None"}}}}))
    assert len(tinsel.tickets("tinsel")) == 2
    notes = tinsel.store.query(tinsel.employee.tenant.id, "TicketNotes", title="msp.autotask: blast radius")
    assert ["is changed for them as well" in note["description"] for note in notes] == [True]


def test_what_may_not_be_read_is_not_known(listing: House) -> None:
    """The provisioner sees no webhooks, and of companies those that are customers."""
    set_up(listing, "provisioner")
    listing.set_up(profile("kodiak", level=LIMIT))
    listing.path("kodiak").unlink()
    listing.ensure({"integration": "kodiak", "state": "absent"})
    text = described(listing, "kodiak", 2)
    assert 'Whether "Kodiak API" owns any webhooks is not known' in text and "no webhooks" not in text
    assert '"Kodiak API" has made nothing in the last 30 days that this run sees.' in text
    [unknown] = [line for line in text.splitlines() if line.startswith("- What was made of")]
    assert "Companies, Opportunities, ConfigurationItems, Quotes" in unknown and "TicketNotes" not in unknown
    assert listing.requests()["GET Opportunities/query"] == 0, "what is known to be refused is not asked for"


def test_webhooks_that_only_their_owner_sees_are_read_as_the_owner(listing: House) -> None:
    set_up(listing, "provisioner")
    listing.set_up(profile("kodiak", level=LIMIT))
    own = listing.kept("kodiak")
    assert own
    signed(listing, own, "POST", "CompanyWebhooks", {**WEBHOOK, "name": "Only mine", "isActive": False})
    retired: list[dict[str, Any]] = []
    waste = asked_for_it(listing, lambda: retired.append(listing.ensure({"integration": "kodiak", "state": "absent"}, check=True)))
    assert 1 < waste <= MOST
    words = '"Kodiak API" owns webhooks that stop working: CompanyWebhooks "Only mine" (inactive already).'
    assert words in entry_of(retired[0], "kodiak")["messages"]


def test_more_than_a_page_is_at_least_that(tinsel: House) -> None:
    now = datetime.datetime.now(datetime.UTC)
    many = [{"id": 9000 + number, **made_by(user(tinsel, "Tinsel API").id, now - DAY)} for number in range(600)]
    tinsel.store.insert_all(tinsel.employee.tenant.id, "Tickets", many)
    result: list[dict[str, Any]] = []
    assert asked_for_it(tinsel, lambda: result.append(tinsel.rotate(check=True))) <= MOST
    assert not any("What was made of Tickets" in line for line in entry_of(result[0], "tinsel")["messages"])
    assert any("Tickets (at least 500)" in line and line.endswith("UTC or later.") for line in entry_of(result[0], "tinsel")["messages"])


def test_of_a_full_page_nobody_knows_what_else_there_is(house: House) -> None:
    main = profile("tinsel")["api_users"][0]
    house.set_up(profile("tinsel", api_users=[main, {**main, "key": "second", "first_name": "Second"}]))
    now = datetime.datetime.now(datetime.UTC)
    many = [{"id": 9000 + number, **made_by(user(house, "Tinsel API").id, now - DAY)} for number in range(600)]
    house.store.insert_all(house.employee.tenant.id, "Tickets", [*many, {"id": 9999, **made_by(user(house, "Second API").id, now)}])
    messages = entry_of(house.rotate(check=True), "tinsel")["messages"]
    assert any(line.startswith("What was made of Tickets, ") and "is not known" in line for line in messages)


def test_run_sheets_tell_it_too_and_without_credentials_that_nothing_is_known(tinsel: House) -> None:
    tinsel.integrations[0] = {**tinsel.integrations[0], "apply_via": "runsheet"}
    assert entries(tinsel.rotate()) == {"tinsel": "pending"}
    [sheet] = [content.decode() for path, content in tinsel.files().items() if path.startswith("runsheets")]
    assert '* "Tinsel API" has made Tickets (1)' in sheet
    tinsel.options = dict.fromkeys(("user_name", "secret", "integration_code"))
    before = tinsel.requests()
    assert entries(tinsel.rotate("2027-02", check=True)) == {"tinsel": "planned"}
    unread = tinsel.rotate("2027-02", check=True)
    assert [line for line in entry_of(unread, "tinsel")["messages"] if line.startswith("What this touches besides is not known")]
    assert tinsel.requests() == before


def test_a_tenants_texts_stay_on_their_line(tinsel: House) -> None:
    name = 'Odd\n- [x] done "{{ lookup(1) }}"'
    another_on(tinsel, "Tinsel API")
    tinsel.store.update_api_user(tinsel.employee.tenant.id, user(tinsel, "Legacy Sync").id, first_name=name)
    tinsel.rotate()
    assert 'of "Odd - [x] done "{{ lookup(1) }}" Sync". What' in described(tinsel, "tinsel", 2)
