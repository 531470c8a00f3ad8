# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Wait until people have worked off changes. Private to the collection."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .._appliers.base import Applier
from .._change.model import Change
from .._errors import AutotaskError

Waiting = tuple[Applier, Change]
# Whoever watches should not have to wonder for longer whether the run still lives.
QUIET_SECONDS = 300


def waiting_for(applier: Applier, changes: Sequence[Change]) -> list[Waiting]:
    """The changes that have steps left, with the applier that can look at them."""
    return [(applier, change) for change in changes if change.left_open]


@dataclass(frozen=True)
class Waited:
    """How many seconds it was, and which changes vanished meanwhile."""

    seconds: int
    gone: Sequence[Change]


def wait_for(waiting: Sequence[Waiting], tenant: str, timeout: float, interval: float, say: Callable[[str], None]) -> Waited:
    """Look again every `interval` seconds until nothing is open, or `timeout` seconds are over. For a change that vanished nobody waits.

    What is ticked off is told, and, after a while without that, that the run is still waiting.
    """
    start = quiet_since = time.monotonic()
    told: dict[str, int] = {}
    left, gone = list(waiting), list[Change]()
    while True:
        for _applier, change in left:
            done, total = change.as_result()["steps_done"], change.as_result()["steps_total"]
            if told.get(change.reference) != done:
                say(f"  {tenant}: {change.integration}, {change.reference}: {done} of {total} steps done")
                told[change.reference], quiet_since = done, time.monotonic()
        if left and time.monotonic() - quiet_since >= QUIET_SECONDS:
            quiet_since = time.monotonic()
            minutes, most = round((quiet_since - start) / 60), round(timeout / 60)
            say(f"  {tenant}: waiting for {', '.join(change.reference for _applier, change in left)}, {minutes} of at most {most} minutes")
        left = [(applier, change) for applier, change in left if change.left_open]
        if not left or time.monotonic() - start + interval > timeout:
            return Waited(round(time.monotonic() - start), gone)
        time.sleep(interval)
        looked = [(applier, change, applier.progress(change)) for applier, change in left]
        gone += [change for _applier, change, now in looked if now is None]
        left = [(applier, now) for applier, _change, now in looked if now is not None]


def check_reference(changes: Sequence[Change], reference: str | None) -> None:
    """Raises AutotaskError (`change_gone`) where the change with this reference is not among them."""
    if reference and not any(change.reference == reference for change in changes):
        raise vanished(reference)


def vanished(reference: str) -> AutotaskError:
    """The error for a change that isn't there any more."""
    return AutotaskError(
        f"The change {reference} isn't there any more: somebody deleted it, or took its External ID away. "
        "Run the playbook again, and a new one will be opened.",
        "change_gone",
    )
