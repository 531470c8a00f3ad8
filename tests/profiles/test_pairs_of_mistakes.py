# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""No mistake in a profile, or in what a tenant chooses of it, hides another: any two that can stand together are told of in one run."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.msp.autotask.plugins.module_utils._errors import InputError
from ansible_collections.msp.autotask.plugins.module_utils._profile.library import catalogue_of
from ansible_collections.msp.autotask.plugins.module_utils._profile.resolve import read_profile
from ansible_collections.msp.autotask.plugins.module_utils._profile.resolved import Choices
from ansible_collections.msp.autotask.plugins.module_utils._profile.text import read_text

from .wrong import CHOICES, EDITS, RIGHT

# Further mistakes, of the kinds that concern several places at once.
MORE: dict[str, tuple[str, str]] = {
    "what is expected isn't granted": ("      granted:\n", "      granted:\n        - Opportunities:query\n"),
    "what is granted is to be denied": ("      denied:\n", "      denied:\n        - Tickets:create\n"),
    "unused level": ("\noptional:\n", "  - {key: spare, name: Spare}\n\noptional:\n"),
    "level of the profile, copied by its name": ("copy_of_key: base", "copy_of: Example Base #!"),
    "level for people, copied": ("copy_of_key: base", "copy_of: Administrator (system) #!"),
    "empty part": ("\napi_users:\n", "  - {key: nothing, when: Somebody wants nothing.}\n\napi_users:\n"),
    "part that changes a system level": (
        "\napi_users:\n",
        "  - {key: shipped, security_level: other, system_level: API User (system), modules: {Projects: read}}\n\napi_users:\n",
    ),
    "part of a system level that there isn't": (
        "\napi_users:\n",
        "  - {key: shipped, security_level: other, system_level: API-User}\n\napi_users:\n",
    ),
    "system level of a level": ("    name: Example Base\n", "    name: Example Base\n    system_level: API User (system)\n"),
    "users of a level": ("    name: Example Base\n", "    name: Example Base\n    users: [main]\n"),
    "extra setting of no section": ("\ncommon_issues:\n", "\nextra_settings:\n  - {section: Admn, label: Lamps}\ncommon_issues:\n"),
    "extra setting that there is": ("\ncommon_issues:\n", "\nextra_settings:\n  - {section: Admin, label: Tagging}\ncommon_issues:\n"),
    "tracking identifier by another name": ("{internal_integration_name: Example Lists}", "{name: Example Lists}"),
    "beginning of a vendor, misspelt": ("integration_vendor: Example - Dashboards", "integration_vendor: [{begin_with: Exam}]"),
    "beginning of a vendor, in no list": ("integration_vendor: Example - Dashboards", "integration_vendor: {begins_with: Exam}"),
    "address that is none": ("    lines_of_business: all\n", "    email: nobody\n"),
    "location with quotes": ("    lines_of_business: all\n", '    location: The "House"\n'),
    "credentials of a user that is there": ("  - key: second\n", "  - key: second\n    existing: true\n"),
    "settings of a level, misspelt": ("    settings:\n      Admin:\n", "    setings: #!\n      Admin:\n"),
    "fields of the hand-over, misspelt": ("  fields:\n", "  feilds: #!\n"),
    "key of version 1": ("manual_steps:\n", "by_hand:\n"),
    "addresses of numbers": ("\nprerequisites:\n", "\nip_addresses: [10]\nprerequisites:\n"),
    "people's levels of nobody": ("\nprerequisites:\n", "\nimpersonated_levels: {setting: Allow it}\nprerequisites:\n"),
    "nothing that is incomplete": ("\nprerequisites:\n", "\nincomplete: []\nprerequisites:\n"),
    "key of a tenant": ("\nprerequisites:\n", "\nincluded: [vendors]\nprerequisites:\n"),
}
# Where YAML can't be read, or is refused as such, nothing is known of what stands in it.
MOST = 16
OF_YAML = {"not_yaml", "anchor", "merge", "tag", "documents", "key"}
Found = set[tuple[str, str]]


def told(text: str, choices: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What is wrong: for each thing the line that is named, as it is written, or a tenant's place; the code; and the words."""
    lines, found = text.splitlines(), []
    try:
        profile = read_text(text.encode(), "right.yml")
        read_profile(profile, Choices(**choices), catalogue_of([profile]))
    except InputError as wrong:
        for error in wrong.errors:
            line = re.fullmatch(r"right.yml, line (\d+)", error.place[0])
            found.append((lines[int(line[1]) - 1] if line else " > ".join(error.place), error.code, error.message))
    return found


def edited(*edits: tuple[str, str]) -> str | None:
    """The right profile with these mistakes; None where two of them concern the same text."""
    places = sorted((RIGHT.index(old), RIGHT.index(old) + len(old), new) for old, new in edits)
    if any(end > start for (_start, end, _new), (start, _end, _other) in itertools.pairwise(places)):
        return None
    text = RIGHT
    for start, end, new in reversed(places):
        text = text[:start] + new + text[end:]
    return text


def _alone() -> Iterator[tuple[str, tuple[tuple[str, str] | None, Mapping[str, Any], Found]]]:
    """Each mistake: its edit of the profile or what a tenant chooses, and what it leads to alone, of which the line that it marks is enough."""
    for name, (old, marked) in {**{name: edit[:2] for name, edit in EDITS.items()}, **MORE}.items():
        new = marked.replace(" #!", "")
        text = edited((old, new))
        assert text is not None
        found = told(text, {})
        marks = [line.partition(" #!")[0] for line in marked.splitlines() if " #!" in line]
        if not {code for _line, code, _words in found} & OF_YAML:
            yield name, ((old, new), {}, {(line, code) for line, code, _words in found if not marks or line.endswith(marks[0])})
    for name, (choices, _says) in CHOICES.items():
        yield name, (None, choices, {(place, code) for place, code, _words in told(RIGHT, choices)})


ALONE = dict(_alone())
OF_WEBHOOKS = [name for name in ALONE if name.startswith(("webhooks without", "webhooks with a", "webhooks adv", "webhooks as"))]
OF_WEBHOOKS += ["negative maximum", "maximum as text", "at least nothing", "unknown bound", "more webhooks than anybody can mean"]
OF_THE_PART = ["optional part's key twice", "empty part", "part that changes a system level", "part of a system level that there isn't"]
OF_SOURCES = ["level that copies itself", "level that copies itself over two others", "copied twice", "copy of an unknown key"]
BY_NAME = ["level of the profile, copied by its name", "level for people, copied"]
# Pairs of which one isn't told of, or isn't there, next to the other: why, and which.
EXCUSED: list[tuple[str, list[str], list[str]]] = [
    (
        "What belongs into a section is known only where the section is.",
        ["unknown section"],
        ["unknown label", "nothing as a value", "same setting in two spellings", "same section in two spellings of its settings"],
    ),
    ("What belongs into a section is known only where the section is.", ["unknown section"], ["endless value"]),
    (
        "What contradicts a limit is known only where the limit is.",
        OF_WEBHOOKS,
        ["webhooks cleared and limited", "webhooks of two numbers", "override against the webhooks"],
    ),
    (
        "What a copy has is known only where its source is.",
        [*OF_SOURCES, *BY_NAME, "unknown baseline"],
        ["child without its parent", "what is granted is to be denied", "what is expected isn't granted"],
    ),
    (
        "What a copy has is known only where its source is.",
        [
            "level that copies itself",
            "level that copies itself over two others",
            "copy of an unknown key",
            "level without key and name",
            "level's key twice",
            "unknown baseline",
        ],
        ["parent cleared in a full section"],
    ),
    (
        "What a level grants is known only where it can be read, and whose it is.",
        ["what is granted is to be denied"],
        ["unknown column", "value outside of its column", "row without columns", "settings as text", "key twice on one line"],
    ),
    (
        "What a level grants is known only where it can be read, and whose it is.",
        ["what is granted is to be denied"],
        ["unknown level of a user", "override to a circle", "override to an unknown level of a user", "override to two levels"],
    ),
    (
        "What a level grants is known only where it can be read, and whose it is.",
        ["what is expected isn't granted"],
        [
            "settings as text",
            "unknown level of a user",
            "override to a circle",
            "override to an unknown level of a user",
            "override to two levels",
        ],
    ),
    (
        "What leads nowhere may mean the entry that has no key.",
        ["level without key and name"],
        [
            "copy of an unknown key",
            "optional part of an unknown level",
            "unknown level of a user",
            "override of an unknown level",
            "override to an unknown level of a user",
        ],
    ),
    (
        "The level that nobody has may be the one that is meant.",
        ["unused level"],
        ["level that copies itself", "level that copies itself over two others", "user of no level"],
    ),
    (
        "It is no circle any more.",
        ["level that copies itself over two others"],
        [
            "level without key and name",
            "level's key twice",
            "level's key in capitals",
            "level that copies itself",
            "copy of an unknown key",
        ],
    ),
    ("It is no circle any more.", ["level that copies itself over two others", "override to a circle"], BY_NAME),
    ("It is no circle any more.", ["override to a circle"], ["level that copies itself", "copy of an unknown key"]),
    ("It is not YAML any more.", ["levels as a mapping"], OF_THE_PART),
    ("What stands in a mapping instead of a list is no entry.", ["levels as a mapping"], ["wrong setting in an optional part"]),
    ("Of what stands there twice one is looked at.", ["key twice at the top"], ["vendor as a list"]),
    ("Of what stands there twice one is looked at.", ["guides as text", "one guide as text"], ["one guide in both ways"]),
    ("One is what the other needs.", ["key twice at the top"], ["typo of a required key", "missing vendor"]),
    ("One is what the other needs.", ["level without a name"], ["level's name twice", "level of the profile, copied by its name"]),
    (
        "One is what the other needs.",
        ["granted and denied at once"],
        ["expectation of an unknown operation", "expectation without an operation", "expectation as a mapping"],
    ),
    ("One is what the other needs.", ["credentials of a user that is there"], ["field of an unknown user", "field twice"]),
    ("One is what the other needs.", ["user's name twice"], ["first name with quotes"]),
    ("One is what the other needs.", ["field twice"], ["unknown condition of a field"]),
    ("One is what the other needs.", ["source twice"], ["source at an unknown place"]),
]
EXCUSES = {frozenset(pair) for _why, some, others in EXCUSED for pair in itertools.product(some, others)}


def test_every_mistake_is_told_of_alone() -> None:
    assert [name for name, (_edit, _choices, found) in ALONE.items() if not found] == []
    assert len(ALONE) > 150 and {name for pair in EXCUSES for name in pair} <= set(ALONE)


def _can_stand_together(one: str, other: str) -> bool:
    edits = [edit for name in (one, other) if (edit := ALONE[name][0])]
    return not (ALONE[one][1] and ALONE[other][1]) and edited(*edits) is not None


def _sets() -> list[list[str]]:
    """Sets of mistakes that can stand together, so that each pair of them is in one: what is told of them all is told of any two of them."""
    pairs = {frozenset(pair) for pair in itertools.combinations(ALONE, 2) if _can_stand_together(*pair)} - EXCUSES
    left, found = set(pairs), []
    for pair in sorted(pairs, key=sorted):
        if pair not in left:
            continue
        chosen = sorted(pair)
        for name in ALONE:
            among = [frozenset((name, other)) for other in chosen]
            if len(chosen) < MOST and name not in chosen and pairs.issuperset(among) and not left.isdisjoint(among):
                chosen.append(name)
        left -= {frozenset(pair) for pair in itertools.combinations(chosen, 2)}
        found.append(chosen)
    return found


def _hidden(names: Iterable[str]) -> list[tuple[str, str]]:
    """What is told of these mistakes alone, and isn't next to the others."""
    edits = [edit for name in names if (edit := ALONE[name][0])]
    choices = next((ALONE[name][1] for name in names if ALONE[name][1]), {})
    text = edited(*edits)
    assert text is not None
    found = {(line, code) for line, code, _words in told(text, choices)}
    return sorted(set().union(*(ALONE[name][2] for name in names)) - found)


def test_no_mistake_hides_another() -> None:
    hidden = {" + ".join(names): missing for names in _sets() if (missing := _hidden(names))}
    assert hidden == {}


def test_what_is_excused_is_needed() -> None:
    there = [pair for pair in EXCUSES if _can_stand_together(*pair)]
    assert [sorted(pair) for pair in there if not _hidden(pair)] == []
