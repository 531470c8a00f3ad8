# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""From what was seen to what is wrong: each cause is named with its proof and its fix, and what can't be told is not guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._diagnosis.checks import diagnose
from ansible_collections.msp.autotask.plugins.module_utils._diagnosis.model import (
    REFUSED,
    UNCLEAR,
    UNTRIED,
    WORKS,
    WRONG_IDENTIFIER,
    Seen,
    Wanted,
)
from ansible_collections.msp.autotask.plugins.module_utils._documents.checks import CHECKS
from ansible_collections.msp.autotask.plugins.module_utils._documents.expected_access import compare
from ansible_collections.msp.autotask.plugins.module_utils._documents.webhook_limit import CAN_CREATE_WEBHOOKS
from ansible_collections.msp.autotask.plugins.module_utils._entities import WEBHOOK_ENTITIES, LevelFacts, UserFacts

KEY = "abc123def456ghi"
USER: UserFacts = {
    "id": 7,
    "user_name": KEY,
    "first_name": "Example",
    "last_name": "API",
    "email": "integrations@example.com",
    "active": True,
    "security_level": "Example API",
    "location": "Headquarters",
}
OTHER: UserFacts = {**USER, "id": 8, "user_name": "other", "first_name": "Another"}
LEVEL: LevelFacts = {"id": 1, "name": "Example API", "active": True, "system": False}
SYSTEM: LevelFacts = {"id": 2, "name": "API User (system)", "active": True, "system": True}
EXPECTED = [("Tickets", "query", True), ("Tickets", "create", True), ("Tickets", "delete", False), ("CompanyWebhooks", "create", True)]
ALL = {"query": "All", "create": "All", "update": "All", "delete": "All"}
ACCESS = {"Tickets": {**ALL, "delete": "None"}, "Companies": ALL, **{entity: ALL for entity in WEBHOOK_ENTITIES}}
WANTED = Wanted(
    "Example",
    "API",
    "Example API",
    webhooks=5,
    cells={
        "service_desk.tickets.view": "All",
        "service_desk.tickets.add": "Yes",
        **{f"crm.access.{kinds}": "All" for kinds in ("customer_cancelation", "vendor_partners", "prospects_leads_dead")},
    },
)
NO_WEBHOOKS = {entity: {"create": "None"} for entity in WEBHOOK_ENTITIES}
Found = dict[str, str]


def works(**more: Any) -> Seen:
    """What is seen of an integration that works, but for what is said otherwise."""
    access = more.pop("access", ACCESS)
    seen = Seen(
        levels=[LEVEL, SYSTEM],
        users=[USER, OTHER],
        key=f"{KEY}@alder.example.com",
        owner=USER,
        sign_in=WORKS,
        access=access,
        expected=compare(more.pop("expect", EXPECTED), access or {}, {}),
        rows={"Tickets": (4, 4), "Companies": (8, 8)},
        webhooks=[],
        company={"name": "Alder IT", "country_id": 237},
        products={"without_category": 0, "active": 2, "inactive": 0, "names": []},
        modules=[{"key": 1, "active": True}],
        usage={"used": 100, "allowed": 10000, "minutes": 60},
    )
    return replace(seen, **more)


def with_access(**entities: Mapping[str, str]) -> dict[str, Any]:
    """The access of the user, with other answers for some entities."""
    return {**ACCESS, **{entity: {**ACCESS.get(entity, ALL), **answers} for entity, answers in entities.items()}}


def verdicts(seen: Seen, wanted: Wanted = WANTED) -> dict[str, str]:
    return {finding["check"]: finding["verdict"] for finding in diagnose(wanted, seen)[0]}


def of(check: str, seen: Seen, wanted: Wanted = WANTED) -> Found:
    return next(finding for finding in diagnose(wanted, seen)[0] if finding["check"] == check)


def cause(seen: Seen, wanted: Wanted = WANTED) -> Found:
    """The only cause, which has a proof and a fix."""
    [found] = diagnose(wanted, seen)[1]
    assert found["cause"] and found["proof"] and found["fix"], found
    return found


def test_an_integration_that_works() -> None:
    findings, causes = diagnose(WANTED, works())
    assert causes == [] and [(one["check"], one["verdict"]) for one in findings] == [(check, "fine") for check in CHECKS]
    assert all(one["proof"] for one in findings)


def test_of_what_was_not_read_nothing_is_said() -> None:
    """Nothing at all was seen, and each reason is told."""
    reasons = {"users": "403 for users", "modules": "403 for modules", "company": "403 for companies", "products": "403 for products"}
    findings, causes = diagnose(WANTED, Seen(unread=reasons))
    assert causes == [] and {one["verdict"] for one in findings} == {"unknown"} and all(one["cause"] for one in findings)
    by_check = {one["check"]: one["proof"] for one in findings}
    assert (by_check["user_active"], by_check["modules"], by_check["own_country"]) == (
        "403 for users",
        "403 for modules",
        "403 for companies",
    )


# A case: what is seen, the check that is the only cause, and words of its cause, proof and fix.
CAUSES: dict[str, tuple[Seen, str, str, str, str]] = {
    "the requests of the hour are used up": (
        works(usage={"used": 10000, "allowed": 10000, "minutes": 60}),
        "modules",
        "hourly requests are used up",
        "10000 of 10000 requests in 60 minutes",
        "Pause the integration",
    ),
    "Autotask was too busy to answer": (
        replace(works(usage=None), refused_as_busy="429 after several attempts"),
        "modules",
        "hourly requests are used up",
        "429 after several attempts (effect)",
        "Pause the integration",
    ),
    "there is no such user": (
        replace(works(users=[OTHER]), owner=None, sign_in=UNTRIED, key=""),
        "user_active",
        'There is no API user "Example API"',
        "no record with licenseType API User",
        "msp.autotask.provision",
    ),
    "the user is inactive": (
        works(users=[{**USER, "active": False}], sign_in=REFUSED),
        "user_active",
        "is inactive",
        'Resources.isActive of "Example API" is false (read).',
        "tick Active",
    ),
    "it has another level": (
        works(users=[{**USER, "security_level": "API User (system)"}]),
        "security_level",
        'has the security level "API User (system)" instead of "Example API"',
        'Resources.userType of "Example API" is "API User (system)"',
        'set Security Level to "Example API"',
    ),
    "there is no such level": (
        works(levels=[SYSTEM], users=[{**USER, "security_level": "API User (system)"}]),
        "security_level",
        'The tenant has no security level "Example API"',
        "(read)",
        "msp.autotask.provision",
    ),
    "the level is inactive": (
        works(levels=[{**LEVEL, "active": False}, SYSTEM], sign_in=REFUSED),
        "security_level",
        'The security level "Example API" is inactive.',
        "isActive of the pick-list value",
        'Level "Example API": tick Active.',
    ),
    "what Autotask refuses alike": (
        works(sign_in=REFUSED),
        "credentials",
        "the Password (Secret) is wrong, or the Tracking Identifier is, or the user is Locked",
        "an empty 401 (effect)",
        "press Generate Secret",
    ),
    "the key is another user's": (
        works(owner=OTHER),
        "credentials",
        'those of another API user, "Another API"',
        f'Resources.userName of "Example API" is "{KEY}" (read).',
        "msp.autotask.record_credentials",
    ),
    "the key is nobody's": (
        works(owner=None, sign_in=REFUSED, key="nobody@alder.example.com"),
        "credentials",
        '"nobody@alder.example.com" was recorded as the Username (Key), and that is no API user\'s key',
        "(read)",
        "Hand the vendor the Username (Key)",
    ),
    "the key is an address": (
        works(owner=None, sign_in=REFUSED, key="Integrations@example.com"),
        "credentials",
        "that is the user's e-mail address",
        "(read)",
        "Hand the vendor the Username (Key)",
    ),
    "the key is wrong behind its @": (
        works(sign_in=REFUSED, key=f"{KEY}@nowhere.example.com", key_known=False),
        "credentials",
        "is wrong behind its @",
        "zoneInformation knows no such user (effect).",
        "Hand the vendor the Username (Key)",
    ),
    "a setting is missing": (
        works(access=with_access(Tickets={"create": "None"})),
        "access",
        'doesn\'t grant Tickets:create. What grants it is "Service Desk > Object Permissions > Tickets > Add"',
        "Tickets create is None (effect).",
        'set "Tickets" to Add "Yes"',
    ),
    "webhooks are off": (
        works(access=with_access(**NO_WEBHOOKS)),
        "webhooks",
        '"Can create Webhooks" is not ticked',
        "create is None for CompanyWebhooks",
        'tick "Can create Webhooks"',
    ),
    "a line of business hides something": (
        works(rows={"Tickets": (1, 4)}),
        "lines_of_business",
        "a line of business hides the others, without an error. It should see all of them.",
        "Tickets: the user sees 1, this run 4 (effect).",
        "associate nothing",
    ),
    "the own company has no country": (
        works(company={"name": "Alder IT", "country_id": None}),
        "own_country",
        '"Alder IT" has no country',
        "Companies.countryID of ID 0 is null (read).",
        "set Country",
    ),
    "a product has no category": (
        works(products={"without_category": 1, "active": 2, "inactive": 0, "names": ["Dock"]}),
        "products_without_category",
        'Active products have no category, and integrations leave those out: "Dock".',
        "Products.productCategory is null for 1 of 2 active products",
        "set Product Category",
    ),
}


@pytest.mark.parametrize(("seen", "check", "words", "proof", "fix"), CAUSES.values(), ids=CAUSES.keys())
def test_a_cause(seen: Seen, check: str, words: str, proof: str, fix: str) -> None:
    found = cause(seen)
    assert found["check"] == check and words in found["cause"] and proof in found["proof"] and fix in found["fix"], found


SUSPECTS: dict[str, tuple[Seen, str, str]] = {
    "most of the requests of the hour are used": (
        works(usage={"used": 7500, "allowed": 10000, "minutes": 60}),
        "modules",
        "a second later",
    ),
    "the user may do more than it should": (works(access=with_access(Tickets={"delete": "All"})), "access", "That breaks nothing"),
    "it sees fewer companies": (works(rows={"Tickets": (4, 4), "Companies": (6, 8)}), "access", "sees fewer organizations"),
    "it has as many webhooks as it may": (
        works(webhooks=[{"name": f"hook {number}", "active": True, "entity": "TicketWebhooks"} for number in range(5)]),
        "webhooks",
        "REST doesn't show the number",
    ),
    "a webhook was switched off": (
        works(webhooks=[{"name": "tickets", "active": False, "entity": "TicketWebhooks"}]),
        "webhooks",
        'Webhooks of the user are inactive: "tickets"',
    ),
    "products are inactive": (
        works(products={"without_category": 0, "active": 2, "inactive": 1, "names": []}),
        "products_without_category",
        "1 products are inactive",
    ),
    "several are called the same, and the key tells which is meant": (
        works(users=[USER, {**USER, "id": 9, "user_name": "twin"}]),
        "user_active",
        "2 active API users",
    ),
}


@pytest.mark.parametrize(("seen", "check", "words"), SUSPECTS.values(), ids=SUSPECTS.keys())
def test_what_may_break_it_is_no_cause(seen: Seen, check: str, words: str) -> None:
    found = of(check, seen)
    assert found["verdict"] == "suspect" and words in found["cause"] and found["proof"] and found["fix"], found
    assert diagnose(WANTED, seen)[1] == []
    assert {verdict for other, verdict in verdicts(seen).items() if other != check} == {"fine"}


def test_of_several_of_the_same_name_nobody_can_tell_which_is_meant() -> None:
    twins = works(users=[USER, {**USER, "id": 9, "user_name": "twin"}], owner=None, key="", sign_in=UNTRIED, access=None)
    found = cause(twins)
    assert (
        found["check"] == "user_active" and f'"{KEY}"' in found["proof"] and '"twin"' in found["proof"] and "Ask the vendor" in found["fix"]
    )
    assert f'"{KEY}"' not in of("user_active", works(users=[USER, {**USER, "id": 9, "user_name": "twin"}]))["fix"]


FOLLOWS: dict[str, tuple[Seen, dict[str, str]]] = {
    "an inactive user can't sign in": (works(users=[{**USER, "active": False}], sign_in=REFUSED), {"credentials": "user_active"}),
    "nobody signs in with an inactive level": (
        works(levels=[{**LEVEL, "active": False}], sign_in=REFUSED),
        {"credentials": "security_level"},
    ),
    "another level grants other things": (
        works(
            users=[{**USER, "security_level": "API User (system)"}],
            access=with_access(Tickets={"create": "None"}, **NO_WEBHOOKS),
        ),
        {"access": "security_level", "webhooks": "security_level"},
    ),
}


@pytest.mark.parametrize(("seen", "expected"), FOLLOWS.values(), ids=FOLLOWS.keys())
def test_what_follows_from_another_fault_is_no_cause(seen: Seen, expected: Mapping[str, str]) -> None:
    root = cause(seen)
    assert {one["check"]: one["follows_from"] for one in diagnose(WANTED, seen)[0] if one["follows_from"]} == expected
    assert {of(check, seen)["fix"] for check in expected} == {root["fix"]}


def test_the_fault_that_explains_another_is_told_even_where_nobody_asked_for_it() -> None:
    findings, causes = diagnose(WANTED, works(users=[{**USER, "active": False}], sign_in=REFUSED), ["credentials"])
    assert [one["check"] for one in findings] == ["credentials", "user_active"] and [one["check"] for one in causes] == ["user_active"]


@pytest.mark.parametrize("reason", [REFUSED, UNTRIED])
def test_without_signing_in_what_the_user_may_do_is_not_known(reason: str) -> None:
    found = verdicts(works(sign_in=reason))
    assert {found[check] for check in ("access", "webhooks", "lines_of_business")} == {"unknown"}
    assert found["credentials"] == {REFUSED: "fault", UNTRIED: "unknown"}[reason]
    assert "its sign-in is refused" in of("access", works(sign_in=REFUSED))["cause"]


def test_what_only_the_vendor_can_try_is_said_to_be_so() -> None:
    found = of("credentials", works(sign_in=UNTRIED))
    assert found["verdict"] == "unknown" and "only the vendor can try" in found["cause"]
    assert of("credentials", works(key="", owner=None, sign_in=UNTRIED))["cause"].startswith("No credentials of this user are recorded")


def test_a_profile_that_leaves_some_companies_out_is_no_reason_to_worry() -> None:
    narrow = replace(WANTED, cells={**WANTED.cells, "crm.access.vendor_partners": "None"})
    assert verdicts(works(rows={"Tickets": (4, 4), "Companies": (6, 8)}), narrow)["access"] == "fine"


@pytest.mark.parametrize(
    ("seen", "verdict", "words"),
    [
        (works(sign_in=WRONG_IDENTIFIER, sign_in_answer="GET Version: it is invalid."), "fault", "refuses the Tracking Identifier"),
        (works(sign_in=UNCLEAR, sign_in_answer="GET Version: 500 without a usable answer."), "unknown", "neither a yes nor a no"),
        (works(sign_in=UNTRIED, unread={"sign_in": "Too busy."}), "unknown", "Too busy."),
    ],
)
def test_nobody_makes_a_new_secret_where_the_old_one_may_work(seen: Seen, verdict: str, words: str) -> None:
    found = of("credentials", seen)
    assert found["verdict"] == verdict and words in found["cause"] and (seen.sign_in_answer or "was not sent") in found["proof"]
    assert "Leave the Password (Secret) as it is" in found["fix"] and "Generate Secret" not in found["fix"]


@pytest.mark.parametrize("way", [REFUSED, UNTRIED])
def test_before_anybody_makes_a_new_secret_the_vendor_tries_the_old_one(way: str) -> None:
    fix = of("credentials", works(sign_in=way))["fix"]
    assert fix.startswith("Let the vendor test its connection") and "refused there, too" in fix.partition("Generate Secret")[0]


def test_an_answer_that_is_neither_yes_nor_no_is_not_guessed() -> None:
    unclear = works(access=with_access(Tickets={"create": "Restricted"}, **{name: {"create": "Restricted"} for name in WEBHOOK_ENTITIES}))
    assert (of("access", unclear)["verdict"], of("webhooks", unclear)["verdict"]) == ("unknown", "unknown")
    assert "neither yes nor no" in of("access", unclear)["cause"]


def test_a_module_that_is_off_is_told_from_the_level() -> None:
    off = [{"key": 1, "active": True}, {"key": 6, "active": False}]
    missing = works(modules=off, access=with_access(Tickets={"create": "None"}))
    assert of("modules", missing)["verdict"] == "suspect" and "off are the keys 6" in of("modules", missing)["proof"]
    assert "a module that is switched off" in of("access", missing)["cause"]
    assert of("modules", works(modules=off))["verdict"] == "fine"
    assert of("modules", works(modules=off, sign_in=UNTRIED))["verdict"] == "unknown"


def test_without_an_expectation_there_is_nothing_to_compare_with() -> None:
    assert of("access", works(expect=[]))["verdict"] == "unknown"


def test_a_vendor_that_asks_for_no_webhooks_misses_none() -> None:
    seen = works(expect=EXPECTED[:3], access=with_access(**NO_WEBHOOKS))
    assert of("webhooks", seen, replace(WANTED, webhooks=0))["verdict"] == "fine"


def test_lines_of_business_that_the_tenant_chose_are_asked_about() -> None:
    chosen = replace(WANTED, lines_of_business=("Cloud", "Projects"))
    found = of("lines_of_business", works(rows={"Tickets": (1, 4)}), chosen)
    assert found["verdict"] == "suspect" and 'associate "Cloud" and "Projects", and nothing else' in found["fix"]


def test_rows_that_nobody_has_say_nothing_of_lines_of_business() -> None:
    assert of("lines_of_business", works(rows={"Tickets": (0, 0)}))["verdict"] == "unknown"


def test_the_fix_grants_what_the_profile_says_and_no_more() -> None:
    narrow = replace(WANTED, cells={**WANTED.cells, "contracts.contracts.view": "Organizations", "contracts.contract_visibility": "Full"})
    seen = works(expect=[*EXPECTED, ("Contracts", "query", True)], access={**ACCESS, "Contracts": {**ALL, "query": "None"}})
    found = cause(seen, narrow)
    assert 'set "Contracts" to View "Organizations"' in found["fix"] and 'set "Contract Visibility" to "Full"' in found["fix"]
    assert "It shows only together with" in found["cause"]


def test_the_words_are_the_tenants() -> None:
    client = replace(WANTED, terms={"organization": "Client", "device": "Asset"})
    found = cause(works(company={"name": "Alder IT", "country_id": None}), client)
    assert "The own client" in found["cause"] and "Open CRM > Clients" in found["fix"]
    inactive = cause(works(users=[{**USER, "active": False}], sign_in=REFUSED), client)
    assert "Admin (> Admin Categories) > Client Settings & Users" in inactive["fix"]


def test_capitals_in_names_make_no_difference() -> None:
    assert set(verdicts(works(users=[{**USER, "first_name": "EXAMPLE", "security_level": "example api"}])).values()) == {"fine"}


def test_webhooks_are_named_as_the_catalogue_names_them() -> None:
    assert CAN_CREATE_WEBHOOKS in WANTED.catalogue.by_cell
