# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What is otherwise than it was: against a baseline, and against what was reviewed. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .document import Part, items_of
from .item import DRIFTED, FAILED, IN_SYNC, TO_DO, UNKNOWN, UNLISTED, WAITING

# What REST shows of a tenant beside what is wanted, in the words of people.
SEEN = {
    "version": "Autotask's version",
    "company": "the name of the tenant's own company",
    "modules": "the module",
    "levels": "the security level",
    "api_users": "the API user",
}
# States that somebody has to look at: one that an item didn't have in the baseline is new.
WORTH_TELLING = (FAILED, DRIFTED, UNKNOWN, TO_DO, WAITING, UNLISTED)


def with_baseline(part: Part, before: Part | None) -> dict[str, Any]:
    """The part with what is `new` in it, what is `gone`, and what changed on the tenant by itself. A tenant that the baseline doesn't have is new as a whole.

    What couldn't be read, now or then, hasn't changed as far as anybody knows.
    """
    old = {item["address"]: item for item in items_of(before)} if before else {}
    new = {item["address"] for item in items_of(part)}

    def marked(item: Mapping[str, Any]) -> dict[str, Any]:
        was = old.get(item["address"])
        is_new = item["state"] in WORTH_TELLING and (was is None or was["state"] != item["state"] or was["seen"] != item["seen"])
        return {**item, **({"new": True} if is_new else {})}

    integrations = [{**entry, "items": [marked(item) for item in entry["items"]]} for entry in part["integrations"]]
    gone = [] if part["error"] else sorted(address for address in old if address not in new)
    return {
        **part,
        "integrations": integrations,
        "unlisted": [marked(item) for item in part["unlisted"]],
        "changes": list(changes(before["seen"], part["seen"])) if before else [],
        "gone": gone,
    }


def changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What REST shows otherwise than before: `what`, `before`, `now`; nothing (None) for what isn't there."""
    for name, words in SEEN.items():
        if name not in before or name not in now:
            continue
        was, is_now = before[name], now[name]
        if not isinstance(was, Mapping) or not isinstance(is_now, Mapping):
            if was != is_now:
                yield {"what": words, "before": was, "now": is_now}
            continue
        for key in sorted({*was, *is_now}):
            if was.get(key) != is_now.get(key):
                yield {"what": f'{words} "{key}"', "before": was.get(key), "now": is_now.get(key)}


def moved(reviewed: Part, now: Part) -> list[str]:
    """What has moved on since a tenant was reviewed, a sentence each; nothing where a run would do exactly what was reviewed.

    That people have done meanwhile what they were asked for is no such thing.
    """
    if reviewed["error"] or now["error"]:
        return [f"it could not be planned: {reviewed['error'] or now['error']}"]
    old = {entry["integration"]: entry for entry in reviewed["integrations"]}
    new = {entry["integration"]: entry for entry in now["integrations"]}
    found = [f"{key} was not in the plan" for key in new if key not in old]
    found += [f"{key} was in the plan, and is not among what this run is about" for key in old if key not in new]
    for key in [key for key in new if key in old]:
        found += _moved(old[key], new[key])
    return found


def _moved(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    was = {item["address"]: item for item in old["items"]}
    now = {item["address"]: item for item in new["items"]}
    told = False
    for address in [*was, *(address for address in now if address not in was)]:
        before, after = was.get(address), now.get(address)
        if not _same(before, after):
            told = True
            yield f"{address}: {_words(before)} was reviewed, and it is {_words(after)}"
    if not told and old["steps"] != new["steps"] and not _done_since(old, new):
        yield f"{old['integration']}: the steps are others than those that were reviewed"


def _same(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> bool:
    if before is None and after is not None:
        # What shows only once it is done.
        return bool(after["state"] == IN_SYNC)
    if before is None or after is None:
        return before is after
    if before["state"] == WAITING and after["state"] == IN_SYNC:
        return bool(before["wanted"] == after["wanted"])
    keys: Sequence[str] = ("state", "wanted", "seen")
    return all(before[key] == after[key] for key in keys)


def _done_since(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether no more is asked for than before, since people have ticked steps off."""
    return set(new["steps"]) <= set(old["steps"]) and any(item["state"] == WAITING for item in old["items"])


def _words(item: Mapping[str, Any] | None) -> str:
    if item is None:
        return "nothing"
    return f"{item['state']} ({item['seen']} where {item['wanted']} is wanted)" if item["state"] != IN_SYNC else IN_SYNC
