# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whatever anybody writes into what the collection reads: a clear error at most, never a bug, and nothing waits for ever.

`make trust` tries thirty times as many.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from ansible.parsing.vault import VaultLib
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ansible_collections.msp.autotask.plugins.lookup.doctor import passed_in
from ansible_collections.msp.autotask.plugins.module_utils._appliers.console import check_pass, console_settings
from ansible_collections.msp.autotask.plugins.module_utils._appliers.runsheet import MEMORY, read_sheet
from ansible_collections.msp.autotask.plugins.module_utils._change.model import record_from_json
from ansible_collections.msp.autotask.plugins.module_utils._console.locators import load_locators, own_locators, shipped_file
from ansible_collections.msp.autotask.plugins.module_utils._errors import AutotaskError, InputError
from ansible_collections.msp.autotask.plugins.module_utils._profile.library import catalogue_of
from ansible_collections.msp.autotask.plugins.module_utils._profile.resolve import Choices, read_profile
from ansible_collections.msp.autotask.plugins.module_utils._profile.text import read_text
from ansible_collections.msp.autotask.plugins.modules import (
    autotask_access_info,
    autotask_api_user,
    autotask_diagnosis_info,
    autotask_integrations,
    autotask_security_level,
    autotask_tenant_info,
    autotask_webhook_info,
    autotask_webhook_limit,
)
from tests.profiles.wrong import RIGHT
from tests.trust import SAME, tried

from .arbitrary import changed, changes, deep, storable, texts, values
from .disturbing import KEY, OTHER, SCENES, Moment, codes
from .running import SECRET, House, Result, Wrong, profile

NAME = f"{KEY.capitalize()} API"
few = settings(suppress_health_check=list(HealthCheck), max_examples=settings().max_examples // 6, phases=[Phase.generate])


TEXTS_OF_TICKETS = {"Tickets": ("title", "description"), "TicketChecklistItems": ("itemName",), "TicketNotes": ("title", "description")}


def as_yaml(document: Any) -> str:
    """A document as a file."""
    return yaml.dump(document)


class Tally:
    """What came of what was tried."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()

    def of(self, run: Callable[[], Result]) -> Result | None:
        """The result of a run of a module, which must be no bug; None for options that Ansible refuses."""
        try:
            result = run()
        except Wrong:
            self.outcomes["refused by Ansible"] += 1
            return None
        for code, text in codes(result):
            assert code not in ("bug", "error"), text
        assert json.dumps(result, ensure_ascii=False).encode()
        self.outcomes[str(result["code"]) if result.get("failed") else SAME] += 1
        return result

    def raising(self, do: Callable[[], object]) -> None:
        """Do what may raise an error of ours, and nothing else."""
        try:
            do()
        except AutotaskError as error:
            assert error.code not in ("bug", "error"), str(error)
            assert str(error).encode()
            self.outcomes[error.code] += 1
        else:
            self.outcomes[SAME] += 1


@pytest.fixture
def tally(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> Iterator[Tally]:
    """Counts what a test tries."""
    found = Tally()
    yield found
    kind = request.node.name.removeprefix("test_").replace("_", " ")
    tried(record_property, "something arbitrary", kind, found.outcomes.total(), found.outcomes, 0)


@pytest.fixture(scope="module")
def moments(shared_house: House) -> dict[str, Moment]:
    """The tenant without the integration, with one that was asked for, and with one that is set up."""
    house = shared_house
    house.set_up(profile(OTHER))
    empty = Moment.of(house)
    house.ensure(profile(KEY))
    asked = Moment.of(house)
    house.work()
    house.ensure()
    return {"empty": empty, "asked": asked, "done": Moment.of(house)}


# What one module returns and another one takes

CORE: dict[ModuleType, dict[str, Any]] = {
    autotask_security_level: {"name": NAME, "baseline": "copy", "copy_of": "API User (system)", "integration": KEY},
    autotask_api_user: {
        "first_name": KEY.capitalize(),
        "last_name": "API",
        "security_level": NAME,
        "location": "Headquarters",
        "tracking_identifier": {"internal_integration_name": "Tinsel"},
        "integration": KEY,
    },
    autotask_webhook_limit: {"level": NAME, "maximum": 5, "integration": KEY},
    autotask_webhook_info: {"limits": {NAME: 5}},
    autotask_access_info: {"expect": {"granted": ["Tickets:query"]}},
    autotask_diagnosis_info: {"integrations": [], "api_user": {"first_name": "Tinsel", "last_name": "API", "security_level": NAME}},
}


@pytest.fixture(scope="module")
def info(shared_house: House, moments: dict[str, Moment]) -> Result:
    """What autotask_tenant_info and autotask_access_info return of the tenant."""
    moments["asked"].again(shared_house)
    found = shared_house.run(autotask_tenant_info, integrations=[KEY])
    access = shared_house.run(autotask_access_info, expect={"granted": ["Tickets:query"]})
    assert not found.get("failed") and not access.get("failed")
    return {**found, "access": access["access"]}


def test_what_was_read_is_taken_as_it_is(shared_house: House, moments: dict[str, Moment], info: Result) -> None:
    moments["asked"].again(shared_house)
    for module, options in CORE.items():
        result = shared_house.run(module, True, **options, tenant_info=info)
        assert not result.get("failed"), (module.__name__, result["msg"])


@pytest.mark.parametrize("module", CORE, ids=lambda module: module.__name__.rpartition("autotask_")[2])
def test_tenant_info(module: ModuleType, shared_house: House, moments: dict[str, Moment], info: Result, tally: Tally) -> None:
    moments["asked"].again(shared_house)

    @few
    @given(st.builds(changed, st.just(info), changes) | st.dictionaries(st.sampled_from(sorted(info)), values, max_size=3))
    def look(told: dict[str, Any]) -> None:
        tally.of(lambda: shared_house.run(module, True, **CORE[module], tenant_info=told))

    look()


@pytest.mark.parametrize("module", CORE, ids=lambda module: module.__name__.rpartition("autotask_")[2])
def test_options(module: ModuleType, shared_house: House, moments: dict[str, Moment], tally: Tally) -> None:
    moments["asked"].again(shared_house)
    names = st.sampled_from(sorted(set(module.SPEC) - {"discovery_url", "ca_path"}))

    @few
    @given(st.builds(changed, st.just(CORE[module]), changes) | st.dictionaries(names, values, min_size=1, max_size=2))
    def look(options: Any) -> None:
        if isinstance(options, dict):
            tally.of(lambda: shared_house.run(module, True, **{**CORE[module], **options}))

    look()


def test_entries_of_integrations(shared_house: House, moments: dict[str, Moment], tally: Tally) -> None:
    moments["asked"].again(shared_house)
    sound = [
        {
            "profile": profile(KEY),
            "state": "present",
            "included": [],
            "excluded": [],
            "overrides": {"api_users": {"main": {"email": "somebody@example.com"}}},
            "lines_of_business": ["Managed Services"],
            "email": "somebody@example.com",
            "runsheet": {"path": "runsheets"},
        },
        {"integration": "sorrel", "state": "absent", "profile": None},
    ]

    @few
    @given(st.builds(changed, st.just(sound), changes) | values)
    def look(integrations: Any) -> None:
        tally.of(lambda: shared_house.run(autotask_integrations, True, integrations=integrations))

    look()


def test_passes_of_the_doctor_and_sessions(tally: Tally) -> None:
    given_options = {name: None for name in autotask_security_level.SPEC["console"]["options"]}
    sound = {"url": "https://ww1.example.com", "user_name": "somebody", "locators": "0", "passed": True}

    @few
    @given(st.builds(changed, st.just(sound), changes), texts | st.builds(json.dumps, values) | st.just("[" * 100_000))
    def look(shown: Any, session: str) -> None:
        options = {**given_options, "url": "https://ww1.example.com", "user_name": "somebody", "session": session}
        tally.raising(lambda: console_settings(options))
        settings = console_settings({**options, "session": None})
        if isinstance(shown, dict):
            tally.raising(lambda: check_pass(shown, settings))

    look()


# Files


def test_locators(tmp_path: Any, tally: Tally) -> None:
    shipped = yaml.safe_load(shipped_file("locators.yml"))
    pages = {"pages": {name: shipped["pages"][name] for name in ("sign_in", "security_levels")}, "widgets": shipped["widgets"]}
    path = tmp_path / "locators.yml"

    odd = st.sampled_from(
        [
            "a: &a [*a]",
            "? [a]\n: b",
            "a: !!python/none x",
            "<<: 1",
            "2026-13-45",
            "a: 1\n---\nb: 2",
            "[" * 5000,
            "[" * 5000 + "]" * 5000,
            "a: 1:2",
        ]
    )

    @few
    @given(st.builds(as_yaml, st.builds(changed, st.just(pages), changes)) | texts | odd | st.builds(as_yaml, values))
    def look(text: str) -> None:
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        tally.raising(lambda: load_locators(own_locators(str(path))))

    look()


def test_what_is_nested_deeper_than_can_be_read_is_told(tmp_path: Path) -> None:
    written = tmp_path / "written.yml"
    written.write_text("[" * 5000 + "]" * 5000)
    with pytest.raises(InputError, match="can't be read as YAML"):
        own_locators(str(written))
    assert passed_in(written.read_text()) == {}
    assert record_from_json("[" * 30000) is None and record_from_json('{"a":' * 100 + "1" + "}" * 100) is None
    written.write_text(f"- [ ] A step.\n\n{MEMORY}\n{'[' * 100_000}\n-->\n")
    with pytest.raises(AutotaskError, match="is damaged"):
        read_sheet(str(written), KEY, 1)


def test_profiles(tally: Tally) -> None:
    sound = yaml.safe_load(RIGHT)
    lines = RIGHT.splitlines(keepends=True)

    def cut(number: int, text: str) -> str:
        return "".join([*lines[: number % len(lines)], text, "\n", *lines[number % len(lines) + 1 :]])

    @few
    @given(st.builds(as_yaml, st.builds(changed, st.just(sound), changes)) | st.builds(cut, st.integers(0, 999), texts))
    def look(text: str) -> None:
        def read() -> None:
            found = read_text(text.encode("utf-8", "surrogatepass"), "profile.yml")
            read_profile(found, Choices(), catalogue_of([found]))

        tally.raising(read)

    look()


def test_run_sheets(shared_house: House, moments: dict[str, Moment], tally: Tally) -> None:
    house = shared_house
    moments["empty"].again(house)
    house.ensure(profile(KEY), apply_via="runsheet")
    [sheet] = (house.folder / "runsheets").rglob("*.md")
    asked, lines = Moment.of(house), sheet.read_text().splitlines()

    @few
    @given(st.lists(st.tuples(st.integers(0, 99), texts | st.none(), changes), min_size=1, max_size=3))
    def look(edits: Any) -> None:
        asked.again(house)
        written = list(lines)
        for number, text, what in edits:
            place = number % len(written)
            is_record = text is None and lines[place].startswith("{")
            written[place] = json.dumps(changed(json.loads(lines[place]), what)) if is_record else str(text)
        sheet.write_bytes("\n".join(written).encode("utf-8", "surrogatepass"))
        tally.of(lambda: house.ensure(profile(KEY), apply_via="runsheet"))

    look()


def test_recorded_credentials(shared_house: House, moments: dict[str, Moment], tally: Tally) -> None:
    house = shared_house
    moments["done"].again(house)
    sound = house.kept(KEY)

    @few
    @given(st.builds(changed, st.just(sound), changes), st.sampled_from([KEY, f"{KEY}.previous", OTHER]))
    def look(content: Any, name: str) -> None:
        moments["done"].again(house)
        path = house.path(name)
        path.write_bytes(VaultLib().encrypt(as_yaml(content).encode("utf-8", "surrogatepass"), secret=SECRET))
        tally.of(lambda: house.ensure(profile(KEY)))

    look()


# The tenant


@pytest.mark.parametrize("scene", SCENES)
def test_answers(scene: str, shared_house: House, moments: dict[str, Moment], tally: Tally) -> None:
    house = shared_house
    moments["empty"].again(house)
    SCENES[scene].before(house)
    start = Moment.of(house)

    @few
    @given(st.integers(1, 40), changes | st.none(), values | st.builds(deep, st.just(400)))
    def look(number: int, what: Any, instead: Any) -> None:
        start.again(house)

        def answer(sent: int, content: bytes) -> bytes:
            if sent != number:
                return content
            try:
                known = json.loads(content)
            except ValueError:
                return content
            return json.dumps(instead if what is None else changed(known, what)).encode()

        house.wire.forget()
        house.wire.answer = answer
        try:
            tally.of(lambda: SCENES[scene].run(house))
        finally:
            house.wire.forget()

    look()


@pytest.mark.parametrize("moment", ["asked", "done"])
def test_texts_of_tickets(moment: str, shared_house: House, moments: dict[str, Moment], tally: Tally) -> None:
    house = shared_house
    tenant = house.employee.tenant.id
    places = [(entity, field) for entity, fields in TEXTS_OF_TICKETS.items() for field in fields]

    @few
    @given(st.lists(st.tuples(st.sampled_from(places), st.integers(0, 99), storable, changes | st.none()), min_size=1, max_size=3))
    def look(edits: Any) -> None:
        moments[moment].again(house)
        for (entity, field), number, text, what in edits:
            rows = house.store.query(tenant, entity)
            row = rows[number % len(rows)]
            before, _line, record = str(row.get(field) or "").rpartition("\n")
            is_record = what is not None and record.startswith('{"attested"')
            now = f"{before}\n{json.dumps(changed(json.loads(record), what))}" if is_record else text
            house.store.update(tenant, entity, row["id"], {field: now})
        tally.of(lambda: house.ensure(profile(KEY)))

    look()


def test_names_of_users(shared_house: House, moments: dict[str, Moment], tally: Tally) -> None:
    house = shared_house
    tenant = house.employee.tenant.id

    @few
    @given(st.sampled_from(["firstName", "lastName", "email", "userName"]), storable)
    def look(field: str, text: str) -> None:
        moments["done"].again(house)
        user = next(user for user in house.store.api_users(tenant) if user.name == NAME)
        house.store.update(tenant, "Resources", user.id, {field: text})
        tally.of(lambda: house.ensure(profile(KEY)))

    look()
