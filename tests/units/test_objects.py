# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The small decisions around integrations: what is whose, what is kept, what is waited for, and what one result says of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._change.model import Change, Kind, Record
from ansible_collections.msp.autotask.plugins.module_utils._credentials.store import Recorded
from ansible_collections.msp.autotask.plugins.module_utils._entities import Observed, UserFacts
from ansible_collections.msp.autotask.plugins.module_utils._errors import AutotaskError, InputError
from ansible_collections.msp.autotask.plugins.module_utils._objects.diagnosis import ALWAYS, checks_of, told
from ansible_collections.msp.autotask.plugins.module_utils._objects.engine import result_of_all
from ansible_collections.msp.autotask.plugins.module_utils._objects.entry import Entry, entry_of, failed, state_of
from ansible_collections.msp.autotask.plugins.module_utils._objects.recording import to_keep
from ansible_collections.msp.autotask.plugins.module_utils._objects.result import ObjectResult
from ansible_collections.msp.autotask.plugins.module_utils._objects.retired_user import own_user
from ansible_collections.msp.autotask.plugins.module_utils._objects.retirement import active_users, belongings
from ansible_collections.msp.autotask.plugins.module_utils._objects.wanted import Wanted

# What belongs to an integration


def user_record(first: str, last: str = "API", record_as: str = "example") -> Record:
    return Record(Kind.API_USER, f"{first} {last}", {"first_name": first, "last_name": last}, (), True, record_as)


def level_record(name: str) -> Record:
    return Record(Kind.LEVEL, name, {"name": name}, (), True)


def change(number: int, *records: Record) -> Change:
    return Change("example", number, f"T{number}", False, records={record.subject: record for record in records})


PROFILE = {
    "api_users": [{"first_name": "Example", "last_name": "API", "record_as": "example"}],
    "security_levels": [{"name": "Example API"}],
}


def test_without_a_change_and_a_profile_only_the_name_is_known() -> None:
    own = belongings("example", None, [])
    assert (own.users, own.levels, own.record_names) == ([], [], ["example"])


def test_what_changes_asked_for_and_what_the_profile_names_is_told_once() -> None:
    changes = [change(1, level_record("Example API"), user_record("Example")), change(2, user_record("Second", record_as="example-second"))]
    own = belongings("example", PROFILE, changes)
    assert own.users == [("Example", "API"), ("Second", "API")]
    assert own.levels == ["Example API"] and own.record_names == ["example", "example-second"]


def test_what_the_profile_was_once_called_is_known_from_the_changes() -> None:
    own = belongings("example", PROFILE, [change(1, level_record("Old API"), user_record("Old"))])
    assert own.users == [("Old", "API"), ("Example", "API")] and own.levels == ["Old API", "Example API"]


@pytest.mark.parametrize("name", ["API User (system)", "API User (system) Can't Read Costs"])
def test_a_system_level_is_nobodys(name: str) -> None:
    assert belongings("example", {**PROFILE, "security_levels": [{"name": name}]}, [change(1, level_record(name))]).levels == []


def test_secrets_and_limits_are_no_belongings() -> None:
    secret = Record(Kind.SECRET, "Example API", {"rotation": "2026-11"}, (), True, "example")
    limit = Record(Kind.WEBHOOK_LIMIT, "Example API", {"level": "Example API"}, (), True)
    own = belongings("example", None, [change(1, secret, limit)])
    assert (own.users, own.levels, own.record_names) == ([], [], ["example"])


def user(number: int, first: str, last: str = "API", active: bool = True, key: str = "") -> UserFacts:
    return {
        "id": number,
        "user_name": key or f"key{number}",
        "first_name": first,
        "last_name": last,
        "email": "integrations@example.com",
        "active": active,
        "security_level": "Example API",
        "location": "Headquarters",
    }


OBSERVED: Observed = {
    "levels": [],
    "api_users": [user(1, "example"), user(2, "Example", active=False), user(3, "Second"), user(4, "Example", "B")],
}


def test_active_users_are_those_of_the_name_whatever_their_capitals() -> None:
    assert [one["id"] for one in active_users(OBSERVED, [("EXAMPLE", "api")])] == [1]
    assert [one["id"] for one in active_users(OBSERVED, [("Example", "API"), ("Second", "API"), ("Nobody", "API")])] == [1, 3]
    assert active_users(None, [("Example", "API")]) == [] and active_users(OBSERVED, []) == []


@pytest.mark.parametrize(
    ("key", "ids", "own"), [("key1@alder.example.com", [1, 3], True), ("key1", [1], True), ("key2@x", [1], False), ("key1", [], False)]
)
def test_a_run_does_not_switch_off_the_user_that_it_works_as(key: str, ids: Sequence[int], own: bool) -> None:
    if not own:
        own_user(key, OBSERVED, ids)
        return
    with pytest.raises(InputError) as caught:
        own_user(key, OBSERVED, ids)
    assert caught.value.code == "own_user"


# What is recorded

OLD = Recorded("key@alder.example.com", "Ol%d", "IDENTIFIER", "2026-05", "alder")
KEPT = {
    "nothing was recorded": (Recorded("key", "Ne%w", "CODE"), None, Recorded("key", "Ne%w", "CODE")),
    "the same again": (Recorded(OLD.user_name, OLD.secret), OLD, Recorded(OLD.user_name, OLD.secret, "IDENTIFIER", "2026-05")),
    "a new secret of the same user": (Recorded(OLD.user_name, "Ne%w"), OLD, Recorded(OLD.user_name, "Ne%w", "IDENTIFIER")),
    "a better identifier of the same user": (
        Recorded(OLD.user_name, OLD.secret, "RIGHT"),
        OLD,
        Recorded(OLD.user_name, OLD.secret, "RIGHT", "2026-05"),
    ),
    "another user": (Recorded("other@alder.example.com", "Ne%w"), OLD, Recorded("other@alder.example.com", "Ne%w")),
    "another user with the same secret": (Recorded("other", OLD.secret), OLD, Recorded("other", OLD.secret)),
}


@pytest.mark.parametrize(("given", "before", "expected"), KEPT.values(), ids=KEPT.keys())
def test_what_is_kept_of_what_was_recorded_before(given: Recorded, before: Recorded | None, expected: Recorded) -> None:
    assert to_keep(given, before) == expected


# What one integration waits for, and one result for all


def known(pending_for: str = "", changed: bool = False, after: Mapping[str, Any] | None = None, warning: str = "") -> ObjectResult:
    return {
        "subject": "level",
        "changed": changed,
        "pending": bool(pending_for),
        "pending_for": pending_for,
        "diff": {"before": {}, "after": dict(after or {})},
        "warnings": [warning] if warning else [],
    }


STATES = {
    "nothing at all": ([], "done", "done"),
    "nothing": ([""], "done", "done"),
    "people": (["", "steps"], "pending", "planned"),
    "credentials": (["", "credentials"], "credentials", "credentials"),
    "people, and then credentials": (["credentials", "steps"], "pending", "planned"),
}


@pytest.mark.parametrize(("waits", "state", "in_check_mode"), STATES.values(), ids=STATES.keys())
def test_what_an_integration_waits_for(waits: Sequence[str], state: str, in_check_mode: str) -> None:
    objects = [known(one) for one in waits]
    assert (state_of(objects, check_mode=False), state_of(objects, check_mode=True)) == (state, in_check_mode)


def entry(name: str, **facts: Any) -> Entry:
    return cast(Entry, {**entry_of(Wanted(name)), **facts})


def test_no_entries_are_no_failure() -> None:
    assert result_of_all([]) == {
        "changed": False,
        "pending": False,
        "integrations": [],
        "unlisted": [],
        "diff": [],
        "warnings": [],
    }


def test_one_result_says_what_any_of_them_says() -> None:
    one = entry("one", changed=True, objects=[known(after={"Active": True}, warning="Look at this.")])
    two = entry("two", pending=True, state="pending", objects=[known("steps"), known(after={"Name": "x"})])
    result = result_of_all([one, two], [{"integration": "three"}])
    assert (result["changed"], result["pending"], "failed" in result) == (True, True, False)
    assert [diff["after"] for diff in result["diff"]] == [{"Active": True}, {"Name": "x"}] and result["warnings"] == ["Look at this."]
    assert result["integrations"] == [one, two] and result["unlisted"] == [{"integration": "three"}]


def test_a_warning_names_its_tenant() -> None:
    """Ansible shows those that are alike once."""
    entries = [entry("one", refused="It is incomplete.", objects=[known(warning="Look at this.")])]
    assert result_of_all(entries, tenant="alder")["warnings"] == ["alder: one: It is incomplete.", "alder: Look at this."]


def test_one_that_failed_fails_the_task_with_its_reason_and_code() -> None:
    result = result_of_all([entry("one", changed=True), failed(entry("two"), AutotaskError("It is broken.", "broken"))])
    assert (result["failed"], result["msg"], result["code"], result["changed"]) == (True, "two: It is broken.", "broken", True)


def test_all_reasons_are_told_and_several_codes_are_several() -> None:
    broken, other = AutotaskError("It is broken.", "broken"), AutotaskError("It is gone.", "gone")
    same = result_of_all([failed(entry("one"), broken), failed(entry("two"), broken)])
    assert (same["code"], same["msg"]) == ("broken", "one: It is broken. two: It is broken.")
    result = result_of_all([failed(entry("one"), broken), failed(entry("two"), other)])
    assert (result["code"], result["msg"]) == ("several", "one: It is broken. two: It is gone.")


# What a diagnosis looks at, and how it is told


def issue(symptom: str, *checks: str) -> dict[str, Any]:
    return {"symptom": symptom, "checks": list(checks), "fix": f"What the guide says on {symptom}."}


def profile_with(*issues: dict[str, Any], prerequisites: Sequence[dict[str, str]] = ()) -> dict[str, Any]:
    return {"vendor": "Example", "common_issues": list(issues), "prerequisites": list(prerequisites)}


def test_what_is_looked_at_is_told_by_the_guide() -> None:
    assert checks_of(profile_with()) == list(ALWAYS)
    more = profile_with(
        issue("A", "products_without_category", "access"), issue("B"), prerequisites=[{"check": "own_country"}, {"check": ""}]
    )
    assert checks_of(more) == [*ALWAYS, "products_without_category", "own_country"]


def finding(check: str, verdict: str, cause: str = "", follows_from: str = "") -> dict[str, str]:
    cause = cause or f"{check} is wrong."
    return {
        "check": check,
        "verdict": verdict,
        "cause": cause,
        "proof": f"seen of {check}",
        "fix": f"mend {check}",
        "follows_from": follows_from,
    }


def of_user(*findings: dict[str, str], user: str = "Example API") -> dict[str, Any]:
    causes = [one for one in findings if one["verdict"] == "fault" and not one["follows_from"]]
    return {"user": user, "findings": list(findings), "causes": causes}


def lines(profile: dict[str, Any], *results: dict[str, Any]) -> list[str]:
    return told(replace(Wanted("example"), profile=profile), "alder", results)


def test_where_nothing_is_wrong_the_guide_has_its_say() -> None:
    assert lines(profile_with(issue("It fails", "access")), of_user(finding("access", "fine"))) == [
        "Example on alder: no causes found.",
        'The guide\'s case "It fails":',
        "  Nothing wrong was found here. The guide's own advice: What the guide says on It fails.",
    ]


def test_a_cause_stands_below_the_symptom_that_it_explains_with_proof_and_fix() -> None:
    assert lines(profile_with(issue("It fails", "access")), of_user(finding("access", "fault"))) == [
        "Example on alder: 1 cause found.",
        'The guide\'s case "It fails":',
        "  Cause: access is wrong.",
        "    Proof: seen of access",
        "    Fix: mend access",
    ]


def test_a_fault_that_another_explains_is_told_by_that_one() -> None:
    found = of_user(finding("user_active", "fault"), finding("credentials", "fault", follows_from="user_active"))
    said = lines(profile_with(issue("No connection", "credentials")), found)
    assert said[:3] == ["Example on alder: 1 cause found.", 'The guide\'s case "No connection":', "  Cause: user_active is wrong."]
    assert not any("credentials is wrong" in line for line in said)


def test_the_worst_comes_first_and_what_is_not_known_is_no_comfort() -> None:
    found = of_user(finding("access", "unknown"), finding("webhooks", "suspect"), finding("credentials", "fault"))
    said = lines(profile_with(issue("It fails", "access", "webhooks", "credentials")), found)
    assert [line.strip().partition(":")[0] for line in said if line.startswith("  ") and line[2] != " "] == ["Cause", "Perhaps", "Unknown"]
    only_unknown = lines(profile_with(issue("It fails", "access")), of_user(finding("access", "unknown")))
    assert any("Unknown: access" in line for line in only_unknown) and any("Nothing wrong was found here" in line for line in only_unknown)


def test_what_belongs_to_no_symptom_is_told_besides() -> None:
    found = of_user(
        finding("access", "fine"), finding("modules", "suspect"), finding("own_country", "fault"), finding("webhooks", "unknown")
    )
    said = lines(profile_with(issue("It fails", "access")), found)
    besides = said[said.index("Besides") :]
    assert "  Cause: own_country is wrong." in besides and "  Perhaps: modules is wrong." in besides
    assert not any("webhooks" in line for line in said)
    assert "Found" in lines(profile_with(), found) and "Besides" not in lines(profile_with(), found)


def test_a_symptom_that_nothing_can_look_at_is_for_a_person() -> None:
    assert lines(profile_with(issue("It is slow")), of_user())[1:] == [
        'The guide\'s case "It is slow":',
        "  For a person to look at: What the guide says on It is slow.",
    ]


def test_of_several_users_it_is_said_whose_it_is() -> None:
    said = lines(
        profile_with(issue("It fails", "access")),
        of_user(finding("access", "fault")),
        of_user(finding("access", "fine"), user="Second API"),
    )
    assert said[0] == "Example on alder: 1 cause found." and "  Cause: Example API: access is wrong." in said
    both = lines(profile_with(), of_user(finding("access", "fault")), of_user(finding("access", "fault"), user="Second API"))
    assert both[0] == "Example on alder: 2 causes found." and "  Cause: Second API: access is wrong." in both
