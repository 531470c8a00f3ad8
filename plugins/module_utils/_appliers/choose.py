# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The one place where an applier is chosen. Private to the collection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from . import console, runsheet, ticket
from .base import ApplierFor, How

APPLIERS: Mapping[str, Callable[[How], AbstractContextManager[ApplierFor]]] = {
    "ticket": ticket.opened,
    "runsheet": runsheet.opened,
    "console": console.opened,
}
# Those that put steps before people. What a browser can't do (a new secret, retiring an integration) goes to them.
BY_PEOPLE = ("ticket", "runsheet")


def appliers(apply_via: str, how: How) -> AbstractContextManager[ApplierFor]:
    """What makes the appliers of a tenant's integrations, for as long as the block lasts."""
    return APPLIERS[apply_via](how)


def by_people(apply_via: str) -> str:
    """The applier for what people have to do, where another one does the rest."""
    return apply_via if apply_via in BY_PEOPLE else "ticket"
