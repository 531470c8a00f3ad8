# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The document for a merge request: Markdown, as a comment of GitHub's or GitLab's has it. Private to the collection.

Whatever a document tells is text there. It stands in `<code>`, where neither looks for names, references and commands, and what Markdown reads as more
than a letter stands there by its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from .document import KIND, Document, Part, items_of
from .item import IN_SYNC, STATES, counted
from .telling import (
    COUNTED,
    NOTHING_LISTED,
    Entry,
    Told,
    address_to_open,
    groups_of,
    how_of,
    in_sync_by_object,
    line_of,
    news_of,
    notes_of,
    number_of,
    ordered,
    reasons_of,
    state_of,
    tenant_of,
    value_of,
    values_of,
    what_of,
    worth_telling,
)

# A comment of GitHub's has 65,536 characters at most.
MOST = 65_000
# Of one text, such as a value: the file has all of it.
LONGEST = 400
UNSAFE = re.compile(r"[!#$%&*.:<=>@\[\\\]^_`{|}~]")
# So that no address of a mail is seen in it.
APART = "<!-- -->"
REST_OF_TENANT = "\nThe rest of this tenant is cut off here. The file has all of it.\n"
END = "\n</details>\n\n"


def markdown(document: Document, most: int = MOST) -> Iterator[str]:
    """The document as Markdown of at most `most` characters, which are no fewer than some thousand. What is cut off is said."""
    head = list(_head(document))
    yield from head
    parts = ordered(document["tenants"])
    left = most - _length(head) - 400
    rows = _fitting(map(_row, parts), left // 2)
    if rows:
        yield from rows
        if len(rows) < len(parts):
            yield f"\nThere was no room for {number_of(len(parts) - len(rows), 'tenant')} more: the file has all of them.\n"
    yield "\n"
    left -= _length(rows)
    cut = 0
    for part in parts:
        if part["state"] == IN_SYNC and not _lines_of(part):
            continue
        block = _details(part, left) if not cut else ""
        cut += not block
        left -= len(block)
        yield block
    if cut:
        yield f"**Cut off here**: there was no room for the details of {number_of(cut, 'tenant')}. The file has all of them.\n"


def text_of(text: object) -> str:
    """Any text as Markdown that shows it, and nothing else; shortened where it is very long."""
    line = line_of(text)
    line = line if len(line) <= LONGEST else f"{line[:LONGEST]}..."
    return f"<code>{UNSAFE.sub(_numbered, line)}</code>" if line else ""


def _numbered(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};{APART if found[0] == '@' else ''}"


def _head(document: Document) -> Iterator[str]:
    """The counts, and the heading of the table of tenants."""
    summary = document["summary"]
    yield f"<!-- {KIND} -->\n## How the tenants stand\n\n"
    yield _table_head("", STATES)
    for name, words in COUNTED.items():
        yield f"| {words} | {_cells(summary[name])} |\n"
    yield f"\nNew since the baseline: {summary['new']}. Steps to do: {summary['steps']}.\n\n"
    yield _table_head("tenant", ["state", *STATES])


def _table_head(first: str, names: Iterable[str]) -> str:
    columns = [first, *names]
    return f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}\n"


def _cells(counts: Mapping[str, int]) -> str:
    return " | ".join(str(counts[state] or "") for state in STATES)


def _row(part: Part) -> str:
    return f"| {text_of(tenant_of(part))} | {part['state']} | {_cells(counted(items_of(part)))} |\n"


def _fitting(lines: Iterable[str], room: int) -> list[str]:
    """As many of the first lines as there is room for, in characters."""
    found: list[str] = []
    for line in lines:
        room -= len(line)
        if room < 0:
            break
        found.append(line)
    return found


def _length(texts: Iterable[str]) -> int:
    return sum(map(len, texts))


def _details(part: Part, room: int) -> str:
    """What there is to say of a tenant, to be opened; empty where there is no room even to begin."""
    news = f", {news_of(part)} new" if news_of(part) else ""
    opening = f"<details><summary>{text_of(tenant_of(part))}: {part['state']} ({values_of(part)}{news})</summary>\n\n"
    lines = _lines_of(part)
    whole = f"{opening}{''.join(lines)}{END}"
    if len(whole) <= room:
        return whole
    shown = _fitting(lines, room - len(f"{opening}{REST_OF_TENANT}{END}"))
    return f"{opening}{''.join(shown)}{REST_OF_TENANT}{END}" if shown else ""


def _lines_of(part: Part) -> list[str]:
    """All that somebody may want to look at of a tenant; after each of them can be cut off."""
    lines = [
        f"{line}\n"
        for heading, sentences in notes_of(part)
        for line in (f"{heading}:\n", *(f"- {text_of(text)}" for text in sentences), "")
    ]
    for heading, entry, items in groups_of(part):
        found = worth_telling(items)
        if found or (entry and (entry["error"] or entry["steps"] or entry["remarks"])):
            state = f": {entry['state']}" if entry else ""
            lines += [f"\n**{text_of(heading)}**{state}\n\n"]
            lines += _of_entry(entry) if entry else []
            lines += _of_items(found)
            lines += _of_rest(entry, items)
    return lines or ([f"{NOTHING_LISTED}\n"] if not part["integrations"] else [])


def _of_entry(entry: Entry) -> Iterator[str]:
    if entry["error"]:
        yield f"Failed: {text_of(entry['error'])}\n\n"
    url = address_to_open(entry["change"] or {})
    how = [text_of(words) for words in how_of(entry)] + ([text_of(url)] if url else [])
    if how:
        yield f"{', '.join(how)}\n\n"
    for remark in entry["remarks"]:
        yield f"- {text_of(remark)}\n"
    if entry["remarks"]:
        yield "\n"


def _of_items(items: list[Told]) -> Iterator[str]:
    if not items:
        return
    yield _table_head("state", ["value", "before → after", "why"])
    for item in items:
        reasons = "<br>".join(f"{name}: {text_of(words)}" for name, words in reasons_of(item))
        change = f"{text_of(value_of(item['seen']))} → {text_of(value_of(item['wanted']))}"
        yield f"| **{state_of(item)}** | {text_of(what_of(item))} | {change} | {reasons} |\n"


def _of_rest(entry: Entry | None, items: Iterable[Told]) -> Iterator[str]:
    counts = in_sync_by_object(items)
    if counts:
        yield f"\nIn sync: {', '.join(f'{text_of(about)} {number}' for about, number in counts.items())}.\n"
    if entry and entry["steps"]:
        steps = "".join(f"1. {text_of(step)}\n" for step in entry["steps"])
        yield f"\n<details><summary>{number_of(len(entry['steps']), 'step')}</summary>\n\n{steps}\n</details>\n"
