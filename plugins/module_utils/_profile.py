# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A vendor's profile: check it, and make of it what one tenant needs. Private to the collection. The form is in docs/profile.md.

A profile knows labels; what comes out of here is normalised by the catalogue, with the tenant's choices in it, and each value's origin.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.msp.autotask.plugins.module_utils import _access, _module_words, _profile_schema
from ansible_collections.msp.autotask.plugins.module_utils._catalogue import Catalogue, find_section
from ansible_collections.msp.autotask.plugins.module_utils._errors import AutotaskError, InputError
from ansible_collections.msp.autotask.plugins.module_utils._labels import quoted, suggestion
from ansible_collections.msp.autotask.plugins.module_utils._level import (
    CAN_CREATE_WEBHOOKS,
    SYSTEM_SOURCE,
    WEBHOOK_CELLS,
    Level,
    check_level_name,
    completed,
    named_cells,
    parse_sections,
    parse_settings,
    render_settings,
)
from ansible_collections.msp.autotask.plugins.module_utils._profile_text import Text, check_no_secrets, entry_name
from ansible_collections.msp.autotask.plugins.module_utils._user import parse_user

try:
    import jsonschema
except ImportError as missing:
    JSONSCHEMA_MISSING: ImportError | None = missing
else:
    JSONSCHEMA_MISSING = None

Place = tuple[str, ...]
Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Choices:
    """What a tenant decides: optional parts (by key), parts that it goes without, other values, lines of business, levels of its people."""

    optional: Sequence[str] = ()
    without: Sequence[str] = ()
    overrides: Entry = field(default_factory=dict)
    lines_of_business: Sequence[str] = ()
    impersonated_levels: Sequence[str] = ()


@dataclass(frozen=True)
class Origin:
    """Where a value is from: its place in the profile, and how it is known (`guide`, `other source`, `assumed`, `tenant`)."""

    place: Place
    known_by: str
    why: str = ""


@dataclass(frozen=True)
class ProfileLevel:
    """One level of a profile as a tenant gets it. `unexpressed` are words of a guide that a section can't express."""

    key: str
    level: Level
    webhooks: Entry | None
    origins: Mapping[str, Origin]
    unexpressed: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Profile:
    """A checked profile, and its levels and users as one tenant gets them."""

    data: Entry
    levels: Sequence[ProfileLevel]
    users: Sequence[Entry]
    by_hand: Sequence[Entry]
    missing: Sequence[str]


# ---- checking --------------------------------------------------------------------------------------------------------------------


def check(data: Entry) -> None:
    """Whether the form is right and everything that is referred to is there. Raises InputError with the place."""
    check_no_secrets(data)
    check_form(data, _profile_schema.frame())
    levels = _by_key(data, "security_levels")
    for entry in levels.values():
        place: Place = ("security_levels", entry["key"])
        check_level_name(entry["name"], " > ".join([*place, "name"]))
        _check_copied(levels, entry, place)
        _check_webhooks(entry, place)
    for key, entry in _by_key(data, "optional").items():
        _known(entry["security_level"], levels, ("optional", key, "security_level"), "security level")
        _check_webhooks(entry, ("optional", key))
    users = _by_key(data, "api_users", "main")
    for key, entry in users.items():
        _check_user(entry, levels, ("api_users", key))
    _unique([entry["name"].casefold() for entry in levels.values()], "security_levels", "two levels have the same name")
    names = [f"{entry['first_name']} {entry['last_name']}".casefold() for entry in users.values()]
    _unique(names, "api_users", "two API users have the same name, and REST could not tell them apart")
    for number, entry in enumerate((data.get("handover") or {}).get("fields") or [], 1):
        place = ("handover", "fields", str(number))
        if ("value" in entry) == ("text" in entry):
            raise InputError(place, "a field has either a `value`, which names what is handed over, or a fixed `text`", "handover")
        if "user" in entry:
            _known(entry["user"], users, (*place, "user"), "API user")
    places = {_joined(place) for place in _places(data)}
    for number, entry in enumerate(data.get("evidence") or [], 1):
        if entry["at"].casefold() not in places:
            near = suggestion(entry["at"], [_shown(place) for place in _places(data) if len(place) > 1])
            raise InputError(("evidence", str(number), "at"), f'"{entry["at"]}" is no place in this profile.{near}', "evidence")


def check_form(data: object, schema: Entry, place: Place = ()) -> None:
    """Hold data against a schema. Raises InputError for what is most clearly wrong."""
    if JSONSCHEMA_MISSING:
        raise AutotaskError(f"The Python library jsonschema is missing ({JSONSCHEMA_MISSING}): pip install jsonschema", "library_missing")
    error = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(schema).iter_errors(data))
    if error is None:
        return
    where = list(place)
    inside: Any = data
    for part in error.absolute_path:
        inside = inside[part]
        where.append(entry_name(inside, part + 1) if isinstance(part, int) else str(part))
    raise InputError([*where, *_unknown_key(error)], _words(error), "form")


def _unknown_key(error: Any) -> list[str]:
    if error.validator != "additionalProperties" or not isinstance(error.instance, Mapping):
        return []
    return [str(key) for key in error.instance if key not in error.schema["properties"]][:1]


def _words(error: Any) -> str:
    """What is wrong, in our words: the library's quote the whole value."""
    wanted, value = error.validator_value, error.instance
    shown = f"{value!r}" if isinstance(value, str | int | float | bool) and len(str(value)) < 60 else "what stands here"
    if error.validator == "additionalProperties":
        known = list(error.schema["properties"])
        [key, *_others] = [str(key) for key in value if key not in known]
        return f"no such key here.{suggestion(key, known)} The keys are {quoted(known)}."
    if error.validator == "required":
        return f"{quoted([key for key in wanted if key not in value])} is missing"
    if error.validator == "type":
        kinds = {"object": "a mapping", "array": "a list", "string": "text", "integer": "a whole number", "boolean": "true or false"}
        quotes = " Put it into quotes." if wanted == "string" and isinstance(value, bool | int | float) else ""
        return f"here {kinds.get(wanted, wanted)} is needed, not {'nothing' if value is None else shown}.{quotes}"
    if error.validator == "enum":
        near = suggestion(str(value), [str(one) for one in wanted])
        return f"{shown} is not one of {quoted([str(one) for one in wanted], 'or')}.{near}"
    if error.validator == "const":
        return f"{shown} is not a version of this form that this collection reads; it reads {wanted}"
    if error.validator == "anyOf":
        return f"{shown} is none of the forms that are possible here: {error.schema.get('description', '')}"
    if error.validator == "pattern":
        return f"{shown} does not have the form {wanted}"
    limits = {
        "maxLength": "has more than {} characters",
        "minLength": "is empty",
        "minItems": "needs at least {} entry",
        "minimum": "is below {}",
    }
    return f"{shown} {limits.get(error.validator, error.validator + ' {}').format(wanted)}"


def _by_key(data: Entry, name: str, default: str = "") -> dict[str, Entry]:
    """The entries of a list by their key; only one may have none, and then it is called by the default."""
    found: dict[str, Entry] = {}
    for number, entry in enumerate(data.get(name) or [], 1):
        key = str(entry.get("key", default))
        if key in found:
            raise InputError((name, str(number)), f'the key "{key}" stands twice' if key else "it needs a key", "duplicate_key")
        found[key] = entry
    return found


def _unique(names: Sequence[str], place: str, message: str) -> None:
    if len(set(names)) < len(names):
        raise InputError((place,), message, "duplicate_name")


def _known(key: str, known: Mapping[str, object], place: Place, what: str) -> None:
    if key not in known:
        raise InputError(
            place, f'this profile has no {what} with the key "{key}".{suggestion(key, known)} There is {quoted(known)}.', "unknown_key"
        )


def _check_copied(levels: Mapping[str, Entry], entry: Entry, place: Place) -> None:
    if "copy_of" in entry and "copy_of_key" in entry:
        raise InputError(place, "either `copy_of`, a level of the tenant, or `copy_of_key`, one of this profile", "copied_twice")
    seen = [entry["key"]]
    while "copy_of_key" in entry:
        _known(entry["copy_of_key"], levels, (*place, "copy_of_key"), "security level")
        entry = levels[entry["copy_of_key"]]
        if entry["key"] in seen:
            raise InputError(
                (*place, "copy_of_key"), f"a level can't be a copy of itself: {' > '.join([*seen, entry['key']])}", "copies_itself"
            )
        seen.append(entry["key"])


def _check_webhooks(entry: Entry, place: Place) -> None:
    webhooks = entry.get("webhooks") or {}
    if webhooks.get("bound") == "minimum" and not webhooks["maximum"]:
        raise InputError((*place, "webhooks"), "at least 0 says nothing; leave `webhooks` out, or name a number", "webhooks")


def _check_user(entry: Entry, levels: Mapping[str, Entry], place: Place) -> None:
    if ("security_level" in entry) == ("system_level" in entry):
        raise InputError(
            place, "a user has either a `security_level` of this profile, by its key, or a `system_level`, by its name", "user_level"
        )
    if "security_level" in entry:
        _known(entry["security_level"], levels, (*place, "security_level"), "security level")
    try:
        level = entry.get("system_level") or levels[entry["security_level"]]["name"]
        parse_user({**entry, "email": "nobody@example.com", "security_level": level, "lines_of_business": None})
        _access.parse_expectations(entry.get("expect") or {})
    except InputError as error:
        raise InputError((*place, *error.place), error.message, error.code) from error


def _places(data: object, place: Place = ()) -> Iterator[Place]:
    """Every place in a profile."""
    if place:
        yield place
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from _places(value, (*place, str(key)))
    elif isinstance(data, list):
        for number, item in enumerate(data, 1):
            yield from _places(item, (*place, entry_name(item, number)))


def _shown(place: Sequence[str]) -> str:
    return " > ".join(place)


def _joined(place: Sequence[str]) -> str:
    return _shown(place).casefold()


# ---- for one tenant --------------------------------------------------------------------------------------------------------------


def read_profile(text: Text, choices: Choices, catalogue: Catalogue) -> Profile:
    """The profile as a tenant with these choices gets it. Raises InputError: in the file with its line, in the choices with the variable."""
    try:
        check(text.data)
        _check_choices(text.data, choices)
        levels = _levels(text.data, choices, catalogue)
        # A profile is right only if its optional parts are, too.
        everything = replace(choices, optional=[part["key"] for part in text.data.get("optional") or []], without=())
        _levels(text.data, everything, catalogue)
        users = [_user(text.data, number, entry, levels, choices) for number, entry in enumerate(text.data["api_users"])]
    except InputError as error:
        raise error if error.place[0] in CHOICES else text.error(error) from error
    missing = [
        f"{text.data['vendor']} leaves the lines of business to the tenant: name them."
        for entry in text.data["api_users"]
        if entry.get("lines_of_business") == "tenant_choice" and not choices.lines_of_business
    ]
    return Profile(text.data, levels, users, _by_hand(text.data, choices), missing)


CHOICES = ("optional (chosen)", "without", "overrides")


def _check_choices(data: Entry, choices: Choices) -> None:
    parts = _by_key(data, "optional")
    for option, keys in ((CHOICES[0], choices.optional), (CHOICES[1], choices.without)):
        for key in keys:
            if key not in parts:
                there = f" There is {quoted(parts)}." if parts else ""
                raise InputError(
                    (option,), f'{data["vendor"]} has no optional part "{key}".{suggestion(key, parts)}{there}', "unknown_part"
                )
    check_form(choices.overrides, _profile_schema.overrides(), (CHOICES[2],))
    for name, known in (("security_levels", _by_key(data, "security_levels")), ("api_users", _by_key(data, "api_users", "main"))):
        for key in choices.overrides.get(name) or {}:
            _known(key, known, (CHOICES[2], name, key), "security level" if name == "security_levels" else "API user")


def _parts(data: Entry, choices: Choices, key: str) -> Iterator[tuple[Place, Entry]]:
    """The parts of the profile that make up a level on this tenant, with their places; what comes later counts more."""
    for entry in data.get("security_levels") or []:
        if entry["key"] == key:
            yield ("security_levels", key), entry
    for part in data.get("optional") or []:
        chosen = part["key"] in choices.optional or (part.get("default") and part["key"] not in choices.without)
        if part["security_level"] == key and chosen:
            yield ("optional", part["key"]), part
    override = (choices.overrides.get("security_levels") or {}).get(key)
    if override:
        yield (CHOICES[2], "security_levels", key), override


def _levels(data: Entry, choices: Choices, catalogue: Catalogue) -> list[ProfileLevel]:
    """The levels, each after the one that it is copied from."""
    found: dict[str, ProfileLevel] = {}
    waiting = [entry["key"] for entry in data.get("security_levels") or []]
    entries = _by_key(data, "security_levels")
    while waiting:
        key = next(key for key in waiting if entries[key].get("copy_of_key", key) not in waiting or "copy_of_key" not in entries[key])
        waiting.remove(key)
        source = found.get(entries[key].get("copy_of_key", ""))
        found[key] = _level(data, choices, key, source.level if source else None, catalogue)
    return list(found.values())


def _level(data: Entry, choices: Choices, key: str, source: Level | None, catalogue: Catalogue) -> ProfileLevel:
    whole: dict[str, Any] = {}
    cells: dict[str, Any] = {}
    sections: dict[str, str] = {}
    origins: dict[str, Origin] = {}
    unexpressed: list[tuple[str, str]] = []
    for place, part in _parts(data, choices, key):
        whole |= part
        sections |= parse_sections(part.get("sections") or {}, catalogue, (*place, "sections"))
        for text, word_text in (part.get("modules") or {}).items():
            inside = (*place, "modules", str(text))
            section, word = find_section(catalogue, str(text), (*place, "modules")), _module_words.word_of(word_text)
            if word is None:
                words = quoted(_module_words.SPELLINGS, "or")
                raise InputError(
                    inside, f"{word_text!r} is no word of the table of module words; choose {words}, or name the settings", "word"
                )
            settings = _module_words.meaning_of(section, word)
            for cell_id, value, _inside in named_cells({section: settings}, catalogue, inside) if settings else ():
                cells[cell_id] = value
                origins[cell_id] = Origin(inside, "assumed", f'what "{word}" means for {section} is our reading')
            if not settings:
                unexpressed.append((section, word))
        cells |= parse_settings(part.get("settings") or {}, catalogue, (*place, "settings"))
        for cell_id, _value, inside_list in named_cells(part.get("settings") or {}, catalogue, (*place, "settings")):
            origins[cell_id] = origin(data, tuple(inside_list))
        if "webhooks" in part:
            origins |= dict.fromkeys(WEBHOOK_CELLS, origin(data, (*place, "webhooks", "maximum")))
    webhooks = whole.get("webhooks")
    place = ("security_levels", key)
    if webhooks and webhooks["maximum"] and cells.get(CAN_CREATE_WEBHOOKS) is False:
        raise InputError((*place, "webhooks"), 'the settings clear "Can create Webhooks", so no maximum can be set', "contradiction")
    baseline = whole.get("baseline", "copy" if source and "baseline" not in whole else "none")
    if webhooks is None and (baseline == "none" or source):
        cells.setdefault(CAN_CREATE_WEBHOOKS, False)
    level = Level(
        name=check_level_name(whole["name"], " > ".join([*place, "name"])),
        copy_of=source.name if source else str(whole.get("copy_of") or SYSTEM_SOURCE),
        baseline=baseline,
        cells=cells,
        sections=sections,
        source=source if baseline == "copy" else None,
    )
    try:
        level = completed(level, catalogue)
    except InputError as error:
        raise InputError((*place, *error.place), error.message, error.code) from error
    return ProfileLevel(key, level, webhooks, origins, unexpressed)


def origin(data: Entry, place: Place) -> Origin:
    """How the value at a place is known: by the evidence entry that is nearest to it, else by the guide."""
    if place[0] == CHOICES[2]:
        return Origin(place, "tenant", "set for this tenant")
    path = _joined(place)
    covering = [entry for entry in data.get("evidence") or [] if f"{path} > ".startswith(f"{entry['at'].casefold()} > ")]
    if not covering:
        return Origin(place, "guide")
    entry = max(covering, key=lambda one: len(one["at"]))
    return Origin(place, entry["known_by"], entry.get("why", ""))


def _user(data: Entry, number: int, entry: Entry, levels: Sequence[ProfileLevel], choices: Choices) -> dict[str, Any]:
    """An API user in the options of autotask_api_user, with what else the role needs of it."""
    key = str(entry.get("key", "main"))
    override = (choices.overrides.get("api_users") or {}).get(key) or {}
    user = {**entry, **override}
    if "security_level" in override or "system_level" in override:
        user = {name: value for name, value in user.items() if name not in ("security_level", "system_level") or name in override}
    names = {level.key: level.level.name for level in levels}
    if "security_level" in user:
        _known(user["security_level"], names, (CHOICES[2], "api_users", key, "security_level"), "security level")
    lines = user.get("lines_of_business")
    chosen = list(choices.lines_of_business) or ([] if lines == "all" else lines if isinstance(lines, list) else None)
    return {
        "key": key,
        "record_as": data["integration"] if number == 0 else f"{data['integration']}-{key}",
        "first_name": user["first_name"],
        "last_name": user["last_name"],
        "security_level": user.get("system_level") or names[user["security_level"]],
        "security_level_key": user.get("security_level", ""),
        "tracking_identifier": dict(user["tracking_identifier"]),
        "locked": user.get("locked"),
        "lines_of_business": chosen,
        "unassigned_items": user.get("unassigned_items"),
        "expect": {"granted": [], "denied": [], **(user.get("expect") or {})},
    }


def _by_hand(data: Entry, choices: Choices) -> list[dict[str, str]]:
    """What only a person can do: what the profile lists, and what follows from its users, addresses and impersonated levels."""
    found: list[dict[str, str]] = []
    impersonated = data.get("impersonated_levels")
    if impersonated:
        tick = f'tick "{impersonated["setting"]}" in the section "Web Services API"'
        for name in choices.impersonated_levels or [""]:
            which = f'In the security level "{name}"' if name else f"In the security levels of {impersonated['whose']}"
            how = "A system level can't be changed: copy it, tick the box in the copy, and give the copy to its people."
            found.append({"where": "Autotask", "text": f"{which}: {tick}. {how}"})
    for user in data["api_users"]:
        if user.get("protected_data") in ("view", "edit"):
            name = f"{user['first_name']} {user['last_name']}"
            found.append(
                {"where": "Autotask", "text": f'Give the API user "{name}" the Protected Data Permission {user["protected_data"].title()}.'}
            )
    addresses = choices.overrides.get("ip_addresses") or data.get("ip_addresses") or []
    if addresses:
        found.append({"where": "Autotask", "text": f"If the tenant restricts where API users sign in from, allow {', '.join(addresses)}."})
    return found + [dict(entry) for entry in data.get("by_hand") or []]


def rendered(profile: Profile, catalogue: Catalogue) -> dict[str, Any]:
    """The profile as the role integration takes it: everything chosen, every label in its catalogue's spelling."""
    data = profile.data
    return {
        "integration": data["integration"],
        "vendor": data["vendor"],
        "product": data.get("product", ""),
        "source": dict(data.get("source") or {}),
        "security_levels": [
            {"key": one.key, **_rendered_level(one.level, catalogue), "webhooks": dict(one.webhooks) if one.webhooks else None}
            for one in profile.levels
        ],
        "api_users": [dict(user) for user in profile.users],
        "prerequisites": [{"check": "", **entry} for entry in data.get("prerequisites") or []],
        "by_hand": [dict(entry) for entry in profile.by_hand],
        "handover": {"to": "", "fields": [], **(data.get("handover") or {})},
        "common_issues": [{"checks": [], "mend": "", **entry} for entry in data.get("common_issues") or []],
        "evidence": [dict(entry) for entry in data.get("evidence") or []],
        "missing": list(profile.missing),
    }


def _rendered_level(level: Level, catalogue: Catalogue) -> dict[str, Any]:
    source = level.source
    return {
        "name": level.name,
        "copy_of": level.copy_of,
        "baseline": level.baseline,
        "sections": dict(level.sections),
        "settings": render_settings(level.cells, catalogue),
        "source": {key: _rendered_level(source, catalogue)[key] for key in ("baseline", "sections", "settings")} if source else None,
    }
