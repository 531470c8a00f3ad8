# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Control characters and halves of surrogate pairs: refused where we make a name, and marked where a tenant made it."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from xml.etree import ElementTree

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._edge.controller import Controller
from ansible_collections.msp.autotask.plugins.module_utils._edge.module import run_safely
from ansible_collections.msp.autotask.plugins.module_utils._errors import AutotaskError
from ansible_collections.msp.autotask.plugins.module_utils._profile.library import catalogue_of, profile_text, vendors
from ansible_collections.msp.autotask.plugins.module_utils._profile.resolve import read_profile
from ansible_collections.msp.autotask.plugins.module_utils._profile.resolved import Choices
from ansible_collections.msp.autotask.plugins.module_utils._text import cleaned
from ansible_collections.msp.autotask.plugins.modules import autotask_security_level, autotask_tenant_info

from .running import House, Result, profile

Place = tuple[str | int, ...]
UNSPEAKABLE = {
    "an escape": "\x1b",
    "a NUL": "\0",
    "a bell": "\a",
    "of the upper half": "\x9b",
    "half a pair": "\ud800",
    "no character": "\uffff",
}
# Where a profile has prose, which may have several lines.
PROSE = {"text", "when", "fix", "symptom", "why", "incomplete"}
# Words of a guide and whole sections are read past their blanks.
FOLDED = {"modules", "sections", "settings"}


def places(data: object, place: Place = ()) -> Iterator[Place]:
    """Where the texts of a profile are."""
    for key, value in data.items() if isinstance(data, Mapping) else enumerate(data) if isinstance(data, list) else ():
        yield from places(value, (*place, key))
    if isinstance(data, str):
        yield place


def with_text(data: dict[str, Any], place: Place, change: Callable[[str], str]) -> dict[str, Any]:
    """The profile with another text at a place."""
    changed: Any = copy.deepcopy(data)
    inside = changed
    for part in place[:-1]:
        inside = inside[part]
    inside[place[-1]] = change(inside[place[-1]])
    return dict(changed)


def one_of_each(data: dict[str, Any]) -> list[Place]:
    """A place of each kind: the numbers of entries aside."""
    return list({tuple(part for part in place if isinstance(part, str)): place for place in places(data)}.values())


def code_of(data: dict[str, Any]) -> str:
    """The code of the error for a profile; empty for a right one."""
    try:
        text = profile_text(data)
        read_profile(text, Choices(), catalogue_of([text]))
    except AutotaskError as error:
        return error.code
    return ""


@pytest.mark.parametrize("vendor", sorted(vendors()))
def test_no_text_of_a_profile_takes_them(vendor: str) -> None:
    data = profile_text(vendor).data
    tried: Counter[str] = Counter()
    assert code_of(data) == ""
    for number, place in enumerate(one_of_each(data)):
        kind = list(UNSPEAKABLE)[number % len(UNSPEAKABLE)]
        code = code_of(with_text(data, place, lambda text, mark=UNSPEAKABLE[kind]: f"{text[:1]}{mark}{text[1:]}"))
        assert code not in ("", "bug"), (place, kind)
        tried[code] += 1
    assert tried["characters"] > 20


@pytest.mark.parametrize("vendor", sorted(vendors()))
def test_a_line_is_one(vendor: str) -> None:
    data = profile_text(vendor).data
    taken = set()
    for place in one_of_each(data):
        if not code_of(with_text(data, place, lambda text: f"{text[:1]}\n{text[1:]}")):
            taken.add(next(part for part in reversed(place) if isinstance(part, str)) if not FOLDED & set(place) else "folded")
    assert taken <= PROSE | {"folded"}


@pytest.mark.parametrize("kind", UNSPEAKABLE)
def test_no_option_takes_them(kind: str, house: House) -> None:
    mark = UNSPEAKABLE[kind]
    house.want(profile("tinsel"))
    for place, options in {
        "location": {"location": f"Head{mark}quarters"},
        "email": {"email": f"a{mark}@example.com"},
        "ticket > queue": {"ticket": {"queue": f"Admin{mark}"}},
        "local_terms > organization": {"local_terms": {"organization": f"Cli{mark}ent"}},
        "handover_folder": {"handover_folder": f"{house.folder}/hand{mark}"},
        "credentials_store > folder": {"credentials_store": {"folder": f"{house.folder}/cred{mark}"}},
        "integrations > 1 > lines_of_business > 1": {"integrations": [{"profile": profile("tinsel"), "lines_of_business": [f"A{mark}"]}]},
        "integrations > 1 > runsheet > path": {"integrations": [{"profile": profile("tinsel"), "runsheet": {"path": f"a{mark}"}}]},
        "secret": {"secret": f"Se%cret{mark}"},
    }.items():
        result = house.ensure(**options)
        assert result["failed"] and result["code"] == "characters" and result["msg"].startswith(f"{place}: "), result["msg"]
        assert "Se%cret" not in result["msg"]
    level = house.run(autotask_security_level, tenant="birch", integration="tinsel", name="T API", notes=[f"a{mark}"])
    assert level["msg"].startswith("notes > 1: ")
    assert house.rotate(f"2026{mark}")["code"] in ("characters", "rotation")
    assert house.requests() == {}


def as_report(result: Result) -> None:
    """What every report is made of has to be text, XML and JSON."""
    texts = list(_texts(result))
    for text in texts:
        text.encode("utf-8")
        ElementTree.fromstring(f"<a>{text.replace('&', '').replace('<', '')}</a>")
    json.dumps(result).encode("utf-8")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from (*_texts(key), *_texts(item))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def test_a_result_is_text_whatever_was_read() -> None:
    """Half a pair, which JSON can have and UTF-8 can't."""

    def run(params: Mapping[str, Any], check_mode: bool, controller: Controller) -> Result:
        controller.say("a\ud800b")
        if check_mode:
            raise AutotaskError("The user a\ud800b is gone.")
        return {"changed": False, "a\ud800b": ["a\ud800b", ("a\0b", 1, None, True)], "lines": "one\n\ttwo"}

    said: list[str] = []
    fine, failed = (run_safely(run, {"tenant": "birch"}, check, Controller(said.append)) for check in (False, True))
    assert fine == {"changed": False, "a\ufffdb": ["a\ufffdb", ["a\ufffdb", 1, None, True]], "lines": "one\n\ttwo"}
    assert failed["msg"] == "The user a\ufffdb is gone." and said == ["a\ufffdb"] * 2


@pytest.mark.parametrize("kind", sorted(UNSPEAKABLE.keys() - {"half a pair"}))
def test_what_a_tenant_is_called_is_marked(kind: str, house: House) -> None:
    """A level, a user and a ticket of somebody who has odd names. Everything goes on, and what is shown can be written anywhere."""
    mark = UNSPEAKABLE[kind]
    house.set_up(profile("tinsel"))
    tenant = house.employee.tenant.id
    level = house.level("Tinsel API")
    assert level
    house.by_hand(f"Od{mark}d level")
    [user] = [one for one in house.store.api_users(tenant) if one.name == "Tinsel API"]
    house.store.update(tenant, "Resources", user.id, {"email": f"tinsel{mark}@example.com", "lastName": f"A{mark}PI"})
    seen = house.run(autotask_tenant_info, gather=["people"], integrations=[])
    assert not seen.get("failed"), seen
    assert "\N{REPLACEMENT CHARACTER}" in json.dumps(seen, ensure_ascii=False)
    as_report(seen)
    for result in (house.ensure(apply_via="runsheet"), house.ensure(), house.diagnose()):
        assert result.get("code") != "bug", result["msg"]
        as_report(result)
    for line in house.said:
        assert cleaned(line) == line
    for name, content in house.files().items():
        if name.endswith((".md", ".html")):
            assert cleaned(content.decode("utf-8")) == content.decode("utf-8"), name
