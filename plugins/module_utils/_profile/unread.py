# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What of a profile can't be read, and what nobody can know because of it: the rest is looked at all the same. Private to the collection."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from .._catalogue.model import Catalogue
from .._documents.webhook_limit import CAN_CREATE_WEBHOOKS
from .._errors import InputError
from .._text import folded, nearest
from .parts import PERMISSIONS
from .resolved import OVERRIDES
from .text import Place

# What decides of the cells of a level that nobody names, and all that decides of its cells.
OF_SOURCE = ("baseline", "copy_of", "copy_of_key")
OF_LEVEL = (*PERMISSIONS, *OF_SOURCE)


def refused(errors: Iterable[InputError]) -> list[Place]:
    """The places of what can't be read of levels and parts, so that the rest of them can be looked at."""
    found = []
    for error in errors:
        above = 3 if error.place[:1] == (OVERRIDES,) else 2
        named = "".join(error.place[above : above + 1])
        if named in PERMISSIONS:
            # Half a webhook limit is none.
            found.append(error.place[: above + 1] if named == "webhooks" else error.place)
    return found


def unread_sections(errors: Iterable[InputError], catalogue: Catalogue) -> dict[Place, set[str]]:
    """The sections of which something couldn't be read, by the places of the levels, parts and overrides: nobody knows what it would be."""
    found: dict[Place, set[str]] = {}
    for error in errors:
        above = 3 if error.place[:1] == (OVERRIDES,) else 2
        entry, below = error.place[:above], error.place[above:]
        if below:
            found.setdefault(entry, set()).update(_sections_of(below, catalogue))
    return found


def _sections_of(below: Place, catalogue: Catalogue) -> Collection[str]:
    """The sections that a place below a level leads to, or may be meant to lead to."""
    meant = below[0] if below[0] in OF_LEVEL else next(iter(nearest(below[0], OF_LEVEL)), "")
    if meant == "webhooks":
        return [catalogue.by_cell[CAN_CREATE_WEBHOOKS][0].section]
    if meant not in PERMISSIONS or below[0] != meant or len(below) == 1:
        return catalogue.sections if meant else ()
    known = catalogue.sections_by_name.get(folded(below[1]))
    return [known] if known else nearest(below[1], catalogue.sections) or catalogue.sections
