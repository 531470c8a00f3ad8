# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a run of `provision` sets up, and what it says of what is set up and no longer listed: never a word on an integration of another's."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT
from tests.modules.playing import writes
from tests.sandboxes import Tenant

from .running import Fleet, Run
from .test_site import kept, set_up, site

UNLISTED = re.compile(
    r"^([a-z0-9-]+) has a change ticket on \S+, and is no longer listed for it\..*\n((?:  .*\n)*?  ansible-playbook .*\n)", re.MULTILINE
)
OWN_NAMES = {"beecastle": "BeeCastle", "salesbuildr": "Salesbuildr"}


def _provision(fleet: Fleet, *arguments: str, **variables: Any) -> Run:
    run = fleet.playbook("msp.autotask.provision", *arguments, **variables)
    assert run.status == 0, run.output
    return run


def _unlisted(run: Run) -> dict[str, str]:
    """What a run says of each integration that is set up and not listed."""
    return {found[1]: found[2] for found in UNLISTED.finditer(run.output)}


def _check_names(said: dict[str, str], *integrations: str) -> None:
    """Each is told with its own command, its own level and its own user, and with nobody else's."""
    assert sorted(said) == sorted(integrations)
    for integration, text in said.items():
        others = [name for key, name in OWN_NAMES.items() if key != integration]
        assert f"-e autotask_integration={integration}" in text
        assert f'API user "{OWN_NAMES[integration]} API' in text and 'Level "' in text
        assert not [name for name in others if name in text or name.lower() in text], text


def test_only_a_tenants_full_run_tells_what_is_listed_no_more_and_by_its_own_names(fleet: Fleet) -> None:
    [tenant] = fleet.tenants = fleet.tenants[1:]
    set_up(fleet)
    before = kept(fleet, tenant)

    fleet.variables["autotask_vendors"] = ["salesbuildr"]
    written = writes(tenant)
    run = _provision(fleet)
    _check_names(_unlisted(run), "beecastle")
    assert f"msp.autotask.retire -l {tenant.slug} -e autotask_integration=beecastle" in run.output
    assert (run.changed, writes(tenant)) == ([0], written)
    [entry] = fleet.report()["tenants"][0]["unlisted"]
    assert (entry["integration"], fleet.report()["check_mode"]) == ("beecastle", False)
    _check_names({"beecastle": "\n".join([*entry["means"], entry["command"]])}, "beecastle")
    fleet.variables["autotask_vendors"] = []
    _check_names(_unlisted(_provision(fleet)), "beecastle", "salesbuildr")
    # A vendor that is new on the tenant has steps, and they are not what retires another.
    fleet.variables["autotask_vendors"] = ["salesbuildr", "guardz"]
    fleet.variables["guardz_lines_of_business"] = ["Managed Services"]
    said = _unlisted(_provision(fleet, "--check"))
    _check_names(said, "beecastle")
    assert "Guardz" not in said["beecastle"]

    fleet.variables["autotask_vendors"] = ["guardz"]
    for run in (
        _provision(fleet, autotask_vendors=["beecastle"]),
        _provision(fleet, "-e", "autotask_vendor=beecastle"),
        _provision(fleet, "-e", "autotask_vendors="),
        _provision(fleet, "--check", autotask_profile=str(ROOT / "roles" / "work365" / "files" / "profile.yml")),
        site(fleet, [("provision", {"autotask_vendors": ["beecastle"]})]),
        _by_role(fleet, "beecastle"),
    ):
        assert run.status == 0 and "RECAP" in run.output and _unlisted(run) == {}, run.output
    # What an earlier playbook of the run was about doesn't count as listed.
    fleet.variables["autotask_vendors"] = ["salesbuildr"]
    _check_names(_unlisted(site(fleet, [("diagnose", {"autotask_vendor": "beecastle"}), ("provision", {})])), "beecastle")
    assert kept(fleet, tenant) == before

    # From the change tickets alone; afterwards there is nothing to say.
    assert fleet.playbook("msp.autotask.retire", autotask_integration="beecastle").status == 0
    assert sorted(_unlisted(_provision(fleet))) == ["beecastle"]
    assert fleet.work() == 3, fleet.said
    assert fleet.playbook("msp.autotask.retire", autotask_integration="beecastle").status == 0
    assert [user["first_name"] for user in _active(tenant)] == ["Provisioner", "Salesbuildr"]
    assert tenant.level("BeeCastle API")["active"] is False
    assert kept(fleet, tenant) == {name: content for name, content in before.items() if "beecastle" not in name}
    assert _unlisted(_provision(fleet)) == {}


def _active(tenant: Tenant) -> list[dict[str, Any]]:
    return sorted((user for user in tenant.control("GET", "api-users") if user["active"]), key=lambda user: str(user["first_name"]))


def _by_role(fleet: Fleet, vendor: str) -> Run:
    path = fleet.folder / "role.yml"
    path.write_text(yaml.safe_dump([{"hosts": "all", "gather_facts": False, "roles": [f"msp.autotask.{vendor}"]}]))
    return fleet.playbook(str(path))


@pytest.mark.parametrize("given", ["autotask_vendors=guardz,beecastle,guardz", "autotask_vendors=['guardz','beecastle']"])
def test_vendors_are_named_as_text(fleet: Fleet, given: str) -> None:
    fleet.tenants = fleet.tenants[:1]
    fleet.variables |= {"autotask_vendors": ["salesbuildr"], "guardz_lines_of_business": ["Managed Services"]}
    _provision(fleet, "--check", "-e", given)
    [tenant] = fleet.report()["tenants"]
    assert [entry["integration"] for entry in tenant["integrations"]] == ["guardz", "beecastle"]


@pytest.mark.parametrize(
    ("playbook", "variables"),
    [
        ("provision", {"autotask_vendor": "beecastel"}),
        ("provision", {"autotask_vendors": ["guardz", "beecastel"]}),
        ("provision", {"autotask_vendors": "../roles/beecastle"}),
        ("diagnose", {"autotask_vendor": "beecastel"}),
        ("rotate", {"autotask_vendor": "beecastel", "autotask_rotation": "2026-11"}),
        ("retire", {"autotask_vendor": "beecastel"}),
    ],
)
def test_a_misspelt_vendor_is_told_the_names_there_are(fleet: Fleet, playbook: str, variables: dict[str, Any]) -> None:
    [tenant] = fleet.tenants = fleet.tenants[:1]
    run = fleet.playbook(f"msp.autotask.{playbook}", **variables)
    said = " ".join(run.output.split()).replace("\\", "")
    assert run.status != 0
    assert 'There are "beecastle", "guardz", "onestream", "provisioner", "salesbuildr" and "work365".' in said
    assert writes(tenant) == []


@pytest.mark.parametrize(
    "given",
    [
        "autotask_vendors=['guardz', 'beecastle']",  # Ansible takes `name=value` pairs apart at blanks
        "autotask_vendors=beecastle, guardz",
        '{"autotask_vendors": {"beecastle": {}}}',
        '{"autotask_vendors": true}',
        '{"autotask_profiles": {"path": "my-vendor.yml"}}',
    ],
)
def test_what_is_no_list_of_names_is_refused(fleet: Fleet, given: str) -> None:
    fleet.variables["guardz_lines_of_business"] = ["Managed Services"]
    run = fleet.playbook("msp.autotask.provision", "-e", given)
    assert run.status != 0 and "cut off at a blank" in run.output
    assert writes(fleet.tenants[0]) == []


@pytest.mark.parametrize(
    ("playbook", "variables"),
    [
        ("provision", {"autotask_vendor": "guardz", "autotask_profile": "my-vendor.yml"}),
        ("provision", {"autotask_integration": "guardz"}),
        ("diagnose", {"autotask_vendor": "guardz", "autotask_profile": "my-vendor.yml"}),
        ("rotate", {"autotask_vendor": "guardz", "autotask_profile": "my-vendor.yml", "autotask_rotation": "2026-11"}),
        ("retire", {"autotask_vendor": "guardz", "autotask_profile": "my-vendor.yml"}),
        ("retire", {"autotask_vendor": "guardz", "autotask_integration": "beecastle"}),
        ("retire", {"autotask_integration": "guardz", "autotask_profile": "my-vendor.yml"}),
    ],
)
def test_what_is_named_in_two_ways_is_refused(fleet: Fleet, playbook: str, variables: dict[str, Any]) -> None:
    """One of the two would be set up, rotated or retired without a word on the other."""
    run = fleet.playbook(f"msp.autotask.{playbook}", **variables)
    assert run.status != 0 and "-e autotask_vendor=..." in run.output and "-e autotask_profile=..." in run.output
    assert writes(fleet.tenants[0]) == []


def test_a_tenant_that_lists_nothing_is_told_so_and_nothing_is_proposed(fleet: Fleet) -> None:
    fleet.tenants = fleet.tenants[:1]
    fleet.provision()
    run = _provision(fleet, autotask_apply_via="ticket")
    assert "Nothing is to be set up on" in run.output and _unlisted(run) == {}


def test_an_incomplete_profile_is_set_up_only_where_the_tenant_allows_it(fleet: Fleet) -> None:
    fleet.tenants = fleet.tenants[:1]
    profile = yaml.safe_load((ROOT / "roles" / "beecastle" / "files" / "profile.yml").read_text())
    given = {**profile, "incomplete": ["What the section Reports needs stands in a picture."]}
    refused = fleet.playbook("msp.autotask.provision", autotask_profile=given, autotask_email="integrations@example.com")
    assert refused.status != 0 and "stands in a picture" in refused.output and "autotask_allow_incomplete" in refused.output
    assert writes(fleet.tenants[0]) == []
    planned = _provision(fleet, "--check", autotask_profile=given, autotask_email="integrations@example.com")
    assert "A real run would be refused" in planned.output and writes(fleet.tenants[0]) == []
    _provision(fleet, "--check", autotask_profile=given, autotask_email="integrations@example.com", autotask_allow_incomplete=True)


def test_each_integration_of_a_tenant_has_choices_of_its_own(fleet: Fleet) -> None:
    """Two profiles, each with what the tenant chooses of it; a run that names one of them takes its choices along."""
    [tenant] = fleet.tenants = fleet.tenants[:1]
    own = str(ROOT / "roles" / "work365" / "files" / "profile.yml")
    fleet.variables["autotask_integrations"] = [
        {"profile": "beecastle", "included": ["vendors_and_partners"], "email": "beecastle@example.com"},
        {"profile": own, "overrides": {"security_levels": {"main": {"name": "Ours"}}}, "email": "ours@example.com"},
    ]
    _provision(fleet, "--check")
    plans = {entry["integration"]: _plan(entry) for entry in fleet.report()["tenants"][0]["integrations"]}
    assert list(plans) == ["beecastle", "work365"]
    assert '"Vendor & Partners" to "All"' in plans["beecastle"] and "beecastle@example.com" in plans["beecastle"]
    assert 'set Name to "Ours"' in plans["work365"] and "ours@example.com" in plans["work365"]
    _provision(fleet, "--check", autotask_profile=own)
    [entry] = fleet.report()["tenants"][0]["integrations"]
    assert 'set Name to "Ours"' in _plan(entry)
    assert writes(tenant) == []


def _plan(entry: dict[str, Any]) -> str:
    return "\n".join(step["text"] for known in entry["objects"] for step in known["plan"])


def test_an_entry_that_names_nothing_is_told_of_before_anything_is_asked_for(fleet: Fleet) -> None:
    [tenant] = fleet.tenants = fleet.tenants[:1]
    fleet.variables["autotask_integrations"] = [{"profile": "beecastle", "include": ["vendors_and_partners"]}]
    run = fleet.playbook("msp.autotask.provision")
    assert run.status != 0 and "autotask_integrations > 1 > include: there is no such key here." in run.output
    assert writes(tenant) == []
