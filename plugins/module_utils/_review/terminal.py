# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The document for whoever watches a run: the counts, and what somebody has to look at. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from .._text import on_one_line
from .document import Document, Part
from .item import ACCEPTED, FAILED, IN_SYNC, TO_DO, UNKNOWN, WAITING
from .telling import (
    COUNTED,
    UNLISTED_WORDS,
    Told,
    acceptance_of,
    by_state,
    change_of,
    count_words,
    entry_of,
    line_of,
    notes_of,
    number_of,
    ordered,
    source_of,
    standing,
    state_of,
    tenant_of,
    values_of,
    waiting_of,
    what_of,
)

# As many as somebody scrolls back through.
MOST_LINES = 60
LONGEST = 200
# States of which an object usually has many values for the same reason: they are told together.
TOGETHER = (FAILED, UNKNOWN, TO_DO, WAITING)


def terminal(document: Document, most: int = MOST_LINES) -> Iterator[str]:
    """The lines, no more than `most`, of 200 characters at most. Of what doesn't fit is told how much it is."""
    lines = [*_counts(document), *(line for part in ordered(document["tenants"]) for line in _of_tenant(part))]
    shown = lines if len(lines) <= most else lines[: most - 1]
    yield from (_shortened(line) for line in shown)
    if len(lines) > len(shown):
        yield f"and {len(lines) - len(shown)} more, in the file"


def _counts(document: Document) -> Iterator[str]:
    summary = document["summary"]
    for name, words in COUNTED.items():
        yield f"{words}: {count_words(summary[name])}"
    yield f"new since the baseline: {summary['new']}; steps to do: {summary['steps']}"


def _of_tenant(part: Part) -> list[str]:
    """The lines of a tenant; none where there is nothing to look at."""
    lines = [f"  {heading}: {sentence}" for heading, sentences in notes_of(part) for sentence in sentences]
    for entry in part["integrations"]:
        below = list(_of_items(entry["items"]))
        if entry["error"] or below:
            known = "; ".join(
                words for words in (change_of(entry), number_of(len(entry["steps"]), "step") if entry["steps"] else "") if words
            )
            error = f": {line_of(entry['error'])}" if entry["error"] else f"; {known}" if known else ""
            lines += [f"  {entry_of(entry)}: {entry['state']}{error}", *below]
    if part["unlisted"]:
        lines += [f"  {UNLISTED_WORDS}:", *_of_items(part["unlisted"])]
    return [f"{tenant_of(part)}: {part['state']} ({values_of(part)})", *lines] if lines else []


def _of_items(items: Iterable[Told]) -> Iterator[str]:
    """What somebody has to look at; what is accepted is counted."""
    found = [item for item in by_state(items) if item["state"] not in (ACCEPTED, IN_SYNC) or (item["state"] == IN_SYNC and item.get("why"))]
    for (state, *_others), alike in groupby(found, key=_alike):
        same = list(alike)
        if state in TOGETHER and len(same) > 1:
            yield _together(same)
        else:
            yield from map(_alone, same)


def _alike(item: Told) -> tuple[str, str, str, str]:
    return item["state"], item["about"], item.get("why", ""), waiting_of(item)


def _alone(item: Told) -> str:
    told = [
        _sentence(item.get("why") or ""),
        _sentence(waiting_of(item)),
        _sentence(acceptance_of(item)),
        f"Evidence: {line_of(item['evidence'])}.",
    ]
    told += [f"Wanted by: {source_of(item)}."] if source_of(item) else []
    return f"    {state_of(item)}: {what_of(item)}: {standing(item)}. {' '.join(filter(None, told))}"


def _together(items: list[Told]) -> str:
    first, news = items[0], sum(bool(item.get("new")) for item in items)
    evidence = ", ".join(sorted({line_of(item["evidence"]) for item in items}))
    told = [_sentence(first.get("why") or ""), _sentence(waiting_of(first)), f"Evidence: {evidence}."]
    new = f", {news} of them new" if news else ""
    such_as = f"{line_of(first['label'])}: {standing(first)}"
    return f"    {first['state']}: {line_of(first['about'])}: {len(items)} values{new}, such as {such_as}. {' '.join(filter(None, told))}"


def _sentence(words: str) -> str:
    text = line_of(words)
    return text if not text or text.endswith((".", "!", "?")) else f"{text[0].upper()}{text[1:]}."


def _shortened(line: str) -> str:
    """The line with its indent, cut where it is too long."""
    indent = line[: len(line) - len(line.lstrip(" "))]
    text = f"{indent}{on_one_line(line)}"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
