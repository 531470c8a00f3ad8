# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A run that does no more than somebody has reviewed, or meant. Private to the collection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._errors import AutotaskError
from .._review import parts
from .._review.compare import moved
from .._review.document import Part, failed_part, items_of, read_part
from .._review.item import UNLISTED
from .engine import result_of, say_that_nothing_is_listed, worked_off
from .review import part_of_run, review_of
from .tenant import Tenant
from .wanted import Wanted

# As many as fit on a screen.
MOST_TOLD = 10


def provision(wanted: Sequence[Wanted], tenant: Tenant, check_mode: bool) -> dict[str, Any]:
    """The result of `autotask_integrations`. What came of it is kept for the run's document, where one is made.

    Raises AutotaskError where the tenant can't be read, has moved on since it was reviewed, or would be changed more than anybody meant; nothing was
    written then. What goes wrong with one integration is in its entry.
    """
    params = tenant.params
    try:
        if params["plan"] or params["max_changes"] is not None:
            _check(review_of(wanted, tenant), tenant)
        if not wanted:
            say_that_nothing_is_listed(tenant)
        run = worked_off(wanted, tenant, check_mode)
    except AutotaskError as error:
        _keep(failed_part(tenant.name, tenant.host, str(error)), tenant)
        raise
    if params["parts"]:
        _keep(part_of_run(run, tenant), tenant)
    return result_of(run, tenant)


def _keep(part: Part, tenant: Tenant) -> None:
    if tenant.params["parts"]:
        parts.keep(tenant.params["parts"], tenant.controller.run, part)


def _check(now: Part, tenant: Tenant) -> None:
    """Raises AutotaskError where a run would do something else than was reviewed, or more than anybody meant."""
    path, most = tenant.params["plan"], tenant.params["max_changes"]
    if path and (words := moved(read_part(path, tenant.host, "plan"), now)):
        more = f" and {len(words) - MOST_TOLD} more" if len(words) > MOST_TOLD else ""
        raise AutotaskError(
            f"{tenant.name} has moved on since it was reviewed, so nothing was done on it: {'; '.join(words[:MOST_TOLD])}{more}. Plan and review it again.",
            "moved_on",
        )
    count = sum(bool(item.get("action")) for item in items_of(now) if item["state"] != UNLISTED)
    if most is not None and count > most:
        raise AutotaskError(
            f"{count} values of {tenant.name} would be changed, and `max_changes` (the variable autotask_max_changes) allows {most}. Nothing was done. Look at "
            "what would be with the playbook msp.autotask.plan, then allow as many.",
            "too_many_changes",
        )
