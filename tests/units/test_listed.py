# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a tenant's variables list: by groups that add up, and as text where nothing else can be given; what isn't understood is refused by its name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.msp.autotask.plugins.lookup.integrations import LookupModule
from ansible_collections.msp.autotask.plugins.plugin_utils._lists import entries_of, texts_of
from tests.conftest import ROOT


def listed(of_run: dict[str, Any] | None = None, state: str = "present", **variables: Any) -> dict[str, Any]:
    """What the lookup makes of a host's variables, and of those that the run names itself."""
    loader = DataLoader()
    known = {**variables, **(of_run or {}), "inventory_hostname": "alder", "hostvars": {"alder": variables}}
    [found] = LookupModule(loader=loader, templar=Templar(loader=loader, variables=known)).run([], known, state=state)
    return dict(found)


def profiles(found: dict[str, Any]) -> list[Any]:
    return [entry["profile"] for entry in found["integrations"]]


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
    assert listed(autotask_vendor_names=["guardz"])["integrations"] == []


def test_what_two_groups_say_of_one_profile_has_to_agree() -> None:
    alike = {"profile": "beecastle", "location": "Site"}
    assert profiles(listed(autotask_integrations_a=[alike], autotask_integrations_b=[dict(alike)])) == ["beecastle"]
    with pytest.raises(AnsibleError, match="autotask_integrations_b > 2 > profile: another entry has this profile, too"):
        listed(autotask_integrations_a=[alike], autotask_integrations_b=[{"profile": "guardz"}, {"profile": "beecastle"}])


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
