# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A secret is text: sent, stored and handed over as it was typed, never evaluated, and never in what callbacks are told."""

from __future__ import annotations

from typing import Any

import ansible.release
import pytest
import yaml

from sandbox.operator.handover import hand_over
from tests.conftest import ROOT
from tests.sandbox.people import copy_level, new_api_user, sign_in
from tests.sandboxes import Tenant, control

from .events import events, found_in, keep_events
from .planting import keep
from .running import Fleet, Run

# What each would become if somebody evaluated it: the effect of a command, an error, a number.
SECRETS = {
    "a lookup": "{{ lookup('pipe', 'TOUCH') }}",
    "open braces": "Ab{%9xY{#q7{{",
    "a number and a comment": "9#KqW~1Yb7Xo",
}
# Only the oldest ansible-core has two ways of templating, of which one, ANSIBLE_JINJA2_NATIVE, reads what comes out of an expression as a value of Python.
NATIVE = "True" if ansible.release.__version__.startswith("2.18.") else ""
OF_VENDOR, OF_PROVISIONER = ("a number and a comment", "a lookup") if NATIVE else ("a lookup", "open braces")
PROFILE = {
    "profile": 2,
    "integration": "tinsel",
    "vendor": "Tinsel",
    "security_levels": [{"key": "main", "name": "Tinsel API", "baseline": "copy"}],
    "api_users": [
        {
            "key": "main",
            "first_name": "Tinsel",
            "last_name": "API",
            "security_level": "main",
            "tracking_identifier": {"internal_integration_name": "Tinsel"},
        }
    ],
    "handover": {
        "to": "Tinsel",
        "fields": [
            {"name": "Key", "value": "user_name"},
            {"name": "Secret", "value": "secret"},
            {"name": "Code", "value": "integration_code"},
        ],
    },
}
LEVEL = "Tinsel API"


def planted(fleet: Fleet, tenant: Tenant) -> dict[str, str]:
    """Tinsel as somebody set it up by hand; returns what the page of its API user showed."""
    tab = sign_in(tenant)
    copy_level(tab, LEVEL)
    tab.put((), "Active", "", True)
    tab.press("Save & Close")
    tenant.set_cells({"Other|Webhooks|Can create Webhooks|": True}, LEVEL)
    shown = new_api_user(tab, "API", LEVEL, first_name="Tinsel")
    tab.press("Save & Close")
    (fleet.folder / "tinsel.yml").write_text(yaml.safe_dump(PROFILE))
    return shown


def put_secret(tenant: Tenant, first_name: str, secret: str) -> None:
    """The API user has this secret from now on."""
    user = next(user for user in tenant.control("GET", "api-users") if user["first_name"] == first_name)
    tenant.control("PATCH", f"api-users/{user['id']}", {"secret": secret})


def refusals(tenant: Tenant) -> int:
    """How often a secret was refused."""
    return sum(one["status"] == 401 for one in control(tenant.address, "GET", f"requests?tenant={tenant.slug}"))


def stored(fleet: Fleet, tenant: Tenant, folder: str = "credentials", name: str = "tinsel") -> dict[str, Any]:
    """What lies in a file with secrets."""
    return dict(fleet.unlocked(fleet.folder / folder / tenant.slug / f"{name}.yml"))


@pytest.fixture
def watched(fleet: Fleet) -> Fleet:
    """A fleet of one tenant, whose runs keep what callbacks are told, and that works as a provisioner with recorded credentials."""
    fleet.tenants, fleet.bare = fleet.tenants[1:], True
    keep_events(fleet)
    return fleet


def _typed(fleet: Fleet, tenant: Tenant, noted: dict[str, str]) -> None:
    """Somebody answers the prompts of `record_credentials`."""
    fleet.operator(tenant)
    hand_over(f"{fleet.folder / 'record'} {{tenant}} {{integration}}", tenant.slug, "tinsel", noted)


def _tinsel(fleet: Fleet, playbook: str, *arguments: str, **variables: Any) -> Run:
    run = fleet.playbook(f"msp.autotask.{playbook}", *arguments, autotask_profile=str(fleet.folder / "tinsel.yml"), **variables)
    assert run.status == 0, run.output
    return run


def test_a_secret_is_text_in_every_playbook(watched: Fleet) -> None:
    [tenant] = watched.tenants
    canary = watched.folder / "EVALUATED"
    secret, own = (SECRETS[one].replace("TOUCH", f"touch {canary}") for one in (OF_VENDOR, OF_PROVISIONER))
    if NATIVE:
        watched.settings["ANSIBLE_JINJA2_NATIVE"] = NATIVE
    shown = planted(watched, tenant)
    put_secret(tenant, "Tinsel", secret)
    put_secret(tenant, "Provisioner", own)
    code = tenant.access["integration_code"]
    keep(watched, tenant, "credentials", "provisioner", {"user_name": tenant.access["user_name"], "secret": own, "integration_code": code})
    watched.variables["autotask_profiles"] = [str(watched.folder / "tinsel.yml")]
    wanted = {"user_name": shown["UserName"], "secret": secret, "integration_code": shown["ApiIntegrationCode"]}

    # At a prompt, and as an extra variable.
    noted = dict(zip(("Username (Key)", "Password (Secret)", "Tracking Identifier"), wanted.values(), strict=True))
    extra = dict(zip(("autotask_noted_key", "autotask_noted_secret", "autotask_noted_code"), wanted.values(), strict=True))
    recorded = watched.playbook("msp.autotask.record_credentials", autotask_integration="tinsel", autotask_prove_retries=0, **extra)
    assert recorded.status == 0, recorded.output
    assert stored(watched, tenant) == wanted
    (watched.folder / "credentials" / tenant.slug / "tinsel.yml").unlink()
    _typed(watched, tenant, noted)
    assert stored(watched, tenant) == wanted

    # Read again, as the provisioner's, the vendor's, the one that is replaced and the owner's of webhooks.
    outputs = [_tinsel(watched, "provision", "--check", "-vvv", "--diff").output, _tinsel(watched, "provision").output]
    watched.work()
    outputs.append(_tinsel(watched, "provision").output)
    assert stored(watched, tenant, "handover")["fields"] == {
        "Key": wanted["user_name"],
        "Secret": secret,
        "Code": wanted["integration_code"],
    }
    outputs.append(_tinsel(watched, "diagnose").output)
    assert refusals(tenant) == 0
    outputs += [_tinsel(watched, "rotate", *check, autotask_rotation="2026-11").output for check in (["--check"], [])]
    assert stored(watched, tenant, name="tinsel.previous") == wanted
    assert watched.work() == 4, watched.said
    outputs.append(_tinsel(watched, "rotate", autotask_rotation="2026-11").output)
    new = stored(watched, tenant)
    assert new == {**wanted, "secret": new["secret"], "rotation": "2026-11"} and refusals(tenant) == 1  # the dead one, tried once
    put_secret(tenant, "Tinsel", secret)
    keep(watched, tenant, "credentials", "tinsel", wanted)
    outputs += [_tinsel(watched, "retire", *check).output for check in (["--check"], [])]
    assert '"Tinsel API" owns no webhooks' in outputs[-1]  # which only their owner can see
    assert refusals(tenant) == 1 and not canary.exists()

    watched.playbook("msp.autotask.new_profile", autotask_profile=str(watched.folder / "another.yml"))
    secrets = [secret, own, new["secret"], wanted["integration_code"], code]
    told = events(watched)
    assert told.count("Request, verify and hand over") > 10
    assert found_in(told, secrets) == []
    assert found_in("\n".join([*outputs, *watched.said]), secrets) == []


def test_what_is_kept_of_a_console_is_text(watched: Fleet) -> None:
    """A session that is none is refused as what it is, before any browser starts."""
    [tenant] = watched.tenants
    canary = watched.folder / "EVALUATED"
    lookup = SECRETS["a lookup"].replace("TOUCH", f"touch {canary}")
    keep(watched, tenant, "credentials", "console.session", {"session": lookup})
    own = {key: tenant.access[key] for key in ("user_name", "secret", "integration_code")}
    keep(watched, tenant, "credentials", "provisioner", own)
    (watched.folder / "console").mkdir()
    text = SECRETS["a lookup"].replace("TOUCH", f"touch {canary} now")
    doctor = {"doctors_pass": {"passed": True, "url": text, "user_name": text, "locators": text}, "pages": {}}
    (watched.folder / "console" / f"{tenant.slug}.doctor.yml").write_text(yaml.safe_dump(doctor))
    for playbook, variables in (
        ("console_doctor", {}),
        ("provision", {"autotask_vendor": "beecastle", "autotask_apply_via": "console"}),
        ("level_to_profile", {"autotask_level": "BeeCastle API", "autotask_profile": str(watched.folder / "level.yml")}),
    ):
        run = watched.playbook(f"msp.autotask.{playbook}", **variables)
        assert run.status != 0 and "is not a session that playbooks/console_login.yml saved" in " ".join(run.output.split()), run.output
    assert not canary.exists() and found_in(events(watched), [lookup]) == []


@pytest.mark.parametrize("native", sorted({"", NATIVE}))
def test_names_in_a_profile_are_text(native: str, fleet: Fleet) -> None:
    [tenant] = fleet.tenants = fleet.tenants[:1]
    if native:
        fleet.settings["ANSIBLE_JINJA2_NATIVE"] = native
    level, first_name, integration = "9#E {{ 7*7 }} {%", "1e5", "1e6"
    [user] = PROFILE["api_users"]
    changed = {
        "integration": integration,
        "security_levels": [{"key": "main", "name": level}],
        "api_users": [{**user, "first_name": first_name}],
    }
    (fleet.folder / "tinsel.yml").write_text(yaml.safe_dump(PROFILE | changed))
    _tinsel(fleet, "provision", "--check")
    assert fleet.entry(tenant)["integration"] == integration
    steps = [step["text"] for known in fleet.entry(tenant)["objects"] for step in known["plan"]]
    assert any(f'set Name to "{level}"' in step for step in steps) and any(f'set First Name to "{first_name}"' in step for step in steps)
    assert any(f'set Security Level to "{level}"' in step for step in steps) and any(
        f'API user "{first_name} API"' in step for step in steps
    )
    assert "Its API users" not in _tinsel(fleet, "retire", "--check").output
    _tinsel(fleet, "diagnose")


def test_a_host_that_is_called_like_a_number_is_a_tenant_of_that_name(fleet: Fleet) -> None:
    """What it is made of names folders, those of its credentials among them."""
    fleet.settings |= {"ANSIBLE_JINJA2_NATIVE": NATIVE} if NATIVE else {}
    defaults = str(ROOT / "roles" / "integration" / "defaults" / "main.yml")
    passed_on = {"given": "{{ autotask_tenant }}", "options": "{{ {'tenant': autotask_tenant} }}"}
    here = ["(given | string) == inventory_hostname", "(options.tenant | string) == inventory_hostname"]
    task = {"ansible.builtin.assert": {"that": here}, "vars": passed_on}
    path = fleet.folder / "called.yml"
    path.write_text(yaml.safe_dump([{"hosts": "1e5", "gather_facts": False, "vars_files": [defaults], "tasks": [task]}]))
    run = fleet.playbook(str(path), "-i", "1e5,")
    assert run.status == 0 and "ok=1" in run.output, run.output


def test_secrets_that_are_not_encrypted_are_refused(watched: Fleet) -> None:
    [tenant] = watched.tenants
    folder = watched.folder / "credentials" / tenant.slug
    folder.mkdir(parents=True)
    (folder / "provisioner.yml").write_text(yaml.safe_dump({"user_name": "a", "secret": "not-encrypted", "integration_code": "b"}))
    run = watched.provision()
    assert run.status != 0 and "not-encrypted" not in run.output and refusals(tenant) == 0
    assert (folder / "provisioner.yml").read_text().startswith("integration_code")


def test_a_secret_in_the_inventory_that_is_marked_as_no_template_is_text(fleet: Fleet) -> None:
    [tenant] = fleet.tenants = fleet.tenants[:1]
    fleet.settings |= {"ANSIBLE_JINJA2_NATIVE": NATIVE} if NATIVE else {}
    put_secret(tenant, "Provisioner", SECRETS["open braces"])
    (fleet.folder / "host_vars").mkdir()
    (fleet.folder / "host_vars" / f"{tenant.slug}.yml").write_text(f"autotask_secret: !unsafe '{SECRETS['open braces']}'\n")
    run = fleet.playbook("msp.autotask.provision", "--check", autotask_vendor="beecastle")
    assert run.status == 0 and fleet.entry(tenant)["state"] == "planned" and refusals(tenant) == 0, run.output


def test_a_secret_that_is_looked_up_is_text_or_refused_by_name(fleet: Fleet) -> None:
    """Where an expression of the inventory's makes another value of it, a secret that isn't the one would be sent."""
    [tenant] = fleet.tenants = fleet.tenants[:1]
    fleet.settings |= {"ANSIBLE_JINJA2_NATIVE": NATIVE} if NATIVE else {}
    fleet.settings["OF_ALDER"] = SECRETS["a number and a comment"]
    put_secret(tenant, "Provisioner", SECRETS["a number and a comment"])
    looked_up = "lookup('ansible.builtin.env', 'OF_ALDER')"
    for expression, works in ((looked_up, not NATIVE), (f"{looked_up} | string", True)):
        fleet.own[tenant.slug] = {"autotask_secret": f"{{{{ {expression} }}}}"}
        run = fleet.playbook("msp.autotask.provision", "--check", autotask_vendor="beecastle")
        assert (run.status == 0) is works and ("secret: text is needed" in run.output) is not works, run.output
    assert refusals(tenant) == 0
