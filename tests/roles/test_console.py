# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A browser does what people do, ends where they end, and is fenced in. Against the sandbox's synthetic console."""

from __future__ import annotations

import importlib.util
import shutil
import stat
from random import Random
from typing import Any

import pytest
import yaml

from tests.engine.wanted_levels import WantedLevel, some_level
from tests.sandbox.people import new_api_user, sign_in
from tests.sandboxes import Rest, Tenant, control

from .events import events, found_in, keep_events
from .planting import keep
from .running import Fleet, Run
from .tallow import LATER, by_hand, differences, expected, written

pytestmark = [
    pytest.mark.skipif(importlib.util.find_spec("playwright") is None, reason="needs Playwright for Python: requirements/browser.txt"),
    pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Chromium: make chromium"),
]

WRITTEN = ("first_name", "last_name", "email", "active", "locked", "level", "date_format", "time_format", "number_format", "tracking")


def _by_console(fleet: Fleet, *arguments: str, **variables: Any) -> Run:
    return fleet.provision(*arguments, autotask_apply_via="console", **variables)


def _doctor(fleet: Fleet) -> Run:
    return fleet.playbook("msp.autotask.console_doctor")


def _drawn(tenant: Tenant, **options: Any) -> None:
    """How the tenant's console is drawn from now on."""
    control(tenant.address, "PATCH", f"tenants/{tenant.slug}", options)


def _bee(tenant: Tenant) -> list[dict[str, Any]]:
    return [user for user in tenant.control("GET", "api-users") if user["first_name"] == "BeeCastle"]


def _everything(tenant: Tenant) -> Any:
    return tenant.control("GET", "levels"), tenant.control("GET", "api-users"), tenant.control("GET", "records/Tickets")


def test_a_browser_ends_where_people_end(fleet: Fleet) -> None:
    """From nothing to the hand-over in one run, then drift is seen and fixed, and the level is read back as a profile."""
    fleet.variables["beecastle_overrides"] = {
        "api_users": {"main": {"tracking_identifier": {"internal_integration_name": "BeeCastle"}}},
    }
    by_people, by_browser = fleet.tenants
    _drawn(by_people, more_sections=["Workforce Management"])
    _drawn(by_browser, console="mvc", more_sections=["Workforce Management"])
    fleet.tenants = [by_people]
    fleet.provision()
    fleet.work()
    fleet.tenants = [by_browser]
    keep_events(fleet)
    assert _doctor(fleet).status == 0
    tickets = tenant_tickets(by_browser)
    first = _by_console(fleet, "-vvv", "--diff")
    assert first.status == 0, first.output
    assert fleet.entry(by_browser)["state"] == "done" and fleet.entry(by_browser)["access"]["as_expected"] is True
    assert tenant_tickets(by_browser) == tickets
    assert by_browser.level("BeeCastle API")["cells"] == by_people.level("BeeCastle API")["cells"]
    assert {value for key, value in by_browser.level("BeeCastle API")["cells"].items() if key.startswith("Workforce")} == {False}
    [one], [other] = _bee(by_people), _bee(by_browser)
    assert {key: one[key] for key in WRITTEN} == {key: other[key] for key in WRITTEN}

    kept = fleet.folder / "credentials" / by_browser.slug / "beecastle.yml"
    stored = fleet.unlocked(kept)
    headers = {"UserName": stored["user_name"], "Secret": stored["secret"], "ApiIntegrationCode": stored["integration_code"]}
    assert Rest(by_browser.access["rest_url"], headers).call("GET", "Version").status_code == 200
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600 and not kept.with_name("beecastle.escrow.yml").exists()
    handed = fleet.unlocked(fleet.folder / "handover" / by_browser.slug / "beecastle.yml")["fields"]
    assert handed == {"Key": stored["user_name"], "Secret": stored["secret"], "Tracking Identifier": stored["integration_code"]}
    secrets = [stored["secret"], stored["integration_code"], by_browser.access["console_password"]]
    assert found_in(first.output, secrets) == []

    again = _by_console(fleet)
    assert (again.status, again.changed) == (0, [0]), again.output
    evidence = {
        fact: how for known in fleet.entry(by_browser)["objects"] for fact, how in known["evidence"].items() if fact != "Credentials"
    }
    assert set(evidence.values()) == {"read"}

    drifted = {"CRM|Object Permissions|Opportunities & Quotes|Edit": "All", "Projects||Can enter time on|": "All Tasks"}
    by_browser.set_cells({**drifted, "Workforce Management||Can give feedback on Smart Ticket Triage|": True}, "BeeCastle API")
    before = _everything(by_browser)
    looked = _by_console(fleet, "--check", "--diff", autotask_access_must_match=False)
    assert looked.status == 0, looked.output
    [level] = [known for known in fleet.entry(by_browser)["objects"] if known["subject"].startswith("level")]
    seen = {"CRM > Object Permissions > Opportunities & Quotes > Edit": "All", "Projects > Can enter time on": "All Tasks"}
    seen |= {"Every other section": "something else"}
    assert level["diff"]["before"] == seen
    assert _everything(by_browser) == before
    fixed = _by_console(fleet, autotask_access_must_match=False)
    assert fixed.status == 0, fixed.output
    assert by_browser.level("BeeCastle API")["cells"] == by_people.level("BeeCastle API")["cells"]

    asked = fleet.playbook(
        "msp.autotask.rotate", "--check", autotask_vendor="beecastle", autotask_rotation="2026-11", autotask_apply_via="console"
    )
    assert asked.status == 0, asked.output

    path = fleet.folder / "as-it-is.yml"
    read = fleet.playbook("msp.autotask.level_to_profile", autotask_level="BeeCastle API", autotask_profile=str(path))
    assert read.status == 0, read.output
    assert found_in(events(fleet), secrets) == []
    profile = yaml.safe_load(path.read_text())
    assert profile["security_levels"][0]["webhooks"] == {"maximum": 20}
    fleet.tenants = [by_people]
    # What is read back is beecastle's there, too.
    path.write_text(yaml.safe_dump({**profile, "integration": "beecastle"}))
    same = fleet.playbook("msp.autotask.provision", "--check", autotask_profile=str(path))
    assert same.status == 0, same.output


def test_the_levels_are_what_the_profile_says_and_a_secret_in_escrow_is_text(fleet: Fleet) -> None:
    """Cell by cell: new levels, and one that is there; then once more, on levels that are live."""
    [tenant] = fleet.tenants = fleet.tenants[1:]
    copied = by_hand(tenant, "By hand")
    by_hand(tenant, "Tallow Limited")
    tab = sign_in(tenant)
    shown = new_api_user(tab, "API", "Tallow Limited", first_name="Tallow")
    tab.press("Save & Close")
    canary = fleet.folder / "EVALUATED"
    secret = "{{ lookup('pipe', 'touch " + str(canary) + "') }}"
    user = next(user for user in tenant.control("GET", "api-users") if user["first_name"] == "Tallow")
    tenant.control("PATCH", f"api-users/{user['id']}", {"secret": secret})
    noted = {"user_name": shown["UserName"], "secret": secret, "integration_code": shown["ApiIntegrationCode"]}
    keep(fleet, tenant, "credentials", "tallow.escrow", noted)
    assert _doctor(fleet).status == 0
    for later in (False, True):
        options = {"autotask_profile": written(fleet), "autotask_apply_via": "console", "autotask_overrides": LATER if later else {}}
        run = fleet.playbook("msp.autotask.provision", **options)
        assert run.status == 0 and run.changed != [0], run.output
        assert differences(tenant, expected(copied, later)) == {}
        assert fleet.unlocked(fleet.folder / "credentials" / tenant.slug / "tallow.yml") == noted
    assert not canary.exists()


def test_the_editor_holds_what_random_profiles_say(fleet: Fleet) -> None:
    """A level that is new, one that was made by hand, and one that is a plain copy; then once more, now that all of them are there."""
    [tenant] = fleet.tenants = fleet.tenants[1:]
    names = [f"Bramble {number}" for number in range(3)]
    before = [
        by_hand(tenant, "By hand"),
        by_hand(tenant, names[1], {"CRM|Object Permissions|Contacts|Add": "No"}),
        by_hand(tenant, names[2]),
    ]
    assert _doctor(fleet).status == 0
    for chance in map(Random, (1, 2)):
        wanted = [some_level(chance, baseline) for baseline in ("none", "copy", "copy")]
        path = fleet.folder / "bramble.yml"
        path.write_text(yaml.safe_dump(_with_levels(names, wanted)))
        run = fleet.playbook("msp.autotask.provision", autotask_profile=str(path), autotask_apply_via="console")
        assert run.status == 0, run.output
        stored = [one.stored(cells) for one, cells in zip(wanted, before, strict=True)]
        assert differences(tenant, dict(zip(names, stored, strict=True))) == {}
        before = stored


def _with_levels(names: list[str], wanted: list[WantedLevel]) -> dict[str, Any]:
    keys = [f"level{number}" for number in range(len(names))]
    return {
        "profile": 2,
        "integration": "bramble",
        "vendor": "Bramble",
        "security_levels": [{"key": key, "name": name, **one.written()} for key, name, one in zip(keys, names, wanted, strict=True)],
        "api_users": [
            {
                "key": key,
                "first_name": name,
                "last_name": "API",
                "security_level": key,
                "tracking_identifier": {"internal_integration_name": "Bramble"},
            }
            for key, name in zip(keys, names, strict=True)
        ],
    }


def tenant_tickets(tenant: Tenant) -> Any:
    return tenant.control("GET", "records/Tickets")


def test_nothing_is_written_without_the_doctors_pass(fleet: Fleet) -> None:
    [tenant] = fleet.tenants = fleet.tenants[1:]
    before = _everything(tenant)
    run = _by_console(fleet)
    assert run.status != 0 and "writes nothing without a doctor's pass" in " ".join(run.output.split())
    looked = _by_console(fleet, "--check")
    assert looked.status == 0, looked.output
    assert fleet.entry(tenant)["state"] == "planned"
    _drawn(tenant, console_traps=["renamed_labels"])
    failed = _doctor(fleet)
    assert failed.status != 0 and "will write nothing there" in " ".join(failed.output.split())
    kept = yaml.safe_load((fleet.folder / "console" / f"{tenant.slug}.doctor.yml").read_text())
    assert kept["doctors_pass"]["passed"] is False
    assert _everything(tenant) == before


def test_a_wrong_password_is_tried_once(fleet: Fleet) -> None:
    [tenant] = fleet.tenants = fleet.tenants[1:]
    keep_events(fleet)
    run = fleet.playbook(
        "msp.autotask.provision",
        autotask_vendors=["beecastle"],
        autotask_apply_via="console",
        autotask_console={
            "url": tenant.access["console_url"],
            "user_name": tenant.access["console_user"],
            "password": "wrong-password",
            "browser": shutil.which("chromium"),
        },
    )
    assert run.status != 0 and "sign" in run.output
    nobody_looks = fleet.playbook("msp.autotask.console_login")
    assert nobody_looks.status != 0 and "needs a display" in " ".join(nobody_looks.output.split())
    assert found_in(events(fleet), ["wrong-password", tenant.access["console_password"]]) == []
    _doctor(fleet)  # with the right one: the account isn't locked
    assert (fleet.folder / "console" / f"{tenant.slug}.doctor.yml").exists()
