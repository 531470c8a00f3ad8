# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The hand-in page in a browser: what somebody enters there is sealed as the format says, and goes nowhere else."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._credentials.hand_in_page import page_for
from ansible_collections.msp.autotask.plugins.module_utils._credentials.sealed import PrivateKey, Purpose, new_key, read_block

if importlib.util.find_spec("playwright") is None:
    pytest.skip("needs Playwright for Python and Chromium: requirements/browser.txt, make chromium", allow_module_level=True)

from playwright.sync_api import sync_playwright

KEY, SECRET, IDENTIFIER = "Username (Key)", "Password (Secret)", "Tracking Identifier"
NAMED = {KEY: "user_name", SECRET: "secret", IDENTIFIER: "integration_code"}
VALUES = {"user_name": "k7zqx@example.com", "secret": "q#5\\W!~\"'<&", "integration_code": "EXAMPLE1234567890EXAMPLE123"}
FOR = "#Br%C3%BCder%20%26%20Co/my-vendor/12"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A Chromium; a name of an intranet leads to this machine."""
    with sync_playwright() as playwright:
        rules = "--host-resolver-rules=MAP intranet.example.com 127.0.0.1"
        with playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", rules]) as chromium:
            yield chromium


@dataclass
class Desk:
    """The page, open in a tab, and the key that it seals for. `asked` is what the tab has asked the network for, `questions` what it has asked its user."""

    tab: Any
    key: PrivateKey
    path: Path
    asked: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    def open(self, what_for: str = FOR) -> None:
        self.tab.goto(f"file://{self.path}{what_for}")

    def enter(self, **values: str) -> None:
        for label, name in NAMED.items():
            self.tab.get_by_label(label).fill(values.get(name, ""))

    def seal(self) -> str:
        """The sealed block."""
        self.tab.get_by_role("button", name="Seal").click()
        self.tab.wait_for_function("document.getElementById('block').value")
        return str(self.tab.locator("#block").input_value())

    def refuses(self) -> str:
        """What the page says in the place of sealing."""
        self.tab.get_by_role("button", name="Seal").click()
        assert not self.tab.locator("#result").is_visible()
        return str(self.tab.locator("#said").inner_text())


@pytest.fixture
def desk(browser: Any, tmp_path: Path) -> Iterator[Desk]:
    """The page in a tab of its own."""
    key, path = new_key(), tmp_path / "hand-in.html"
    path.write_text(page_for(key))
    with browser.new_context() as context:
        desk = Desk(context.new_page(), key, path)
        desk.tab.on("request", lambda request: desk.asked.append(request.url.partition("#")[0]))
        desk.tab.on("dialog", lambda dialog: (desk.questions.append(dialog.message), dialog.dismiss()))
        yield desk


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """The folder over http: the port, and the paths that were asked for."""
    hits: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(folder))

        def log_message(self, *_arguments: Any) -> None:
            hits.append(self.path)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield str(server.server_port), hits
        server.shutdown()


def test_what_is_entered_is_sealed_for_what_the_address_says(desk: Desk) -> None:
    desk.open()
    assert [desk.tab.get_by_label(label).input_value() for label in ("Tenant", "Integration", "Change")] == [
        "Brüder & Co",
        "my-vendor",
        "my-vendor/12",
    ]
    desk.enter(**VALUES)
    sealed = read_block(desk.seal())
    assert sealed.purpose == Purpose("Brüder & Co", "my-vendor", "my-vendor/12")
    assert desk.key.unseal(sealed) == VALUES
    assert [desk.tab.get_by_label(label).input_value() for label in NAMED] == ["", "", ""], "nothing is left on the page"
    assert desk.tab.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    assert desk.asked == [f"file://{desk.path}"] and not desk.questions


def test_no_two_blocks_are_alike(desk: Desk) -> None:
    blocks = []
    for _time in range(2):
        desk.open()
        desk.tab.reload()
        desk.enter(**VALUES)
        blocks.append(read_block(desk.seal()))
    one, other = blocks
    assert not {one.sender, one.nonce, one.content} & {other.sender, other.nonce, other.content}
    assert desk.key.unseal(one) == desk.key.unseal(other)


def test_it_can_reach_no_network(desk: Desk) -> None:
    desk.open()
    with served(desk.path.parent) as (port, hits):
        address = f"http://127.0.0.1:{port}/hand-in.html"
        assert desk.tab.evaluate(f"fetch('{address}').then(() => 'sent', () => 'refused')") == "refused"
        image = (
            f"const image = new Image(); image.onload = () => done('sent'); image.onerror = () => done('refused'); image.src = '{address}'"
        )
        assert desk.tab.evaluate(f"new Promise(done => {{{image}}})") == "refused"
        assert hits == []


def test_what_the_address_says_is_text(desk: Desk) -> None:
    desk.open("#%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E/my-vendor/1")
    assert desk.tab.get_by_label("Tenant").input_value() == "<img src=x onerror=alert(1)>" and not desk.questions
    desk.tab.goto("about:blank")
    desk.open("#%E0%A4%A/x/1")
    assert desk.tab.get_by_label("Tenant").input_value() == ""


@pytest.mark.parametrize("secret", ["right ", " right", "ri\u200bght", "right\u00a0", "ri\u2013ght"], ids=repr)
def test_what_can_not_be_meant_is_refused(desk: Desk, secret: str) -> None:
    desk.open()
    for label, name in NAMED.items():
        desk.enter(**{**VALUES, name: secret})
        said = desk.refuses()
        assert said.startswith(f"The {label} ") and "Copy it again" in said and secret not in said
    assert not desk.questions


@pytest.mark.parametrize("name", ["user_name", "secret", "integration_code", ""])
def test_on_a_phone_what_is_wrong_is_in_view_beside_its_field(desk: Desk, name: str) -> None:
    desk.tab.set_viewport_size({"width": 390, "height": 700})
    desk.open()
    desk.enter(**({**VALUES, name: " wrong"} if name else VALUES))
    if not name:
        desk.tab.get_by_label("Tenant").fill("")
    desk.refuses()
    field = desk.tab.locator(f"#{name or 'tenant'}")
    places = [one.bounding_box() for one in (field, desk.tab.locator("#said"))]
    assert all(place and place["y"] >= 0 and place["y"] + place["height"] <= 700 for place in places), places
    assert 0 < places[1]["y"] - places[0]["y"] < 120
    desk.enter(**VALUES)
    desk.tab.get_by_label("Tenant").fill("alder")
    assert desk.seal() and not desk.tab.locator("#said").inner_text()


def test_a_blank_within_a_secret_is_questioned(desk: Desk) -> None:
    desk.open()
    desk.enter(**{**VALUES, "secret": "ri ght"})
    desk.refuses()
    assert len(desk.questions) == 1 and SECRET in desk.questions[0]


@pytest.mark.parametrize(
    ("label", "value", "told"),
    [
        ("Tenant", "", "Name the tenant"),
        ("Integration", "My Vendor", "Name the integration"),
        ("Change", "my-vendor", "Name the change"),
        (KEY, "", f"{KEY} is missing"),
        (SECRET, "", f"{SECRET} is missing"),
    ],
)
def test_what_is_missing_is_told(desk: Desk, label: str, value: str, told: str) -> None:
    desk.open()
    desk.enter(**VALUES)
    desk.tab.get_by_label(label).fill(value)
    assert told in desk.refuses()


def test_over_plain_http_it_says_why_it_can_not_seal(desk: Desk) -> None:
    with served(desk.path.parent) as (port, _hits):
        desk.tab.goto(f"http://intranet.example.com:{port}/hand-in.html{FOR}")
        assert "plain http" in desk.tab.locator("#said").inner_text()
        assert not desk.tab.get_by_role("button", name="Seal").is_visible()
