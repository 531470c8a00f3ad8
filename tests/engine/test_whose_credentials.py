# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whose credentials these are: those of one tenant never serve another, whoever recorded, copied or renamed them, and a tenant that moves isn't locked out."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from ansible.parsing.vault import VaultSecret

from ansible_collections.msp.autotask.plugins.plugin_utils._vault import VaultFiles

from .running import ALDER, BIRCH, House, Result, entries, profile

OWN = ("user_name", "secret", "integration_code")
ELSEWHERE = "https://webservices5.autotask.net/ATServicesRest/v1.0/"
REFUSED = "other_tenants_credentials"


def access(house: House) -> dict[str, str]:
    """What the tenant's own provisioner signs in with."""
    return {name: str(house.tenant.access[name]) for name in OWN}


def recorded(house: House, *profiles: Any) -> House:
    """The house, whose runs work as the recorded provisioner; what the profiles ask for is set up."""
    house.options = {**house.options, **dict.fromkeys(OWN, "")}
    assert house.record("provisioner", access(house))["evidence"] == "effect"
    if profiles:
        house.set_up(*profiles)
    return house


def forget_home(house: House, *names: str) -> None:
    """Nothing says any more where these were recorded, as before that was kept."""
    (house.path("home").parent / "home.json").unlink(missing_ok=True)
    for name in names:
        known = house.kept(name) or {}
        house.keep(name, {key: value for key, value in known.items() if key not in ("zone", "database")})


def home_of(house: House) -> dict[str, Any]:
    """What is kept of where the tenant lives, in the clear."""
    found: dict[str, Any] = json.loads((house.path("home").parent / "home.json").read_text())
    return found


def elsewhere(house: House, *names: str) -> None:
    """The tenant was in another zone when these were recorded."""
    (house.path("home").parent / "home.json").write_text(json.dumps({**home_of(house), "zone": ELSEWHERE}))
    for name in names:
        house.keep(name, {**(house.kept(name) or {}), "zone": ELSEWHERE})


@contextmanager
def untouched(*those: House) -> Iterator[None]:
    """In this block nothing is written, and nobody is asked for more than where a key belongs: no secret is sent."""
    before = [(house.state(), house.files(), house.requests()) for house in those]
    yield
    for house, (state, files, requests) in zip(those, before, strict=True):
        assert (house.state(), house.files()) == (state, files)
        assert {kind.lower() for kind in house.requests() - requests} <= {"get zoneinformation"}


def refused(result: Result, *words: str, code: str = REFUSED) -> None:
    """The result is a refusal that says these words, and no secret."""
    assert result.get("failed") and result["code"] == code, result
    assert all(word in result["msg"] for word in words), result["msg"]


@pytest.fixture
def alder(house_of: Callable[[int], House]) -> House:
    return house_of(ALDER)


@pytest.fixture
def birch(house_of: Callable[[int], House]) -> House:
    return house_of(BIRCH)


# When they are recorded


@pytest.mark.parametrize("known", ["as it is", "another vault password", "by an older version"])
@pytest.mark.parametrize("check", [False, True])
def test_what_is_recorded_for_a_neighbour_is_not_recorded_here(known: str, check: bool, alder: House, birch: House) -> None:
    recorded(birch)
    if known == "by an older version":
        forget_home(birch, "provisioner")
    if known == "another vault password":
        alder.files_of_run = lambda: VaultFiles([("default", VaultSecret(b"alder's own"))])
    alder.options = dict.fromkeys(OWN, "")
    before = alder.files(), birch.state(), alder.state()
    result = alder.record("provisioner", access(birch), check=check)
    refused(result, 'tenant "birch"', "Nothing was stored", "autotask_tenant: birch")
    assert (alder.files(), birch.state(), alder.state()) == before and access(birch)["secret"] not in str(result)


@pytest.mark.parametrize("known", ["as it is", "by an older version"])
def test_what_lives_elsewhere_than_the_tenant_is_not_recorded_for_it(known: str, alder: House, birch: House) -> None:
    recorded(alder)
    if known == "by an older version":
        forget_home(alder, "provisioner")
    before = alder.files()
    refused(alder.record("provisioner", access(birch)), "database 900002", '"alder" has the database 900001', "Nothing was stored")
    assert alder.files() == before


def test_where_they_were_proven_is_kept_with_them_and_in_the_clear_without_them(alder: House) -> None:
    recorded(alder, profile("tinsel"))
    zone = alder.tenant.access["rest_url"].replace("atservicesrest", "ATServicesRest").rstrip("/") + "/"
    for name in ("provisioner", "tinsel"):
        kept = alder.kept(name) or {}
        assert (kept["tenant"], kept["zone"].casefold(), kept["database"]) == ("alder", zone.casefold(), "900001")
    path = alder.path("home").parent / "home.json"
    assert {**home_of(alder), "zone": ""} == {"version": 1, "tenant": "alder", "zone": "", "database": "900001"}
    assert path.stat().st_mode & 0o777 == 0o600


# When they are used


def test_a_provisioner_that_was_copied_is_refused(alder: House, birch: House) -> None:
    recorded(birch)
    alder.options = dict.fromkeys(OWN, "")
    alder.path("provisioner").parent.mkdir(parents=True)
    shutil.copy(birch.path("provisioner"), alder.path("provisioner"))
    alder.want(profile("tinsel"))
    for run in (alder.ensure, alder.rotate, alder.diagnose):
        with untouched(alder, birch):
            refused(run(), 'of the tenant "birch", not of "alder"', "autotask_tenant: birch", "record_credentials")
    with untouched(alder, birch):
        refused(alder.record("provisioner", access(alder)), "move the file away")
    alder.path("provisioner").unlink()
    assert alder.record("provisioner", access(alder))["changed"] and not alder.ensure().get("failed")


@pytest.mark.parametrize(("with_home", "pinned"), [(True, False), (True, True), (False, False)])
def test_a_provisioner_that_names_no_tenant_is_held_against_where_it_leads(
    with_home: bool, pinned: bool, alder: House, birch: House
) -> None:
    """As older versions recorded it: copied to where alder's own was, or to where nothing was while birch's home is known."""
    recorded(birch)
    if with_home:
        recorded(alder)
    alder.options = {**dict.fromkeys(OWN, ""), **({"zone_url": birch.tenant.access["rest_url"]} if pinned else {})}
    alder.keep("provisioner", access(birch))
    alder.want(profile("tinsel"))
    for run in (alder.ensure, alder.rotate, alder.diagnose):
        with untouched(alder, birch):
            refused(run(), "lead to the database 900002", 'tenant "birch"', "nothing was sent")


@pytest.mark.parametrize("given", [True, False])
def test_an_integrations_that_were_copied_and_renamed_are_refused(given: bool, alder: House, birch: House) -> None:
    """`given` says that alder's provisioner comes from variables, so that nothing but the run itself tells where alder lives."""
    recorded(birch, profile("wicker"))
    if not given:
        recorded(alder)
    alder.ensure(profile("tinsel"))
    alder.employee.record = lambda *_noted: None
    alder.work()
    kept = birch.kept("wicker") or {}
    for content in (kept, {**kept, "tenant": "alder"}):
        alder.keep("tinsel", content)
        before = alder.files(), birch.state(), birch.requests()
        for result in (alder.ensure(), alder.rotate(), alder.ensure({"profile": profile("tinsel"), "state": "absent"})):
            refused(result, str(alder.path("tinsel")), "Otherwise move the file away" if content is kept else "database 900002")
        assert (alder.files(), birch.state(), birch.requests()) == before
        alder.want(profile("tinsel"))
        refused(alder.diagnose())


@pytest.mark.parametrize("pinned", [False, True])
@pytest.mark.parametrize("with_home", [True, False])
def test_credentials_that_come_from_variables_are_held_against_what_is_recorded(
    pinned: bool, with_home: bool, alder: House, birch: House
) -> None:
    """Where nothing is recorded for alder, what is recorded for its neighbours counts; a pinned zone says nothing of that."""
    recorded(birch)
    if with_home:
        recorded(alder)
    alder.want(profile("tinsel"))
    alder.options = {**access(birch), **({"zone_url": birch.tenant.access["rest_url"]} if pinned else {})}
    if pinned and not with_home:
        assert not alder.ensure(check=True).get("failed")
        return
    for run in (alder.ensure, alder.rotate, alder.diagnose):
        with untouched(alder, birch):
            refused(run(), "database 900002", "birch", "Correct autotask_user_name")
    alder.options = {**access(alder), **({"zone_url": alder.tenant.access["rest_url"]} if pinned else {})}
    assert not alder.ensure(check=True).get("failed")


def test_what_was_recorded_before_is_used_and_bound_at_the_next_write(alder: House) -> None:
    recorded(alder, profile("tinsel"))
    forget_home(alder, "provisioner", "tinsel")
    before = alder.files()
    settled = alder.ensure()
    assert not settled["changed"] and alder.files() == before
    assert alder.record("provisioner", access(alder))["changed"] and home_of(alder)["database"] == "900001"
    assert not alder.record("provisioner", access(alder))["changed"]
    assert "database" not in (alder.kept("tinsel") or {})
    alder.rotate()
    alder.work()
    assert not alder.rotate()["pending"] and (alder.kept("tinsel") or {})["database"] == "900001"


@pytest.mark.parametrize("pinned", [False, True])
def test_that_nothing_is_another_tenants_costs_no_request(pinned: bool, alder: House) -> None:
    recorded(alder, profile("tinsel"))
    alder.options |= {"zone_url": alder.tenant.access["rest_url"]} if pinned else {}
    before = alder.requests()
    assert not alder.ensure()["changed"]
    bound, before = alder.requests() - before, alder.requests()
    forget_home(alder, "provisioner", "tinsel")
    assert not alder.ensure()["changed"]
    assert alder.requests() - before == bound and not any("zoneinformation" in kind.lower() for kind in bound)


# Tenants that move, and tenants with two names


def test_a_tenant_that_autotask_moved_is_refused_until_its_provisioner_is_recorded_again(alder: House) -> None:
    recorded(alder, profile("tinsel"))
    elsewhere(alder, "provisioner", "tinsel")
    for run in (alder.ensure, alder.rotate, alder.diagnose):
        with untouched(alder):
            refused(run(), ELSEWHERE, 'record "provisioner" again', code="moved_tenant")
    assert alder.record("provisioner", access(alder))["changed"]
    assert any("in another zone now" in line and ELSEWHERE in line for line in alder.said)
    assert entries(alder.ensure()) == {"tinsel": "done"} and (alder.kept("tinsel") or {})["zone"] == ELSEWHERE
    alder.rotate()
    alder.work()
    assert not alder.rotate()["pending"] and ELSEWHERE not in str((alder.kept("tinsel"), home_of(alder)))


def test_a_moved_tenant_without_a_provisioner(alder: House) -> None:
    """Run sheets need none: what is proven of the integration is proven with its own credentials."""
    alder.options = {**dict.fromkeys(OWN, ""), "apply_via": "runsheet"}
    alder.ensure(profile("tinsel"))
    alder.finish()
    elsewhere(alder, "tinsel")
    with untouched(alder):
        refused(alder.ensure(), 'record "tinsel" again', code="moved_tenant")
    known = alder.kept("tinsel") or {}
    assert alder.record("tinsel", {name: known[name] for name in OWN})["changed"]
    assert entries(alder.ensure()) == {"tinsel": "done"}


def test_a_moved_tenant_whose_provisioner_comes_from_variables(alder: House) -> None:
    alder.set_up(profile("tinsel"))
    elsewhere(alder, "tinsel")
    path = alder.path("home").parent / "home.json"
    with untouched(alder):
        refused(alder.ensure(), f"remove {path}", code="moved_tenant")
    path.unlink()
    assert entries(alder.ensure()) == {"tinsel": "done"}


def test_a_zone_that_is_pinned_elsewhere_is_sent_nothing(alder: House) -> None:
    recorded(alder, profile("tinsel"))
    alder.options |= {"zone_url": ELSEWHERE}
    with untouched(alder):
        refused(alder.ensure(), ELSEWHERE, "autotask_zone_url", code="moved_tenant")


def test_a_tenant_with_two_names_keeps_one(birch: House) -> None:
    recorded(birch, profile("tinsel"))
    result = birch.record("provisioner", access(birch), tenant="birch-staging")
    refused(result, "autotask_tenant: birch for its host")
    assert not (birch.folder / "credentials" / "birch-staging").exists()
    refused(birch.ensure(tenant="birch-staging", **access(birch)), "autotask_tenant: birch for its host")
    assert entries(birch.ensure(tenant="birch")) == {"tinsel": "done"}
    other = str(birch.folder / "staging")
    assert birch.record("provisioner", access(birch), tenant="birch-staging", credentials_store={"folder": other})["changed"]


def test_a_renamed_tenant_keeps_its_name(birch: House) -> None:
    recorded(birch, profile("tinsel"))
    folder = birch.path("home").parent
    folder.rename(folder.with_name("bay"))
    refused(birch.ensure(tenant="bay"), 'of the tenant "birch", not of "bay"', "autotask_tenant: birch for its host")
    refused(birch.ensure(tenant="bay", **access(birch)), 'holds the address of the tenant "birch"')
    folder.with_name("bay").rename(folder)
    assert entries(birch.ensure(tenant="birch")) == {"tinsel": "done"}


# What is damaged


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"version": 1}', '{"version": "1", "tenant": "alder", "zone": "", "database": ""}', "[" * 100_000]
)
def test_a_home_that_is_damaged_is_named_and_can_be_removed(text: str, alder: House) -> None:
    recorded(alder, profile("tinsel"))
    path = alder.path("home").parent / "home.json"
    path.write_text(text)
    with untouched(alder):
        refused(alder.ensure(), str(path), "remove it", code="home_file")
        refused(alder.record("provisioner", access(alder)), str(path), code="home_file")
    path.unlink()
    assert not alder.ensure()["changed"] and not alder.record("provisioner", access(alder)).get("failed")


def test_a_neighbours_damaged_home_or_an_old_copy_of_a_folder_keeps_nobody_from_recording(alder: House, birch: House) -> None:
    recorded(birch)
    folder = birch.path("home").parent
    shutil.copytree(folder, folder.with_name("birch.old"))
    (folder / "home.json").write_text("{")
    assert recorded(alder).kept("provisioner")
    (folder / "home.json").unlink()
    assert not recorded(birch).ensure(profile("tinsel")).get("failed")
