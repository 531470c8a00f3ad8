# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The report: what every tenant's text may be, where a reason stands, and what is left where it can't be written."""

from __future__ import annotations

import datetime
import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator

from ansible_collections.msp.autotask.plugins.plugin_utils._report.ending import endings
from ansible_collections.msp.autotask.plugins.plugin_utils._report.model import Report
from ansible_collections.msp.autotask.plugins.plugin_utils._report.overview import age_of, overview
from ansible_collections.msp.autotask.plugins.plugin_utils._report.reason import reason_of
from ansible_collections.msp.autotask.plugins.plugin_utils._report.render import write
from tests.conftest import ROOT

FILES = ("report.html", "report.json", "report.junit.xml")
# What people, and whoever forges something, can have put into a name: an escape sequence, what XML can't hold, what UTF-8 can't, what turns letters round.
NASTY = {"escape": "\x1b[2J", "nul": "\x00", "c1": "\x9b31m", "surrogate": "\ud800", "no character": "\uffff", "turned": "\u202eslian"}


def result(*keys: str, name: str = "level", errors: dict[str, str] | None = None) -> dict[str, Any]:
    """A result of `autotask_integrations`: one level each, as wanted, and errors by integration."""
    return {
        "integrations": [
            {
                "integration": key,
                "vendor": f"Vendor {name}",
                "state": "failed" if (errors or {}).get(key) else "done",
                "msg": (errors or {}).get(key, ""),
                "changed": False,
                "objects": [
                    {
                        "subject": f'level "{name}"',
                        "changed": False,
                        "pending": False,
                        "pending_for": "",
                        "plan": [{"text": f"Set Name to {name}"}],
                        "evidence": {name: "read"},
                        "contradictions": [name],
                        "warnings": [f"Look at {name}"],
                        "diff": {"before": name, "after": name},
                        "change": {},
                    }
                ],
                "access": {},
                "unproven": [],
                "sources": [],
                "standing": "in sync",
                "counts": {"in sync": 1},
                "remarks": [name],
                "handover": {"path": name},
                "manual_steps": {},
            }
            for key in keys
        ],
        "unlisted": [{"integration": "old", "means": [name], "command": name}],
    }


def tenant(host: str, *entries: dict[str, Any], error: str = "") -> dict[str, Any]:
    """A tenant as a report has it."""
    return {"host": host, "errors": [{"task": "", "msg": error}] if error else [], "integrations": list(entries)}


def entry(state: str, **more: Any) -> dict[str, Any]:
    """An integration as a report has it."""
    change = {"steps_total": 9, "steps_done": 2, "reference": "T1", "assignee": "Robin Sample"} if state == "pending" else {}
    return {"integration": "tinsel", "state": state, "error": "", "change": change, "objects": [{"plan": [1, 2]}], "unproven": [], **more}


def test_the_last_lines_say_who_waits_for_what_with_failures_first() -> None:
    lines = list(endings([tenant("a", entry("pending")), tenant("b", entry("done")), tenant("c", entry("failed", error="It\nis wrong."))]))
    assert lines == [
        "Failed; mend what it says, and run this again:",
        "  c: tinsel: It",
        "    is wrong.",
        "  Only those that failed: -l c",
        "Waiting for people; once all is ticked off, run this again:",
        "  a: tinsel, 7 steps in T1, Robin Sample",
    ]
    assert list(endings([tenant("b", entry("done"))])) == []
    one = {"steps_total": 9, "steps_done": 8, "reference": "T2", "assignee": ""}
    assert list(endings([tenant("a", entry("pending", change=one))]))[1:] == ["  a: tinsel, 1 step in T2"]


def test_what_nobody_could_look_at_is_not_green(tmp_path: Path) -> None:
    """Neither in the ending, nor in any of the files; what waits for people is told as that."""
    why = f"The tracking identifier isn't known. {'Ask the vendor. ' * 20}Set it."
    unproven = [{"api_user": "Tinsel API", "expected": ["Tickets:query granted", "Tickets:delete denied"], "why": why}]
    report = Report()
    for host in ("alder", "birch"):
        told = result("tinsel", "wicker")
        told["integrations"][0]["unproven"] = unproven
        report.add_integrations(host, told, planned=False)
    report.end(failed=False)
    write(report, tmp_path)
    cases = list(ElementTree.parse(tmp_path / "report.junit.xml").iter("testcase"))
    skipped = {case.attrib["name"]: case.find("skipped") for case in cases if case.attrib["classname"] == "birch.tinsel"}
    for name in ("Tinsel API Tickets:query granted", "Tinsel API Tickets:delete denied"):
        case = skipped[name]
        assert case is not None and case.attrib["message"] == f"not proven. {why}"
    assert why.replace("'", "&#39;") in (tmp_path / "report.html").read_text()
    kept = json.loads((tmp_path / "report.json").read_text())
    assert kept["summary"]["unproven"] == 2 and kept["summary"]["done"] == 4
    assert [entry["unproven"] for entry in kept["tenants"][0]["integrations"]] == [unproven, []]
    assert list(endings(report.tenants())) == [
        "Done, and not proven; see what it says:",
        *(f"  {host}: tinsel, Tinsel API: {why}" for host in ("alder", "birch")),
    ]
    assert list(endings([tenant("a", entry("planned", unproven=unproven))]))[1:] == ["  a: tinsel, 2 steps"]


def test_of_what_failed_all_is_told() -> None:
    """What to do next stands last."""
    text = f"{'It is wrong. ' * 40}\nAnd so is this. Mend it."
    lines = list(endings([tenant("a", entry("failed", error=text)), tenant("b", error=text)]))
    told = f"{'It is wrong. ' * 39}It is wrong."
    again = "    And so is this. Mend it."
    assert lines[1:] == [f"  a: tinsel: {told}", again, f"  b: {told}", again, "  Only those that failed: -l a,b"]


# What ansible-core 2.18 to 2.21 make of the words of a lookup, of a module, and of what isn't ours.
WORDS = 'autotask_vendor: there is no vendor "x". Nearest: "y".\nMend it.'
ERROR_WAS = "Error was a <class 'ansible.errors.AnsibleError'>, original message: "
BY_LOOKUP = f"An unhandled exception occurred while running the lookup plugin 'msp.autotask.integrations'. {ERROR_WAS}"
BY_TEMPLATES = "".join(
    f"An unhandled exception occurred while templating '{one}'. {ERROR_WAS}" for one in ("{{ a | combine({'b': c}) }}", "{{\nd }}")
)
RESOLVING = "Finalization of task args for 'msp.autotask.autotask_rotation' failed: Error while resolving value for 'integrations': "


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (WORDS, WORDS),
        (f"{BY_LOOKUP}{WORDS}. {WORDS}", WORDS),
        (f"{BY_TEMPLATES}{BY_LOOKUP}{WORDS}. {WORDS}", WORDS),
        (f"{BY_TEMPLATES}{BY_LOOKUP}{WORDS}", WORDS),
        (f"Task failed: The lookup plugin 'msp.autotask.integrations' failed: {WORDS}", WORDS),
        (f"Task failed: {RESOLVING}The lookup plugin 'msp.autotask.folder' failed: {WORDS}", WORDS),
        (f"Task failed: Action failed: {WORDS}", WORDS),
        (f"{BY_TEMPLATES}'x' is undefined. 'x' is undefined", f"{BY_TEMPLATES}'x' is undefined. 'x' is undefined"),
        ("", ""),
    ],
)
def test_the_words_of_those_who_know_stand_first(message: str, expected: str) -> None:
    assert reason_of(message) == expected


def test_the_last_lines_fit_on_a_screen() -> None:
    """Where nothing else is told, the first failure is all the same."""
    for length, left_out in ((10, 281), (500, 294), (4000, 299), (9000, 300)):
        many = [tenant(f"t{number}", entry("pending"), entry("failed", error=f"{number}" + "x" * length)) for number in range(300)]
        lines = list(endings([*many, tenant("z", error="y")]))
        assert sum(1 + len(line) // 220 for line in lines if " -l " not in line) < 50 and "x" * length in lines[1]
        assert f"  and {left_out} more, in the report" in lines and "  and 300 more, in the report" in lines


def test_one_cause_on_many_tenants_is_one_line() -> None:
    names = [f"t{number}" for number in range(57)]
    many = [tenant(name, entry("failed", error=f"No such queue on {name}.")) for name in names]
    assert list(endings([*many, tenant("z", error="y")])) == [
        "Failed; mend what it says, and run this again:",
        "  57 tenants (t0, t1, t2, t3, t4, t5, t6 and 50 more): tinsel: No such queue on t0.",
        "  z: y",
        f"  Only those that failed: -l {','.join(names)},z",
    ]


def test_the_overview_has_those_first_that_somebody_has_to_look_at() -> None:
    now = datetime.datetime(2026, 11, 26, 12, tzinfo=datetime.UTC)
    change = {
        "reference": "T1",
        "state": "open",
        "opened": "2026-11-23T11:00:00Z",
        "assignee": "Robin Sample",
        "steps_done": 2,
        "steps_total": 9,
    }

    def found(state: str, **more: Any) -> dict[str, Any]:
        return {**entry(state), "vendor": "Tinsel", "access": {}, **more}

    tenants = [
        tenant("a", found("done", change={}, access={"as_expected": True})),
        tenant("b", found("pending", change={**change, "url": "https://ww4.example.net/x?TicketNumber=T1"})),
        tenant("c", found("pending", change={**change, "url": "javascript:alert(1)", "opened": "yesterday"}), error="Gone."),
        tenant("d"),
    ]
    rows = overview(tenants, now)
    assert [(row["host"], row["state"], row["why"]) for row in rows] == [
        ("c", "failed", "Gone."),
        ("b", "pending", ""),
        ("c", "pending", ""),
        ("a", "done", ""),
        ("d", "", ""),
    ]
    assert [row["access"] for row in rows if row["vendor"]] == ["not seen", "not seen", "as expected"], "that nobody has signed in is said"
    assert {name: rows[1][name] for name in ("reference", "url", "age", "assignee", "steps")} == {
        "reference": "T1",
        "url": "https://ww4.example.net/x?TicketNumber=T1",
        "age": "3 days",
        "assignee": "Robin Sample",
        "steps": "2 of 9",
    }
    assert rows[2]["url"] == rows[2]["age"] == "" and rows[3]["access"] == "as expected"
    assert age_of("2026-11-26T10:30:00+00:00", now) == "1 hour" and age_of("2026-11-26T11:30:00Z", now) == "under 1 hour"


def read(folder: Path) -> tuple[dict[str, Any], str, ElementTree.Element]:
    """The three reports, as programs read them: JSON and XML by a parser, all of it UTF-8."""
    page, data, xml = ((folder / name).read_text(encoding="utf-8") for name in FILES)
    return json.loads(data), page, ElementTree.fromstring(xml)


@pytest.mark.parametrize("kind", NASTY)
def test_every_text_of_a_tenant_can_be_written_and_shown(kind: str, tmp_path: Path) -> None:
    """Wherever it stands: names, steps, evidence, reasons, hosts."""
    name = f"before{NASTY[kind]}after"
    report = Report()
    report.add_integrations(f"host{NASTY[kind]}", result("one", "two", name=name, errors={"two": name}), planned=False)
    report.fail(f"host{NASTY[kind]}", name, task=name)
    report.end(failed=True)
    assert write(report, tmp_path)[1] == []
    data, page, suites = read(tmp_path)
    for text in (json.dumps(data, ensure_ascii=False), page, ElementTree.tostring(suites, encoding="unicode")):
        assert NASTY[kind][0] not in text and "before\ufffd" in text and "after" in text


def test_it_is_as_its_schema_says(tmp_path: Path) -> None:
    """Each key that the page tells of is there, and each that is there is told of."""
    schema = json.loads((ROOT / "docs" / "report.schema.json").read_text())
    report = Report()
    report.expect(["unreached"])
    report.add_integrations("host", result("one", "two", errors={"two": "no such queue"}), planned=False)
    report.fail("other", "the mail server is down", task="Tell somebody")
    report.end(failed=True)
    write(report, tmp_path)
    data = read(tmp_path)[0]
    assert [error.message for error in Draft202012Validator(schema).iter_errors(data)] == []
    tenant = schema["properties"]["tenants"]["items"]
    integration = tenant["properties"]["integrations"]["items"]
    host = next(one for one in data["tenants"] if one["host"] == "host")
    for told, found in ((schema, data), (tenant, host), (integration, host["integrations"][0])):
        assert set(told["properties"]) == set(found)
    assert [list(Draft202012Validator(schema).iter_errors(data | {key: None})) for key in ("schema", "tenants", "summary")].count([]) == 0


def test_what_is_warned_of_is_in_it(tmp_path: Path) -> None:
    report = Report()
    report.add_integrations("host", result("one", name="tinsel"), planned=False)
    write(report, tmp_path)
    data, page, _suites = read(tmp_path)
    assert data["tenants"][0]["integrations"][0]["objects"][0]["warnings"] == ["Look at tinsel"] and "Look at tinsel" in page


def test_line_breaks_and_letters_stay(tmp_path: Path) -> None:
    report = Report()
    report.fail("host", "one\ntwo\tßéж🙂")
    write(report, tmp_path)
    data, page, suites = read(tmp_path)
    assert data["tenants"][0]["errors"][0]["msg"] == "one\ntwo\tßéж🙂" and "one\ntwo\tßéж🙂" in page
    assert next(suites.iter("error")).get("message") == "one\ntwo\tßéж🙂"


def test_a_reason_stands_where_it_belongs(tmp_path: Path) -> None:
    """A host that fails after its integrations were dealt with is no failure of the last of them."""
    report = Report()
    report.expect(["after", "nothing", "one-of-two", "unreached"])
    report.add_integrations("after", result("one", "two"), planned=False)
    report.fail("after", "the mail server is down", task="Take the hand-overs further")
    report.fail("after", "and so is the other", task="Tell somebody")
    report.add_integrations("one-of-two", result("one", "two", errors={"one": "no such queue"}), planned=False)
    report.leave_out("nothing")
    report.end(failed=True)
    write(report, tmp_path)
    data, page, suites = read(tmp_path)
    assert {tenant["host"]: {entry["integration"]: entry["state"] for entry in tenant["integrations"]} for tenant in data["tenants"]} == {
        "after": {"one": "done", "two": "done"},
        "nothing": {},
        "one-of-two": {"one": "failed", "two": "done"},
        "unreached": {},
    }
    assert data["summary"] | {"tenants": 4, "tenants_failed": 3, "failed": 3, "done": 3} == data["summary"]
    errors = {
        (str(suite.get("name")), case.get("name")): error.get("message")
        for suite in suites
        for case in suite
        for error in case.findall("error")
    }
    assert errors == {
        ("after", "Take the hand-overs further"): "the mail server is down",
        ("after", "Tell somebody"): "and so is the other",
        ("one-of-two.one", "run"): "no such queue",
        ("unreached", "run"): "Nothing was done here: the run had ended before it was this host's turn.",
    }
    assert all(text.replace("'", "&#39;") in page for text in errors.values() if text)
    assert [suite.get("errors") for suite in suites if suite.get("name") == "after"] == ["2"]
    assert [case.find("skipped") is not None for suite in suites if suite.get("name") == "nothing" for case in suite] == [True]


def test_a_run_that_was_broken_off_is_no_green_one(tmp_path: Path) -> None:
    report = Report()
    report.expect(["one", "two"])
    report.add_integrations("one", result("a"), planned=False)
    write(report, tmp_path)
    data, page, suites = read(tmp_path)
    assert data["finished"] is False and "broken off" in page
    assert {one["host"]: (one["reached"], one["error"]) for one in data["tenants"]} == {"one": (True, ""), "two": (False, "")}
    assert data["summary"] | {"tenants_failed": 0, "tenants_not_reached": 1, "failed": 0, "done": 1} == data["summary"]
    assert [(row["host"], row["state"]) for row in overview(report.tenants(), datetime.datetime.now(datetime.UTC))] == [
        ("one", "done"),
        ("two", ""),
    ]
    assert "not reached" in page
    assert {str(suite.get("name")): len(list(suite.iter("error"))) for suite in suites} == {"one.a": 0, "two": 1}


@contextmanager
def full_disk(after: int) -> Iterator[None]:
    """No file can grow beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (after, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("obstacle", ["a full disk", "a file for a folder", "a folder for a file"])
def test_what_cant_be_written_is_told_and_nothing_half_written_is_left(obstacle: str, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    report = Report()
    report.add_integrations("host", result("one", name="x" * 20_000), planned=False)
    report.end(failed=False)
    if obstacle == "a full disk":
        folder.mkdir()
        (folder / "report.html").write_text("of another run")
        with full_disk(8_000):
            written, errors = write(report, folder)
    elif obstacle == "a file for a folder":
        folder.touch()
        written, errors = write(report, folder)
    else:
        (folder / "report.html").mkdir(parents=True)
        written, errors = write(report, folder)
    left = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    assert left == sorted({path.name for path in written} | ({"report.html"} if folder.is_dir() else set()))
    assert len(written) + len(errors) == 3 and any("report.html can't be written: " in text for text in errors)
    if obstacle == "a folder for a file":
        assert [path.name for path in written] == ["report.json", "report.junit.xml"]
