# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Explain a profile: what will be granted, what of it is assumed, what REST can prove and what it can't. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .._catalogue import effects
from .._catalogue.model import Catalogue
from .._catalogue.terms import DEFAULT_TERMS, worded
from .._documents.names import cell_label, mirror_remarks
from .._documents.security_level import full_sections, wanted_cells
from .._documents.webhook_limit import WebhookLimit, limit_cells
from .._text import quoted
from .in_words import handover_words, part_words, tracking_words
from .levels import origin
from .old_form import REMARK
from .parts import Entry
from .reach import losses, may_do_everything, taken_away
from .references import all_users
from .resolved import Origin, Profile, ProfileLevel
from .tracking import conditions

RULE = Origin((), "rule", "without it no API user could sign in")


def explained(profile: Profile, catalogue: Catalogue) -> dict[str, Any]:
    """`grants`, `taken_away`, `assumed`, `unknown`, `unexpressed`, `incomplete`, `remarks` for whoever sets it up, and `words`: all of it in lines."""
    grants = [grant for level in profile.levels for grant in _grants(profile, level, catalogue)]
    assumed, unknown = (
        [{"at": entry["at"], "why": entry.get("why", "")} for entry in profile.data.get("sources") or [] if entry["source"] == source]
        for source in ("assumed", "unknown")
    )
    unexpressed = [
        {
            "level": level.level.name,
            "section": section,
            "word": word,
            "why": "the section has no setting that only lets one read",
            "kept": level.level.baseline == "copy",
        }
        for level in profile.levels
        for section, word in level.unexpressed
    ]
    found: dict[str, Any] = {
        "grants": grants,
        "taken_away": [entry for level in profile.levels for entry in taken_away(level, catalogue)],
        "assumed": assumed,
        "unknown": unknown,
        "unexpressed": unexpressed,
        "incomplete": list(profile.data.get("incomplete") or []),
    }
    named = [cell_id for level in profile.levels for cell_id in level.origins]
    of_form = [REMARK] if profile.is_old else []
    reach = list(may_do_everything(profile, catalogue))
    return {
        **found,
        "remarks": [*reach, *losses(profile, catalogue), *_remarks(found), *mirror_remarks(named, catalogue), *of_form],
        "words": list(_words(profile, found, reach)),
    }


def remarks(profile: Profile, catalogue: Catalogue) -> list[str]:
    """What somebody who sets the integration up should know beforehand, in a sentence each."""
    return list(explained(profile, catalogue)["remarks"])


def _remarks(found: dict[str, Any]) -> Iterator[str]:
    """What somebody who sets the integration up should know beforehand, in a sentence each."""
    grants = found["grants"]
    kept, granted = (dict.fromkeys(entry["section"] for entry in found["unexpressed"] if entry["kept"] is kept) for kept in (True, False))
    assumed = [grant for grant in grants if grant["source"] == "assumed"]
    if assumed:
        yield f"{len(assumed)} of {len(grants)} granted settings are assumed, because the guide doesn't state them; each can be overridden."
    doubtful = [grant for grant in grants if grant["source"] == "unknown"]
    if doubtful:
        yield f"Whether the guide asks for {len(doubtful)} of {len(grants)} granted settings is unknown."
    yield from lacking(found)
    if granted:
        yield f"Nothing is granted in {', '.join(granted)}: the guide asks to read there, and no setting there does only that."
    if kept:
        yield f"In {', '.join(kept)} a copy keeps all that its source has: the guide asks to read there, and no setting there does only that."


def lacking(data: Entry) -> Iterator[str]:
    """A sentence on what a profile says that it lacks, where it does."""
    if data.get("incomplete"):
        yield f"The profile is incomplete: {'; '.join(text.rstrip('.') for text in data['incomplete'])}."


def _grants(profile: Profile, one: ProfileLevel, catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    """Every cell of a level that lets its users do something, with where it is from and how REST would show it."""
    label = cell_label(catalogue, DEFAULT_TERMS)
    cells = wanted_cells(one.level, catalogue)
    if one.webhooks:
        cells |= limit_cells(WebhookLimit(one.level.name, one.webhooks["maximum"]))
    for section in full_sections(one.level):
        known = origin(profile.data, ("security_levels", one.key, "sections", section))
        yield _grant(one, f"{section} > every other setting", "Full Permission", known, ())
    for cell_id, value in cells.items():
        setting, cell = catalogue.by_cell[cell_id]
        if value == cell.least or (setting.section in full_sections(one.level) and cell_id not in one.origins):
            continue
        yield _grant(
            one,
            label(cell_id),
            worded(value) if isinstance(value, str) else value,
            _origin(profile, one, cell_id),
            effects.EFFECTS.get(cell_id, ()),
        )


def _origin(profile: Profile, one: ProfileLevel, cell_id: str) -> Origin:
    if cell_id in one.origins:
        return one.origins[cell_id]
    source = next((level for level in profile.levels if one.level.source and level.level.name == one.level.copy_of), None)
    return _origin(profile, source, cell_id) if source else RULE


def _grant(one: ProfileLevel, setting: str, value: object, known: Origin, shown_by: tuple[str, ...]) -> dict[str, Any]:
    return {
        "level": one.level.name,
        "setting": setting,
        "value": value,
        "source": known.source,
        "why": known.why,
        "shown_by": list(shown_by),
    }


def _words(profile: Profile, found: dict[str, Any], reach: Iterable[str]) -> Iterator[str]:
    data = profile.data
    yield f"{data['vendor']}: {_count(len(profile.levels), 'security level')}, {_count(len(profile.users), 'API user')}."
    for guide in data.get("guides") or []:
        told = [guide.get("title", ""), guide.get("url", ""), f"revised {guide['revised']}" if "revised" in guide else ""]
        yield f"Guide: {', '.join(text for text in told if text)}"
    yield from reach
    for one in profile.levels:
        granted = [grant for grant in found["grants"] if grant["level"] == one.level.name]
        source = quoted(one.copied_from, "or")
        how = "grants these, and nothing else:" if one.level.baseline == "none" else f"has what {source} has, with these set:"
        yield (
            f'The level "{one.level.name}" {how}'
            if granted or one.level.baseline == "none"
            else f'The level "{one.level.name}" has what {source} has.'
        )
        for grant in granted:
            shown = (
                {True: "ticked", False: "cleared"}.get(grant["value"], grant["value"])
                if isinstance(grant["value"], bool)
                else grant["value"]
            )
            proof = f"REST shows it ({', '.join(grant['shown_by'])})" if grant["shown_by"] else "only the console shows it"
            known = {"guide": "", "rule": f"; {grant['why']}"}.get(grant["source"], f"; {grant['source']}: {grant['why']}")
            yield f"  {grant['setting']}: {shown} ({proof}{known})"
        taken = [entry["setting"] for entry in found["taken_away"] if entry["level"] == one.level.name]
        if taken:
            yield "  Taken away:"
            yield from (f"  {setting}" for setting in taken)
        if one.webhooks and one.webhooks.get("bound") == "minimum":
            yield f"  A limit of {one.webhooks.get('minimum') or one.webhooks['maximum']} webhooks or more is left as it is."
    for entry in found["unexpressed"]:
        so = "the copy keeps what it has" if entry["kept"] else "nothing is granted"
        yield f'The guide says "{entry["word"]}" for {entry["section"]}; {entry["why"]}, so {so} there.'
    for user in profile.users:
        expect = user["expect"]
        yield f'The API user "{user["first_name"]} {user["last_name"]}" has the level "{user["security_level"]}".'
        yield f"  REST must show as granted: {', '.join(expect['granted']) or 'nothing'}; as denied: {', '.join(expect['denied']) or 'nothing'}."
        if user["existing"]:
            yield "  It is there already, and only gets its level. Its key and its secret stay with the vendor."
        else:
            yield f"  {tracking_words(user['tracking_identifier'])}"
        for name, when in conditions(all_users(data)[user["key"]].get("tracking_identifier") or {}):
            yield f'  Its integration vendor is "{name}" only in this case: {when.rstrip(".")}. A tenant of which that is true names it by an override.'
    names = {level["key"]: level["name"] for level in data.get("security_levels") or []} | {
        one.key: one.level.name for one in profile.levels
    }
    for part in data.get("optional") or []:
        yield from part_words(part, names, part["key"] in profile.parts)
        yield from (f"  Whoever chooses it is refused: {text}" for text in profile.doubts.get(part["key"], ()))
    yield from handover_words(profile.handover, {user["key"]: f"{user['first_name']} {user['last_name']}" for user in profile.users})
    for source, heading in (
        ("assumed", "Assumed, because no guide says it:"),
        ("unknown", "Unknown, because the guide could not be read there:"),
    ):
        if found[source]:
            yield heading
        for entry in found[source]:
            yield f"  {entry['at']}" + (f": {entry['why']}" if entry["why"] else "")
    if found["incomplete"]:
        yield "The profile lacks what follows, and is rolled out only where a tenant allows that:"
        yield from (f"  {text}" for text in found["incomplete"])
    proven = [grant for grant in found["grants"] if grant["shown_by"]]
    yield f"REST can show {len(proven)} of {len(found['grants'])} granted settings; for the others there is the word of whoever set them."
    for entry in profile.prerequisites:
        yield f"Needed first: {entry['text']}"
    for entry in profile.manual_steps:
        yield f"By hand, {entry['where']}: {entry['text']}"
    if profile.is_old:
        yield REMARK
    for missing in profile.missing:
        yield f"Missing: {missing.text}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("s" if number != 1 else "")
