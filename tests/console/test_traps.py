# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What may go wrong in a console: it ends in an error that says so, and nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._console.session import Console
from ansible_collections.msp.autotask.plugins.module_utils._errors import AutotaskError
from ansible_collections.msp.autotask.plugins.module_utils._plan import level_steps, user_steps
from tests.sandboxes import Tenant, control

from .conftest import Room
from .test_generations import CATALOGUE, PROVISIONER, new_user, no_secret
from .test_signing_in import signed_in


def change_level(room: Room, cells: Mapping[str, Any]) -> None:
    """Sets single cells; were nothing known of them, whole sections would be cleared."""
    observed = {"active": True, **dict.fromkeys(cells)}
    room.console.carry_out(level_steps.level_steps(PROVISIONER, observed, dict(cells), CATALOGUE), no_secret)


def add_user(room: Room, secrets: list[Mapping[str, str]]) -> None:
    facts = new_user(PROVISIONER, "Trap") | {"time_format": "HH:mm"}
    room.console.carry_out(user_steps.user_steps("Console Trap", None, facts, "Record it."), secrets.append)


def one_cell(cell: str, value: Any) -> Any:
    return lambda room: change_level(room, {cell: value})


TRAPS = {
    "renamed_labels": ("mvc", one_cell("service_desk.tickets.view", "Mine"), "control_missing"),
    "two_rows": ("mvc", one_cell("service_desk.tickets.view", "Mine"), "row_ambiguous"),
    "ambiguous_label": ("frames", lambda room: add_user(room, []), "control_ambiguous"),
    "denied": ("shell", one_cell("service_desk.tickets.view", "Mine"), "console_denied"),
    "no_popup": ("shell", one_cell("service_desk.tickets.view", "Mine"), "popup_missing"),
    "save_refused": ("mvc", one_cell("service_desk.tickets.view", "Mine"), "save_refused"),
    "value_snaps_back": ("mvc", one_cell("service_desk.tickets.view", "Mine"), "not_taken"),
    "missing_setting": ("native", one_cell("crm.access.customer_cancelation", "Mine"), "control_missing"),
    "hidden_control": ("mvc", one_cell("admin.resources_users_hr", False), "control_missing"),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_stops_it(trap: str, room: Room) -> None:
    generation, work, code = TRAPS[trap]
    room.look(console=generation)
    before = room.stored()
    room.look(console=generation, console_traps=[trap])
    with pytest.raises(AutotaskError) as caught:
        work(room)
    assert caught.value.code == code, str(caught.value)
    assert room.stored() == before


def test_what_is_silently_not_stored_is_noticed(room: Room) -> None:
    room.look(console="mvc", console_traps=["save_forgets"])
    with pytest.raises(AutotaskError) as caught:
        change_level(
            room,
            {"admin.resources_users_hr": True, "wsapi.can_login": True, "other.misc.password_does_not_expire": True, "admin.tagging": True},
        )
    assert caught.value.code == "not_stored", str(caught.value)


@pytest.mark.parametrize(("generation", "trap", "value"), [("mvc", "slow_lists", "All"), ("shell", "guidance", "Mine")])
def test_a_slow_or_covered_page_is_no_trap(generation: str, trap: str, value: str, room: Room) -> None:
    room.look(console=generation, console_traps=[trap])
    change_level(room, {"crm.opportunities_quotes.view": value})
    assert room.tenant.level()["cells"]["CRM|Object Permissions|Opportunities & Quotes|View"] == value


def test_sections_that_do_not_open_yet_are_opened(_chromium: None, tenant: Tenant) -> None:
    control(tenant.address, "PATCH", f"tenants/{tenant.slug}", {"console": "mvc", "console_traps": ["slow_scripts"]})

    def work(console: Console) -> None:
        change_level(Room(tenant, console), {"contracts.contract_visibility": "Limited"})

    signed_in(tenant, work)
    assert tenant.level()["cells"]["Contracts||Contract Visibility|"] == "Limited"


def test_nothing_is_saved_when_the_secret_cannot_be_kept(room: Room) -> None:
    room.look(console="mvc")
    before = room.stored()
    canary: list[str] = []

    def keep(secrets: Mapping[str, str]) -> None:
        canary.extend(text for text in secrets.values() if text)
        raise AutotaskError(f"The vault is closed; it was to hold {secrets['secret']}.", "vault")

    with pytest.raises(AutotaskError) as caught:
        facts = new_user(PROVISIONER, "Canary")
        room.console.carry_out(user_steps.user_steps("Console Canary", None, facts, "Record it."), keep)
    assert caught.value.code == "vault"
    assert canary
    assert not [text for text in canary if text in told(caught.value) or text in " ".join(room.said)]
    assert room.stored() == before


def test_no_secret_is_told_when_the_save_is_refused(room: Room) -> None:
    room.look(console="mvc", console_traps=["save_refused"])
    before, kept = room.stored(), list[Mapping[str, str]]()
    with pytest.raises(AutotaskError) as caught:
        add_user(room, kept)
    assert caught.value.code == "save_refused"
    assert not [text for text in kept[0].values() if text and text in told(caught.value)]
    assert room.stored() == before


def told(error: BaseException | None) -> str:
    """All texts of an error and of those behind it."""
    texts = []
    while error is not None:
        texts.append(f"{error!r} {error}")
        error = error.__cause__ or error.__context__
    return " ".join(texts)
