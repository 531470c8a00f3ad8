# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What API users may do is what is said of them, over all entities; and what the provisioner may do is what a run needs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sandbox import levels
from sandbox.permissions import VERBS

from . import rights
from .rights import PROFILES, Access, profile_of, set_up
from .running import ALDER, House, entries, plan_of, profile

# To write the page again, and look at what changed in it.
REWRITE = "REWRITE_ACCESS"
PROVISIONER = "msp.autotask provisioner"


@pytest.fixture(scope="module")
def sections() -> Iterator[dict[str, str]]:
    """The page's sections as the tests find them; the page is written again where that is asked for."""
    found: dict[str, str] = {}
    yield found
    if os.environ.get(REWRITE) and set(found) == {"", *PROFILES}:
        rights.PAGE.write_text(rights.INTRODUCTION + "\n" + "\n".join(found[key] for key in ("", *PROFILES)))


@pytest.mark.parametrize("key", ["", *PROFILES])
def test_what_users_may_do_is_what_is_said_of_them(house_of: Callable[[int], House], key: str, sections: dict[str, str]) -> None:
    """Over all entities, of each profile and of each of its parts. It is also what the profile expects REST to show."""
    house = house_of(ALDER)
    every = rights.of_every_user(house)
    if not key:
        sections[key] = rights.section("Every API user", every, {}, {})
    else:
        data = profile_of(key)
        base = set_up(house, key)
        _as_expected(data["api_users"][0]["expect"], base)
        parts = {}
        for name, choices in rights.variants(data):
            access = set_up(house, key, **choices)
            parts[name] = rights.difference(access, base), rights.difference(base, access)
            for part in data["optional"]:
                if part["key"] in choices.get("included", []):
                    _as_expected(part.get("expect") or {}, access)
        sections[key] = rights.section(data["vendor"] if key != "provisioner" else "The provisioner", base, parts, every)
    assert os.environ.get(REWRITE) or f"\n{sections[key]}" in rights.PAGE.read_text(), sections[key]


def _as_expected(expect: dict[str, Any], access: Access) -> None:
    assert set(expect.get("granted") or []) <= set(access) and not set(expect.get("denied") or []) & set(access)


def test_the_page_is_about_all_entities() -> None:
    """None of the documented ones is left out of what is looked at."""
    count = len(rights.ENTITIES_LOOKED_AT)
    assert f"all {count} entities" in rights.PAGE.read_text().replace("\n", " ") and count > 200
    assert set(rights.ALL_ENTITIES) == set(rights.ENTITIES_LOOKED_AT) and len(VERBS) == 4


# What a tenant without a setting of the provisioner's is told, and while doing what: a profile's cell by section, setting and column.
NEEDED: dict[tuple[str, ...], tuple[str, str]] = {
    ("CRM", "Customer & Cancelation"): ("set up", "Companies/0"),
    ("Service Desk", "Tickets", "View"): ("set up", "Tickets: query is Restricted"),
    ("Service Desk", "Tickets", "Add"): ("set up", "Tickets: create is None"),
    ("Service Desk", "Tickets", "Edit"): ("set up", "Tickets: update is None"),
    ("Service Desk", "Ticket Notes", "Edit"): ("have it handed in", "TicketNotes: update is None"),
    ("Web Services API", "Can login to Web Services API"): ("set up", "401"),
    ("CRM", "Vendor & Partners"): ("file for a vendor", "no active company of the name"),
    ("CRM", "Prospects, Leads, & Dead"): ("file for a prospect", "no active company of the name"),
}
LEAST = {"View": "Mine", "Add": "No", "Edit": "No", "": "None"}
PARTS = {"set up": [], "have it handed in": ["hand_in"]}


def _settings(data: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Each setting of a profile and its parts, by section, label and column."""
    for one in (*data["security_levels"], *data["optional"]):
        for section, settings in one["settings"].items():
            for label, value in settings.items():
                yield from ((section, label, column) for column in value) if isinstance(value, dict) else [(section, label)]


def test_each_setting_of_the_provisioner_is_looked_at() -> None:
    """Two of them are no right that a run needs: one saves a step, one depends on the site's passwords, of which REST shows nothing."""
    others = {("Admin", "Resources/Users (HR)"), ("Other", "Not required to change password (password does not expire)")}
    assert set(_settings(profile_of("provisioner"))) == {*NEEDED, *others}


@pytest.mark.parametrize("setting", NEEDED, ids=" > ".join)
def test_without_a_setting_of_the_provisioner_a_run_says_what_it_lacks(listing: House, setting: tuple[str, ...]) -> None:
    doing, words = NEEDED[setting]
    set_up(listing, "provisioner", included=PARTS.get(doing, ["vendors_and_prospects"]))
    if doing == "have it handed in":
        listing.options["hand_in"] = {"page": str(listing.folder / "hand-in.html")}
    types = {"file for a vendor": 7, "file for a prospect": 3}
    companies = listing.store.query(listing.employee.tenant.id, "Companies")
    company = next((one["companyName"] for one in companies if one["companyType"] == types.get(doing, 0)), None)
    ticket = {"queue": "Administration", **({"company": company} if company else {})}
    asked = {**profile("kodiak"), "prerequisites": [{"text": "The country is known.", "check": "own_country"}]}
    whole = listing.ensure(asked, check=True, ticket=ticket)
    assert not whole.get("failed"), whole["msg"]
    _take_away(listing, setting)
    lacking = listing.ensure(asked, ticket=ticket)
    assert lacking["failed"] and lacking["code"] != "bug" and words in lacking["msg"], lacking["msg"]
    assert listing.tickets("kodiak") == []


def _take_away(house: House, setting: tuple[str, ...]) -> None:
    """Clears a setting of the provisioner's level."""
    level = house.level(PROVISIONER)
    assert level
    [key] = [one for one in level.cells if _is(one, setting) and level.cells[one] not in (False, "None", "No")]
    column = setting[2] if len(setting) > 2 else ""
    least = False if isinstance(level.cells[key], bool) else "None" if "Notes" in setting[1] else LEAST[column]
    assert levels.save(house.store, level.id, level.name, True, {**level.cells, key: least}, True) == []


def _is(key: str, setting: tuple[str, ...]) -> bool:
    section, _group, label, column = key.split("|")
    return section == setting[0] and label.startswith(setting[1]) and column == (setting[2] if len(setting) > 2 else "")


@pytest.mark.parametrize("included", [[], ["inactivates_users"]])
def test_users_are_inactivated_by_a_step_unless_the_provisioner_may(listing: House, included: list[str]) -> None:
    set_up(listing, "provisioner", included=included)
    listing.set_up(profile("kodiak"))
    result = listing.ensure({"profile": profile("kodiak"), "state": "absent"})
    assert entries(result) == {"kodiak": "pending"}
    steps = [text for entry in result["integrations"] for text in plan_of(entry)]
    assert any(text.startswith('API user "Kodiak API": clear Active') for text in steps) is not bool(included)
    assert listing.users()["Kodiak API"] is not bool(included)
