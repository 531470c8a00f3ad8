# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Planting a world: the work for a tenant does not depend on how many there are."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from types import FrameType

import pytest

from sandbox import seed
from sandbox.store import Store

OTHERS = 300


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(Store()) as opened:
        yield opened


def _calls(store: Store, seeds: list[seed.Seed]) -> int:
    """How many functions are called, and generators resumed, while tenants are planted: the same number on every machine."""
    count = 0

    def watch(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(watch)
    try:
        seed.plant(store, seeds)
    finally:
        sys.setprofile(None)
    return count


def test_a_tenant_costs_the_same_among_many(store: Store) -> None:
    first, second, third = seed.world(3)
    seed.plant(store, [first])  # what is made once is made
    alone = _calls(store, [second])
    for tenant in (one.tenant for one in seed.world(OTHERS)[3:]):
        store.add_tenant(tenant)
    assert _calls(store, [replace(third, number=second.number)]) < alone + OTHERS / 10


def test_nothing_of_a_tenant_is_kept_in_memory_before_it_is_asked_for(store: Store) -> None:
    seed.plant(store, seed.world(5))
    assert (store._tenants, store._levels, store._users, store._choices) == ({}, {}, {}, {})


def test_tenants_share_what_they_have_alike_and_keep_what_is_their_own(store: Store) -> None:
    seed.plant(store, seed.world(2))
    alder, birch = store.tenants()
    assert store.choices(alder.id, "Tickets.status") is store.choices(birch.id, "Tickets.status")
    queues = [[choice.value for choice in store.choices(tenant.id, "Tickets.queueID")] for tenant in (alder, birch)]
    assert set(queues[0]).isdisjoint(queues[1])
    levels = [{level.name: level for level in store.levels(tenant.id)}["API User (system)"] for tenant in (alder, birch)]
    assert levels[0].id != levels[1].id
    assert levels[0].cells is levels[1].cells


def test_a_pick_list_of_its_own_goes_before_everybodys(store: Store) -> None:
    seed.plant(store, seed.world(2))
    alder, birch = store.tenants()
    everybodys = store.choices(alder.id, "Tickets.priority")
    store.set_choices(alder.id, "Tickets.priority", everybodys[:1])
    assert store.choices(alder.id, "Tickets.priority") == everybodys[:1]
    assert store.choices(birch.id, "Tickets.priority") == everybodys


def test_what_failed_half_way_leaves_nothing_behind(store: Store) -> None:
    [one] = seed.world(1)
    with pytest.raises(RuntimeError), store.transaction():
        seed.plant(store, [one])
        raise RuntimeError
    assert store.tenants() == []
    seed.plant(store, [one])
    assert len(store.levels(store.tenants()[0].id)) == 10
