# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who gets into the console, and what its forms accept."""

from __future__ import annotations

import re

import pytest
import requests

from sandbox.operator.labels import Stuck
from tests.sandboxes import Sandbox, Tenant

from .people import LEVELS, account, browser, enter, sign_in


@pytest.fixture
def visitor(sandbox: Sandbox) -> requests.Session:
    """Somebody with a browser and no account."""
    session = requests.Session()
    session.trust_env = False
    return session


def token(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    return found[1]


def test_two_panels_lead_in(sandbox: Sandbox) -> None:
    tab = sign_in(sandbox.tenants["alder"])
    tab.walk(LEVELS)
    assert "API User (system) (API-only)" in dict(tab.rows())


@pytest.mark.parametrize("name", ["nobody@alder.example.com", "admin@nowhere.example.com"])
def test_an_unknown_name_is_only_found_out_with_the_password(sandbox: Sandbox, name: str) -> None:
    tab = browser(sandbox.tenants["alder"])
    with pytest.raises(Stuck, match="user name or the password is wrong"):
        enter(tab, name, "guess")


def test_the_third_wrong_password_locks_the_account(tenant: Tenant) -> None:
    name, password = account(tenant)
    for expected in ("is wrong", "is wrong", "is locked"):
        with pytest.raises(Stuck, match=expected):
            enter(browser(tenant), name, "guess")
    with pytest.raises(Stuck, match="is locked"):
        enter(browser(tenant), name, password)
    sign_in(tenant, "clerk")


@pytest.mark.parametrize(
    "path",
    ["/", "/admin/settings", "/admin/security-levels", "/admin/resources", "/admin/api-users/new", "/service-desk/tickets"],
)
def test_every_page_asks_to_sign_in(sandbox: Sandbox, visitor: requests.Session, path: str) -> None:
    response = visitor.get(sandbox.address + path, allow_redirects=False)
    assert (response.status_code, response.headers["Location"]) == (303, f"/sign-in?next={path}")


def test_signing_in_leads_to_the_page_that_was_asked_for(sandbox: Sandbox) -> None:
    tenant = sandbox.tenants["alder"]
    tab = browser(tenant)
    tab.open("/service-desk/tickets")
    enter(tab, *account(tenant))
    assert tab.url == f"{tenant.address}/service-desk/tickets"


@pytest.mark.parametrize("target", ["https://evil.example.com/", "//evil.example.com/", "/\\evil.example.com/"])
def test_signing_in_leads_nowhere_else(sandbox: Sandbox, target: str) -> None:
    tenant = sandbox.tenants["alder"]
    tab = browser(tenant)
    tab.open(f"/sign-in?next={target}")
    enter(tab, *account(tenant))
    assert tab.url == f"{tenant.address}/"


def test_the_session_gets_a_new_cookie_and_ends(sandbox: Sandbox, visitor: requests.Session) -> None:
    tenant = sandbox.tenants["alder"]
    name, password = account(tenant)
    address = f"{sandbox.address}/sign-in"
    page = visitor.get(address)
    before = visitor.cookies.get_dict()
    assert {"HttpOnly", "SameSite=lax"} <= set(page.headers["Set-Cookie"].split("; "))
    visitor.post(address, data={"token": token(page.text), "user_name": name, "action": "continue"})
    home = visitor.post(address, data={"token": token(page.text), "password": password, "action": "sign-in", "next": "/"})
    assert "Welcome" in home.text
    signed_in = visitor.cookies.get_dict()
    assert signed_in != before
    assert requests.get(f"{sandbox.address}/", cookies=before, timeout=30).url.startswith(address)
    visitor.post(f"{sandbox.address}/sign-out", data={"token": token(home.text)})
    assert requests.get(f"{sandbox.address}/", cookies=signed_in, timeout=30).url.startswith(address)


def test_a_form_without_its_token_is_refused(tenant: Tenant) -> None:
    tab = sign_in(tenant)
    tab.walk(LEVELS)
    source = tenant.level("API User (system)")
    session = requests.Session()
    session.cookies.update(tab.session.cookies)
    for sent in ({}, {"token": "guess"}, {"token": "\u00e4"}):
        response = session.post(f"{tenant.address}/admin/security-levels/{source['id']}/copy", data=sent, timeout=30)
        assert (response.status_code, "too old" in response.text) == (403, True)
    assert not [level for level in tenant.control("GET", "levels") if level["name"].startswith("Copy")]


def test_pages_are_not_kept_and_load_nothing_from_elsewhere(sandbox: Sandbox, visitor: requests.Session) -> None:
    headers = visitor.get(f"{sandbox.address}/sign-in").headers
    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_nobody_sees_what_belongs_to_another_tenant(tenant: Tenant, sandbox: Sandbox) -> None:
    tab = sign_in(tenant)
    alder = sandbox.tenants["alder"]
    level = alder.level("API User (system)")["id"]
    user = alder.control("GET", "api-users")[0]["id"]
    ticket = alder.control("GET", "records/Tickets")[0]["id"]
    for path in (f"/admin/security-levels/{level}", f"/admin/api-users/{user}", f"/service-desk/tickets/{ticket}"):
        with pytest.raises(Stuck, match="There is nothing here"):
            tab.open(path)


def test_passwords_are_not_in_the_access_log(sandbox: Sandbox) -> None:
    tenant = sandbox.tenants["alder"]
    sign_in(tenant)
    log = sandbox.log.read_text()
    assert "POST /sign-in" in log
    assert account(tenant)[1] not in log
