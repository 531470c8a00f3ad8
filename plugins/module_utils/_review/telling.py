# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The words in which a document is told, whatever it is rendered as. Private to the collection."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .._text import cleaned, on_one_line
from .document import Document, Part, items_of
from .item import IN_SYNC, STATES, counted

RANK: Mapping[str, int] = {state: number for number, state in enumerate(STATES)}
# What the summary counts, as people call it.
COUNTED: Mapping[str, str] = {"tenants": "tenants", "integrations": "integrations", "items": "values"}
UNLISTED_WORDS = "Set up, and listed no more"
NOTHING_LISTED = "Nothing is listed for this tenant."
Entry = Mapping[str, Any]
Told = Mapping[str, Any]


def ordered(parts: Iterable[Part]) -> list[Part]:
    """The tenants, those first that somebody has to look at."""
    return sorted(parts, key=lambda part: (RANK[part["state"]], part["host"]))


def by_state(items: Iterable[Told]) -> list[Told]:
    """The items, those first that somebody has to look at, and otherwise in their order."""
    return sorted(items, key=lambda item: RANK[item["state"]])


def worth_telling(items: Iterable[Told]) -> list[Told]:
    """Those of the items that are worth more than being counted: all that aren't in sync, and what there is a word on."""
    return by_state(item for item in items if item["state"] != IN_SYNC or item.get("why"))


def in_sync_by_object(items: Iterable[Told]) -> dict[str, int]:
    """How many of the other items each object has."""
    counts: dict[str, int] = {}
    for item in items:
        if item["state"] == IN_SYNC and not item.get("why"):
            counts[item["about"]] = counts.get(item["about"], 0) + 1
    return counts


def line_of(text: object) -> str:
    """Any text on one line, fit to be shown."""
    return on_one_line(cleaned(str(text)))


def value_of(value: object) -> str:
    """A value in words, on one line."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return line_of(value) or '""'
    return line_of(json.dumps(value, sort_keys=True, ensure_ascii=False, default=str))


def count_words(counts: Mapping[str, int]) -> str:
    """`1 failed, 12 in sync`: states that nothing is in aren't named."""
    return ", ".join(f"{counts[state]} {state}" for state in STATES if counts.get(state)) or "none"


def values_of(part: Part) -> str:
    """How many of a tenant's values are in each state."""
    items = items_of(part)
    return count_words(counted(items)) if items else "no values"


def number_of(number: int, one: str) -> str:
    """`1 step`, `2 steps`."""
    return f"{number} {one}{'' if number == 1 else 's'}"


def tenant_of(part: Part) -> str:
    """A tenant's name in the inventory, and its own where that is another."""
    host, name = line_of(part["host"]), line_of(part["tenant"])
    return host if name in ("", host) else f"{host} ({name})"


def state_of(item: Told) -> str:
    """An item's state, and whether it is new."""
    return f"{item['state']}, new" if item.get("new") else str(item["state"])


def what_of(item: Told) -> str:
    """What an item is, in the console's words."""
    return f"{line_of(item['about'])}: {line_of(item['label'])}"


def standing(item: Told) -> str:
    """What is seen of an item, and what is wanted where that is something else."""
    seen, wanted = value_of(item["seen"]), value_of(item["wanted"])
    return seen if item["state"] == IN_SYNC or seen == wanted else f"{seen}, where {wanted} is wanted"


def waiting_of(item: Told) -> str:
    """For whom an item waits, since when, and where; empty where it doesn't."""
    told = item.get("waiting") or {}
    since = f" since {line_of(told['since'])}" if told.get("since") else ""
    where = f", in {line_of(told['reference'])}" if told.get("reference") else ""
    return f"waits for {line_of(told.get('for') or 'people')}{since}{where}" if told else ""


def acceptance_of(item: Told) -> str:
    """Who has accepted which value, until when, and why; empty where nobody has."""
    told = item.get("accepted") or {}
    if not told:
        return ""
    return f"{value_of(told.get('value'))} is accepted by {line_of(told.get('by'))} until {line_of(told.get('until'))}: {line_of(told.get('reason'))}"


def source_of(item: Told) -> str:
    """Who wants an item's value, where that is written, and why they do; empty where nobody knows."""
    told = item.get("source") or {}
    line = f":{told['line']}" if told.get("line") else ""
    where = f"{line_of(told['file'])}{line}" if told.get("file") else ""
    place = f"({line_of(told['at'])})" if told.get("at") else ""
    known = " ".join(word for word in (line_of(told.get("source") or ""), where, place) if word)
    return f"{known}: {line_of(told['why'])}" if told.get("why") else known


def reasons_of(item: Told) -> Iterator[tuple[str, str]]:
    """All that there is to say of an item beside its values, as a name and what is said."""
    told = {
        "why": line_of(item.get("why") or ""),
        "waiting": waiting_of(item),
        "acceptance": acceptance_of(item),
        "evidence": line_of(item["evidence"]),
        "wanted by": source_of(item),
        "a run would": line_of(item.get("action") or ""),
    }
    yield from ((name, words) for name, words in told.items() if words)


def entry_of(entry: Entry) -> str:
    """An integration by its vendor and its key."""
    vendor, key = line_of(entry["vendor"]), line_of(entry["integration"])
    return key if vendor in ("", key) else f"{vendor} ({key})"


def how_of(entry: Entry) -> Iterator[str]:
    """In which mode an integration is dealt with, of which revision its profile is, and where its change lies."""
    via = f", by {line_of(entry['apply_via'])}" if entry["apply_via"] and entry["mode"] != "report" else ""
    if entry["mode"]:
        yield f"mode {line_of(entry['mode'])}{via}"
    profile = entry["profile"] or {}
    if profile.get("name"):
        digest = f" (SHA-256 {line_of(profile['sha256'])[:12]})" if profile.get("sha256") else ""
        revision = f", revision {line_of(profile['revision'])}" if profile.get("revision") else ""
        yield f"profile {line_of(profile['name'])}{revision}{digest}"
    if change := change_of(entry):
        yield change


def change_of(entry: Entry) -> str:
    """Where the change of an integration lies, who has it, and since when; empty where there is none."""
    change = entry["change"] or {}
    if not change.get("reference"):
        return ""
    known = [
        line_of(change["reference"]),
        line_of(change.get("state") or ""),
        f"since {line_of(change['opened'])}" if change.get("opened") else "",
        f"with {line_of(change['assignee'])}" if change.get("assignee") else "",
    ]
    return f"change {' '.join(word for word in known if word)}"


def address_to_open(told: Mapping[str, Any]) -> str:
    """The address of a change in a browser. What a tenant calls its console is one only where it can be nothing else."""
    url = str(told.get("url") or "")
    return url if url.startswith(("https://", "http://")) else ""


def notes_of(part: Part) -> Iterator[tuple[str, Sequence[str]]]:
    """What there is to say of a tenant as a whole, as a heading and sentences."""
    changes = [f"{line_of(one['what'])}: {value_of(one['before'])} before, {value_of(one['now'])} now" for one in part["changes"]]
    told = {
        "Failed": [line_of(part["error"])] if part["error"] else [],
        "What could not be read": [line_of(text) for text in part["could_not"]],
        "What has changed on the tenant by itself": changes,
        "What is no longer wanted since the baseline": [line_of(address) for address in part["gone"]],
        "Acceptances that fit nothing": [line_of(text) for text in part["unused"]],
    }
    yield from ((heading, sentences) for heading, sentences in told.items() if sentences)


def groups_of(part: Part) -> Iterator[tuple[str, Entry | None, Sequence[Told]]]:
    """A tenant's items by what they belong to: a heading, the integration's entry, its items; without an entry those that are unlisted."""
    for entry in sorted(part["integrations"], key=lambda entry: RANK[entry["state"]]):
        yield entry_of(entry), entry, entry["items"]
    if part["unlisted"]:
        yield UNLISTED_WORDS, None, part["unlisted"]


def news_of(part: Part) -> int:
    """How many of a tenant's items are new since the baseline."""
    return sum(bool(item.get("new")) for item in items_of(part))


def is_compared(document: Document) -> bool:
    """Whether a baseline has told that something is otherwise than it was. Without a baseline nothing is new, and nothing is known not to be."""
    return bool(document["summary"]["new"]) or any(part["changes"] or part["gone"] for part in document["tenants"])
