# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""An evidence bundle as a page that people read and print. It holds all it needs, runs no script, and reaches no network. Private to the collection."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from .controls import PARTS

Data = Mapping[str, Any]
STYLE = """
:root { color-scheme: light dark; --ink: #1d2733; --soft: #5b6876; --line: #dfe5eb; --back: #f6f8fa; --card: #fff; --link: #1a56b0; --good: #1f7a4d;
  --open: #8a5800; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e9ee; --soft: #9aa7b4; --line: #313b46; --back: #12171d; --card: #1b222a; --link: #8ab8ff;
  --good: #5fce95; --open: #f0b44c; --bad: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; color: var(--ink); background: var(--back); }
main { max-width: 72rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; } h3 { font-size: 1rem; margin: 1.5rem 0 .4rem; }
p { margin: .4rem 0; } .soft { color: var(--soft); } a { color: var(--link); }
section { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .25rem 1.25rem 1.25rem; margin: 1rem 0; }
section > h2 { margin-top: 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th { text-align: left; font-weight: 600; color: var(--soft); white-space: nowrap; }
th, td { padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
td:first-child { min-width: 9rem; }
.good { color: var(--good); } .open { color: var(--open); } .bad { color: var(--bad); }
code, pre { font: .85rem/1.45 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; white-space: pre-wrap; }
summary { cursor: pointer; color: var(--link); } details { margin: .4rem 0; }
@media print { body { background: none; } section { border: 0; padding: 0; } tr { break-inside: avoid; } }
"""
# How a verdict, a state or an evidence is shown.
COLOURS = {
    **dict.fromkeys(("as expected", "done", "closed", "read", "effect"), "good"),
    **dict.fromkeys(("pending", "planned", "credentials", "open", "attested", "unproven", "unknown"), "open"),
    **dict.fromkeys(("missing", "excess", "failed"), "bad"),
}


def page_of(data: Data, sha256: str) -> str:
    """The page of a bundle; `sha256` is that of its evidence.json."""
    title = f"Evidence: {data['tenant']}, {data['date']}"
    body = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="soft">What is known of the integrations of this tenant in Autotask on this day, and how. {_earlier(data["earlier"])}</p>',
        _overview(data["integrations"]),
        *map(_integration, data["integrations"]),
        _users(data["api_users"]),
        _unlisted(data["unlisted"]),
        _controls(data["controls"]),
        _made_with(data, sha256),
    ]
    style_hash = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{style_hash}'; form-action 'none'; base-uri 'none'"
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n<title>{escape(title)}</title><style>{STYLE}</style></head>\n'
        f"<body><main>\n{chr(10).join(body)}\n</main></body></html>\n"
    )


def _earlier(earlier: Data) -> str:
    if not earlier:
        return "There is no bundle of an earlier day to compare it with."
    whole = (
        "" if earlier["as_written"] else " That one is not as its manifest says: it was changed after it was written, or its manifest was."
    )
    return f"Access is compared with that of {escape(earlier['date'])}.{whole}"


def _overview(integrations: Sequence[Data]) -> str:
    rows = [
        [
            f'<a href="#{escape(one["integration"])}">{escape(one["vendor"])}</a>',
            _word(one["plan"]["state"]),
            _counted(evidence for known in one["plan"]["objects"] for evidence in known["evidence"].values()),
            _counted(row["verdict"] for row in one["access"]),
            escape(", ".join(change["reference"] for change in one["attestation"])) or "none",
        ]
        for one in integrations
    ]
    return _section(
        "Integrations", _table(("Integration", "State", "Values are known by", "Access", "Changes"), rows) or _none("None is listed.")
    )


def _integration(one: Data) -> str:
    return _section(
        one["vendor"],
        *_profile(one["profile"]),
        *_plan(one["plan"]),
        *_attestation(one["attestation"]),
        *_access(one["access"]),
        anchor=one["integration"],
    )


def _profile(part: Data) -> Iterable[str]:
    resolved = part["resolved"]
    yield f"<h3>{PARTS['profile']}</h3>"
    for guide in resolved.get("guides", ()):
        words = ", ".join(str(guide[name]) for name in ("title", "revised") if guide.get(name))
        yield f"<p>It follows {_link(guide.get('url', ''), words)}.</p>"
    levels = [
        [escape(level["name"]), escape(str(level["copy_of"] or "")), escape(level["baseline"])]
        for level in resolved.get("security_levels", ())
    ]
    yield _table(("Security level", "Copy of", "Baseline"), levels)
    users = [
        [escape(f"{user['first_name']} {user['last_name']}"), escape(user["security_level"])] for user in resolved.get("api_users", ())
    ]
    yield _table(("API user", "Security level"), users)
    yield f'<p class="soft">SHA-256 of the profile, with all that the tenant chose: <code>{part["sha256"]}</code></p>'
    yield f"<details><summary>The whole profile</summary><pre>{_json(resolved)}</pre></details>"


def _plan(part: Data) -> Iterable[str]:
    yield f"<h3>{PARTS['plan']}</h3><p>As a run in check mode sees it: {_word(part['state'])}. {escape(part['msg'])}</p>"
    rows = []
    for known in part["objects"]:
        differs = "<br>".join(
            f"{escape(fact)}: {escape(str(known['diff']['before'].get(fact, '')) or 'not there')} &rarr; {escape(str(value))}"
            for fact, value in known["diff"]["after"].items()
        )
        said = "<br>".join(escape(text) for text in (*known["contradictions"], *known["warnings"]))
        rows.append(
            [
                escape(known["subject"]),
                _counted(known["evidence"].values()),
                differs or ("what the steps left say" if known["steps"] else "nothing"),
                str(len(known["steps"])),
                said,
            ]
        )
    yield _table(("Object", "Values are known by", "What differs", "Steps left", "What else is known"), rows)
    evidence = {known["subject"]: known["evidence"] for known in part["objects"]}
    yield f"<details><summary>How each value is known</summary><pre>{_json(evidence)}</pre></details>"
    yield "".join(f"<p>{escape(text)}</p>" for text in (part["refused"], *part["remarks"]) if text)


def _attestation(changes: Sequence[Data]) -> Iterable[str]:
    yield f"<h3>{PARTS['attestation']}</h3>"
    if not changes:
        yield _none("No change of this integration was found.")
    for change in changes:
        closed = f", closed {escape(change['closed'])}" if change["closed"] else ""
        yield (
            f"<p>{_link(change['url'], change['reference'])}: {_word(change['state'])}, opened {escape(change['opened'])}{closed}."
            f"{' Who ticked it off is in the history of the file.' if change['kept_in'] == 'runsheet' else ''}</p>"
        )
        yield from map(_attested, change["objects"])


def _attested(known: Data) -> str:
    """An object of a change: in short who did it, and by when, and behind that each step."""
    steps = known["steps"]
    rows = [[escape(step["text"]), _who(step), escape(step["at"])] for step in steps]
    who = ", ".join(dict.fromkeys(_who(step) for step in steps))
    last = max((step["at"] for step in steps), default="")
    words = [
        "attested" if known["attested"] else "not attested",
        f"{len(steps)} step{'' if len(steps) == 1 else 's'}",
        *([f"ticked off by {who}"] if any(step["done"] for step in steps) else []),
        *([f"the last one {escape(last)}"] if last else []),
    ]
    return (
        f"<details><summary>{escape(known['subject'])}: {', '.join(words)}</summary>"
        f"{_table(('Step', 'Ticked off by', 'When'), rows)}<pre>{_json(known['document'])}</pre></details>"
    )


def _who(step: Data) -> str:
    if not step["done"]:
        return '<span class="open">not ticked off</span>'
    by = step["by"]
    if not by or not by["id"]:
        return '<span class="open">unknown</span>'
    what = {True: ' <span class="bad">(an API user)</span>', False: "", None: ' <span class="open">(unknown)</span>'}[by["api_user"]]
    return f"{escape(by['name']) or 'the resource'} ({by['id']}){what}"


def _access(rows: Sequence[Data]) -> Iterable[str]:
    yield f"<h3>{PARTS['access']}</h3>"
    names = ("api_user", "entity", "operation", "expected", "before", "now")
    shown = [[*(escape(str(row[name])) for name in names), _word(row["verdict"])] for row in rows]
    yield _table(("API user", "Entity", "Operation", "Expected", "Before", "Now", "Verdict"), shown) or _none(
        "The profile expects nothing of it."
    )


def _users(users: Sequence[Data] | None) -> str:
    if users is None:
        return _section("API users of the tenant", _none("Unknown: without credentials of the tenant nothing of it is read."))
    rows = [
        [
            escape(user["name"]),
            str(user["id"]),
            "active" if user["active"] else "inactive",
            escape(user["security_level"]),
            escape(user["integration"]) or '<span class="open">of no listed integration</span>',
        ]
        for user in users
    ]
    return _section("API users of the tenant", _table(("Name", "ID", "State", "Security level", "Integration"), rows))


def _unlisted(unlisted: Sequence[Data]) -> str:
    rows = [[escape(one["integration"]), "<br>".join(escape(text) for text in one["retiring_means"])] for one in unlisted]
    return _section("Set up, and listed no more", _table(("Integration", "Retiring it means"), rows) or _none("Nothing."))


def _controls(controls: Sequence[Data]) -> str:
    rows = [
        [
            f"{escape(one['standard'])} {escape(one['control'])}",
            escape(one["about"]),
            escape(", ".join(PARTS[part] for part in one["parts"])),
            escape(one["shows"]),
            escape(one["lacks"]),
        ]
        for one in controls
    ]
    words = "In our own words: what speaks to which control, and what it doesn't show. Whether a control is met is for an auditor to say."
    return _section(
        "What speaks to which control", f"<p>{words}</p>", _table(("Control", "It is about", "Parts", "They show", "They don't show"), rows)
    )


def _made_with(data: Data, sha256: str) -> str:
    rows = [[escape(name), escape(text)] for name, text in data["versions"].items()]
    hashed = (
        f"<p>SHA-256 of evidence.json, which holds all of this as data: <code>{sha256}</code>. That of this page is in manifest.json.</p>"
    )
    return _section("Made with", _table(("Part", "Version"), rows), hashed)


def _section(title: str, *parts: str, anchor: str = "") -> str:
    named = f' id="{escape(anchor)}"' if anchor else ""
    return f"<section{named}><h2>{escape(title)}</h2>{''.join(parts)}</section>"


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of cells that are HTML already; nothing without rows."""
    if not rows:
        return ""
    head = "".join(f"<th>{cell}</th>" for cell in heading)
    return f'<div class="wide"><table><tr>{head}</tr>{"".join(f"<tr>{_cells(row)}</tr>" for row in rows)}</table></div>'


def _cells(row: Sequence[str]) -> str:
    return "".join(f"<td>{cell}</td>" for cell in row)


def _word(word: str) -> str:
    return f'<span class="{COLOURS.get(word, "")}">{escape(word)}</span>'


def _counted(words: Iterable[str]) -> str:
    return ", ".join(f"{_word(word)} {count}" for word, count in sorted(Counter(words).items()))


def _none(words: str) -> str:
    return f'<p class="soft">{escape(words)}</p>'


def _link(address: str, words: str) -> str:
    shown = escape(words or address)
    return f'<a href="{escape(address)}">{shown}</a>' if address.startswith(("https://", "http://")) else shown


def _json(data: object) -> str:
    return escape(json.dumps(data, indent=1, ensure_ascii=False))
