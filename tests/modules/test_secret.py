# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A new secret for an API user: asked for once a rotation, run after run, and proven."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox.operator.worker import Operator
from tests.sandbox.people import new_api_user, sign_in
from tests.sandboxes import Tenant

from .playing import Player, lines, tickets, user, without_code, writes

Credentials = dict[str, str]
RECORD = """import json, sys
noted = {"user_name": input("Username (Key): "), "secret": input("Password (Secret): "), "code": input("Tracking Identifier: ")}
open(sys.argv[1], "w").write(json.dumps(noted))
"""


@pytest.fixture
def bee(tenant: Tenant) -> Credentials:
    """The credentials of a user "Bee API" that somebody made in the console."""
    tab = sign_in(tenant)
    headers = new_api_user(tab, "API")
    tab.press("Save & Close")
    return {"user_name": headers["UserName"], "secret": headers["Secret"], "integration_code": headers["ApiIntegrationCode"]}


@pytest.fixture
def rotated(tenant: Tenant, bee: Credentials, tmp_path: Path) -> Callable[[], Credentials]:
    """Lets somebody work off the tickets; returns the user's credentials with what that person recorded."""
    (tmp_path / "record.py").write_text(RECORD)
    command = f"{sys.executable} {tmp_path / 'record.py'} {tmp_path / 'noted'}"
    access = tenant.access
    operator = Operator(
        access["console_url"], access["console_user"], access["console_password"], record_command=command, say=lambda line: None
    )

    def work() -> Credentials:
        assert operator.work() > 0
        noted = json.loads((tmp_path / "noted").read_text())
        assert (noted["user_name"], noted["code"]) == (bee["user_name"], "")
        return {**bee, "secret": noted["secret"]}

    return work


def secret(rotation: str = "2026-11", **options: Any) -> tuple[str, dict[str, Any]]:
    return "autotask_api_user_secret", {"first_name": "Bee", "last_name": "API", "rotation": rotation, **options}


def test_run_after_run(play: Player, tenant: Tenant, bee: Credentials, rotated: Callable[[], Credentials]) -> None:
    first, again = play(secret(), secret()).results
    assert (first["subject"], first["changed"], first["pending"], first["pending_for"]) == ('secret "Bee API"', True, True, "steps")
    assert [(step["page"], step["action"]) for step in first["plan"]] == [
        ("resources_users", "edit"),
        ("api_user", "press"),
        ("api_user", "press"),
        ("credentials", "record"),
    ]
    assert first["plan"][1]["text"] == 'API user "Bee API": press Generate Secret and note the Password (Secret). It is shown only now.'
    assert first["plan"][3]["text"].endswith(f'tenant "{tenant.slug}", integration "example".')
    assert (again["changed"], again["pending"], len(tickets(tenant))) == (False, True, 1)
    new = rotated()
    assert new["secret"] != bee["secret"]
    done, once_more = play(secret(credentials=new), secret(credentials=new)).results
    assert (done["changed"], done["pending"], done["evidence"]) == (True, False, {"Rotation": "attested", "Credentials": "effect"})
    assert (once_more["changed"], once_more["pending"], len(tickets(tenant))) == (False, False, 1)
    assert done["change"]["state"] == "closed"


def test_another_name_is_another_rotation(play: Player, tenant: Tenant, bee: Credentials, rotated: Callable[[], Credentials]) -> None:
    play(secret())
    first = rotated()
    play(secret(credentials=first))
    asked = play.by_ansible(secret("2027-02"), arguments=["--diff"])[0]
    assert (asked["changed"], len(asked["plan"]), len(tickets(tenant))) == (True, 4, 2)
    assert asked["diff"] == {"before": {"Rotation": "2026-11"}, "after": {"Rotation": "2027-02"}}
    second = rotated()
    assert len({bee["secret"], first["secret"], second["secret"]}) == 3
    assert play(secret("2027-02", credentials=second))[0]["evidence"]["Credentials"] == "effect"


def test_steps_that_were_done_without_recording_anything_are_not_the_end(
    play: Player, tenant: Tenant, rotated: Callable[[], Credentials]
) -> None:
    play(secret())
    rotated()
    result = play(secret())[0]
    assert (result["pending"], result["pending_for"], result["evidence"]["Credentials"]) == (True, "credentials", "unknown")


def test_the_users_own_steps_and_those_of_its_secret_leave_each_other_alone(
    play: Player, tenant: Tenant, bee: Credentials, rotated: Callable[[], Credentials]
) -> None:
    own = user(
        first_name="Bee",
        email="other@example.com",
        security_level="API User (system)",
        tracking_identifier={"internal_integration_name": "Bee"},
    )
    play(secret(), own)
    texts = [line["itemName"] for line in lines(tenant, tickets(tenant)[0])]
    saves = [number for number, text in enumerate(texts) if text.endswith("press Save & Close.")]
    assert len(saves) == 2 and [number for number, text in enumerate(texts) if "Generate Secret" in text] > saves[:1]
    assert [result["changed"] for result in play(own, secret(), own).results] == [False, False, False]
    new = rotated()
    done = play(secret(credentials=new), (own[0], {**own[1], "credentials": new})).results
    assert [result["pending"] for result in done] == [False, False]
    assert done[1]["change"]["state"] == "closed"


def test_credentials_that_do_not_sign_in_or_are_another_users(play: Player, tenant: Tenant, bee: Credentials) -> None:
    access = tenant.access
    wrong, another, unproven = play(
        secret(credentials={**bee, "secret": "not-the-secret"}),
        secret(credentials={key: access[key] for key in ("user_name", "secret", "integration_code")}),
        secret(credentials=without_code(bee)),
    ).results
    assert wrong["code"] == "unauthorized"
    assert another["code"] == "other_users_key" and 'it is the key of the API user "Provisioner API"' in another["msg"]
    assert unproven["evidence"]["Credentials"] == "attested" and "could not be proven" in unproven["warnings"][0]
    assert bee["secret"] not in json.dumps([wrong, another, unproven])


def test_only_an_active_user_gets_a_new_secret(play: Player, tenant: Tenant, bee: Credentials) -> None:
    [there] = [one for one in tenant.control("GET", "api-users") if one["first_name"] == "Bee"]
    tenant.control("PATCH", f"api-users/{there['id']}", {"active": False})
    before = writes(tenant)
    off, unknown = play(secret(), secret(last_name="Nobody")).results
    assert {off["code"], unknown["code"]} == {"no_such_user"} and '"Bee Nobody"' in unknown["msg"]
    assert writes(tenant) == before


def test_the_steps_go_when_the_user_does(play: Player, tenant: Tenant, bee: Credentials) -> None:
    play(secret())
    gone = ("autotask_api_user", {"first_name": "Bee", "last_name": "API", "state": "absent"})
    first, again = play(gone, gone).results
    assert (first["changed"], first["pending"], again["changed"]) == (True, False, False)
    [ticket] = tickets(tenant)
    assert lines(tenant, ticket) == []


@pytest.mark.parametrize("rotation", ["", " ", "two\nlines", "x" * 51])
def test_a_rotation_has_a_name(play: Player, rotation: str) -> None:
    assert play(secret(rotation))[0]["code"] == "rotation"


def test_check_mode_writes_nothing(play: Player, tenant: Tenant, bee: Credentials) -> None:
    before = writes(tenant)
    planned = play(secret(), check=True)[0]
    assert (planned["changed"], planned["pending"], len(planned["plan"])) == (True, True, 4)
    assert writes(tenant) == before


def test_a_run_sheet_needs_no_credentials(play: Player) -> None:
    play.connected = False
    asked = play(secret(apply_via="runsheet", runsheet={"path": str(play.folder)}, record_as="example-second"))[0]
    sheet = Path(asked["change"]["reference"])
    assert (asked["pending"], len(asked["plan"])) == (True, 4)
    assert '## secret "Bee API"' in sheet.read_text() and 'integration "example-second"' in sheet.read_text()
    sheet.write_text(sheet.read_text().replace("- [ ]", "- [x]"))
    done = play(secret(apply_via="runsheet", runsheet={"path": str(play.folder)}, record_as="example-second"))[0]
    assert (done["changed"], done["pending_for"]) == (True, "credentials")
