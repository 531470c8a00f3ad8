# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a tenant's variables list: by groups that add up, and as text where nothing else can be given; what isn't understood is refused by its name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.msp.autotask.plugins.lookup.integrations import OF_VENDOR, LookupModule
from ansible_collections.msp.autotask.plugins.plugin_utils._lists import entries_of, texts_of
from ansible_collections.msp.autotask.plugins.plugin_utils._variables import wrong_names
from tests.conftest import ROOT


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file that tests name is where the run was started; nobody reads it."""
    (tmp_path / "ours.yml").touch()
    monkeypatch.chdir(tmp_path)


def listed(of_run: dict[str, Any] | None = None, state: str = "present", **variables: Any) -> dict[str, Any]:
    """What the lookup makes of a host's variables, and of those that the run names itself."""
    loader = DataLoader()
    known = {**variables, **(of_run or {}), "inventory_hostname": "alder", "hostvars": {"alder": variables}}
    [found] = LookupModule(loader=loader, templar=Templar(loader=loader, variables=known)).run([], known, state=state)
    return dict(found)


def profiles(found: dict[str, Any]) -> list[Any]:
    return [entry["profile"] for entry in found["integrations"]]


@pytest.mark.parametrize("variable", ["autotask_vendor", "autotask_vendors", "autotask_vendors_backup"])
def test_a_misspelt_vendor_is_told_where_it_stands(variable: str) -> None:
    with pytest.raises(AnsibleError, match=f'^{variable}: there is no vendor "beecastel". Nearest: "beecastle"'):
        listed(**{variable: "beecastel"})


WRONG_NAMES = {
    "autotask_vendr": 'Nearest: "autotask_vendor"',
    "autotask_wait_minute": 'Nearest: "autotask_wait_minutes"',
    "autotask_vendor_names": "there is no such variable",
    "beecastle_include": 'Nearest: "beecastle_included"',
    "beecastle_optional": "is called beecastle_included since version 0.2.0",
    "guardz_without": "is called guardz_excluded since version 0.2.0",
    "provisioner_line_of_business": 'Nearest: "provisioner_lines_of_business"',
}


@pytest.mark.parametrize("state", ["present", "any", "absent"])
@pytest.mark.parametrize("name", WRONG_NAMES)
def test_a_variable_that_nothing_knows_is_refused_with_the_nearest(name: str, state: str) -> None:
    with pytest.raises(AnsibleError, match=f"{name}: .*{WRONG_NAMES[name]}"):
        listed(state=state, autotask_vendor="guardz", **{name: ["x"]})


def test_all_of_them_are_told_at_once() -> None:
    with pytest.raises(AnsibleError) as told:
        listed(**dict.fromkeys(WRONG_NAMES))
    assert [line.partition(":")[0] for line in str(told.value).splitlines()] == sorted(WRONG_NAMES)


def _variables(file: str) -> Iterator[str]:
    for path in sorted(ROOT.glob(f"roles/*/{file}")):
        content = yaml.safe_load(path.read_text())
        for known in content.get("argument_specs", {"": {"options": content}}).values():
            yield from known.get("options") or {}


def test_every_variable_of_every_role_and_playbook_is_known() -> None:
    names = {*_variables("meta/argument_specs.yml"), *_variables("defaults/main.yml"), *_variables("vars/main.yml")}
    assert "autotask_vendors" in names and "guardz_included" in names and len(names) > 40
    # Of playbooks: hosts, batches, what is asked for. Of vendors: what stands for a variable of the tenant.
    names |= {"autotask_hosts", "autotask_batch", "autotask_noted_secret", "beecastle_email", "guardz_apply_via", "autotask_handed_over"}
    assert list(wrong_names(dict.fromkeys(names), OF_VENDOR, ())) == []


def test_what_is_somebody_elses_is_let_alone() -> None:
    own = {"vault_autotask_secret": "x", "beecastles": 1, "autotasks_x": 1, "autotask": 1, "my_beecastle_optional": 1, "ansible_x": 1}
    registered = {"autotask_seen": {"failed": False, "changed": True}, "beecastle_done": {"changed": False}}
    assert profiles(listed(autotask_vendor="guardz", **own, **registered)) == ["guardz"]


def test_what_groups_add_is_added() -> None:
    found = listed(
        autotask_vendors=["work365"],
        autotask_vendors_quotes=["salesbuildr", "work365"],
        autotask_vendors_backup="beecastle",
        autotask_profiles_own=["ours.yml"],
        autotask_integrations_calls=[{"profile": "onestream", "included": ["sms"]}],
        autotask_integrations_more=[{"profile": "guardz", "email": "guardz@example.com"}, {"profile": "beecastle", "location": "Site"}],
    )
    assert profiles(found) == ["work365", "beecastle", "salesbuildr", "ours.yml", "onestream", "guardz"]
    chosen = {entry["profile"]: entry for entry in found["integrations"]}
    assert chosen["beecastle"]["location"] == "Site" and chosen["guardz"]["email"] == "guardz@example.com"
    assert chosen["onestream"]["included"] == ["sms"] and "location" not in chosen["guardz"] and found["unlisted"] == "report"


def test_what_the_run_names_is_all_that_it_is_about() -> None:
    groups = {"autotask_vendors_backup": ["beecastle"], "autotask_vendors_quotes": ["salesbuildr"]}
    for of_run in ({"autotask_vendors": "guardz"}, {"autotask_vendors_today": ["guardz"]}):
        found = listed(of_run, **groups)
        assert profiles(found) == ["guardz"] and found["unlisted"] == "ignore"
    assert profiles(listed({"autotask_vendor": "guardz"}, **groups)) == ["guardz"]


def test_what_two_groups_say_of_one_profile_has_to_agree() -> None:
    alike = {"profile": "beecastle", "location": "Site"}
    assert profiles(listed(autotask_integrations_a=[alike], autotask_integrations_b=[dict(alike)])) == ["beecastle"]
    with pytest.raises(AnsibleError, match="autotask_integrations_b > 2 > profile: another entry has this profile, too"):
        listed(autotask_integrations_a=[alike], autotask_integrations_b=[{"profile": "guardz"}, {"profile": "beecastle"}])


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a fleet that has a profile; the run was started elsewhere, where there is one of another name."""
    for name in ("fleet/profiles/tinsel.yml", "elsewhere/profiles/wicker.yml", "elsewhere/x.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path / "elsewhere")
    return tmp_path / "fleet"


def test_a_profile_lies_in_the_fleets_folder_wherever_a_run_is_started(fleet: Path) -> None:
    found = f"{fleet}/profiles/tinsel.yml"
    entry = {"profile": "profiles/tinsel.yml", "email": "tinsel@example.com"}
    for variables in (
        {"autotask_profile": "profiles/tinsel.yml"},
        {"autotask_profiles": "profiles/tinsel.yml"},
        {"autotask_integrations": [entry]},
        {"autotask_integrations": [entry], "autotask_profile": "./profiles/tinsel.yml"},
        {"autotask_integrations": [entry], "autotask_profiles": ["profiles/tinsel.yml"]},
    ):
        [one] = listed(autotask_folder=str(fleet), **variables)["integrations"]
        assert os.path.normpath(one["profile"]) == found
        assert one.get("email") == ("tinsel@example.com" if "autotask_integrations" in variables else None)
    # What is typed in a shell is found where it was typed.
    assert profiles(listed(autotask_folder=str(fleet), autotask_profile="profiles/wicker.yml")) == ["profiles/wicker.yml"]
    assert profiles(listed(autotask_profile="profiles/wicker.yml")) == ["profiles/wicker.yml"]


@pytest.mark.parametrize(
    ("variables", "place"),
    [
        ({"autotask_profile": "profiles/gone.yml"}, "autotask_profile"),
        ({"autotask_profiles_own": ["profiles/tinsel.yml", "profiles/gone.yml"]}, "autotask_profiles_own > 2"),
        ({"autotask_integrations": [{"profile": "beecastle"}, {"profile": "profiles/gone.yml"}]}, "autotask_integrations > 2 > profile"),
    ],
)
def test_where_a_profile_was_looked_for_is_told(variables: dict[str, Any], place: str, fleet: Path) -> None:
    with pytest.raises(AnsibleError) as told:
        listed(autotask_folder=str(fleet), **variables)
    looked = f"in the fleet's folder {fleet} or in {fleet.parent / 'elsewhere'}, where this run was started"
    assert str(told.value) == f"{place}: there is no file profiles/gone.yml {looked}"


def test_what_is_wrong_with_a_profile_is_told_where_it_is_named(fleet: Path) -> None:
    entry = listed(autotask_folder=str(fleet), autotask_profiles=["/gone.yml"])["integrations"][0]
    assert entry["variables"]["profile"] == "autotask_profiles > 1"


TEXTS = {
    "": [],
    " \n": [],
    "a": ["a"],
    "a,b": ["a", "b"],
    " a , b c ": ["a", "b c"],
    "'a','b'": ["a", "b"],
    '["a", "b"]': ["a", "b"],
    "['a','b c']": ["a", "b c"],
    "[a, 1e5, yes]": ["a", "1e5", "yes"],
    "a\nb, c\n\n": ["a", "b, c"],
    "- a\n- b c\n": ["a", "b c"],
    "[]": [],
}
NO_LISTS = ["a,", ",a", "a,,b", "['a',", '["a"', "['a', 'b'", "a,\nb", "{a: b}", '{"a": ["b"]}', "- a: b", "[[a]]", "[{a: b}]", '["", a]']


@pytest.mark.parametrize("text", TEXTS)
def test_text_for_a_list_is_understood(text: str) -> None:
    assert texts_of(text) == entries_of(text) == TEXTS[text]


@pytest.mark.parametrize("given", [*NO_LISTS, True, 7, {"a": "b"}, [["a"]], [None], [True], [{"a": "b"}]], ids=repr)
def test_what_is_no_list_of_names_is_none(given: object) -> None:
    assert texts_of(given) is None


def _lists(role: str) -> Iterator[tuple[str, str]]:
    """Each list variable of a role, and of what its entries are."""
    specs = yaml.safe_load((ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text())["argument_specs"]
    for entry_point in specs.values():
        yield from ((name, option["elements"]) for name, option in (entry_point.get("options") or {}).items() if option["type"] == "list")


LISTS = sorted({(role.name, *one) for role in (ROOT / "roles").iterdir() for one in _lists(role.name)})
INCOMPLETE = "['a',"


@pytest.mark.parametrize(("role", "name", "elements"), LISTS)
def test_every_list_of_every_role_is_understood_as_text_or_refused_by_name(role: str, name: str, elements: str) -> None:
    meant = {"autotask_profile": "ours.yml"} if role == "integration" else {"autotask_vendor": role}
    of_itself = name in ("autotask_vendors", "autotask_profiles")
    with pytest.raises(AnsibleError, match=f"{name} is "):
        listed(state="any", **({} if of_itself else meant), **{name: INCOMPLETE})
    if elements == "dict":
        with pytest.raises(AnsibleError, match=f"{name} is a list"):
            listed(**meant, **{name: "a, b"})
    elif not of_itself:
        choice = name.partition("_")[2]
        [entry] = listed(**meant, **{name: "a, b"})["integrations"]
        assert entry[choice] == ["a", "b"]


def test_so_are_the_lists_of_an_entry() -> None:
    entry = {"profile": "beecastle", "lines_of_business": "Managed Services, Field", "included": "['a', 'b']"}
    [found] = listed(autotask_integrations=[entry])["integrations"]
    assert (found["lines_of_business"], found["included"]) == (["Managed Services", "Field"], ["a", "b"])
    with pytest.raises(AnsibleError, match='autotask_integrations > 1 > included: "a," is no list of names'):
        listed(autotask_integrations=[{**entry, "included": "a,"}])
