# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rows that appear late: whoever asks by id finds them at once, queries don't for a while."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sandbox.model import Record


class Late:
    """The rows that queries don't find yet, and for how many queries more."""

    def __init__(self) -> None:
        self._left: defaultdict[tuple[int, str], dict[int, int]] = defaultdict(dict)

    def add(self, tenant_id: int, entity: str, record_id: int, queries: int) -> None:
        """The tenant's next so many queries of the entity don't find this row."""
        self._left[tenant_id, entity][record_id] = queries

    def clear(self) -> None:
        """Every row is found from now on."""
        self._left.clear()

    def found(self, tenant_id: int, entity: str, records: Iterable[Record]) -> list[Record]:
        """What a query finds of the records that it is about. It counts as one query."""
        hidden = self._left.get((tenant_id, entity))
        if not hidden:
            return list(records)
        seen = [record for record in records if record["id"] not in hidden]
        self._left[tenant_id, entity] = {record_id: left - 1 for record_id, left in hidden.items() if left > 1}
        return seen
