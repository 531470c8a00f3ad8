# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What is set up on a tenant, and listed for it no more: shown, never touched. Private to the collection."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from .._appliers.base import ApplierFor, Request
from .._appliers.choose import by_people
from .._change.model import Change
from .._edge.context import PROVISIONER
from .reading import Reading
from .retirement import Retirement, belongings
from .tenant import Tenant
from .wanted import Wanted


def unlisted_of(
    tenant: Tenant, reading: Reading, changes: Mapping[str, Sequence[Change]], listed: Collection[str], applier_for: ApplierFor
) -> list[dict[str, Any]]:
    """The integrations that have change tickets and are not listed, with what retiring each means. Those that were retired earlier aren't told."""
    # The user that the collection itself works as is listed by nobody.
    names = [name for name in sorted(changes) if name not in listed and name != PROVISIONER]
    found = [_unlisted(tenant, reading, changes[name], name, applier_for) for name in names]
    return [entry for entry in found if entry["means"]]


def _unlisted(tenant: Tenant, reading: Reading, changes: Sequence[Change], name: str, applier_for: ApplierFor) -> dict[str, Any]:
    retirement = Retirement(Wanted(name, "absent", apply_via=by_people(tenant.params["apply_via"])), tenant, reading, only_planned=True)
    command = tenant.command("retire", "autotask_integration", name)
    means: list[str] = []
    own = belongings(name, None, changes)
    if own.users or own.levels:
        retirement.settle(applier_for(Request(name, known=changes, only_told=True)), check_mode=True)
        results = retirement.results()
        means = [f"{result['subject']}: inactivate it over REST." for result in results if result.get("user") and not result["plan"]]
        waiting = [
            subject
            for result in results
            if not result["plan"]
            for subject, state in (result["change"].get("objects") or {}).items()
            if state == "requested"
        ]
        if waiting:
            means.append(f"{', '.join(dict.fromkeys(waiting))}: withdraw the steps that wait for people.")
        means += [step["text"] for result in results for step in result["plan"]]
    return {"integration": name, "means": means, "command": command}


def told(tenant: Tenant, entry: dict[str, Any]) -> list[str]:
    """What somebody who watches the run should know of an unlisted integration."""
    return [
        f"{entry['integration']} has a change ticket on {tenant.name}, and is no longer listed for it. Nothing was changed. Retiring it means:",
        *(f"  {text}" for text in entry["means"]),
        f"  {entry['command']}",
    ]
