# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Autotask's REST API v1.0: zone, authentication, paging, retry, errors. Private to the collection.

Knows no security levels. One client is one session of one API user; it sends one request at a time, which keeps it below
Autotask's limit of three at once per tracking identifier and entity (Autotask help, ThreadLimiting).
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import quote

try:
    import requests
except ImportError as missing:
    REQUESTS_MISSING: ImportError | None = missing
else:
    REQUESTS_MISSING = None
from .. import _files
from .._errors import AutotaskError, BudgetSpent, Forbidden, NotFound, Rejected, RequestError, Unauthorized, Unreachable
from .._text import from_json, is_whole
from . import certificates
from .credentials import Credentials, check_credentials
from .exchange import LARGEST_ANSWER, Answer, TooLarge, TooLate, exchange
from .rows import Row, unexpected
from .zone import DISCOVERY_URL, ZONE_CACHE_SECONDS, Zone, _rest_root, check_address, parts_of

ROWS_PER_PAGE = 500  # Autotask help, REST_Advanced_Query_Features
LONGEST_GET = 1800  # characters of a search in the address; servers stop at about 2,048
REQUESTS_BETWEEN_BUDGET_CHECKS = 50
LONGEST_PAUSE = 30.0  # seconds between two attempts, whatever Retry-After says
THREAD_LIMIT_CODE = "Itgenatr005"
OPERATORS = frozenset(
    [
        "and",
        "or",
        "eq",
        "noteq",
        "gt",
        "gte",
        "lt",
        "lte",
        "beginsWith",
        "endsWith",
        "contains",
        "exist",
        "notExist",
        "in",
        "notIn",
    ]  # REST_Basic_Query_Calls
)
Filter = Mapping[str, Any]
# What a request does: it reads; it writes what may be written twice; it makes something, so that it is not sent again when its answer is lost.
READ, WRITE, WRITE_ONCE = "read", "write", "write once"


@dataclass(frozen=True)
class Settings:
    """How a client behaves. `timeout` is how long a request may take, `task_timeout` how long all requests of a task, with the pauses between them, in
    seconds; `budget` is the share (0 to 1) of the tenant's hourly requests above which it stops.
    """

    discovery_url: str = DISCOVERY_URL
    zone_url: str = ""
    ca_path: str = ""
    timeout: float = 30.0
    task_timeout: float = 900.0
    retries: int = 4
    budget: float = 0.75
    cache_dir: str = ""


def _fine(*_anything: object) -> str:
    """Where there is nothing to be asked, or to be told."""
    return ""


@dataclass(frozen=True)
class Guard:
    """What a client asks before its secret is sent, and tells once that is refused.

    `check_zone` raises AutotaskError for a zone that it must not go to, `check_secret` for a secret that is known to be refused. `refused` is called where
    the first request of a client is answered 401; what it returns is told with that.
    """

    check_zone: Callable[[Zone], object] = _fine
    check_secret: Callable[[], object] = _fine
    refused: Callable[[], str] = _fine


UNGUARDED = Guard()


class Client:
    """A session of one API user. Raises members of the `RequestError` family, none of which holds a secret, and what its `guard` raises, before anything
    is sent.
    """

    def __init__(
        self,
        credentials: Credentials,
        settings: Settings = Settings(),
        budget_known: bool = False,
        guard: Guard = UNGUARDED,
    ) -> None:
        if REQUESTS_MISSING:
            raise AutotaskError(
                f"The Python library requests is missing ({REQUESTS_MISSING}). Install it for {sys.executable}: pip install requests",
                "requests_missing",
            )
        for name in ("discovery_url", "zone_url"):
            if getattr(settings, name):
                check_address(getattr(settings, name), name)
        check_credentials(credentials)
        self.credentials = credentials
        self.settings = settings
        self.requests_sent = 0
        self._zone: Zone | None = None
        self._guard = guard
        self._signed_in = False
        self.last_usage: dict[str, int] | None = None
        self._descriptions: dict[str, Row] = {}
        self._seconds_spent = 0.0
        self._next_budget_check = REQUESTS_BETWEEN_BUDGET_CHECKS if budget_known else 0
        self._session = requests.Session()
        self._session.headers.update(
            {
                "ApiIntegrationCode": credentials.integration_code,
                "UserName": credentials.user_name,
                "Secret": credentials.secret,
                "Content-Type": "application/json",
                "Accept": "application/json",
            }
        )

    # ---- what there is to ask

    def get(self, path: str) -> Row:
        """The answer to GET `path`, relative to the zone's `v1.0/`."""
        return self._send("GET", path)

    def described(self, path: str) -> Row:
        """The answer to GET `path` for what doesn't change while a task runs, such as the fields of tickets: asked for once."""
        if path not in self._descriptions:
            self._descriptions[path] = self.get(path)
        return self._descriptions[path]

    def item(self, entity: str, item_id: int) -> Row | None:
        """One record, or None: Autotask answers 200 with a null item for a record that isn't there. Raises Unexpected for another record."""
        answer = self.get(f"{entity}/{item_id}")
        if "item" not in answer.values:
            raise unexpected(answer.place, 'it has no "item"')
        found = answer.row_or_none("item")
        if found is not None and found.whole("id") != item_id:
            raise unexpected(answer.place, f"it has the id {found.whole('id')}")
        return found

    def query(self, entity: str, where: Filter | Sequence[Filter], fields: Sequence[str] = (), by_post: bool = False) -> Iterator[Row]:
        """All records that match, page by page. A short search goes as GET, a long one as POST; its next pages go the same way.

        `by_post` sends a short one as POST, too: what no cache on the way answers, and what another part of the service does.
        """
        conditions = [where] if isinstance(where, Mapping) else list(where)
        _check_operators(conditions)
        search: dict[str, Any] = {"MaxRecords": ROWS_PER_PAGE, "filter": conditions}
        if fields:
            search["IncludeFields"] = list(dict.fromkeys(["id", *fields]))
        text = json.dumps(search, separators=(",", ":"))
        by_get = not by_post and len(quote(text)) <= LONGEST_GET
        answer = (
            self._send("GET", f"{entity}/query", params={"search": text})
            if by_get
            else self._send("POST", f"{entity}/query", body=search, kind=READ)
        )
        pages = set()
        while True:
            rows, following = _page(answer)
            yield from rows
            if not following:
                return
            self._check_same_host(following)
            if following in pages:
                raise unexpected(answer.place, "its next page is one that was read already")
            pages.add(following)
            answer = self._send("GET" if by_get else "POST", following, body=None if by_get else search, kind=READ)

    def count(self, entity: str, where: Filter) -> int:
        """How many records match."""
        _check_operators([where])
        return int(self._send("POST", f"{entity}/query/count", body={"filter": [where]}, kind=READ).whole("queryCount"))

    def create(self, path: str, record: Mapping[str, Any]) -> int:
        """The id of the new record. Never repeated when the answer is lost: look whether it is there before trying again."""
        return _written(self._send("POST", path, body=record, kind=WRITE_ONCE))

    def update(self, path: str, record: Mapping[str, Any]) -> None:
        """PATCH the record whose `id` is in the body. A 200 proves nothing, Autotask ignores read-only fields: read back."""
        _written(self._send("PATCH", path, body=record, kind=WRITE), record["id"])

    def delete(self, path: str) -> None:
        """Delete one record, whose id ends the path; one that is already gone is fine."""
        try:
            _written(self._send("DELETE", path, kind=WRITE), int(path.rpartition("/")[2]))
        except NotFound:
            pass

    @property
    def zone(self) -> Zone:
        """The tenant's zone: pinned, from the cache, or discovered."""
        if self._zone is None:
            self._zone = self._checked_zone()
        return self._zone

    def usage(self) -> dict[str, int]:
        """How much of the database's hourly budget is used, by all its integrations together."""
        answer = self.get("ThresholdInformation")
        self.last_usage = {
            "used": answer.whole("currentTimeframeRequestCount"),
            "allowed": answer.whole("externalRequestThreshold"),
            "minutes": answer.whole("requestThresholdTimeframe"),
        }
        return self.last_usage

    def check_reachable(self) -> None:
        """Raises Unreachable where nothing answers at all. Tried once; nobody is signed in for it (Autotask help, VersionInformation)."""
        url = f"{(self.settings.zone_url or self.settings.discovery_url).rstrip('/')}/VersionInformation"
        self._answered(lambda: self._ask(url, {}), _shown(url), "GET", READ)

    # ---- how a request goes

    def _send(
        self, method: str, path: str, params: Mapping[str, str] | None = None, body: Mapping[str, Any] | None = None, kind: str = READ
    ) -> Row:
        if not self._signed_in:
            self._guard.check_secret()
        if self.requests_sent >= self._next_budget_check:
            self._next_budget_check = self.requests_sent + REQUESTS_BETWEEN_BUDGET_CHECKS + 1
            self._check_budget()
        try:
            answer = self._sent(method, path, params, body, kind)
        except Unauthorized as error:
            if self._signed_in or error.code != Unauthorized.code:
                raise
            raise Unauthorized(f"{error}{self._guard.refused()}") from error
        self._signed_in = True
        return answer

    def _sent(self, method: str, path: str, params: Mapping[str, str] | None, body: Mapping[str, Any] | None, kind: str) -> Row:
        try:
            return self._attempts(method, path, params, body, kind)
        except (Unauthorized, Unreachable) as error:
            # The tenant may have moved to another zone since it was looked up. A write whose answer was lost is not sent again.
            repeatable = kind != WRITE_ONCE or isinstance(error, Unauthorized)
            if not repeatable or self._zone is None or not self._zone.cached or parts_of(path).netloc:
                raise
            old, self._zone = self._zone, self._checked(self._discovered_zone())
            if self._zone.url == old.url:
                raise
            return self._attempts(method, path, params, body, kind)

    def _attempts(self, method: str, path: str, params: Mapping[str, str] | None, body: Mapping[str, Any] | None, kind: str) -> Row:
        url = path if parts_of(path).netloc else self.zone.url + path
        answer = self._answered(lambda: self._request(method, url, params, body), _shown(url), method, kind)
        return _sound(answer, f"{method} {_shown(path)}", kind)

    def _request(self, method: str, url: str, params: Mapping[str, str] | None, body: Mapping[str, Any] | None) -> requests.Response:
        # Our headers would follow a redirect to another host, so none is followed.
        return self._session.request(
            method,
            url,
            params=params,
            json=body,
            timeout=self.settings.timeout,
            verify=self.settings.ca_path or True,
            allow_redirects=False,
            stream=True,
        )

    def _answered(self, send: Callable[[], requests.Response], shown: str, method: str, kind: str) -> Answer:
        """The answer to a request, repeated where that is safe and can help. Raises Unreachable.

        A request that hung is tried once more and not again: what hangs twice hangs.
        """
        hung = 0
        for attempt in range(self.settings.retries + 1):
            last = attempt == self.settings.retries
            started = time.monotonic()
            self.requests_sent += 1
            try:
                answer = exchange(send, self._seconds_left(method, shown))
            except TooLarge:
                raise Unreachable(
                    f"{method} {shown}: the answer has more than {LARGEST_ANSWER // 2**20} MB, which nothing that is asked for has.{_doubt(kind)}",
                    "answer_too_large",
                ) from None
            except (TooLate, requests.RequestException) as error:
                hung += isinstance(error, TooLate | requests.Timeout)
                pointless = isinstance(error, requests.exceptions.SSLError) or hung > 1
                unsafe = kind == WRITE_ONCE and not isinstance(error, requests.ConnectTimeout)
                if last or pointless or unsafe:
                    raise self._unreachable(error, method, shown, kind, attempt + 1) from None
                self._rest(_pause(attempt, None), started)
                continue
            except OSError as error:
                # The only thing that requests has no error of its own for is that it found no certificates.
                if error.errno is not None:
                    raise
                raise Unreachable(f"{method} {shown} was not sent: {certificates.missing(self.settings.ca_path)}", "tls") from None
            # 429 means that nothing was done, so it is safe to repeat whatever it was.
            repeatable = _too_busy(answer) or (kind != WRITE_ONCE and answer.status in (502, 503, 504))
            if not repeatable or last:
                self._seconds_spent += time.monotonic() - started
                return answer
            self._rest(_pause(attempt, answer.retry_after), started)
        raise Unreachable(f"{shown}: no answer")  # not reached: the last attempt returns or raises

    def _unreachable(self, error: Exception, method: str, shown: str, kind: str, attempts: int) -> Unreachable:
        tried = f" after {attempts} attempts" if attempts > 1 else ""
        if isinstance(error, requests.exceptions.SSLError):
            why = certificates.refused(self.settings.ca_path)
            return Unreachable(f"{method} {shown}: the server's TLS certificate could not be verified. {why}", "tls")
        late = isinstance(error, TooLate | requests.Timeout)
        what = "no whole answer in time (`timeout`)" if late else f"no connection ({type(error).__name__})"
        return Unreachable(f"{method} {shown}: {what}{tried}.{_doubt(kind)}")

    def _rest(self, seconds: float, started: float) -> None:
        """Wait before a request is repeated, and count the time that it has taken so far."""
        time.sleep(seconds)
        self._seconds_spent += time.monotonic() - started

    def _seconds_left(self, method: str, shown: str) -> float:
        """How long the next request may take. Raises Unreachable once the task has had its time."""
        left = self.settings.task_timeout - self._seconds_spent
        if left <= 0:
            raise Unreachable(
                f"{method} {shown} was not sent: the task has spent {self._seconds_spent:.0f} seconds on requests to this tenant, and `task_timeout` is "
                f"{self.settings.task_timeout:g}. Autotask is slow or busy; run again later, or raise it. The next run goes on where this one stopped.",
                "task_timeout",
            )
        return min(self.settings.timeout, left)

    def _check_budget(self) -> None:
        usage = self.usage()
        if usage["used"] >= usage["allowed"] * self.settings.budget:
            raise BudgetSpent(
                f"{usage['used']} of this database's {usage['allowed']} requests per {usage['minutes']} minutes are used, and this run stops at "
                f"{self.settings.budget:.0%} so that the customer's other integrations go on working. Run again later, or raise `request_budget`."
            )

    def _check_same_host(self, url: str) -> None:
        ours, theirs = parts_of(self.zone.url), parts_of(url)
        if (ours.scheme, ours.netloc.lower()) != (theirs.scheme, theirs.netloc.lower()):
            raise Unreachable(f"refusing to follow nextPageUrl to another host ({theirs.netloc})", "foreign_page")

    # ---- zones

    def _checked_zone(self) -> Zone:
        """The tenant's zone, which may be used. What is cached may be from before the tenant was moved."""
        if self.settings.zone_url:
            return self._checked(Zone(_rest_root(self.settings.zone_url)))
        if cached := self._cached_zone():
            with suppress(AutotaskError):
                return self._checked(cached)
        return self._checked(self._discovered_zone())

    def _checked(self, zone: Zone) -> Zone:
        self._guard.check_zone(zone)
        return zone

    def _discovered_zone(self) -> Zone:
        """Ask which zone the user lives in. The answer is cached on disk; it holds no secret."""
        url = f"{self.settings.discovery_url.rstrip('/')}/v1.0/zoneInformation"
        answer = self._answered(lambda: self._ask(url, {"user": self.credentials.user_name}), _shown(url), "GET", READ)
        if answer.status == 500 and _errors(answer):
            raise Unauthorized(
                f'Autotask knows no zone for the user name "{self.credentials.user_name}". Check its spelling (the Username (Key) '
                "with its @domain), or pin the zone with `zone_url`.",
                "unknown_user",
            )
        found = _sound(answer, "GET zoneInformation", READ)
        check_address(found.text("url"), "the zone's address")
        database = found.whole("ci", 0)
        zone = Zone(
            _rest_root(found.text("url")),
            found.text("webUrl", "").rstrip("/"),
            found.text("zoneName", ""),
            str(database) if database else "",
        )
        self._remember(zone)
        return zone

    def _ask(self, url: str, params: Mapping[str, str]) -> requests.Response:
        # Without our headers: whoever answers this needs no secret.
        return requests.get(
            url,
            params=params,
            timeout=self.settings.timeout,
            verify=self.settings.ca_path or True,
            allow_redirects=False,
            stream=True,
        )

    def _cache_file(self) -> str:
        key = hashlib.sha256(f"{self.settings.discovery_url}\n{self.credentials.user_name}".encode()).hexdigest()[:32]
        return os.path.join(self.settings.cache_dir or _cache_folder(), f"zone-{key}.json")

    def _cached_zone(self) -> Zone | None:
        path = self._cache_file()
        try:
            entry = from_json(_files.read_text(path) or "")
            if time.time() - _files.changed(path) / 1e9 > ZONE_CACHE_SECONDS:
                return None
            check_address(str(entry["url"]), "the cached zone")
            return Zone(str(entry["url"]), str(entry["web_url"]), str(entry["name"]), str(entry["database"]), cached=True)
        except (AutotaskError, ValueError, KeyError, TypeError):
            return None

    def _remember(self, zone: Zone) -> None:
        known = {"url": zone.url, "web_url": zone.web_url, "name": zone.name, "database": zone.database}
        # Without a cache the zone is looked up again.
        with suppress(AutotaskError):
            _files.write_text(self._cache_file(), [json.dumps(known)], private=True)


def _cache_folder() -> str:
    """Where zones are remembered. A relative path would be another folder wherever a run is started: by the XDG specification it doesn't count."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    return os.path.join(given if os.path.isabs(given) else os.path.expanduser("~/.cache"), "msp.autotask")


def _check_operators(conditions: Sequence[Any]) -> None:
    """Autotask does not reject a misspelt operator: it returns every row."""
    for condition in conditions:
        if condition["op"] not in OPERATORS:
            raise RequestError(f"no such operator in a query: {condition['op']}")
        _check_operators(condition.get("items", ()))


def _page(answer: Row) -> tuple[list[Row], str]:
    """The records of a page, and where the next one is; empty for the last. Raises Unexpected."""
    rows = answer.rows("items")
    details = answer.row("pageDetails")
    if details.whole("count") != len(rows):
        raise unexpected(answer.place, f"it has {len(rows)} records, and says that they are another number")
    for row in rows:
        row.whole("id")
    return rows, details.text("nextPageUrl", "")


def _written(answer: Row, expected: int | None = None) -> int:
    """The id of what was written, as the answer names it: the expected one, or that of a new record. Raises Unexpected."""
    written = answer.values.get("itemId")
    if not is_whole(written) or (written < 1 if expected is None else written != expected):
        raise unexpected(answer.place, "it doesn't name the record that was to be written, and whether it was is not known")
    return written


def _too_busy(answer: Answer) -> bool:
    return answer.status == 429 or (answer.status >= 400 and THREAD_LIMIT_CODE.encode() in answer.content)


def _pause(attempt: int, retry_after: str | None) -> float:
    """Seconds before the next attempt: what the server asks for, else doubling, with some spread so that clients don't march in step."""
    asked = float(retry_after) if retry_after and retry_after.isdecimal() else 0.5 * 2**attempt
    return min(asked, LONGEST_PAUSE) * random.uniform(1.0, 1.25)


def _errors(answer: Answer) -> list[str]:
    """What Autotask says that went wrong."""
    errors = answer.body.get("errors") if isinstance(answer.body, dict) else None
    return [str(text) for text in errors] if isinstance(errors, list) else []


def _sound(answer: Answer, what: str, kind: str) -> Row:
    """The JSON of a good answer; everything else becomes an error that says what was seen, what isn't known, and what to do next."""
    if answer.status == 200 and not _errors(answer) and isinstance(answer.body, dict) and answer.body:
        return Row(answer.body, what)
    _fail(answer, what, kind)


def _fail(answer: Answer, what: str, kind: str) -> NoReturn:
    status, errors = answer.status, _errors(answer)
    text = " ".join(errors)
    if status == 401:
        raise Unauthorized(
            f"{what}: 401. User name, secret or tracking identifier is wrong, the zone is, or the user is locked, inactive or not API-only; "
            "Autotask does not say which. Check the user's page in the console; a user that was just created can take five minutes to work."
        )
    if re.search(r"integration\s*code is invalid", text, re.IGNORECASE):
        # A client's tests have it so (py-autotask); the vendor's pages name no answer to it.
        raise Unauthorized(
            f"{what}: {text} Autotask refuses the tracking identifier (ApiIntegrationCode) that was sent, and says nothing against the secret.",
            "tracking_identifier",
        )
    if "adequate permissions" in text or (status == 403 and errors):
        raise Forbidden(
            f"{what}: {text} The security level of the user that this run works as doesn't allow it, or the module is switched off. "
            "What it needs is in the role msp.autotask.provisioner."
        )
    if status == 403:
        raise Forbidden(
            f"{what}: 403, and no word of Autotask's. A proxy or a firewall on the way may have refused it; else the user that this run works as may not do it."
        )
    if "No matching records found" in text:
        raise NotFound(f"{what}: {text}")
    if _too_busy(answer):
        raise Unreachable(
            f"{what}: Autotask was still too busy after several attempts: {text or 'request limit'}. Run again later.", "busy"
        )
    if errors:
        raise Rejected(f"{what}: {text}")
    if status in (404, 405):
        raise RequestError(
            f"{what}: {status}, no such address. Is `zone_url` the address of a REST service, such as https://webservices9.autotask.net/atservicesrest?"
        )
    if 300 <= status < 400:
        raise Unreachable(f"{what}: {status}, unexpected redirect (not followed)")
    raise Unreachable(f"{what}: {status} without a usable answer.{_doubt(kind)}")


def _doubt(kind: str) -> str:
    """What isn't known where a request got no answer that says whether it was carried out."""
    return "" if kind == READ else " Whether the request was carried out is not known; run again, the next run looks first."


def _shown(url: str) -> str:
    """An address without its query: that may hold names of the tenant's data."""
    return url.split("?", 1)[0]
