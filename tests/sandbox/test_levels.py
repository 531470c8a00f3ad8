# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What may be done with security levels: copy, save, activate, delete."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from sandbox import levels, seed
from sandbox.levels import Refused
from sandbox.model import Level
from sandbox.store import Store

VISIBILITY = "Contracts||Contract Visibility|"


@pytest.fixture
def store() -> Iterator[Store]:
    """The world's first tenant, in memory."""
    store = Store()
    seed.plant(store, seed.world(1))
    yield store
    store.close()


def named(store: Store, name: str) -> Level:
    """A level of the tenant."""
    return next(level for level in store.levels(store.tenants()[0].id) if level.name == name)


def copied(store: Store, name: str = "API User (system)") -> Level:
    """A fresh copy."""
    return levels.copy(store, named(store, name).id, grants_internal_cost=True)


def saved(store: Store, level: Level, **changes: Any) -> list[str]:
    """Saves a level's form with some changes, and returns what is said against it."""
    form: dict[str, Any] = {"name": level.name, "active": level.active, "cells": level.cells, "grants_internal_cost": True} | changes
    return [problem.message for problem in levels.save(store, level.id, **form)]


def test_a_copy_is_stored_at_once_inactive_and_numbered(store: Store) -> None:
    first, second = copied(store), copied(store)
    assert [first.name, second.name] == ["Copy (1) of API User (system)", "Copy (2) of API User (system)"]
    assert (first.active, first.system, first.api_only, first.license_type) == (False, False, True, 7)
    assert first.source_id == named(store, "API User (system)").id
    assert first.listed_name == "Copy (1) of API User (system) (API-only)"
    levels.delete(store, first.id)
    assert copied(store).name == "Copy (1) of API User (system)"


def test_the_name_of_a_copy_fits_even_if_its_source_s_is_as_long_as_can_be(store: Store) -> None:
    level = copied(store)
    assert saved(store, level, name="x" * 50) == []
    assert [len(levels.copy(store, level.id, True).name) for _time in range(2)] == [50, 50]


@pytest.mark.parametrize("name", ["Dashboard User (system)", "Time and Attendance (system)", "Contractor (system)"])
def test_some_system_levels_can_not_be_copied(store: Store, name: str) -> None:
    with pytest.raises(Refused, match="can't be copied"):
        copied(store, name)


def test_a_tenant_has_fifty_custom_api_only_levels_at_most(store: Store) -> None:
    for _time in range(49):
        last = copied(store)
    with pytest.raises(Refused, match="maximum of 50"):
        copied(store)
    assert copied(store, "Full Access (system)").api_only is False
    levels.delete(store, last.id)
    assert copied(store)


def test_saving_stores_all_or_nothing_and_raises_the_version(store: Store) -> None:
    level = copied(store)
    assert saved(store, level, name="Mine", cells=dict(level.cells) | {VISIBILITY: "Some"}) != []
    assert store.level(level.id) == level
    assert saved(store, level, name=" Mine ", active=True, cells=dict(level.cells) | {VISIBILITY: "Limited"}) == []
    after = store.level(level.id)
    assert (after.name, after.active, after.cells[VISIBILITY]) == ("Mine", True, "Limited")
    assert after.version > level.version


@pytest.mark.parametrize(
    ("name", "text"),
    [("", "Name is required."), ("  ", "Name is required."), ("x" * 51, "50 characters"), ("MSP.autotask Provisioner", "must be unique")],
)
def test_names_are_needed_short_and_unique(store: Store, name: str, text: str) -> None:
    assert text in saved(store, copied(store), name=name)[0]


def test_a_system_level_can_not_be_saved_or_deleted(store: Store) -> None:
    system = named(store, "API User (system)")
    with pytest.raises(Refused, match="system security level"):
        saved(store, system)
    with pytest.raises(Refused, match="system security level"):
        levels.delete(store, system.id)


def test_the_api_user_level_stays_active_and_others_do_not_have_to(store: Store) -> None:
    with pytest.raises(Refused, match="can't be inactivated"):
        levels.set_active(store, named(store, "API User (system)").id, active=False)
    assert levels.set_active(store, named(store, "Manager (system)").id, active=False).active is False
    assert levels.set_active(store, named(store, "msp.autotask provisioner").id, active=False).active is False


def test_a_level_that_somebody_has_can_not_be_deleted(store: Store) -> None:
    used = named(store, "msp.autotask provisioner")
    with pytest.raises(Refused, match="assigned"):
        levels.delete(store, used.id)
    other = copied(store)
    levels.delete(store, other.id)
    with pytest.raises(KeyError):
        store.level(other.id)


def test_the_login_box_is_lost_once_it_was_saved_cleared(store: Store) -> None:
    level = copied(store)
    login = next(key for key in level.cells if "Can login to Web Services API" in key)
    assert saved(store, level, cells=dict(level.cells) | {login: False}) == []
    cleared = store.level(level.id)
    assert "can't be selected again" in saved(store, cleared, cells=dict(cleared.cells) | {login: True})[0]
    assert levels.copy(store, level.id, True).cells[login] is False


def test_a_failed_transaction_leaves_nothing_behind(store: Store) -> None:
    level = copied(store)
    with pytest.raises(ZeroDivisionError), store.transaction():
        store.save_level(replace(level, name="Gone"))
        store.insert(level.tenant_id, "Departments", {"name": str(1 // 0)})
    assert store.level(level.id).name == level.name
