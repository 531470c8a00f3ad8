# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a plan document is rendered as: each rendering tells the same counts, holds any text, and says what somebody has to know."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from ansible_collections.msp.autotask.plugins.module_utils._review.document import document_of, failed_part, part_of
from ansible_collections.msp.autotask.plugins.module_utils._review.item import STATES
from ansible_collections.msp.autotask.plugins.module_utils._review.junit import OUTCOMES
from ansible_collections.msp.autotask.plugins.module_utils._review.markdown import markdown, text_of
from ansible_collections.msp.autotask.plugins.module_utils._review.renderings import RENDERINGS
from ansible_collections.msp.autotask.plugins.module_utils._review.terminal import LONGEST, terminal
from ansible_collections.msp.autotask.plugins.module_utils._text import UNSPEAKABLE, cleaned
from tests.conftest import ROOT

from .review_documents import NASTY, documents, entry, fleet, item

Counts = dict[str, dict[str, int]]
WITHOUT_LINES = re.compile(r"[\t\n]")


class _Page(HTMLParser):
    """A page's cells, ids, links and scripts, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def _rendered(document: Mapping[str, Any], ending: str) -> str:
    return "".join(RENDERINGS[ending](document))


def _three(rows: Mapping[str, list[int]]) -> Counts:
    """Counts from rows of a table whose columns are tenants, integrations and items."""
    return {
        name: {state: numbers[column] for state, numbers in rows.items()}
        for column, name in enumerate(("tenants", "integrations", "items"))
    }


def _of_terminal(document: Mapping[str, Any]) -> Counts:
    found = {}
    for name, line in zip(("tenants", "integrations", "items"), terminal(document), strict=False):
        counted = {state: int(number) for number, state in re.findall(r"(\d+) ([a-z ]+)", line.partition(": ")[2])}
        found[name] = {state: counted.get(state, 0) for state in STATES}
    return found


def _of_markdown(document: Mapping[str, Any]) -> Counts:
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in _rendered(document, ".md").split("\n## ")[1].splitlines()
        if "|" in line
    ]
    return {
        name: {state: int(cell or 0) for state, cell in zip(rows[0][1:], row[1:], strict=True)}
        for name, row in zip(("tenants", "integrations", "items"), rows[2:5], strict=True)
    }


def _of_page(document: Mapping[str, Any]) -> Counts:
    table = _rendered(document, ".html").partition("<tbody>")[2].partition("</tbody>")[0]
    rows = re.findall(r'<tr data-state="([a-z-]+)">(.*?)</tr>', table, re.DOTALL)
    return _three({state.replace("-", " "): [int(number) for number in re.findall(r"<td>(\d+)</td>", row)] for state, row in rows})


def _items_of_page(document: Mapping[str, Any]) -> Counter[str]:
    """Each item that is listed, and those that are only counted."""
    text = _rendered(document, ".html")
    classes = [given["class"].split()[0] for tag, given in _Page(text).tags if tag == "li" and given.get("class", "").startswith("i-")]
    listed = Counter(name.removeprefix("i-").replace("-", " ") for name in classes)
    for line in re.findall(r'<p class="soft">In sync: (.*)\.</p>', text):
        listed["in sync"] += sum(int(number) for number in re.findall(r" (\d+)(?:, |$)", line))
    return listed


def _items_of_junit(document: Mapping[str, Any]) -> Counter[str]:
    found: Counter[str] = Counter()
    for case in ElementTree.fromstring(_rendered(document, ".junit.xml")).iter("testcase"):
        if case.get("name") == "run":
            continue
        outcome = next((one for one in case if one.tag in ("failure", "error", "skipped")), None)
        said = case.findtext("system-out") or "in sync:"
        found[re.split(r"[:,]", (outcome.get("message") or "") if outcome is not None else said)[0]] += 1
    return found


def _items_of_sarif(document: Mapping[str, Any]) -> Counter[str]:
    [run] = json.loads(_rendered(document, ".sarif"))["runs"]
    found = Counter(result["ruleId"].replace("-", " ") for result in run["results"] if result["properties"]["item"])
    found["in sync"] = run["properties"]["summary"]["items"]["in sync"]
    return found


COUNTING: Mapping[str, Callable[[Mapping[str, Any]], Counts]] = {
    "terminal": _of_terminal,
    ".md": _of_markdown,
    ".html": _of_page,
    ".json": lambda document: {
        name: json.loads(_rendered(document, ".json"))["summary"][name] for name in ("tenants", "integrations", "items")
    },
}
LISTING: Mapping[str, Callable[[Mapping[str, Any]], Counter[str]]] = {
    ".html": _items_of_page,
    ".junit.xml": _items_of_junit,
    ".sarif": _items_of_sarif,
}


@settings(max_examples=25)
@given(documents())
def test_every_rendering_tells_the_counts_of_the_document(document: dict[str, Any]) -> None:
    told = {name: document["summary"][name] for name in ("tenants", "integrations", "items")}
    assert {name: count(document) for name, count in COUNTING.items()} == dict.fromkeys(COUNTING, told)
    assert {name: +count(document) for name, count in LISTING.items()} == dict.fromkeys(LISTING, +Counter(told["items"]))
    assert set(COUNTING) | set(LISTING) >= set(RENDERINGS)


@settings(max_examples=25)
@given(documents())
def test_every_rendering_is_what_its_readers_can_read(document: dict[str, Any]) -> None:
    """Whatever texts a tenant has: no control character, twice the same, and JSON as its schema says."""
    for ending in RENDERINGS:
        text = _rendered(document, ending)
        assert text == _rendered(document, ending)
        assert ending == ".json" or not UNSPEAKABLE.search(text)
    schema = json.loads((ROOT / "docs" / "plan.schema.json").read_text())
    assert [error.message for error in Draft202012Validator(schema).iter_errors(document)] == []
    for line in terminal(document):
        assert len(line) <= LONGEST and not UNSPEAKABLE.search(line) and not WITHOUT_LINES.search(line)
    tags = {tag for tag, _given in _Page(_rendered(document, ".html")).tags}
    assert "b" in tags and not tags & {"a@b.example", "img", "iframe"}
    Draft202012Validator(SARIF).validate(json.loads(_rendered(document, ".sarif")))


# What of SARIF 2.1.0 GitHub and the tests go by: https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json
TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
SARIF: dict[str, Any] = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "items": {
                "required": ["tool", "results"],
                "additionalProperties": False,
                "properties": {
                    "properties": {"type": "object"},
                    "invocations": {
                        "items": {
                            "required": ["executionSuccessful"],
                            "additionalProperties": False,
                            "properties": {"executionSuccessful": {"type": "boolean"}},
                        }
                    },
                    "tool": {
                        "properties": {
                            "driver": {
                                "required": ["name"],
                                "properties": {
                                    "rules": {
                                        "uniqueItems": True,
                                        "items": {
                                            "required": ["id"],
                                            "additionalProperties": False,
                                            "properties": {
                                                "id": {"type": "string"},
                                                "shortDescription": TEXT,
                                                "helpUri": {"format": "uri"},
                                                "defaultConfiguration": {"properties": {"level": LEVEL}},
                                            },
                                        },
                                    }
                                },
                            }
                        }
                    },
                    "results": {
                        "items": {
                            "required": ["message", "ruleId", "locations"],
                            "additionalProperties": False,
                            "properties": {
                                "ruleId": {"type": "string"},
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "level": LEVEL,
                                "message": TEXT,
                                "baselineState": {"enum": ["new", "unchanged"]},
                                "partialFingerprints": {"additionalProperties": {"type": "string"}},
                                "suppressions": {
                                    "items": {
                                        "required": ["kind"],
                                        "properties": {
                                            "kind": {"const": "external"},
                                            "status": {"const": "accepted"},
                                            "justification": {"type": "string"},
                                        },
                                    }
                                },
                                "properties": {"type": "object"},
                                "locations": {
                                    "minItems": 1,
                                    "items": {
                                        "additionalProperties": False,
                                        "properties": {
                                            "logicalLocations": {"items": {"required": ["fullyQualifiedName"]}},
                                            "physicalLocation": {
                                                "required": ["artifactLocation"],
                                                "properties": {
                                                    "artifactLocation": {
                                                        "required": ["uri"],
                                                        "properties": {"uri": {"pattern": r"^[\w\-.~%/:]+$"}},
                                                    },
                                                    "region": {"properties": {"startLine": {"type": "integer", "minimum": 1}}},
                                                },
                                            },
                                        },
                                    },
                                },
                            },
                        }
                    },
                },
            }
        },
    },
}


def _one_of_each() -> dict[str, Any]:
    """A document with an item in each state on one tenant, one that failed, and one that is in sync."""
    source = {"source": "guide", "file": "profiles/tinsel.yml", "line": 7, "at": "security_levels > main", "why": "page 3"}
    why = "It should be Full, and REST shows None."
    items = [
        item(f"tinsel/level/Tinsel API/{state}", state, why=why if state == "drifted" else "", source=source)
        for state in STATES
        if state != "unlisted"
    ]
    items[1]["new"] = True
    change = {"reference": "T1", "url": "https://ww4.example.net/x", "assignee": "Robin Sample", "opened": "2026-11-20", "state": "open"}
    alder = part_of(
        "Alder Ltd",
        "alder",
        integrations=[entry(*items, change=change, steps=["Level editor: press Save & Close."], remarks=["It needs its own line."])],
        unlisted=[item("unlisted/api_user/stranger@x.example", "unlisted", about='API user "stranger"', label="API user")],
        could=["The levels were read."],
        could_not=["The modules could not be read."],
        changes=[{"what": "Autotask's version", "before": "2026.1", "now": "2026.2"}],
        gone=["tinsel/level/Tinsel API/old"],
        unused=["tinsel/level/Tinsel API/elsewhere is accepted, and there is no such value."],
    )
    return document_of(
        [
            alder,
            failed_part("", "birch", "Its zone could not be reached."),
            part_of("aspen", "aspen", integrations=[entry(item(state="in sync"))]),
        ]
    )


def test_the_terminal_has_those_first_that_somebody_has_to_look_at() -> None:
    lines = list(terminal(_one_of_each()))
    assert lines[:4] == [
        "tenants: 2 failed, 1 in sync",
        "integrations: 1 failed, 1 in sync",
        "values: 1 failed, 1 drifted, 1 unknown, 1 to do, 1 waiting, 1 unlisted, 1 accepted, 2 in sync",
        "new since the baseline: 1; steps to do: 1",
    ]
    assert lines[4].startswith("alder (Alder Ltd): failed (1 failed, 1 drifted, ")
    assert "  What has changed on the tenant by itself: Autotask's version: 2026.1 before, 2026.2 now" in lines
    assert "  Tinsel (tinsel): failed; change T1 open since 2026-11-20 with Robin Sample; 1 step" in lines
    told = [line.strip() for line in lines if line.startswith("    ")]
    assert [line.partition(":")[0] for line in told] == ["failed", "drifted, new", "unknown", "to do", "waiting", "unlisted"]
    assert told[1] == (
        'drifted, new: level "Tinsel API": Contracts: View: None, where Full is wanted. It should be Full, and REST shows None. Evidence: effect. '
        "Wanted by: guide profiles/tinsel.yml:7 (security_levels ..."
    )
    assert "Waits for Robin Sample since 2026-11-20T10:00:00Z, in T20261120.0001." in told[4]
    assert lines[-2:] == ["birch: failed (no values)", "  Failed: Its zone could not be reached."]
    assert not any("aspen" in line for line in lines)


@pytest.mark.parametrize("ending", [".md", ".html"])
def test_tenants_come_first_that_somebody_has_to_look_at(ending: str) -> None:
    text = _rendered(_one_of_each(), ending)
    assert text.index("alder") < text.index("birch") < text.index("aspen")


def test_the_terminal_stays_short() -> None:
    lines = list(terminal(fleet(20, 2, 12, "to do"), most=30))
    assert len(lines) == 30 and re.fullmatch(r"and \d+ more, in the file", lines[-1])
    [whole] = [line for line in terminal(fleet(1, 1, 40, "to do"), most=99) if "values, such as" in line and "level" in line]
    assert whole.startswith('    to do: level "vendor0 API": 29 values, such as Contracts: Setting 1: None, where Full is wanted. ')


@pytest.mark.parametrize("ending", [".md", ".html", ".junit.xml", ".sarif"])
def test_every_rendering_says_why_who_waits_and_who_accepted(ending: str) -> None:
    text = _rendered(_one_of_each(), ending)
    shown = html.unescape(re.sub(r"<!-- -->|</?code>", "", text))
    for words in (
        "It should be Full, and REST shows None.",
        "waits for Robin Sample since 2026-11-20T10:00:00Z, in T20261120.0001",
        "None is accepted by Robin Sample until 2027-03-31: agreed with them",
        "(security_levels > main): page 3",
        "profiles/tinsel.yml" if ending == ".sarif" else "profiles/tinsel.yml:7",
        "Its zone could not be reached.",
    ):
        assert words in shown, words
    assert ending != ".html" or "The levels were read." in shown
    if ending != ".sarif":
        assert "The modules could not be read." in shown and "It needs its own line." in shown
        assert "Autotask's version: 2026.1 before, 2026.2 now" in shown and "there is no such value" in shown


def test_text_in_markdown_is_nothing_but_text() -> None:
    for text in filter(str.strip, [*NASTY, "".join(NASTY[:10])]):
        found = text_of(text)
        within = found.removeprefix("<code>").removesuffix("</code>").replace("<!-- -->", "")
        assert found == f"<code>{found[6:-7]}</code>" and not re.search(r"[`*_\[\]|<>@:.!$~\\]", within), text
        assert not re.search("&(?!#[0-9]+;)", within)
        assert html.unescape(within) == (" ".join(cleaned(text).split()) if len(text) < 400 else f"{text[:400]}...")


@pytest.mark.parametrize("most", [3_000, 20_000, 65_000])
def test_a_comment_has_room_for_it_and_says_what_is_cut_off(most: int) -> None:
    text = "".join(markdown(fleet(50, 3, 40, "to do"), most))
    assert len(text) <= most < 65_536 and len(text) > most // 3
    assert "Cut off here" in text and text.count("<details>") == text.count("</details>")
    details = len(re.findall("<details><summary><code>tenant", text))
    assert details and f"the details of {50 - details} tenant" in text
    rows = len(re.findall(r"(?m)^\| <code>tenant\d+", text))
    assert (f"no room for {50 - rows} tenants more" in text) == (rows < 50)


def test_a_tenant_that_is_too_long_is_cut_and_the_rest_said() -> None:
    text = "".join(markdown(fleet(1, 3, 80, "to do"), 9_000))
    assert len(text) <= 9_000 and "The rest of this tenant is cut off here." in text and text.count("<details>") == text.count("</details>")


def test_junit_passes_what_is_accepted_and_nothing_that_is_unknown() -> None:
    root = ElementTree.fromstring(_rendered(_one_of_each(), ".junit.xml"))
    kinds = {
        str(case.get("name")).rpartition("/")[2]: [one.tag for one in case]
        for case in root.iter("testcase")
        if case.get("classname") == "alder.tinsel"
    }
    assert kinds == {state: [OUTCOMES[state]] if OUTCOMES[state] else [] for state in STATES if state != "unlisted"} | {
        "accepted": ["system-out"]
    }
    suites = {str(suite.get("name")): suite for suite in root}
    assert list(suites) == ["alder", "alder.tinsel", "alder (unlisted)", "aspen.tinsel", "birch"]
    counts = {name: suites["alder.tinsel"].get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "7", "failures": "1", "errors": "2", "skipped": "2"}
    assert [one.get("message") for one in suites["birch"].iter("error")] == ["Its zone could not be reached."]
    empty = ElementTree.fromstring(_rendered(document_of([part_of("", "dogwood")]), ".junit.xml"))
    assert [one.get("message") for one in empty.iter("skipped")] == ["Nothing is listed for this tenant."]


def test_sarif_points_at_the_line_and_knows_a_result_again() -> None:
    document = _one_of_each()
    [run] = json.loads(_rendered(document, ".sarif"))["runs"]
    by_rule = {result["ruleId"]: result for result in run["results"] if result["properties"]["item"]}
    assert by_rule["drifted"]["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "profiles/tinsel.yml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 7},
    }
    assert by_rule["accepted"]["suppressions"] == [{"kind": "external", "status": "accepted", "justification": "agreed with them"}]
    assert {rule: result["baselineState"] for rule, result in by_rule.items() if result["baselineState"] == "new"} == {"drifted": "new"}
    assert by_rule["unlisted"]["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "alder/unlisted/api_user/stranger@x.example"
    assert run["invocations"] == [{"executionSuccessful": False}]
    prints = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]]
    assert len(set(prints)) == len(prints)
    later = document_of(
        [
            {
                **part,
                "integrations": [
                    {**one, "items": [known | {"state": "drifted"} for known in one["items"]]} for one in part["integrations"]
                ],
            }
            for part in document["tenants"]
        ]
    )
    [again] = json.loads(_rendered(later, ".sarif"))["runs"]
    assert {*prints} <= {result["partialFingerprints"]["primaryLocationLineHash"] for result in again["results"]}
    [without] = json.loads(_rendered(document_of([part_of("", "a", unlisted=[item("u/x", "unlisted")])]), ".sarif"))["runs"]
    assert "baselineState" not in without["results"][0], "nobody has compared anything"


def test_the_page_links_each_item_and_needs_nothing_else() -> None:
    document = _one_of_each()
    page = _Page(_rendered(document, ".html"))
    ids = [given["id"] for _tag, given in page.tags if "id" in given]
    assert len(ids) == len(set(ids)) and not any(re.search(r"\s", one) for one in ids)
    links = {given["href"] for tag, given in page.tags if tag == "a"}
    assert {link.removeprefix("#") for link in links if link.startswith("#")} <= set(ids) and "https://ww4.example.net/x" in links
    assert "alder/tinsel/level/Tinsel%20API/drifted" in ids
    assert not [tag for tag, given in page.tags if {"src", "srcset"} & set(given) or tag in ("link", "img", "iframe")]
    states = [given["class"].split()[-1] for tag, given in page.tags if tag == "b"]
    assert states[len(STATES)] == "failed"


def test_the_page_of_a_fleet_counts_what_is_in_sync() -> None:
    text = _rendered(fleet(200, 5, 60), ".html")
    assert (
        len(text) < 600_000
        and text.count("<li ") == 20
        and "In sync: level &quot;vendor1 API&quot; 50, API user &quot;vendor1&quot; 10." in text
    )
