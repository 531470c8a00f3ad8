# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Keys of a profile that are misspelt: told of, and read as what is meant, so that what stands below them is looked at, too. Private to the collection."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._errors import InputError
from .._text import folded, nearest
from . import schema
from .old_form import RENAMED, VERSION, Translated
from .schema_errors import words_of_unknown
from .text import Place, Text, entry_names

# How much a key has to look like another one, so that nothing else can be meant.
NEAR = 0.8


@dataclass
class _Found:
    """The errors of keys that are misspelt, and where they stand, by their places as they should be."""

    errors: list[InputError] = field(default_factory=list)
    written: dict[Place, Place] = field(default_factory=dict)


def spelled(text: Text) -> Text:
    """The profile with the keys that are meant. Its errors name those of the file."""
    found = _Found()
    data = _spelled(text.data, schema.frame(), (), (), found)
    if not found.errors:
        return text
    before = (text.written or {}) if isinstance(text, Translated) else {}
    written = {**before, **{right: text.as_written(place) for right, place in found.written.items()}}
    errors = [InputError(text.as_written(error.place), error.message, error.code) for error in found.errors]
    version = text.version if isinstance(text, Translated) else VERSION
    return Translated(data, text.name, text.lines, text.digest, [*text.duplicates, *errors], written, version)


def _spelled(data: Any, form: Mapping[str, Any], right: Place, written: Place, found: _Found) -> Any:
    if isinstance(data, list):
        return [
            _spelled(item, _form_of(item, form.get("items", {})), (*right, called), (*written, called), found)
            for called, item in zip(entry_names(data), data, strict=True)
        ]
    if not isinstance(data, Mapping) or "properties" not in form:
        return data
    known, inside = form["properties"], {}
    for name, value in data.items():
        meant = "" if name in known else _meant_by(str(name), data, known)
        if meant and meant not in inside:
            words = words_of_unknown(str(name), [part for part in written if not part.isdigit()], list(known), schema.frame())
            found.errors.append(InputError((*written, str(name)), words, "form"))
            found.written[(*right, meant)] = (*written, str(name))
        key = meant if meant and meant not in inside else name
        inside[key] = _spelled(value, _form_of(value, known.get(key, {})), (*right, str(key)), (*written, str(name)), found)
    return inside


def _form_of(value: Any, form: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of several forms the one for a list or a mapping that the value is."""
    kind = "array" if isinstance(value, list) else "object"
    return next((one for one in form.get("anyOf", ()) if one.get("type") == kind), form)


def _meant_by(key: str, entry: Mapping[str, Any], known: Iterable[str]) -> str:
    """The key that an unknown one is meant to be: its name of today, or the one that it is nearly spelled like; empty where that isn't known."""
    lacking = [name for name in known if name not in entry]
    today = [today for _where, before, today in RENAMED if key == before and today in lacking]
    near = [name for name in nearest(key, lacking, most=1) if _is_near(folded(name), folded(key))]
    return next(iter([*today, *near]), "")


def _is_near(one: str, other: str) -> bool:
    return sorted(one) == sorted(other) or difflib.SequenceMatcher(None, one, other).ratio() > NEAR
