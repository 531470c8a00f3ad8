# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The pages of a query's answer. As in Autotask, the server keeps only the latest of them."""

from __future__ import annotations

import json
import secrets
from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from typing import Any

from sandbox.rest.errors import RestError

PAGES_KEPT = 50
"""So many pages are kept for an API user (a summary of the official reference)."""


@dataclass(frozen=True)
class Page:
    """One page: the query that it belongs to, and the ids after which this page and those before it begin."""

    entity: str
    method: str
    query: str
    after: tuple[int, ...] = (-1,)

    @property
    def start(self) -> int:
        """The id after which the page begins."""
        return self.after[-1]


class Pages:
    """The pages that callers may still ask for, by an opaque token."""

    def __init__(self) -> None:
        self._pages: defaultdict[tuple[int, int], OrderedDict[str, Page]] = defaultdict(OrderedDict)

    def keep(self, user: tuple[int, int], page: Page) -> str:
        """Keeps a page for a user and returns its token."""
        kept = self._pages[user]
        token = secrets.token_urlsafe(24)
        kept[token] = page
        while len(kept) > PAGES_KEPT:
            kept.popitem(last=False)
        return token

    def find(self, user: tuple[int, int], token: str, entity: str) -> Page:
        """The page of a token that was given for a query of this entity."""
        page = self._pages[user].get(token)
        if page is None or page.entity != entity:
            raise RestError("The page is not available: run the query again.")
        return page


def written(query: Any) -> str:
    """A query in a form in which two of the same are equal."""
    return json.dumps(query, sort_keys=True)
