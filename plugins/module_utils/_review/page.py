# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The document as a page that needs nothing but itself. Private to the collection.

It is read without its script, which only filters. What is in sync is counted: of a fleet's values nearly all are, and a browser has to open it.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from .._text import cleaned
from .document import Document, Part, items_of
from .item import STATES, counted
from .telling import (
    COUNTED,
    NOTHING_LISTED,
    Entry,
    Told,
    acceptance_of,
    address_to_open,
    groups_of,
    how_of,
    in_sync_by_object,
    line_of,
    news_of,
    notes_of,
    number_of,
    ordered,
    source_of,
    tenant_of,
    value_of,
    values_of,
    waiting_of,
    worth_telling,
)

# So few are shown opened.
FEW = 3


def _class(state: str) -> str:
    return state.replace(" ", "-")


# The colours of each state: on a light page, and on a dark one.
COLOURS = {
    "failed": ("#a8201a", "#ff9a90"),
    "drifted": ("#a8201a", "#ff9a90"),
    "unknown": ("#7a1b7a", "#f0a6f0"),
    "to-do": ("#1a3fb0", "#b3c4ff"),
    "waiting": ("#7a4f00", "#f0c674"),
    "unlisted": ("#7a4f00", "#f0c674"),
    "accepted": ("#44515f", "#a9b5c1"),
    "in-sync": ("#1f6b42", "#7fd6a4"),
}
STYLE = (
    """
:root { color-scheme: light dark; --line: #dde3ea; --soft: #4f5b68; --card: #f3f6f9; --page: #fff; --ink: #14191f; --link: #0b5c8a; }
@media (prefers-color-scheme: dark) {
  :root { --line: #313b46; --soft: #a9b5c1; --card: #1b222a; --page: #12171d; --ink: #e6ebf0; --link: #7cc4ee; }
}
body { font: 16px/1.5 system-ui, sans-serif; max-width: 68rem; margin: 1.5rem auto; padding: 0 1rem 4rem; background: var(--page); color: var(--ink); }
h1 { font-size: 1.5rem; margin: 0 0 .5rem; } h2 { font-size: 1.05rem; margin: 1.2rem 0 .2rem; }
a { color: var(--link); }
p, li, code, summary, h2 { overflow-wrap: anywhere; }
code { font-size: .9em; }
table { border-collapse: collapse; margin: 1rem 0; }
td, th { padding: .15rem .8rem .15rem 0; text-align: right; font-variant-numeric: tabular-nums; font-weight: normal; }
td:first-child, th:first-child { text-align: left; }
thead th { color: var(--soft); font-size: .9em; }
ul { padding-left: 1.2rem; margin: .3rem 0; }
ul.items { padding: 0; list-style: none; }
ul.items li { border-top: 1px solid var(--line); padding: .4rem 0; }
ul.items li:target { outline: 2px solid var(--link); outline-offset: 2px; }
.soft, ul.items div { color: var(--soft); font-size: .9em; }
b.s { font-size: .85em; display: inline-block; min-width: 4.8rem; }
mark { font-size: .8em; padding: 0 .35rem; border-radius: .3rem; background: var(--link); color: var(--page); }
details.tenant { border: 1px solid var(--line); border-radius: .4rem; margin: .5rem 0; padding: 0 .8rem; content-visibility: auto;
  contain-intrinsic-size: auto 2.8rem; }
details.tenant[open] { padding-bottom: .6rem; }
@media (max-width: 34rem) { th .soft { display: none; } }
summary { cursor: pointer; padding: .4rem 0; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
#filter { display: flex; flex-wrap: wrap; gap: .4rem 1rem; align-items: center; background: var(--card); padding: .6rem .8rem; border-radius: .4rem; }
#filter[hidden] { display: none; }
#filter input, #filter select { font: inherit; max-width: 100%; }
"""
    + "".join(f".{name} {{ color: {light}; }}\n" for name, (light, _dark) in COLOURS.items())
    + "".join(f"main[data-only='{name}'] ul.items li:not(.i-{name}) {{ display: none; }}\n" for name in COLOURS)
    + "main[data-only='new'] ul.items li:not(.i-new) { display: none; }\n"
    + "@media (prefers-color-scheme: dark) {\n"
    + "".join(f".{name} {{ color: {dark}; }}\n" for name, (_light, dark) in COLOURS.items())
    + "}\n"
)
SCRIPT = """
"use strict";
const main = document.querySelector("main"), filter = document.getElementById("filter"), shown = document.getElementById("shown");
const only = document.getElementById("only"), name = document.getElementById("name");
const tenants = [...document.querySelectorAll("details.tenant")];
function apply() {
  const text = name.value.trim().toLowerCase();
  main.dataset.only = only.value;
  let number = 0;
  for (const tenant of tenants) {
    const fits = (!only.value || tenant.dataset.has.split(" ").includes(only.value)) && tenant.dataset.name.includes(text);
    tenant.hidden = !fits;
    number += fits;
  }
  shown.textContent = number + " of " + tenants.length + " tenants";
}
only.addEventListener("change", apply);
name.addEventListener("input", apply);
filter.addEventListener("submit", event => event.preventDefault());
filter.hidden = false;
apply();
"""
TITLE = "How the tenants stand"


def page(document: Document) -> Iterator[str]:
    """The page, a tenant at a time."""
    parts = ordered(document["tenants"])
    yield _head()
    yield _counts(document)
    yield _filter(bool(document["summary"]["new"]))
    for part in parts:
        yield from _tenant(part, len(parts) <= FEW)
    yield f"</main>\n<script>{SCRIPT}</script></body></html>\n"


def _head() -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'sha256-{_hash(SCRIPT)}'; "
        f"style-src 'sha256-{_hash(STYLE)}'; form-action 'none'; base-uri 'none'\">\n"
        f"<title>{TITLE}</title><style>{STYLE}</style></head>\n<body><main><h1>{TITLE}</h1>\n"
    )


def _hash(text: str) -> str:
    """By which the browser knows that a part of the page is the page's own."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _counts(document: Document) -> str:
    summary = document["summary"]
    columns = "".join(f'<th scope="col">{words}</th>' for words in COUNTED.values())
    rows = "".join(
        f'<tr data-state="{_class(state)}"><th scope="row"><b class="s {_class(state)}">{state}</b> <span class="soft">{html.escape(meaning)}</span></th>'
        f"{''.join(f'<td>{summary[name][state]}</td>' for name in COUNTED)}</tr>\n"
        for state, meaning in STATES.items()
    )
    return (
        f'<table id="counts"><thead><tr><th scope="col">state</th>{columns}</tr></thead><tbody>\n{rows}</tbody></table>\n'
        f"<p>New since the baseline: {summary['new']}. Steps to do: {summary['steps']}. Values that are in sync are counted here; the JSON file that was "
        "written with this page (<code>plan.json</code>, or <code>verification.json</code>) has each of them.</p>\n"
    )


def _filter(with_new: bool) -> str:
    """What the script shows: without it there is nothing to press."""
    states = "".join(f'<option value="{_class(state)}">{state}</option>' for state in STATES)
    new = '<option value="new">new</option>' if with_new else ""
    return (
        f'<form id="filter" hidden><label>State <select id="only"><option value="">all</option>{new}{states}</select></label>\n'
        '<label>Tenant <input id="name" type="search" autocomplete="off"></label> <span id="shown" role="status"></span></form>\n'
    )


def _shown(text: object) -> str:
    return html.escape(line_of(text))


def _id(*names: str) -> str:
    """An id, and what leads to it: the same text, without a blank."""
    return html.escape(quote("/".join(names), safe="/", errors="replace"))


def _tenant(part: Part, is_open: bool) -> Iterator[str]:
    items = items_of(part)
    counts, news = counted(items), news_of(part)
    has = {_class(state) for state in STATES if counts[state] or part["state"] == state} | ({"new"} if news else set())
    yield (
        f'<details class="tenant" id="{_id(part["host"])}" data-has="{" ".join(sorted(has))}" data-name="{_shown(tenant_of(part)).lower()}"'
        f'{" open" if is_open else ""}><summary><b class="s {_class(part["state"])}">{part["state"]}</b> {_shown(tenant_of(part))} '
        f'<span class="soft">{values_of(part)}</span>{_news(news)}</summary>\n'
    )
    for heading, sentences in notes_of(part):
        yield f"<h2>{heading}</h2>{_list(sentences)}\n"
    if part["could"]:
        yield f"<details><summary>What could be read</summary>{_list(part['could'])}</details>\n"
    for heading, entry, group in groups_of(part):
        state = f'<b class="s {_class(entry["state"])}">{entry["state"]}</b> ' if entry else ""
        yield f"<h2>{state}{_shown(heading)}</h2>\n"
        yield from _of_entry(entry) if entry else ()
        yield from _items(part, group)
        yield from _of_rest(entry, group)
    if not part["error"] and not items and not part["integrations"]:
        yield f"<p>{NOTHING_LISTED}</p>\n"
    yield "</details>\n"


def _news(number: int) -> str:
    return f" <mark>{number} new</mark>" if number else ""


def _list(sentences: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{_shown(text)}</li>' for text in sentences)}</ul>"


def _of_entry(entry: Entry) -> Iterator[str]:
    if entry["error"]:
        yield f'<p class="failed">{html.escape(cleaned(entry["error"]))}</p>\n'
    url = html.escape(cleaned(address_to_open(entry["change"] or {})))
    how = [_shown(words) for words in how_of(entry)] + ([f'<a href="{url}" rel="noreferrer">open it</a>'] if url else [])
    if how:
        yield f'<p class="soft">{", ".join(how)}</p>\n'
    if entry["remarks"]:
        yield f"{_list(entry['remarks'])}\n"


def _items(part: Part, items: Iterable[Told]) -> Iterator[str]:
    """What isn't in sync, object by object."""
    found = _by_object(items)
    for number, item in enumerate(found):
        if not number or item["about"] != found[number - 1]["about"]:
            yield f'{"</ul>" if number else ""}<p class="soft">{_shown(item["about"])}</p><ul class="items">\n'
        yield _item(part, item)
    if found:
        yield "</ul>\n"


def _by_object(items: Iterable[Told]) -> list[Told]:
    """The items that are worth telling, those of an object together, with the objects first that somebody has to look at."""
    objects: dict[str, list[Told]] = {}
    for item in worth_telling(items):
        objects.setdefault(item["about"], []).append(item)
    return [item for found in objects.values() for item in found]


def _item(part: Part, item: Told) -> str:
    state = _class(item["state"])
    where = _id(part["host"], item["address"])
    new = " <mark>new</mark>" if item.get("new") else ""
    told = [item.get("why") or "", waiting_of(item), acceptance_of(item)]
    more = [f"evidence {line_of(item['evidence'])}", source_of(item)]
    return (
        f'<li class="i-{state}{" i-new" if new else ""}" id="{where}"><b class="s {state}">{item["state"]}</b> {_shown(item["label"])}: '
        f"<code>{_shown(value_of(item['seen']))}</code> → <code>{_shown(value_of(item['wanted']))}</code>{new}"
        f"{''.join(f'<br>{_shown(text)}' for text in told if text)}"
        f'<div>{", ".join(_shown(text) for text in more if text)} <a href="#{where}">{_shown(item["address"])}</a></div></li>\n'
    )


def _of_rest(entry: Entry | None, items: Iterable[Told]) -> Iterator[str]:
    counts = in_sync_by_object(items)
    if counts:
        yield f'<p class="soft">In sync: {", ".join(f"{_shown(about)} {number}" for about, number in counts.items())}.</p>\n'
    if entry and entry["steps"]:
        steps = "".join(f"<li>{_shown(step)}</li>" for step in entry["steps"])
        yield f"<details><summary>{number_of(len(entry['steps']), 'step')}</summary><ol>{steps}</ol></details>\n"
