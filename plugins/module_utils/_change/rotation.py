# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What is to be done next with the secret of one API user in a rotation. Pure. Private to the collection.

A rotation has a name. Once it is finished, what is recorded is marked with it; while it goes on, the secret that is to be replaced lies beside what is
recorded, which is new when it is another.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Next(Enum):
    """The next thing to do.

    `DONE`: nothing, this rotation is finished. `ASK`: keep the secret that is to be replaced, then ask people for a new one. `WAIT`: they have been
    asked. `RECORD`: they say it is done, but no new secret is recorded. `FINISH`: a new one is; prove that it works and that the old one is dead.
    """

    DONE = "done"
    ASK = "ask"
    WAIT = "wait"
    RECORD = "record"
    FINISH = "finish"


@dataclass(frozen=True)
class SecretState:
    """What is known of a user's secret. `marked` is the rotation that what is recorded came from, empty for none; `differs` says that it is another
    than the one that was kept before, or that none was. `asked` says that the change asks, or asked, for this rotation, `open_steps` that steps are left.
    """

    recorded: bool
    marked: str
    differs: bool
    asked: bool
    open_steps: bool


def decide(rotation: str, state: SecretState) -> Next:
    """The next thing to do, for the rotation of this name."""
    if state.recorded and state.marked == rotation:
        return Next.WAIT if state.asked and state.open_steps else Next.DONE
    if not state.asked:
        return Next.ASK
    if state.open_steps:
        return Next.WAIT
    return Next.FINISH if is_new(state) else Next.RECORD


def is_new(state: SecretState) -> bool:
    """Whether what is recorded came after the rotation was asked for."""
    return state.recorded and state.asked and not state.marked and state.differs
