# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What the core modules do: one thing, settled on its own. Private to the collection."""

from __future__ import annotations

from collections.abc import Sequence

from .._appliers.base import Thing, settle_now
from .._appliers.choose import appliers
from .._catalogue.model import Catalogue
from .._edge.context import TaskContext
from .result import ObjectResult, Reported, result_of


def ensure(
    thing: Reported,
    context: TaskContext,
    catalogue: Catalogue,
    check_mode: bool,
    apply_via: str,
    notes: Sequence[str] = (),
    more: Sequence[Thing] = (),
) -> ObjectResult:
    """The result of a core module: the thing, settled by the applier that is asked for, and `more` after it. Raises the errors of `_errors`."""
    with appliers(apply_via, context.how(catalogue)) as applier_for:
        outcomes = settle_now(applier_for(context.request(notes)), [thing, *more], check_mode)
    result = result_of(context.params["tenant"], context.params["integration"], thing, outcomes[0])
    result["changed"] = any(outcome.changed for outcome in outcomes)
    return result
