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
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote, urlsplit

try:
    import requests
except ImportError as missing:
    REQUESTS_MISSING: ImportError | None = missing
else:
    REQUESTS_MISSING = None
from .._errors import AutotaskError, BudgetSpent, Forbidden, InputError, NotFound, Rejected, RequestError, Unauthorized, Unreachable
from .zone import DISCOVERY_URL, ZONE_CACHE_SECONDS, Zone, _rest_root, check_address

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


@dataclass(frozen=True)
class Credentials:
    """What an API user signs in with. Not printed."""

    user_name: str
    secret: str = field(repr=False)
    integration_code: str = field(repr=False)


@dataclass(frozen=True)
class Settings:
    """How a client behaves. `budget` is the share (0 to 1) of the tenant's hourly requests above which it stops."""

    discovery_url: str = DISCOVERY_URL
    zone_url: str = ""
    ca_path: str = ""
    timeout: float = 30.0
    retries: int = 4
    budget: float = 0.75
    cache_dir: str = ""


class Client:
    """A session of one API user. Raises members of the `RequestError` family; none of them holds a secret."""

    def __init__(self, credentials: Credentials, settings: Settings = Settings(), budget_known: bool = False) -> None:
        if REQUESTS_MISSING:
            raise AutotaskError(
                f"The Python library requests is missing ({REQUESTS_MISSING}). Install it for {sys.executable}: pip install requests",
                "requests_missing",
            )
        for name in ("discovery_url", "zone_url"):
            if getattr(settings, name):
                check_address(getattr(settings, name), name)
        self.credentials = credentials
        self.settings = settings
        self.requests_sent = 0
        self._zone: Zone | None = Zone(_rest_root(settings.zone_url)) if settings.zone_url else None
        self.last_usage: dict[str, int] | None = None
        self._descriptions: dict[str, dict[str, Any]] = {}
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

    def get(self, path: str) -> dict[str, Any]:
        """The answer to GET `path`, relative to the zone's `v1.0/`."""
        return self._send("GET", path, safe=True)

    def described(self, path: str) -> dict[str, Any]:
        """The answer to GET `path` for what doesn't change while a task runs, such as the fields of tickets: asked for once."""
        if path not in self._descriptions:
            self._descriptions[path] = self.get(path)
        return self._descriptions[path]

    def item(self, entity: str, item_id: int) -> dict[str, Any] | None:
        """One record, or None: Autotask answers 200 with a null item for a record that isn't there."""
        item: dict[str, Any] | None = self.get(f"{entity}/{item_id}").get("item")
        return item

    def query(self, entity: str, where: Filter | Sequence[Filter], fields: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
        """All records that match, page by page. A short search goes as GET, a long one as POST; its next pages go the same way."""
        conditions = [where] if isinstance(where, Mapping) else list(where)
        _check_operators(conditions)
        search: dict[str, Any] = {"MaxRecords": ROWS_PER_PAGE, "filter": conditions}
        if fields:
            search["IncludeFields"] = list(fields)
        text = json.dumps(search, separators=(",", ":"))
        by_get = len(quote(text)) <= LONGEST_GET
        answer = (
            self._send("GET", f"{entity}/query", params={"search": text}, safe=True)
            if by_get
            else self._send("POST", f"{entity}/query", body=search, safe=True)
        )
        while True:
            yield from answer.get("items") or []
            following = (answer.get("pageDetails") or {}).get("nextPageUrl")
            if not following:
                return
            self._check_same_host(following)
            answer = self._send("GET" if by_get else "POST", following, body=None if by_get else search, safe=True)

    def count(self, entity: str, where: Filter) -> int:
        """How many records match."""
        _check_operators([where])
        return int(self._send("POST", f"{entity}/query/count", body={"filter": [where]}, safe=True)["queryCount"])

    def create(self, path: str, record: Mapping[str, Any]) -> int:
        """The id of the new record. Never repeated when the answer is lost: look whether it is there before trying again."""
        return int(self._send("POST", path, body=record)["itemId"])

    def update(self, path: str, record: Mapping[str, Any]) -> None:
        """PATCH the record whose `id` is in the body. A 200 proves nothing, Autotask ignores read-only fields: read back."""
        self._send("PATCH", path, body=record, safe=True)

    def delete(self, path: str) -> None:
        """Delete one record; one that is already gone is fine."""
        try:
            self._send("DELETE", path, safe=True)
        except NotFound:
            pass

    @property
    def zone(self) -> Zone:
        """The tenant's zone: pinned, from the cache, or discovered."""
        if self._zone is None:
            self._zone = self._cached_zone() or self._discovered_zone()
        return self._zone

    def usage(self) -> dict[str, int]:
        """How much of the database's hourly budget is used, by all its integrations together."""
        answer = self.get("ThresholdInformation")
        self.last_usage = {
            "used": int(answer["currentTimeframeRequestCount"]),
            "allowed": int(answer["externalRequestThreshold"]),
            "minutes": int(answer["requestThresholdTimeframe"]),
        }
        return self.last_usage

    # ---- how a request goes

    def _send(
        self, method: str, path: str, params: Mapping[str, str] | None = None, body: Mapping[str, Any] | None = None, safe: bool = False
    ) -> dict[str, Any]:
        if self.requests_sent >= self._next_budget_check:
            self._next_budget_check = self.requests_sent + REQUESTS_BETWEEN_BUDGET_CHECKS + 1
            self._check_budget()
        try:
            return self._attempts(method, path, params, body, safe)
        except (Unauthorized, Unreachable) as error:
            # The tenant may have moved to another zone since it was looked up. A write whose answer was lost is not sent again.
            repeatable = safe or isinstance(error, Unauthorized)
            if not repeatable or self._zone is None or not self._zone.cached or urlsplit(path).netloc:
                raise
            old, self._zone = self._zone, self._discovered_zone()
            if self._zone.url == old.url:
                raise
            return self._attempts(method, path, params, body, safe)

    def _attempts(
        self, method: str, path: str, params: Mapping[str, str] | None, body: Mapping[str, Any] | None, safe: bool
    ) -> dict[str, Any]:
        url = path if urlsplit(path).netloc else self.zone.url + path
        for attempt in range(self.settings.retries + 1):
            last = attempt == self.settings.retries
            try:
                self.requests_sent += 1
                # Our headers would follow a redirect to another host, so none is followed.
                response = self._session.request(
                    method,
                    url,
                    params=params,
                    json=body,
                    timeout=self.settings.timeout,
                    verify=self.settings.ca_path or True,
                    allow_redirects=False,
                )
            except requests.RequestException as error:
                if last or not (safe or isinstance(error, requests.ConnectTimeout)) or isinstance(error, requests.exceptions.SSLError):
                    raise _unreachable(error, url, safe) from None
                time.sleep(_pause(attempt, None))
                continue
            # 429 means that nothing was done, so it is safe to repeat whatever it was.
            repeatable = _too_busy(response) or (safe and response.status_code in (502, 503, 504))
            if repeatable and not last:
                time.sleep(_pause(attempt, response.headers.get("Retry-After")))
                continue
            return _answer(response, method, path)
        raise Unreachable(f"{_shown(url)}: no answer")  # not reached: the last attempt returns or raises

    def _check_budget(self) -> None:
        usage = self.usage()
        if usage["used"] >= usage["allowed"] * self.settings.budget:
            raise BudgetSpent(
                f"{usage['used']} of this database's {usage['allowed']} requests per {usage['minutes']} minutes are used, and this run stops at "
                f"{self.settings.budget:.0%} so that the customer's other integrations go on working. Run again later, or raise `request_budget`."
            )

    def _check_same_host(self, url: str) -> None:
        ours, theirs = urlsplit(self.zone.url), urlsplit(url)
        if (ours.scheme, ours.netloc.lower()) != (theirs.scheme, theirs.netloc.lower()):
            raise Unreachable(f"refusing to follow nextPageUrl to another host ({theirs.netloc})", "foreign_page")

    # ---- zones

    def _discovered_zone(self) -> Zone:
        """Ask which zone the user lives in. The answer is cached on disk; it holds no secret."""
        url = f"{self.settings.discovery_url.rstrip('/')}/v1.0/zoneInformation"
        try:
            response = requests.get(
                url,
                params={"user": self.credentials.user_name},
                timeout=self.settings.timeout,
                verify=self.settings.ca_path or True,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise _unreachable(error, url, safe=True) from None
        self.requests_sent += 1
        if response.status_code == 500:
            raise Unauthorized(
                f'Autotask knows no zone for the user name "{self.credentials.user_name}". Check its spelling (the Username (Key) '
                "with its @domain), or pin the zone with `zone_url`.",
                "unknown_user",
            )
        found = _answer(response, "GET", "zoneInformation")
        check_address(str(found.get("url", "")), "the zone's address")
        zone = Zone(_rest_root(found["url"]), str(found.get("webUrl") or "").rstrip("/"), str(found.get("zoneName") or ""))
        self._remember(zone)
        return zone

    def _cache_file(self) -> Path:
        folder = self.settings.cache_dir or os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "msp.autotask")
        key = hashlib.sha256(f"{self.settings.discovery_url}\n{self.credentials.user_name}".encode()).hexdigest()[:32]
        return Path(folder) / f"zone-{key}.json"

    def _cached_zone(self) -> Zone | None:
        path = self._cache_file()
        try:
            if time.time() - path.stat().st_mtime > ZONE_CACHE_SECONDS:
                return None
            entry = json.loads(path.read_text(encoding="utf-8"))
            check_address(str(entry["url"]), "the cached zone")
            return Zone(str(entry["url"]), str(entry["web_url"]), str(entry["name"]), cached=True)
        except (OSError, ValueError, KeyError, TypeError, InputError):
            return None

    def _remember(self, zone: Zone) -> None:
        path = self._cache_file()
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as scratch:
                json.dump({"url": zone.url, "web_url": zone.web_url, "name": zone.name}, scratch)
            os.replace(scratch.name, path)
        except OSError:
            pass  # without a cache the zone is looked up again


def _check_operators(conditions: Sequence[Any]) -> None:
    """Autotask does not reject a misspelt operator: it returns every row."""
    for condition in conditions:
        if condition["op"] not in OPERATORS:
            raise RequestError(f"no such operator in a query: {condition['op']}")
        _check_operators(condition.get("items", ()))


def _too_busy(response: requests.Response) -> bool:
    return response.status_code == 429 or (response.status_code >= 400 and THREAD_LIMIT_CODE in response.text)


def _pause(attempt: int, retry_after: str | None) -> float:
    """Seconds before the next attempt: what the server asks for, else doubling, with some spread so that clients don't march in step."""
    asked = float(retry_after) if retry_after and retry_after.isdecimal() else 0.5 * 2**attempt
    return min(asked, LONGEST_PAUSE) * random.uniform(1.0, 1.25)


def _answer(response: requests.Response, method: str, path: str) -> dict[str, Any]:
    """The JSON of a good answer; everything else becomes an error that says what to do next."""
    try:
        body = response.json() if response.content else {}
    except ValueError:
        body = {}
    errors = [str(text) for text in body.get("errors") or []] if isinstance(body, dict) else []
    if response.status_code == 200 and not errors and isinstance(body, dict) and body:
        return body
    _fail(response, errors, method, path.split("?", 1)[0])


def _fail(response: requests.Response, errors: Sequence[str], method: str, path: str) -> NoReturn:
    status, text, what = response.status_code, " ".join(errors), f"{method} {_shown(path)}"
    if status == 401:
        raise Unauthorized(
            f"{what}: 401. User name, secret or tracking identifier is wrong, the zone is, or the user is locked, inactive or not API-only; "
            "Autotask does not say which. Check the user's page in the console; a user that was just created can take five minutes to work."
        )
    if "adequate permissions" in text or status == 403:
        raise Forbidden(
            f"{what}: {text or 'forbidden'} The security level of the user that this run works as doesn't allow it, or the module is switched off. "
            "What it needs is in the role msp.autotask.provisioner."
        )
    if "No matching records found" in text:
        raise NotFound(f"{what}: {text}")
    if status == 429 or THREAD_LIMIT_CODE in response.text:
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
    raise Unreachable(f"{what}: {status} without a usable answer")


def _unreachable(error: requests.RequestException, url: str, safe: bool) -> Unreachable:
    host = urlsplit(url).netloc
    if isinstance(error, requests.exceptions.SSLError):
        return Unreachable(
            f"{host}: its TLS certificate could not be verified. Behind an inspecting proxy, set `ca_path` to its certificate.", "tls"
        )
    unknown = "" if safe else " Whether the request was carried out is not known; run again, the next run looks first."
    what = "no answer in time" if isinstance(error, requests.Timeout) else "no connection"
    return Unreachable(f"{host}: {what} ({type(error).__name__}).{unknown}")


def _shown(url: str) -> str:
    """A path without its query: that may hold names of the tenant's data."""
    return urlsplit(url).path if urlsplit(url).netloc else url.split("?", 1)[0]
