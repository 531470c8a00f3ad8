# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What an API user may really do, against what it should: one sign-in for all its entities. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._catalogue import effects
from .._catalogue.effects import Access
from .._documents import expected_access
from .._rest.client import Client
from .._rest.tenant import effective_access, modules, rows_seen

Expected = Sequence[tuple[str, str, bool]]


@dataclass(frozen=True)
class UserAccess:
    """The effective access of one API user, what of it is as expected, and the keys of the modules that are switched off where something is missing."""

    access: Access = field(default_factory=dict)
    findings: Sequence[Mapping[str, Any]] = ()
    modules_off: Sequence[int] = ()

    @property
    def as_expected(self) -> bool:
        """Whether nothing is missing, nothing is in excess and nothing is unproven."""
        return all(finding["verdict"] == "as expected" for finding in self.findings)


def mismatches(findings: Iterable[Mapping[str, Any]]) -> list[str]:
    """A few words on each finding that is not as expected: `Tickets:query should be granted, and is None`."""
    return [
        f"{finding['entity']}:{finding['operation']} should be {finding['expected']}, and is {finding['effective']}"
        for finding in findings
        if finding["verdict"] != "as expected"
    ]


def access_of(client: Client, expected: Expected) -> UserAccess:
    """The access of the user that the client signs in as. Raises Unauthorized when it doesn't, and the other errors of requests."""
    # One request tells of all entities, so those that show a setting's effect come along.
    entities = [*expected_access.entities_of(expected), *effects.entities_with_effects(effects.EFFECTS)]
    access = effective_access(client, entities)
    rows = {entity: rows_seen(client, entity) for entity in expected_access.to_count(expected, access)}
    findings = expected_access.compare(expected, access, rows)
    missing = any(finding["verdict"] == "missing" for finding in findings)
    off = [module["key"] for module in modules(client) if not module["active"]] if missing else []
    return UserAccess(access, findings, off)
