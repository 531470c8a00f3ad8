# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Read the text of a profile: YAML without its traps, and which line each value stands in. Private to the collection.

A profile may come from anywhere, so it is read carefully: at most 256 KB, no anchors and aliases (a few lines of them can unfold to gigabytes),
no tags, no key twice, no depth that nobody writes.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._errors import AutotaskError, InputError
from .._text import for_error

try:
    import yaml
except ImportError as missing:
    YAML_MISSING: ImportError | None = missing
else:
    YAML_MISSING = None
    FAST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


LARGEST = 256 * 1024
PROFILE = "a profile"
DEEPEST = 12
LONGEST_KEY = 160
# What people most often get wrong in YAML, by a part of the library's words, in ours. `start`: the line where it begins says more than where it shows.
PROBLEMS = (
    ("'\\t' that cannot start", "a tab stands here; YAML is indented with spaces", ""),
    ("that cannot start any token", "text that begins like this has to stand in quotes", ""),
    ("mapping values are not allowed", "there is a colon too many: put text with a colon into quotes, or fix the indentation", ""),
    ("expected <block end>", "this is not indented like what it belongs to", ""),
    ("could not find expected ':'", "this is neither a key with a colon nor part of what stands above", "start"),
    ("expected ',' or", "a comma or a closing bracket is missing in what begins here", "start"),
    ("unexpected end of stream", "the quotes that begin here are not closed", "start"),
    ("escape", "a backslash means something in double quotes; use single ones", ""),
)
# Keys under which somebody might put what must never stand in a file like this: these words, alone or after a few others. A sentence that ends with one
# of them is a label of the console, such as *Not required to change password*.
SECRET = re.compile(r"(\S+ ){0,2}(secret|password|api key|apikey|token|credentials)|user ?name|integration code")
# YAML 1.1 takes more for a number than a person does: `1:20` for 80, `010` for 8, `1_000` for 1000, `1.10` for 1.1. Only these are numbers here; the rest
# is text, as it is written.
WHOLE_NUMBER = re.compile(r"0|-?[1-9][0-9]*")
NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
AS_WRITTEN = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:value")


Place = tuple[str, ...]


@dataclass(frozen=True)
class Text:
    """A profile as it was written: plain data, and the line of each place (`name` is the file's, `digest` tells its content from another).

    `duplicates` are keys that stand twice. Text that has any is wrong, and is read all the same, so that what else is wrong is found with them.
    """

    data: dict[str, Any]
    name: str = ""
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    digest: str = ""
    duplicates: Sequence[InputError] = ()

    def line(self, place: Sequence[str]) -> int | None:
        """The line of a place, or of the nearest one above it."""
        for length in range(len(place), -1, -1):
            if tuple(place[:length]) in self.lines:
                return self.lines[tuple(place[:length])]
        return None

    def error(self, error: InputError) -> InputError:
        """The error with the file and the line in front of it; a profile that is no file has the option's name there."""
        place = self.as_written(error.place)
        if not self.name:
            return InputError(["profile", *place], error.message, error.code)
        return _at(self.name, self.line(place), list(place), error.message, error.code)

    @property
    def unread(self) -> list[InputError]:
        """Those of `duplicates` for which nobody knows what is meant, at the places where it would be."""
        return list(self.duplicates)

    def as_written(self, place: Place) -> Place:
        """The place as the author wrote it."""
        return place

    def placed(self, errors: Iterable[InputError]) -> list[InputError]:
        """The errors in the order of their lines, each with the file and the line in front of it."""
        found = sorted((one for error in errors for one in error.errors), key=lambda one: self.line(self.as_written(one.place)) or 0)
        return [self.error(one) for one in found]


def text_of(data: Mapping[Any, Any]) -> Text:
    """A profile that came as data, not as a file."""
    return Text(as_text(data))


def as_text(data: Any) -> Any:
    """Data that has gone through YAML, with what can only have been text as text again: keys, and dates without a time.

    Numbers and truths stay: where text is needed it isn't known any more how they were written.
    """
    if isinstance(data, Mapping):
        return {for_key(key): as_text(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [as_text(item) for item in data]
    return data.isoformat() if isinstance(data, datetime.date) and not isinstance(data, datetime.datetime) else data


def for_key(key: object) -> str:
    """A key as text, in the words of YAML."""
    return key if isinstance(key, str) else for_error(key)


def _at(name: str, line: int | None, place: Sequence[str], message: str, code: str) -> InputError:
    where = f"{name}, line {line}" if line else name
    return InputError([where, *place], message, code)


def read_text(raw: bytes, name: str, what: str = PROFILE, begins: str = "profile: 2") -> Text:
    """The profile in the bytes of a file, or what else (`what`) people write in the same careful YAML, as a mapping that `begins` so. Raises InputError with
    the file's name and the line.
    """
    if YAML_MISSING:
        raise AutotaskError(f"The Python library PyYAML is missing ({YAML_MISSING}). It comes with Ansible.", "library_missing")
    if len(raw) > LARGEST:
        raise _at(name, None, [], f"the file has more than the {LARGEST // 1024} KB that {what} may have", "too_large")
    try:
        text = raw.decode("utf-8-sig")
        node = _composed(text, name, what)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _at(name, line, [], "this is not UTF-8 text; save the file as UTF-8", "not_text") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _at(name, line, [], "there is a character here that text doesn't have; save the file as UTF-8", "not_text") from error
    except yaml.MarkedYAMLError as error:
        raise _not_yaml(error, name) from error
    lines: dict[tuple[str, ...], int] = {}
    duplicates: list[InputError] = []
    data = _value(node, (), lines, duplicates, name) if node else None
    if not isinstance(data, dict):
        raise _at(name, 1, [], f"{what} is a mapping that begins with `{begins}`", "not_a_profile")
    return Text(data, name, lines, hashlib.sha256(raw).hexdigest(), duplicates)


def _composed(text: str, name: str, what: str) -> Any:
    """The nodes of the text. The library's part in C is ten times as fast; what is wrong is told in the words of the other one."""
    try:
        _check_events(text, name, what, FAST)
        return yaml.compose(text, Loader=FAST)
    except yaml.YAMLError:
        if FAST is yaml.SafeLoader:
            raise
        _check_events(text, name, what, yaml.SafeLoader)
        return yaml.compose(text, Loader=yaml.SafeLoader)


def _not_yaml(error: Any, name: str) -> InputError:
    problem = str(error.problem or error.context)
    words, begin = next(((words, begin) for part, words, begin in PROBLEMS if part in problem), (problem, ""))
    mark = (error.context_mark if begin else None) or error.problem_mark or error.context_mark
    return _at(name, mark.line + 1 if mark else None, [], f"YAML can't be read here: {words}", "not_yaml")


def _check_events(text: str, name: str, what: str, loader: Any) -> None:
    depth = documents = 0
    for event in yaml.parse(text, Loader=loader):
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _at(name, line, [], f"a file holds {what}; here a second document begins", "documents")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _at(name, line, [], f"anchors and aliases can't be used in {what}; write the values out", "anchor")
        tag = getattr(event, "tag", None)
        if tag:
            words = f"{what} holds no secrets, not even encrypted ones" if "vault" in tag else f"tags can't be used in {what}"
            raise _at(name, line, [], f"{words}: {for_error(tag.replace('tag:yaml.org,2002:', '!!'))}", "tag")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise _at(name, line, [], f"this is nested deeper than the {DEEPEST} levels that {what} has", "too_deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _value(node: Any, place: tuple[str, ...], lines: dict[tuple[str, ...], int], duplicates: list[InputError], name: str) -> Any:
    """The plain value of a node; notes the line of everything below it, and each key that stands twice."""
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise _at(name, line, place, "a key must be plain text", "key")
            key = str(key_node.value)
            if key == "<<":
                raise _at(name, line, place, "merge keys can't be used here; write the values out", "merge")
            if len(key) > LONGEST_KEY:
                raise _at(name, line, place, f"a key has at most {LONGEST_KEY} characters; this one begins with {for_error(key)}", "key")
            if key in found:
                duplicates.append(
                    InputError([*place, key], f"duplicate key {for_error(key)}; YAML would silently take the last one", "duplicate_key")
                )
            lines[(*place, key)] = line
            found[key] = _value(value_node, (*place, key), lines, duplicates, name)
        return found
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value, 1):
            lines[(*place, str(number))] = item.start_mark.line + 1
        names = entry_names([_with_key(item) for item in node.value])
        return [_value(item, (*place, called), lines, duplicates, name) for called, item in zip(names, node.value, strict=True)]
    return _scalar(node)


def _with_key(item: Any) -> dict[str, Any]:
    """Of an entry of a list no more than its key."""
    inside = item.value if isinstance(item, yaml.MappingNode) else []
    keys = [_scalar(value) for key, value in inside if key.value == "key" and isinstance(value, yaml.ScalarNode)]
    return {"key": keys[-1]} if keys else {}


def _scalar(node: Any) -> Any:
    """Text, whole number, truth or nothing. What a person wouldn't read as one of the latter stays as it is written."""
    if node.tag in AS_WRITTEN or (node.tag in NUMBERS and not WHOLE_NUMBER.fullmatch(node.value)):
        return str(node.value)
    return yaml.constructor.SafeConstructor().construct_object(node)


def secrets_in(data: object, place: tuple[str, ...] = ()) -> Iterator[InputError]:
    """An error for each key that is named like a secret and holds something, and for each value that is a vault's."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            name = str(key).casefold().replace("-", " ").replace("_", " ")
            if SECRET.fullmatch(name) and value is not None and not isinstance(value, bool):
                message = (
                    "a profile holds no secrets; they are recorded per tenant, encrypted, with the playbook msp.autotask.record_credentials"
                )
                yield InputError([*place, str(key)], message, "secret")
            else:
                yield from secrets_in(value, (*place, str(key)))
    elif isinstance(data, list):
        for called, item in zip(entry_names(data), data, strict=True):
            yield from secrets_in(item, (*place, called))
    elif isinstance(data, str) and data.startswith("$ANSIBLE_VAULT"):
        yield InputError(place, "a profile holds no secrets, not even encrypted ones", "secret")


def entry_names(items: Sequence[object]) -> list[str]:
    """What the entries of a list are called by in places: the key, if one has a key and none before it has the same, else the number from 1."""
    found: list[str] = []
    for number, item in enumerate(items, 1):
        key = str(item["key"]) if isinstance(item, Mapping) and item.get("key") is not None else ""
        found.append(key if key and key not in found else str(number))
    return found


def places_of(data: object, place: Place = ()) -> Iterator[Place]:
    """Every place in a profile."""
    if place:
        yield place
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from places_of(value, (*place, str(key)))
    elif isinstance(data, list):
        for called, item in zip(entry_names(data), data, strict=True):
            yield from places_of(item, (*place, called))
