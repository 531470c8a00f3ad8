# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Signing in to the (synthetic) console, and locators of a user's own. Each console has a thread of its own, as Playwright wants it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._catalogue import model
from ansible_collections.msp.autotask.plugins.module_utils._console.locators import load_locators
from ansible_collections.msp.autotask.plugins.module_utils._console.session import Console, open_console, sign_in_by_hand
from ansible_collections.msp.autotask.plugins.module_utils._console.totp import one_time_code
from ansible_collections.msp.autotask.plugins.module_utils._errors import AutotaskError, InputError
from ansible_collections.msp.autotask.plugins.module_utils._plan import user_steps
from tests.sandboxes import Tenant, control

from .conftest import Room, settings, terms
from .test_generations import PROVISIONER, new_user

T = TypeVar("T")


def signed_in(tenant: Tenant, work: Callable[[Console], T], **changes: Any) -> T:
    """What `work` returns in a console of its own."""

    def run() -> T:
        with open_console(settings(tenant, **changes), model.standard(), terms(tenant)) as console:
            return work(console)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(run).result()


def refused(tenant: Tenant, **changes: Any) -> AutotaskError:
    with pytest.raises(AutotaskError) as caught:
        signed_in(tenant, lambda console: console.session(), **changes)
    return caught.value


def look(tenant: Tenant, **options: Any) -> None:
    control(tenant.address, "PATCH", f"tenants/{tenant.slug}", options)


def test_a_wrong_password_is_tried_once(_chromium: None, tenant: Tenant) -> None:
    for _time in range(2):  # the third would lock the account
        error = refused(tenant, password="not this one")
        assert error.code == "sign_in_refused", str(error)
        assert "not this one" not in str(error)
    assert signed_in(tenant, lambda console: console.session())["state"]["cookies"]


def test_a_one_time_code(_chromium: None, tenant: Tenant) -> None:
    look(tenant, console="mvc", sign_in="totp")
    assert refused(tenant).code == "sign_in_refused"
    session = signed_in(tenant, lambda console: console.session(), totp_seed=tenant.access["console_totp_seed"])
    names = signed_in(tenant, lambda console: list(console.levels()), session=session, password="")
    assert PROVISIONER in names


def test_single_sign_on_needs_a_person(_chromium: None, tenant: Tenant) -> None:
    look(tenant, console="shell", sign_in="single_sign_on")
    error = refused(tenant)
    assert error.code == "single_sign_on", str(error)
    assert "console_login" in str(error)


def test_what_somebody_signed_in_to_is_kept(room: Room) -> None:
    """The hands are a session that is still good; nobody types here."""
    room.look(console="mvc")
    with ThreadPoolExecutor(1) as thread:
        kept = thread.submit(sign_in_by_hand, settings(room.tenant, session=room.console.session())).result()
    names = signed_in(room.tenant, lambda console: list(console.levels()), session=kept, password="")
    assert PROVISIONER in names


def test_a_session_of_somebody_else_or_of_yesterday(room: Room, tenant: Tenant) -> None:
    session = room.console.session()
    error = refused(room.tenant, session=session, password="", user_name="clerk@" + room.tenant.access["console_user"].partition("@")[2])
    assert error.code == "signed_in_as_other", str(error)
    stale = session | {"state": {"cookies": [], "origins": []}}
    assert refused(room.tenant, session=stale, password="").code == "session_ended"


def test_a_session_that_ends(_chromium: None, tenant: Tenant) -> None:
    look(tenant, console_traps=["session_ends"], session_ends_after=8)

    def read_on(console: Console) -> None:
        for _time in range(10):
            console.levels()

    with pytest.raises(AutotaskError) as caught:
        signed_in(tenant, read_on)
    assert caught.value.code == "session_ended", str(caught.value)


# What the sandbox's German, which is invented, calls otherwise than the guesses that are shipped.
GERMAN = {
    "pages": {
        "home": {"fields": {"resources_hr": {"labels": {"de": ["Ressourcen/Benutzer (Personal)"]}}}},
        "api_user": {
            "fields": {
                "location": {"labels": {"de": ["Hauptstandort"]}},
                "tracking_identifier": {"labels": {"de": ["Kennung"]}},
                "unassigned_items": {"labels": {"de": ["Ressource sieht Einträge ohne Geschäftsbereich"]}},
            }
        },
    }
}


def test_a_console_in_german_with_locators_of_ones_own(_chromium: None, tenant: Tenant) -> None:
    look(tenant, console="shell", console_language="de")
    secrets: list[Mapping[str, str]] = []

    def add(console: Console) -> str:
        facts = new_user(PROVISIONER, "Deutsch")
        console.carry_out(user_steps.user_steps("Console Deutsch", None, facts, "Record it."), secrets.append)
        seen, level = console.read_user("Console", "Deutsch"), console.read_level(PROVISIONER)
        assert seen is not None
        assert level is not None
        assert level.active is True
        return seen.user_name

    assert signed_in(tenant, add, overrides=GERMAN) == secrets[0]["user_name"]


@pytest.mark.parametrize(
    ("overrides", "nearest"),
    [
        ({"page": {}}, "pages"),
        ({"pages": {"levels": {}}}, "level"),
        ({"pages": {"api_user": {"fields": {"e_mail": {}}}}}, "email"),
        ({"pages": {"api_user": {"fields": {"email": {"lables": []}}}}}, "labels"),
        ({"pages": {"api_user": {"fields": {"email": {"kind": "texts"}}}}}, "text"),
        ({"pages": {"api_user": {"fields": {"email": {"labels": "Mail"}}}}}, "list of texts"),
    ],
)
def test_a_wrong_locator_names_what_would_be_right(overrides: dict[str, Any], nearest: str) -> None:
    with pytest.raises(InputError) as caught:
        load_locators(overrides)
    assert nearest in str(caught.value)


def test_an_override_replaces_its_entry_and_changes_the_version() -> None:
    changed = load_locators({"pages": {"api_user": {"fields": {"email": {"labels": ["Mailbox"], "selector": "#mail"}}}}})
    email = changed.field("api_user", "email")
    assert (email.labels, email.selector) == (("Mailbox",), "#mail")
    assert changed.field("api_user", "active") == load_locators().field("api_user", "active")
    assert changed.version != load_locators().version


def test_one_time_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B, the last six digits."""
    seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert [one_time_code(seed, moment) for moment in (59, 1111111109, 1234567890, 20000000000)] == ["287082", "081804", "005924", "353130"]
    with pytest.raises(AutotaskError):
        one_time_code("not base 32!", 0)
