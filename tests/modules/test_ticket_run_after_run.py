# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a user sees of a module with tickets, run after run: the table of the design, row by row."""

from __future__ import annotations

from sandbox.operator.worker import Operator
from tests.sandboxes import Tenant

from .playing import Player, level, limit, lines, notes, tickets, user, writes


def test_first_run_opens_one_ticket_for_all_objects(play: Player, tenant: Tenant) -> None:
    played = play(level(), limit(), user())
    assert [(result["changed"], result["pending"], result["pending_for"]) for result in played.results] == [(True, True, "steps")] * 3
    [ticket] = tickets(tenant)
    assert ticket["externalID"] == "msp.autotask/example/1"
    assert {result["change"]["reference"] for result in played.results} == {ticket["ticketNumber"]}
    texts = [line["itemName"] for line in lines(tenant, ticket)]
    assert texts[0].startswith("Open Admin (> Admin Categories) > ") and texts[-1].startswith("Record the Username (Key)")
    assert [text for text in texts if "Save & Close" in text] == [
        'Level "Example API": press Save & Close.',
        'Level "Example API": press Save & Close.',
        'API user "Example API": press Save & Close.',
    ]
    assert len(texts) <= 40 and max(map(len, texts)) <= 255


def test_check_mode_plans_the_same_and_writes_nothing(play: Player, tenant: Tenant) -> None:
    planned = play.by_ansible(level(), limit(), user(), arguments=["--check", "--diff"])
    assert writes(tenant) == []
    real = play.by_ansible(level(), limit(), user(), arguments=["--diff"])
    for one, other in zip(planned.results, real.results, strict=True):
        for key in ("changed", "pending", "plan", "diff", "evidence"):
            assert one[key] == other[key], key
    assert '+    "Contracts > Object Permissions > Contracts > View": "All"' in planned.output


def test_nobody_has_worked_on_it(play: Player, tenant: Tenant) -> None:
    first = play(level())
    before = writes(tenant)
    again = play(level())
    assert (again[0]["changed"], again[0]["pending"]) == (False, True)
    assert [step["text"] for step in again[0]["plan"]] == [step["text"] for step in first[0]["plan"]]
    assert writes(tenant) == before


def test_some_steps_are_ticked(play: Player, tenant: Tenant, operator: Operator) -> None:
    total = len(play(level())[0]["plan"])
    operator.tick(tickets(tenant)[0]["ticketNumber"], 1)
    operator.tick(tickets(tenant)[0]["ticketNumber"], 2)
    again = play(level())[0]
    assert (again["changed"], again["pending"], len(again["plan"])) == (False, True, total - 2)
    assert (again["change"]["steps_done"], again["change"]["steps_total"]) == (2, total)


def test_all_steps_are_done(play: Player, tenant: Tenant, operator: Operator) -> None:
    play(level())
    operator.work()
    done, later = play(level(), level()).results
    assert (done["changed"], done["pending"], done["plan"]) == (True, False, [])
    assert done["change"]["state"] == "closed" and done["change"]["objects"] == {'level "Example API"': "attested"}
    assert done["evidence"]["Active"] == "read"
    assert done["evidence"]["Contracts > Object Permissions > Contracts > View"] == "attested"
    assert (later["changed"], later["pending"], later["plan"]) == (False, False, [])
    [ticket] = tickets(tenant)
    assert ticket["completedDate"]
    assert all(line["isCompleted"] for line in lines(tenant, ticket))


def test_the_ticket_stays_open_until_the_last_object_is_done(play: Player, tenant: Tenant, operator: Operator) -> None:
    count = len(play(level(), limit())[0]["plan"])
    operator.work(limit=count)
    half = play(level(), limit())
    assert [(result["changed"], result["pending"]) for result in half.results] == [(True, False), (False, True)]
    assert half[1]["change"]["state"] == "open"
    operator.work()
    full = play(level(), limit())
    assert [(result["changed"], result["pending"]) for result in full.results] == [(False, False), (True, False)]
    assert full[1]["change"]["state"] == "closed"
    assert len(tickets(tenant)) == 1


def test_drift_is_seen_and_only_it_is_asked_for(play: Player, tenant: Tenant, operator: Operator) -> None:
    play(level())
    operator.work()
    play(level())
    tenant.control("PATCH", f"levels/{tenant.level('Example API')['id']}", {"active": False})
    drifted = play(level())[0]
    assert (drifted["changed"], drifted["pending"]) == (True, True)
    assert [step["text"] for step in drifted["plan"]][1:] == [
        'Level "Example API": tick Active.',
        'Level "Example API": press Save & Close.',
    ]
    assert drifted["change"]["number"] == 2 and len(tickets(tenant)) == 2
    assert drifted["contradictions"] == ['REST shows the security level "Example API" inactive.']
    assert drifted["diff"] == {"before": {"Active": False}, "after": {"Active": True}}


def test_a_changed_profile_lists_only_the_difference(play: Player, tenant: Tenant, operator: Operator) -> None:
    play(level())
    operator.work()
    play(level())
    changed = level(settings={"Contracts": {"Contracts": {"View": "All", "Add": True}}, "Reports": {"CRM": True}})
    result = play(changed)[0]
    assert [step["text"] for step in result["plan"]][1:-1] == [
        'Level "Example API", "Contracts" > "Object Permissions": set "Contracts" to Add "Yes".',
        'Level "Example API", "Contracts": set "Contract Visibility" to "None".',
        'Level "Example API", "Service Desk" > "Object Permissions": set "Tickets" to View "Mine", Add "No".',
        'Level "Example API", "Reports" > "Can view standard reports in the following categories": tick "CRM".',
    ]
    operator.work()
    assert (play(changed)[0]["changed"], play(changed)[0]["changed"]) == (True, False)
    cells = tenant.level("Example API")["cells"]
    assert cells["Contracts|Object Permissions|Contracts|Add"] == "Yes"
    assert cells["Service Desk|Object Permissions|Tickets|Add"] == "No"


def test_the_profile_changes_while_nobody_has_begun(play: Player, tenant: Tenant, operator: Operator) -> None:
    play(level())
    changed = level(settings={"Contracts": {"Contracts": {"View": "All"}}})
    result = play(changed)[0]
    assert (result["changed"], result["pending"], len(tickets(tenant))) == (True, True, 1)
    texts = [line["itemName"] for line in lines(tenant, tickets(tenant)[0])]
    assert not [text for text in texts if "Tickets" in text]
    assert texts == [step["text"] for step in result["plan"]]
    operator.work()
    assert play(changed)[0]["pending"] is False


def test_the_profile_changes_while_people_are_half_way(play: Player, tenant: Tenant, operator: Operator) -> None:
    count = len(play(level())[0]["plan"])
    operator.work()
    operator.tick(tickets(tenant)[0]["ticketNumber"], count, done=False)
    changed = level(settings={"Contracts": {"Contracts": {"View": "All"}}})
    assert play(changed)[0]["pending"] is True
    operator.work()
    done = play(changed)[0]
    assert (done["pending"], len(tickets(tenant))) == (False, 1)
    cells = tenant.level("Example API")["cells"]
    assert cells["Service Desk|Object Permissions|Tickets|Add"] == "No"
    assert cells["Contracts|Object Permissions|Contracts|View"] == "All"


def test_a_profile_that_is_changed_back_withdraws_its_steps(play: Player, tenant: Tenant, operator: Operator) -> None:
    play(level())
    operator.work()
    play(level(), limit())  # the limit keeps the second ticket open
    play(level(settings={"Reports": {"CRM": True}}))
    back = play(level())[0]
    assert (back["changed"], back["pending"], back["plan"]) == (True, False, [])
    assert not [line for line in lines(tenant, tickets(tenant)[1]) if "Reports" in line["itemName"]]
    assert play(level())[0]["changed"] is False


def test_a_user_that_is_no_longer_wanted_withdraws_its_steps(play: Player, tenant: Tenant) -> None:
    play(user())
    gone = {"first_name": "Example", "last_name": "API", "state": "absent"}
    result = play(("autotask_api_user", gone))[0]
    assert (result["changed"], result["pending"]) == (True, False)
    [ticket] = tickets(tenant)
    assert lines(tenant, ticket) == [] and result["change"]["state"] == "closed"
    assert play(("autotask_api_user", gone))[0]["changed"] is False


def test_what_was_asked_for_and_attested_is_kept_with_the_ticket(play: Player, tenant: Tenant, operator: Operator) -> None:
    play(level())
    operator.work()
    play(level())
    texts = [note["description"] for note in notes(tenant, tickets(tenant)[0])]
    assert ['"attested":false' in text for text in texts] == [True, False]
    assert ['"contracts.contracts.view":"All"' in text for text in texts] == [True, True]


def test_a_user_is_pending_until_its_credentials_are_there(play: Player, tenant: Tenant, operator: Operator) -> None:
    existing = user(security_level="msp.autotask provisioner", tracking_identifier={"internal_integration_name": "Example"})
    play(existing)
    operator.work()
    waiting = play(existing)[0]
    assert (waiting["pending"], waiting["pending_for"]) == (True, "steps")  # nobody has recorded the credentials
    [left] = waiting["plan"]
    assert left["text"].startswith("Record the Username (Key)")
    operator.tick(tickets(tenant)[0]["ticketNumber"], waiting["change"]["steps_total"])
    done = play(existing)[0]
    assert (done["changed"], done["pending"], done["pending_for"]) == (True, True, "credentials")
    assert done["change"]["state"] == "closed"
    assert done["evidence"]["Security Level"] == "read" and done["evidence"]["Credentials"] == "unknown"
