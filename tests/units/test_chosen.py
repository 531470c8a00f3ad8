# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a tenant chooses belongs to a profile: what the lookup makes of the variables."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.msp.autotask.plugins.lookup.integrations import LookupModule

OWN = {
    "profile": "profiles/lantern.yml",
    "included": ["reports"],
    "overrides": {"ip_addresses": ["192.0.2.9"]},
    "email": "lantern@example.com",
}
BUILT_IN = {"profile": "beecastle", "excluded": ["password_does_not_expire"], "apply_via": "runsheet"}


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files that the tests name are where the run was started; nobody reads them."""
    (tmp_path / "profiles").mkdir()
    for name in ("profiles/lantern.yml", "other.yml"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)


# What the variables of each profile that was looked up are called.
called: dict[str, dict[str, str]] = {}


def _looked_up(variables: dict[str, Any], *terms: str, inventory: dict[str, Any] | None = None, state: str = "present") -> dict[str, Any]:
    """What the lookup says for a host whose inventory has these variables, and further ones of the play."""
    loader = DataLoader()
    everything = {**(inventory or {}), **variables, "inventory_hostname": "alder", "hostvars": {"alder": inventory or {}}}
    plugin = LookupModule(loader=loader, templar=Templar(loader=loader, variables=everything))
    [found] = plugin.run(list(terms), variables=everything, state=state)
    called.update((str(entry["profile"]), entry.pop("variables")) for entry in found["integrations"] if "variables" in entry)
    return dict(found)


def _entries(*arguments: Any, **options: Any) -> list[dict[str, Any]]:
    return list(_looked_up(*arguments, **options)["integrations"])


def test_each_profile_has_its_own_choices() -> None:
    found = _looked_up({}, inventory={"autotask_integrations": [BUILT_IN, OWN]})
    assert found == {"integrations": [BUILT_IN, OWN], "unlisted": "report"}


def test_what_is_set_for_all_profiles_is_not_of_one_that_has_an_entry() -> None:
    inventory = {"autotask_profiles": ["other.yml"], "autotask_integrations": [OWN], "autotask_included": ["extras"]}
    assert _entries({}, inventory=inventory) == [{"profile": "other.yml", "included": ["extras"]}, OWN]


def test_an_entry_stands_above_the_variables_of_a_vendors_role() -> None:
    inventory = {
        "autotask_vendors": ["beecastle"],
        "autotask_integrations": [BUILT_IN],
        "beecastle_excluded": [],
        "beecastle_email": "b@example.com",
    }
    assert _entries({}, inventory=inventory) == [{**BUILT_IN, "email": "b@example.com"}]


@pytest.mark.parametrize("state", ["present", "absent", "any"])
@pytest.mark.parametrize(
    "named", [{"autotask_profile": "./profiles/lantern.yml"}, {"autotask_vendor": "beecastle"}], ids=["own", "built in"]
)
def test_the_choices_count_where_a_run_names_the_profile_alone(named: dict[str, str], state: str) -> None:
    """Retiring a level that was given another name has to know that name."""
    [found] = _entries(named, inventory={"autotask_integrations": [BUILT_IN, OWN]}, state=state)
    entry = OWN if "autotask_profile" in named else BUILT_IN
    assert {name: value for name, value in found.items() if name not in ("profile", "state")} == {
        name: value for name, value in entry.items() if name != "profile"
    }


def test_errors_name_what_people_have_written() -> None:
    """The variable of the vendor, or of profiles of one's own, or the entry where there is one."""
    called.clear()
    _looked_up(
        {
            "autotask_vendors": ["guardz", "beecastle"],
            "autotask_profiles": ["other.yml", OWN["profile"]],
            "autotask_integrations": [BUILT_IN, OWN],
        }
    )
    assert {profile: names["lines_of_business"] for profile, names in called.items()} == {
        "guardz": "guardz_lines_of_business",
        "beecastle": "autotask_integrations > 1 > lines_of_business",
        "other.yml": "autotask_lines_of_business",
        OWN["profile"]: "autotask_integrations > 2 > lines_of_business",
    }


def test_a_role_of_a_vendor_takes_the_entry_too() -> None:
    assert _entries({}, "beecastle", inventory={"autotask_integrations": [BUILT_IN]}) == [BUILT_IN]


@pytest.mark.parametrize("name", ["autotask_vendors", "autotask_profiles", "autotask_integrations"])
def test_a_list_of_the_play_is_all_that_the_run_is_about(name: str) -> None:
    inventory = {"autotask_vendors": ["guardz"], "autotask_profiles": ["other.yml"], "autotask_integrations": [OWN]}
    value = [{"profile": "beecastle"}] if name == "autotask_integrations" else ["beecastle"]
    found = _looked_up({name: value}, inventory=inventory)
    assert ([entry["profile"] for entry in found["integrations"]], found["unlisted"]) == (["beecastle"], "ignore")


@pytest.mark.parametrize("apply_via", ["ticket", "runsheet", "console"])
def test_where_nothing_is_listed_nothing_is_called_unlisted(apply_via: str) -> None:
    """A list that nobody wrote is no wish to have everything taken away."""
    assert _looked_up({"autotask_apply_via": apply_via}) == {"integrations": [], "unlisted": "ignore"}


def test_profiles_as_data_are_known_by_their_keys() -> None:
    data = {"profile": 2, "integration": "lantern"}
    inventory = {"autotask_integrations": [{"profile": data, "included": ["reports"]}]}
    assert _entries({"autotask_profile": {**data, "vendor": "Lantern"}}, inventory=inventory)[0]["included"] == ["reports"]


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"profile": "beecastle"}, "autotask_integrations is a list"),
        ("beecastle", "autotask_integrations is a list"),
        (["beecastle"], "autotask_integrations > 1: an entry is a mapping that names a profile"),
        ([OWN, {"included": ["a"]}], "autotask_integrations > 2: an entry is a mapping that names a profile"),
        ([{**OWN, "include": ["a"]}], 'autotask_integrations > 1 > include: there is no such key here. Nearest: "included"'),
        ([{**OWN, "optional": ["a"]}], "autotask_integrations > 1 > optional: there is no such key here."),
        (
            [OWN, BUILT_IN, {"profile": "profiles/../profiles/lantern.yml"}],
            "autotask_integrations > 3 > profile: another entry has this profile",
        ),
    ],
)
def test_an_entry_that_cannot_be_meant_is_refused(value: Any, says: str) -> None:
    with pytest.raises(AnsibleError) as told:
        _looked_up({"autotask_integrations": value})
    assert says in str(told.value)


def test_all_that_is_wrong_with_all_entries_is_told_at_once(tmp_path: Path) -> None:
    own = tmp_path / "own.yml"
    own.write_text("profile: 2\nvendr: Own\n")
    entries = [
        {"profile": "beecastle", "include": ["a"], "exclude": ["b"], "included": ["vendors"]},
        "guardz",
        {"profile": "beecastle"},
        {"profile": "beecastel"},
        {"profile": str(own), "emial": "own@example.com"},
    ]
    with pytest.raises(AnsibleError) as wrong:
        _looked_up({"autotask_integrations": entries})
    told = str(wrong.value).splitlines()
    assert ["".join(re.findall(r"^autotask_integrations > (\d+(?: > \w+)?)", line)) for line in told] == [
        *("1 > include", "1 > exclude", "1 > included"),
        "2",
        "3 > profile",
        "4 > profile",
        *("5 > emial", "5", "5", "5"),
    ]
    assert "no optional part" in told[2] and 'Nearest: "beecastle"' in told[5] and "line 2 > vendr" in told[9]
