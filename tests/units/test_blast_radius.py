# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is said of what a change touches besides: what isn't known is never told as none, and many are counted."""

from __future__ import annotations

from ansible_collections.msp.autotask.plugins.module_utils._entities import UserFacts
from ansible_collections.msp.autotask.plugins.module_utils._objects import blast_radius
from ansible_collections.msp.autotask.plugins.module_utils._rest.activity import Activity, Made, Webhook


def user(number: int, active: bool = True) -> UserFacts:
    return {
        "id": number,
        "user_name": f"key{number}",
        "first_name": f"N{number}",
        "last_name": "API",
        "email": "",
        "active": active,
        "security_level": "Shared API",
        "location": "",
    }


def test_what_could_not_be_read_is_not_known() -> None:
    lines = blast_radius.of_inactivation([user(1)], ["Shared API"], None, Activity(unknown=["Tickets"], unread=["TicketWebhooks"]))
    assert any(line.startswith('Whether "N1 API" owns any webhooks is not known') and "TicketWebhooks" in line for line in lines)
    assert any(line.startswith("What was made of Tickets is not known") for line in lines) and not any(
        "no webhooks" in line for line in lines
    )
    for nothing_read in (
        blast_radius.of_inactivation([user(1)], [], None, None),
        blast_radius.of_new_secrets([user(1)], None, None),
        blast_radius.of_level_changes([("Shared API", [user(1)])], None),
    ):
        assert nothing_read == [blast_radius.NOT_READ]


def test_some_webhooks_that_were_seen_leave_others_unknown() -> None:
    seen = Activity(webhooks=[Webhook("TicketWebhooks", "Mine", True, 1)], unread=["CompanyWebhooks"])
    lines = blast_radius.of_inactivation([user(1)], [], None, seen)
    assert 'Whether "N1 API" owns any other webhooks is not known' in lines[1] and 'TicketWebhooks "Mine"' in lines[0]


def test_many_are_counted() -> None:
    others = [user(number, active=number % 2 == 0) for number in range(1, 41)]
    made = [Made(one["id"], "Tickets", 3, "2026-11-26 10:00", True) for one in others[:30]]
    lines = blast_radius.of_level_changes([("Shared API", others)], Activity(made))
    assert '"N1 API" (inactive), "N2 API",' in lines[0] and " and 28 more. What is changed" in lines[0]
    assert sum("has made Tickets (3)" in line for line in lines) == 12 and "18 more have made something, too." in lines
    assert any(line.startswith('"N31 API", ') and "have made nothing" in line for line in lines) and len("".join(lines)) < 3000
