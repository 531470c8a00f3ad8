# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The client against the sandbox, and against a server that does what Autotask never should."""

from __future__ import annotations

import json
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests

from ansible_collections.msp.autotask.plugins.module_utils._errors import (
    AutotaskError,
    BudgetSpent,
    Forbidden,
    InputError,
    NotFound,
    Rejected,
    RequestError,
    Unauthorized,
    Unreachable,
)
from ansible_collections.msp.autotask.plugins.module_utils._rest.client import ROWS_PER_PAGE, Client, Credentials, Guard, Settings
from ansible_collections.msp.autotask.plugins.module_utils._rest.zone import Zone, check_address
from tests.sandboxes import Tenant, running

from .conftest import Make

EVERYTHING = {"op": "gte", "field": "id", "value": 0}
Fault = Callable[[str], None]
Passed = Callable[[], list[str]]


def _ticket(title: str) -> dict[str, object]:
    return {"title": title, "companyID": 0, "status": 1, "priority": 2}


@pytest.fixture
def many(make: Make, tenant: Tenant) -> Client:
    """A client of a tenant that has more tickets than fit on two pages."""
    client = make()
    queue = next(field for field in client.get("Tickets/entityInformation/fields").rows("fields") if field.text("name") == "queueID")
    first = int(queue.rows("picklistValues")[0].text("value"))
    for number in range(2 * ROWS_PER_PAGE + 20):
        client.create("Tickets", {**_ticket(f"Ticket {number}"), "queueID": first})
    return client


def test_every_page_is_read_by_get_and_by_post(many: Client, passed: Passed) -> None:
    short = {"op": "beginsWith", "field": "title", "value": "Ticket "}
    long = {"op": "and", "items": [short, {"op": "notIn", "field": "title", "value": [f"Nothing {number}" for number in range(200)]}]}
    by_get = [row.text("title") for row in many.query("Tickets", short, ["title"])]
    by_post = [row.text("title") for row in many.query("Tickets", long, ["title"])]
    assert by_get == by_post == [f"Ticket {number}" for number in range(2 * ROWS_PER_PAGE + 20)]
    assert many.count("Tickets", short) == len(by_get)
    pages = [one for one in passed() if "tickets/query/next" in one]
    assert [one.split()[0] for one in pages] == ["GET", "GET", "POST", "POST"]


def test_a_record_that_is_not_there_is_none(make: Make) -> None:
    client = make()
    assert client.item("Tickets", 999_999) is None
    own = client.item("Companies", 0)
    assert own and own.whole("id") == 0


def test_deleting_what_is_gone_is_fine(make: Make) -> None:
    client = make()
    [item, *_rest] = client.query("TicketChecklistItems", EVERYTHING)
    path = f"Tickets/{item.whole('ticketID')}/ChecklistItems/{item.whole('id')}"
    client.delete(path)
    client.delete(path)
    assert client.item("TicketChecklistItems", item.whole("id")) is None


def test_errors_are_told_apart(make: Make, tenant: Tenant) -> None:
    client = make()
    with pytest.raises(Rejected, match="Picklist value"):
        client.create("Tickets", {**_ticket("x"), "priority": 9999})
    with pytest.raises(Rejected, match="Unable to find nonsense"):
        list(client.query("Tickets", {"op": "eq", "field": "nonsense", "value": 1}))
    with pytest.raises(Forbidden, match=r"security level .* doesn't allow it"):
        list(client.query("Contracts", EVERYTHING))
    with pytest.raises(RequestError, match="404, no such address"):
        client.get("SecurityLevels/query")
    with pytest.raises(RequestError, match="405"):
        client.update("Tickets/1", {"id": 1})
    assert not issubclass(Forbidden, Rejected) and not issubclass(NotFound, Rejected)
    with pytest.raises(RequestError, match="no such operator"):
        list(client.query("Tickets", {"op": "noteExist", "field": "title"}))


def test_a_wrong_secret_says_what_it_could_be(make: Make) -> None:
    client = make()
    wrong = Client(replace(client.credentials, secret="something-else"), client.settings)
    with pytest.raises(Unauthorized) as caught:
        wrong.get("Version")
    assert "Autotask does not say which" in str(caught.value) and "something-else" not in str(caught.value)
    assert "something-else" not in repr(wrong.credentials)


def test_the_zone_is_looked_up_once_and_remembered(make: Make, tenant: Tenant, tmp_path: Path) -> None:
    assert make().zone.cached is False
    again = make().zone
    assert again.cached is True and again.web_url == tenant.access["console_url"].rstrip("/")
    [entry] = (tmp_path / "cache").iterdir()
    assert tenant.access["user_name"] not in entry.name + entry.read_text()


def test_a_tenant_that_moved_to_another_zone_is_found_again(make: Make, tmp_path: Path) -> None:
    make().get("Version")
    [entry] = (tmp_path / "cache").iterdir()
    stale = json.loads(entry.read_text()) | {"url": "http://127.0.0.1:9/atservicesrest/v1.0/"}
    entry.write_text(json.dumps(stale))
    client = make(retries=0)
    assert client.get("Version") and client.zone.cached is False


def test_a_zone_that_is_refused_is_sent_nothing(make: Make, tmp_path: Path) -> None:
    """From the cache it may be one that the tenant has left, so Autotask is asked once more."""
    here = make().zone
    assert here.database
    [entry] = (tmp_path / "cache").iterdir()
    entry.write_text(json.dumps(json.loads(entry.read_text()) | {"url": "http://127.0.0.1:9/atservicesrest/v1.0/"}))
    checked: list[str] = []

    def check_zone(zone: Zone) -> None:
        checked.append(zone.url)
        if zone.url != here.url:
            raise AutotaskError("not here", "elsewhere")

    known = make()
    client = Client(known.credentials, known.settings, guard=Guard(check_zone))
    assert client.get("Version") and checked == ["http://127.0.0.1:9/atservicesrest/v1.0/", here.url]
    pinned = Client(known.credentials, replace(known.settings, zone_url="http://127.0.0.1:9/atservicesrest"), guard=Guard(check_zone))
    with pytest.raises(AutotaskError, match="not here"):
        pinned.get("Version")
    assert pinned.requests_sent == 0


def test_a_cache_is_in_no_working_directory(tenant: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    access = tenant.access
    credentials = Credentials(access["user_name"], access["secret"], access["integration_code"])
    (tmp_path / "there").mkdir()
    monkeypatch.chdir(tmp_path / "there")
    monkeypatch.setenv("XDG_CACHE_HOME", "cache")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Client(credentials, Settings(discovery_url=access["discovery_url"])).zone.url
    assert list((tmp_path / "there").iterdir()) == [] and len(list((tmp_path / ".cache" / "msp.autotask").iterdir())) == 1


def test_a_damaged_cache_is_no_error(make: Make, tmp_path: Path) -> None:
    make().get("Version")
    for text in ("", "{}", "[]", '{"url": "http://198.51.100.7/", "web_url": "", "name": ""}'):
        [entry] = (tmp_path / "cache").iterdir()
        entry.write_text(text)
        assert make().get("Version")


def test_too_many_requests_are_repeated_after_the_time_that_was_asked_for(make: Make, fault: Fault, passed: Passed) -> None:
    client = make()
    client.get("Version")
    fault("429@GET Version#2")
    fault("429@POST Tickets#1")
    client.get("Version")
    with pytest.raises(Rejected):  # it was repeated, and then refused for another reason
        client.create("Tickets", {})
    assert passed().count("GET version") >= 2


def test_what_is_not_safe_to_repeat_is_not_repeated(make: Make, fault: Fault, tenant: Tenant) -> None:
    client = make(retries=3)
    client.get("Version")
    [ticket, *_rest] = client.query("Tickets", EVERYTHING)
    number = ticket.whole("id")
    fault(f"cut@POST Tickets/{number}/ChecklistItems#1")
    item = {"ticketID": number, "itemName": "Once", "position": 1}
    with pytest.raises(Unreachable, match="Whether the request was carried out is not known"):
        client.create(f"Tickets/{number}/ChecklistItems", item)
    assert [one["itemName"] for one in tenant.control("GET", "records/TicketChecklistItems")].count("Once") == 1
    fault("cut@GET Version#2")
    assert client.get("Version")  # reading is


def test_three_at_a_time_is_all_that_autotask_allows(make: Make, fault: Fault) -> None:
    clients = [make(retries=8) for _number in range(8)]
    fault("slow=100@GET Tickets/query")
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda client: len(list(client.query("Tickets", EVERYTHING))), clients))
    assert len(set(counts)) == 1 and counts[0] > 0


def test_it_stops_before_other_integrations_starve(tmp_path: Path) -> None:
    with running(tmp_path, "--threshold", "40", "--tenants", "1") as sandbox:
        access = sandbox.tenants["alder"].access
        credentials = Credentials(access["user_name"], access["secret"], access["integration_code"])
        settings = Settings(discovery_url=access["discovery_url"], cache_dir=str(tmp_path), budget=0.5)
        for _round in range(30):
            try:
                Client(credentials, settings).get("Version")
            except BudgetSpent as error:
                assert "requests per 60 minutes are used" in str(error) and "stops at 50%" in str(error)
                break
        else:
            pytest.fail("it never stopped")
        assert Client(credentials, replace(settings, budget=1.0)).get("Version")  # there was budget left for others
        assert Client(credentials, replace(settings, budget=1.0)).usage()["used"] < 35


class _Rogue(BaseHTTPRequestHandler):
    """A server that sends its clients elsewhere."""

    elsewhere: str
    seen: list[dict[str, str]]

    def do_GET(self) -> None:
        self.seen.append(dict(self.headers))
        if "redirect" in self.path:
            self.send_response(302)
            self.send_header("Location", self.elsewhere)
            self.end_headers()
            return
        body = json.dumps({"items": [{"id": 1}], "pageDetails": {"count": 1, "nextPageUrl": self.elsewhere}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def rogue() -> Iterator[str]:
    """The address of a server that names another host in its answers; that host is watched, too."""

    class Near(_Rogue):
        pass

    class Far(_Rogue):
        pass

    Near.seen, Far.seen = [], []
    near, far = ThreadingHTTPServer(("127.0.0.1", 0), Near), ThreadingHTTPServer(("127.0.0.1", 0), Far)
    Near.elsewhere = f"http://localhost:{far.server_port}/v1.0/Tickets/query/next"
    for server in (near, far):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{near.server_port}"
    assert Near.seen and not Far.seen, "credentials were sent elsewhere"
    for server in (near, far):
        server.shutdown()


def test_credentials_never_go_to_another_host(rogue: str) -> None:
    client = Client(Credentials("a@example.com", "secret", "code"), Settings(zone_url=rogue, retries=0), budget_known=True)
    with pytest.raises(Unreachable, match="another host") as caught:
        list(client.query("Tickets", EVERYTHING))
    assert caught.value.code == "foreign_page"
    with pytest.raises(Unreachable, match="unexpected redirect"):
        client.get("redirect")


@pytest.mark.parametrize(
    "address", ["http://198.51.100.7/", "http://example.com/atservicesrest", "ftp://127.0.0.1/", "https://", "nonsense", ""]
)
def test_secrets_are_not_sent_in_the_clear(address: str) -> None:
    with pytest.raises(InputError, match="https://"):
        check_address(address, "zone_url")


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8765/", "http://localhost/", "http://[::1]:1/", "https://webservices9.autotask.net/ATServicesRest/"]
)
def test_https_and_this_machine_are_fine(address: str) -> None:
    check_address(address, "zone_url")


@pytest.fixture
def encrypted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server whose certificate, `cert`, nobody trusts yet; nothing of the environment names certificates."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR", "AUTOTASK_CA_PATH"):
        monkeypatch.delenv(name, raising=False)
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", *subject]
    subprocess.run([*command, "-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "cert")], check=True, capture_output=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (_Rogue,), {"seen": [], "elsewhere": None}))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://localhost:{server.server_port}"
    server.shutdown()


def _to(address: str, ca_path: str = "") -> Client:
    credentials = Credentials("a@example.com", "secret", "code")
    return Client(credentials, Settings(zone_url=address, ca_path=ca_path, retries=5), budget_known=True)


def test_an_untrusted_certificate_is_an_error_that_is_not_repeated(encrypted: str, tmp_path: Path) -> None:
    start = time.monotonic()
    with pytest.raises(Unreachable, match=r"certificate could not be verified\. Behind an inspecting proxy, set `ca_path`"):
        _to(encrypted).get("x")
    assert time.monotonic() - start < 5
    assert _to(encrypted, str(tmp_path / "cert")).get("x").values["items"] == [{"id": 1}]


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "AUTOTASK_CA_PATH", "ca_path"])
def test_certificates_that_have_moved_are_named_with_what_names_them(
    name: str, encrypted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(path: Path) -> list[object]:
        if name != "ca_path":
            monkeypatch.setenv(name, str(path))
        given = str(path) if name.lower().endswith("ca_path") else ""
        return list(_to(encrypted, given).get("x").rows("items"))

    (tmp_path / "damaged").write_text("-----BEGIN CERTIFICATE-----\nno\n")
    (tmp_path / "other").write_bytes(Path(requests.certs.where()).read_bytes())
    assert len(answer(tmp_path / "cert")) == 1
    for bundle, reason in (("gone", "was not sent"), ("damaged", "could not be verified"), ("other", "could not be verified")):
        with pytest.raises(Unreachable, match=reason) as caught:
            answer(tmp_path / bundle)
        assert f"{name} names" in str(caught.value) and str(tmp_path / bundle) in str(caught.value) and caught.value.code == "tls"


def test_a_variable_that_does_not_count_here_is_named_where_it_could_mislead(
    encrypted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/gone/bundle.pem")
    assert len(list(_to(encrypted, str(tmp_path / "cert")).get("x").rows("items"))) == 1
    with pytest.raises(Unreachable, match="SSL_CERT_FILE counts for other programs"):
        _to(encrypted).get("x")
