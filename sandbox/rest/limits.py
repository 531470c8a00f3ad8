# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The two limits: requests an hour for a whole tenant, and requests at a time for one integration and entity."""

from __future__ import annotations

import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.rest.errors import RestError

TIMEFRAME_MINUTES = 60
MAX_THREADS = 3
"""So many requests at a time for a tracking identifier and an entity (Autotask help, ThreadLimiting)."""


class Limits:
    """Counts requests. `threshold` is the number a tenant may make in an hour; `latency`: answer slower when it gets near."""

    def __init__(self, threshold: int, latency: bool) -> None:
        self.threshold = threshold
        self._latency = latency
        self._requests: defaultdict[int, deque[float]] = defaultdict(deque)
        self._threads: Counter[tuple[str, str]] = Counter()

    @contextmanager
    def thread(self, code: str, endpoint: str) -> Iterator[None]:
        """Holds one of the threads of a tracking identifier and an endpoint, or raises a 429."""
        key = (code, endpoint)
        if self._threads[key] >= MAX_THREADS:
            text = f"The Autotask API thread threshold of {MAX_THREADS} threads has been exceeded. (Itgenatr005)"
            raise RestError(text, status=429, retry_after=1)
        self._threads[key] += 1
        try:
            yield
        finally:
            self._threads[key] -= 1
            if not self._threads[key]:
                del self._threads[key]

    def count(self, tenant_id: int) -> float:
        """Counts a request and returns the seconds by which it is slowed down. Raises a 429 above the threshold.

        The steps are those of REST_Thresholds_Limits: none below half of the threshold, then half a second, from three quarters one.
        """
        requests = self._current(tenant_id)
        if len(requests) >= self.threshold:
            raise RestError(f"The request threshold of {self.threshold} requests an hour has been exceeded.", status=429)
        requests.append(time.monotonic())
        used = len(requests) / self.threshold
        return 0 if not self._latency or used < 0.5 else 0.5 if used < 0.75 else 1

    def used(self, tenant_id: int) -> int:
        """How many requests the tenant has made in the last hour."""
        return len(self._current(tenant_id))

    def _current(self, tenant_id: int) -> deque[float]:
        requests = self._requests[tenant_id]
        oldest = time.monotonic() - TIMEFRAME_MINUTES * 60
        while requests and requests[0] < oldest:
            requests.popleft()
        return requests
