# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Read the text of a profile: YAML without its traps, and which line each value stands in. Private to the collection.

A profile may come from anywhere, so it is read carefully: at most 256 KB, no anchors and aliases (a few lines of them can unfold to gigabytes),
no tags, no key twice, no depth that nobody writes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
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
# Keys under which somebody might put what must never stand in a file like this.
SECRETS = ("secret", "password", "api_key", "apikey", "token", "credentials", "user_name", "username", "integration_code")
SECRET_ENDS = ("_secret", "_password", "_token", "_credentials", "_api_key")


@dataclass(frozen=True)
class Text:
    """A profile as it was written: plain data, and the line of each place (`name` is the file's, `digest` tells its content from another)."""

    data: dict[str, Any]
    name: str = ""
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    digest: str = ""

    def line(self, place: Sequence[str]) -> int | None:
        """The line of a place, or of the nearest one above it."""
        for length in range(len(place), -1, -1):
            if tuple(place[:length]) in self.lines:
                return self.lines[tuple(place[:length])]
        return None

    def error(self, error: InputError) -> InputError:
        """The error with the file and the line in front of it; a profile that is no file has the option's name there."""
        if not self.name:
            return InputError(["profile", *error.place], error.message, error.code)
        return _at(self.name, self.line(error.place), list(error.place), error.message, error.code)


def _at(name: str, line: int | None, place: Sequence[str], message: str, code: str) -> InputError:
    where = f"{name}, line {line}" if line else name
    return InputError([where, *place], message, code)


def read_text(raw: bytes, name: str) -> Text:
    """The profile in the bytes of a file. Raises InputError with the file's name and the line."""
    if YAML_MISSING:
        raise AutotaskError(f"The Python library PyYAML is missing ({YAML_MISSING}). It comes with Ansible.", "library_missing")
    if len(raw) > LARGEST:
        raise _at(name, None, [], f"the file has more than the {LARGEST // 1024} KB that a profile may have", "too_large")
    try:
        text = raw.decode("utf-8-sig")
        node = _composed(text, name)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _at(name, line, [], "this is not UTF-8 text; save the file as UTF-8", "not_text") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _at(name, line, [], "there is a character here that text doesn't have; save the file as UTF-8", "not_text") from error
    except yaml.MarkedYAMLError as error:
        raise _not_yaml(error, name) from error
    lines: dict[tuple[str, ...], int] = {}
    data = _value(node, (), lines, name) if node else None
    if not isinstance(data, dict):
        raise _at(name, 1, [], "a profile is a mapping that begins with `profile: 2`", "not_a_profile")
    return Text(data, name, lines, hashlib.sha256(raw).hexdigest())


def _composed(text: str, name: str) -> Any:
    """The nodes of the text. The library's part in C is ten times as fast; what is wrong is told in the words of the other one."""
    try:
        _check_events(text, name, FAST)
        return yaml.compose(text, Loader=FAST)
    except yaml.YAMLError:
        if FAST is yaml.SafeLoader:
            raise
        _check_events(text, name, yaml.SafeLoader)
        return yaml.compose(text, Loader=yaml.SafeLoader)


def _not_yaml(error: Any, name: str) -> InputError:
    problem = str(error.problem or error.context)
    words, begin = next(((words, begin) for part, words, begin in PROBLEMS if part in problem), (problem, ""))
    mark = (error.context_mark if begin else None) or error.problem_mark or error.context_mark
    return _at(name, mark.line + 1 if mark else None, [], f"YAML can't be read here: {words}", "not_yaml")


def _check_events(text: str, name: str, loader: Any) -> None:
    depth = documents = 0
    for event in yaml.parse(text, Loader=loader):
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _at(name, line, [], "a file holds one profile; here a second document begins", "documents")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _at(name, line, [], "anchors and aliases can't be used in a profile; write the values out", "anchor")
        tag = getattr(event, "tag", None)
        if tag:
            words = "a profile holds no secrets, not even encrypted ones" if "vault" in tag else "tags can't be used in a profile"
            raise _at(name, line, [], f"{words}: {for_error(tag.replace('tag:yaml.org,2002:', '!!'))}", "tag")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise _at(name, line, [], f"this is nested deeper than the {DEEPEST} levels that a profile has", "too_deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _value(node: Any, place: tuple[str, ...], lines: dict[tuple[str, ...], int], name: str) -> Any:
    """The plain value of a node; notes the line of everything below it."""
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise _at(name, line, place, "a key must be plain text", "key")
            key = str(key_node.value)
            if key == "<<":
                raise _at(name, line, place, "merge keys can't be used in a profile; write the values out", "merge")
            if len(key) > LONGEST_KEY:
                raise _at(name, line, place, f"a key has at most {LONGEST_KEY} characters; this one begins with {for_error(key)}", "key")
            if key in found:
                raise _at(
                    name, line, [*place, key], f"duplicate key {for_error(key)}; YAML would silently take the last one", "duplicate_key"
                )
            lines[(*place, key)] = line
            found[key] = _value(value_node, (*place, key), lines, name)
        return found
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value, 1):
            lines[(*place, str(number))] = item.start_mark.line + 1
        return [_value(item, (*place, _name_of(item, number)), lines, name) for number, item in enumerate(node.value, 1)]
    return _scalar(node, place, name)


def _name_of(item: Any, number: int) -> str:
    """What an entry of a list is called by: its key, if it has one, else its number from 1."""
    if isinstance(item, yaml.MappingNode):
        for key, value in item.value:
            if key.value == "key" and isinstance(value, yaml.ScalarNode):
                return str(value.value)
    return str(number)


def _scalar(node: Any, place: tuple[str, ...], name: str) -> Any:
    """Text, number, truth or nothing. Dates stay as they are written."""
    if node.tag in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:value"):
        return str(node.value)
    try:
        return yaml.constructor.SafeConstructor().construct_object(node)
    except (yaml.YAMLError, ValueError) as error:
        raise _at(
            name,
            node.start_mark.line + 1,
            place,
            f"{for_error(node.value)} looks like a number, and isn't one; put it into quotes",
            "value",
        ) from error


def check_no_secrets(data: object, place: tuple[str, ...] = ()) -> None:
    """Raises InputError for a key that is named like a secret, or a value that is a vault's."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            folded = str(key).casefold().replace("-", "_").replace(" ", "_")
            if folded in SECRETS or folded.endswith(SECRET_ENDS):
                message = (
                    "a profile holds no secrets; they are recorded per tenant, encrypted, with the playbook msp.autotask.record_credentials"
                )
                raise InputError([*place, str(key)], message, "secret")
            check_no_secrets(value, (*place, str(key)))
    elif isinstance(data, list):
        for number, item in enumerate(data, 1):
            check_no_secrets(item, (*place, entry_name(item, number)))
    elif isinstance(data, str) and data.startswith("$ANSIBLE_VAULT"):
        raise InputError(place, "a profile holds no secrets, not even encrypted ones", "secret")


def entry_name(item: object, number: int) -> str:
    """What an entry of a list is called by in a place: its key, if it has one, else its number from 1."""
    return str(item["key"]) if isinstance(item, Mapping) and item.get("key") is not None else str(number)
