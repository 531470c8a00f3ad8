# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""How the console's pages and controls are recognised: `locators.yml`, and what a user puts in its place. Private to the collection.

Locators are data. Most rest on published words, some on a guess, and none was checked against a live console.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

try:
    import yaml
except ImportError:
    pass  # ansible-core needs it, so it is there wherever this runs
from .. import _files
from .._catalogue.terms import spellings
from .._errors import AutotaskError, InputError
from .._text import for_error, quoted, suggestion

KINDS = ("text", "number", "box", "drop_down", "choice", "entries", "button", "link", "menu_item", "tab", "column")
SCOPES = ("page", "tab", "section", "row menu")
RESTS_ON = ("captured", "published", "guessed")
# Keys that an entry may have although the shipped one doesn't.
OPTIONAL = ("selector",)
LISTS = ("title", "url", "labels", "must", "css")


@dataclass(frozen=True)
class Field:
    """One thing on a page. `labels` are all spellings in all languages; `selector` is raw CSS that comes before them."""

    page: str
    name: str
    kind: str
    labels: tuple[str, ...]
    scope: str
    rests_on: str
    selector: str = ""

    @property
    def shown(self) -> str:
        """The label that errors name it by."""
        return self.labels[0] if self.labels else self.name


@dataclass(frozen=True)
class Page:
    """One page. It is recognised by `needed` of its labels and all fields in `must`, and by its title or address where those are known."""

    name: str
    title: tuple[str, ...]
    url: tuple[str, ...]
    labels: tuple[str, ...]
    needed: int
    must: tuple[str, ...]
    rests_on: str
    fields: Mapping[str, Field]


@dataclass(frozen=True)
class Locators:
    """Everything by which the console is recognised. `version` changes with every change of the data."""

    pages: Mapping[str, Page]
    settings: Mapping[str, Mapping[str, str]]
    widgets: Mapping[str, Any]
    guidance_buttons: tuple[str, ...]
    generations: Mapping[str, tuple[str, ...]]
    denied: Mapping[str, tuple[str, ...]]
    version: str

    def field(self, page: str, name: str) -> Field:
        """A field of a page."""
        return self.pages[page].fields[name]


def shipped_file(name: str) -> str:
    """The text of a file beside this code. Raises AutotaskError where the code was shipped without it, as to another machine."""
    try:
        return Path(__file__).with_name(name).read_text(encoding="utf-8")
    except OSError:
        raise AutotaskError(
            f"{name} isn't here. The applier `console` works in the process of ansible-playbook only: leave the task's connection local, "
            "without become and async.",
            "console_not_here",
        ) from None


def load_locators(overrides: Mapping[str, Any] | None = None) -> Locators:
    """The shipped locators with a user's in their place, entry by entry. Raises InputError for what the shipped ones don't have."""
    data: dict[str, Any] = yaml.safe_load(shipped_file("locators.yml"))
    if overrides:
        data = _merged(data, overrides, ["locators"])
    version = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:12]
    return Locators(
        pages={name: _page(name, entry) for name, entry in data["pages"].items()},
        settings=data["settings"],
        widgets={name: entry["css"] for name, entry in data["widgets"].items()}
        | {"generations": {name: entry["css"] for name, entry in data["generations"].items()}},
        guidance_buttons=_texts(data["guidance_buttons"]["labels"]),
        generations={name: tuple(entry["url"]) for name, entry in data["generations"].items()},
        denied={key: _texts(data["denied"][key]) for key in ("url", "title")},
        version=version,
    )


def own_locators(path: str | None) -> Mapping[str, Any] | None:
    """The locators of a user's file, or None without one. Raises InputError for a file that can't be read."""
    if not path:
        return None
    try:
        text = _files.read_text(path)
    except AutotaskError as error:
        raise InputError(["console", "locators"], str(error), "locators_file") from None
    if text is None:
        raise InputError(["console", "locators"], f"there is no file {path}", "locators_file")
    try:
        content = yaml.safe_load(text)
    except (ValueError, yaml.YAMLError, RecursionError):
        raise InputError(["console", "locators"], f"{path} can't be read as YAML", "locators_file") from None
    if not isinstance(content, dict):
        raise InputError(["console", "locators"], f"{path} has no pages in it", "locators_file")
    return content


def _merged(base: Any, changes: Any, place: Sequence[str]) -> Any:
    """The base with the changes in it. A mapping is merged, anything else replaced; labels may come with or without languages."""
    if not isinstance(base, Mapping) or place[-1] in LISTS:
        return _checked(changes, base, place)
    if not isinstance(changes, Mapping):
        raise InputError(place, f"here a mapping is needed, not {for_error(changes)}", "mapping")
    merged = dict(base)
    for key, value in changes.items():
        inside = [*place, str(key)]
        if key in OPTIONAL and "kind" in base:
            merged[key] = _checked(value, "", inside)
        elif key not in base:
            what = {1: "part", 3: "field"}.get(len(place), "key") if place[-1] != "pages" else "page"
            raise InputError(inside, f'no such {what} "{key}".{suggestion(str(key), base)} There are {quoted(base)}.', "unknown_locator")
        else:
            merged[key] = _merged(base[key], value, inside)
    return merged


def _checked(value: Any, base: Any, place: Sequence[str]) -> Any:
    key = place[-1]
    if key in LISTS:
        lists = list(value.values()) if isinstance(value, Mapping) and key in ("title", "labels") else [value]
        if not all(isinstance(entries, list) and all(isinstance(entry, str) for entry in entries) for entries in lists):
            raise InputError(place, "a list of texts is needed", "value")
        return value
    allowed = {"kind": KINDS, "scope": SCOPES, "rests_on": RESTS_ON, "by": ("label", "row and column")}.get(key)
    if allowed and value not in allowed:
        raise InputError(place, f"{for_error(value)} is not allowed here; choose {quoted(allowed, 'or')}", "value")
    if isinstance(value, bool) or not isinstance(value, type(base)):
        raise InputError(
            place, f"{for_error(value)} is not allowed here; {'a number' if isinstance(base, int) else 'a text'} is needed", "value"
        )
    return value


def _page(name: str, entry: Mapping[str, Any]) -> Page:
    fields = {
        key: Field(name, key, field["kind"], _texts(field["labels"]), field["scope"], field["rests_on"], field.get("selector", ""))
        for key, field in entry["fields"].items()
    }
    return Page(
        name=name,
        title=_texts(entry["title"]),
        url=tuple(entry["url"]),
        labels=_texts(entry["labels"]),
        needed=entry["needed"],
        must=tuple(entry["must"]),
        rests_on=entry["rests_on"],
        fields=fields,
    )


def _texts(written: Any) -> tuple[str, ...]:
    """The texts of all languages, with every word that a tenant may use for Organization or Device."""
    return tuple(dict.fromkeys(_each_text(written)))


def _each_text(written: Any) -> Iterator[str]:
    for texts in written.values() if isinstance(written, Mapping) else [written]:
        for text in texts:
            yield from spellings(text)
