# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the benchmark makes of its figures: spreads, Ansible's recap, targets."""

from __future__ import annotations

import json

import pytest

from bench.figures import NEW, Case, Results, Run, Spread, recap, spread, targets

RECAP = """
PLAY RECAP *********************************************************************
alder                      : ok=5    changed=0    unreachable=0    failed=0    skipped=2    rescued=0    ignored=0
birch                      : ok=4    changed=1    unreachable=1    failed=1    skipped=1    rescued=0    ignored=0
"""


def measured(**changes: float) -> Results:
    """Results that reach every target, but for what is changed."""
    values = {"each": 0.2, "each_1000": 0.2, "uri": 12.0, "memory_1000": 150.0, "tasks": 6.0, "sent": 12, "sent_new": 170} | changes
    results = Results()
    for tenants, memory in ((10, 75.0), (100, 80.0), (1000, values["memory_1000"])):
        cpu = tenants * (values["each_1000"] if tenants == 1000 else values["each"])
        results.add(Case("collection", tenants), Run(9, cpu, memory, (1, int(values["sent"])), values["tasks"]))
        results.add(Case("empty", tenants), Run(1, tenants * 0.1, 60, (0, 0), 1))
        results.add(Case("bare", tenants), Run(1, tenants * 0.02, 30, (18, 18)))
    results.add(Case("uri", 10), Run(99, 10 * values["uri"], 60, (18, 18), 50))
    results.add(Case("collection", 10, fleet=NEW), Run(9, 9, 80, (150, int(values["sent_new"])), 9, 162))
    return results


def test_a_spread_is_the_median_the_lowest_and_the_highest() -> None:
    assert spread([3, 1, 2]) == Spread(2, 1, 3)
    assert spread([1, 2]) == Spread(1.5, 1, 2)


@pytest.mark.parametrize(
    ("figures", "shown"),
    [
        ([0.02468], "0.025"),
        ([1.234, 1.2, 1.3], "1.23 (1.20 to 1.30)"),
        ([12.34, 12.339], "12.3"),
        ([123.4, 99.96], "112 (100.0 to 123)"),
        ([7, 7, 7], "7"),
    ],
)
def test_figures_are_shown_with_the_digits_that_count(figures: list[float], shown: str) -> None:
    assert str(spread(figures)) == shown


def test_a_recap_is_read() -> None:
    found = recap(f"ok=9 changed=9 in a task's output\n{RECAP}")
    assert (found.hosts, found.done, found.changed, found.failed, found.tasks) == (2, 12, 1, 2, 6)
    assert recap("ERROR! nothing").hosts == 0
    assert recap("ERROR! nothing").tasks == 0


def test_results_come_back_from_their_file() -> None:
    results = measured()
    results.failed[Case("usual", 1)] = "ended with 2"
    again = Results.from_json(json.loads(json.dumps(results.to_json())))
    assert (again.runs, again.failed) == (results.runs, results.failed)


def test_what_was_measured_is_found_by_way_size_latency_and_fleet() -> None:
    results = measured()
    results.add(Case("collection", 10, 150), Run(50, 7, 75))
    assert results.sizes("collection") == [10, 100, 1000]
    assert results.sizes("collection", 150) == results.sizes("collection", fleet=NEW) == [10]
    assert results.cpu_each("collection", 10, 150) == Spread(0.7, 0.7, 0.7)
    assert results.cpu_each("uri", 1000) is None


def test_all_targets_are_met() -> None:
    assert [target.met for target in targets(measured())] == [True, True, True, True, None, True, True]


@pytest.mark.parametrize(
    ("change", "place", "reached"),
    [
        ({"tasks": 9}, 0, "9"),
        ({"sent": 14}, 1, "14"),
        ({"sent_new": 181}, 2, "181, 162 of them write"),
        ({"uri": 11.9}, 3, "59.5 times less, 10 tenants"),
        ({"each_1000": 0.23}, 5, "1.15 times"),
        ({"memory_1000": 170}, 6, "2.27 times"),
    ],
)
def test_a_target_that_is_missed_is_said(change: dict[str, float], place: int, reached: str) -> None:
    found = targets(measured(**change))
    assert (found[place].reached, found[place].met) == (reached, False)
    assert [target.met for target in found].count(False) == 1


def test_ansibles_own_share_is_taken_off_where_the_floor_is_shown() -> None:
    assert targets(measured())[4].reached == "5 times as much, 1,000 tenants (10 with them)"


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    assert {(target.reached, target.met) for target in targets(Results())} == {("not measured", None)}
