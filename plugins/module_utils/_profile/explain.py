# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Explain a profile: what will be granted, what of it is assumed, what REST can prove and what it can't. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .._catalogue import effects
from .._catalogue.model import Catalogue
from .._catalogue.terms import DEFAULT_TERMS, worded
from .._documents.names import cell_label
from .._documents.security_level import full_sections, wanted_cells
from .._documents.webhook_limit import WebhookLimit, limit_cells
from .resolve import Origin, Profile, ProfileLevel, origin

RULE = Origin((), "rule", "without it no API user could sign in")


def explained(profile: Profile, catalogue: Catalogue) -> dict[str, Any]:
    """`grants`, `assumed`, `unexpressed`, `remarks` for whoever sets it up, and `words`: all of it in lines that a person reads."""
    grants = [grant for level in profile.levels for grant in _grants(profile, level, catalogue)]
    assumed = [
        {"at": entry["at"], "why": entry.get("why", "")} for entry in profile.data.get("sources") or [] if entry["source"] == "assumed"
    ]
    unexpressed = [
        {"level": level.level.name, "section": section, "word": word, "why": "the section has no setting that only lets one read"}
        for level in profile.levels
        for section, word in level.unexpressed
    ]
    found: dict[str, Any] = {"grants": grants, "assumed": assumed, "unexpressed": unexpressed}
    return {**found, "remarks": list(_remarks(found)), "words": list(_words(profile, found))}


def remarks(profile: Profile, catalogue: Catalogue) -> list[str]:
    """What somebody who sets the integration up should know beforehand, in a sentence each."""
    return list(explained(profile, catalogue)["remarks"])


def _remarks(found: dict[str, Any]) -> Iterator[str]:
    """What somebody who sets the integration up should know beforehand, in a sentence each."""
    grants, sections = found["grants"], dict.fromkeys(entry["section"] for entry in found["unexpressed"])
    assumed = [grant for grant in grants if grant["source"] == "assumed"]
    if assumed:
        yield f"{len(assumed)} of {len(grants)} granted settings are assumed, because the guide doesn't state them; each can be overridden."
    if sections:
        yield f"Nothing is granted in {', '.join(sections)}: the guide asks to read there, and no setting there does only that."


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


def _words(profile: Profile, found: dict[str, Any]) -> Iterator[str]:
    data = profile.data
    yield f"{data['vendor']}: {_count(len(profile.levels), 'security level')}, {_count(len(profile.users), 'API user')}."
    for one in profile.levels:
        granted = [grant for grant in found["grants"] if grant["level"] == one.level.name]
        how = "and nothing else" if one.level.baseline == "none" else f'on top of what "{one.level.copy_of}" has'
        yield f'The level "{one.level.name}" grants these, {how}:'
        for grant in granted:
            shown = (
                {True: "ticked", False: "cleared"}.get(grant["value"], grant["value"])
                if isinstance(grant["value"], bool)
                else grant["value"]
            )
            proof = f"REST shows it ({', '.join(grant['shown_by'])})" if grant["shown_by"] else "only the console shows it"
            known = {"guide": "", "rule": f"; {grant['why']}"}.get(grant["source"], f"; {grant['source']}: {grant['why']}")
            yield f"  {grant['setting']}: {shown} ({proof}{known})"
    for entry in found["unexpressed"]:
        yield f'The guide says "{entry["word"]}" for {entry["section"]}; {entry["why"]}, so nothing is granted there.'
    for user in profile.users:
        expect = user["expect"]
        yield f'The API user "{user["first_name"]} {user["last_name"]}" has the level "{user["security_level"]}".'
        yield f"  REST must show as granted: {', '.join(expect['granted']) or 'nothing'}; as denied: {', '.join(expect['denied']) or 'nothing'}."
    if found["assumed"]:
        yield "Assumed, because no guide says it:"
        for entry in found["assumed"]:
            yield f"  {entry['at']}" + (f": {entry['why']}" if entry["why"] else "")
    proven = [grant for grant in found["grants"] if grant["shown_by"]]
    yield f"REST can show {len(proven)} of {len(found['grants'])} granted settings; for the others there is the word of whoever set them."
    for entry in profile.manual_steps:
        yield f"By hand, {entry['where']}: {entry['text']}"
    for text in profile.missing:
        yield f"Missing: {text}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("s" if number != 1 else "")
