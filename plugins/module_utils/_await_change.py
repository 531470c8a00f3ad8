# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What autotask_change_info does. Private to the collection."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from ansible_collections.msp.autotask.plugins.module_utils._change import Change
from ansible_collections.msp.autotask.plugins.module_utils._controller import Controller
from ansible_collections.msp.autotask.plugins.module_utils._errors import AutotaskError
from ansible_collections.msp.autotask.plugins.module_utils._options import Params, connect
from ansible_collections.msp.autotask.plugins.module_utils.appliers._runsheet import RunsheetApplier
from ansible_collections.msp.autotask.plugins.module_utils.appliers._ticket import check_integration, progress, read_changes


def run(params: Params, check_mode: bool, controller: Controller) -> dict[str, Any]:
    """The result of the module. Raises AutotaskError when a change that is waited for vanishes."""
    integration = check_integration(params["integration"])
    read, look = _tickets(params, integration) if params["apply_via"] == "ticket" else _sheets(params, integration)
    changes = _checked(read(), params["change_reference"])
    waited = 0
    if params["wait"] and not check_mode and _waiting(changes):
        waited = _wait(params, _waiting(changes), look, controller.say)
        changes = _checked(read(), params["change_reference"])
    newest = changes[-1] if changes else None
    return {
        "changed": False,
        "pending": bool(_waiting(changes)),
        "change": newest.shown() if newest else {},
        "changes": [change.shown() for change in changes],
        "waited": waited,
    }


Read = Callable[[], list[Change]]
Look = Callable[[Change], "Change | None"]


def _tickets(params: Params, integration: str) -> tuple[Read, Look]:
    client = connect(params)
    return lambda: read_changes(client, integration, params["closed_status"]), lambda change: progress(client, change)


def _sheets(params: Params, integration: str) -> tuple[Read, Look]:
    sheets = RunsheetApplier(params["runsheet"]["path"], integration, params["tenant"])

    def look(change: Change) -> Change | None:
        return next((known for known in sheets.changes() if known.number == change.number), None)

    return sheets.changes, look


def _waiting(changes: list[Change]) -> list[Change]:
    return [change for change in changes if change.left_open]


def _checked(changes: list[Change], reference: str | None) -> list[Change]:
    if reference and not any(change.reference == reference for change in changes):
        raise _gone(reference)
    return changes


def _gone(reference: str) -> AutotaskError:
    return AutotaskError(
        f"The change {reference} isn't there any more: somebody deleted it, or took its External ID away. "
        "Run the playbook again, and a new one will be opened.",
        "change_gone",
    )


def _wait(params: Params, waiting: list[Change], look: Look, say: Callable[[str], None]) -> int:
    """Look again and again until nothing is open, or the time is over; returns the seconds that were waited."""
    start = time.monotonic()
    told: dict[int, int] = {}
    while True:
        for change in waiting:
            done, total = change.shown()["steps_done"], change.shown()["steps_total"]
            if told.get(change.number) != done:
                say(f"  {params['tenant']}: {params['integration']}, {change.reference}: {done} of {total} steps done")
                told[change.number] = done
        waiting = _waiting(waiting)
        if not waiting or time.monotonic() - start + params["wait_interval"] > params["wait_timeout"]:
            return round(time.monotonic() - start)
        time.sleep(params["wait_interval"])
        waiting = [_looked_at(look, change) for change in waiting]


def _looked_at(look: Look, change: Change) -> Change:
    now = look(change)
    if now is None:
        raise _gone(change.reference)
    return now
