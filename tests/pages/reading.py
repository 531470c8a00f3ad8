# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a page tells its reader to enter: its blocks of commands, the commands in its text, and the files that it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"(?ms)^```(\w*)\n(.*?)^```$")
_IN_TEXT = re.compile(r"(?<![`\w])`((?:ansible-playbook|ansible-galaxy) [^`\n]+)`")
_FILE = re.compile(r"# ([\w/.-]+\.(?:yml|cfg))(?:\n|,)")
# A block without a language is one of commands, unless it shows what a file holds.
_NO_COMMANDS = "-----BEGIN "


@dataclass(frozen=True)
class Command:
    """A line that somebody enters; `line` counts from 1."""

    line: int
    text: str


@dataclass(frozen=True)
class File:
    """A file that the page shows: its first line is a comment with its name."""

    line: int
    name: str
    text: str


@dataclass(frozen=True)
class Shown:
    """A block that is neither: part of a file, or what something prints."""

    line: int
    text: str


def read(page: Path) -> list[Command | File | Shown]:
    """All of it, in the order of the page."""
    text = page.read_text()
    found: list[Command | File | Shown] = []
    for match in _BLOCK.finditer(text):
        first = text[: match.start(2)].count("\n") + 1
        language, content = match[1], match[2]
        if language in ("", "sh") and not content.startswith(_NO_COMMANDS):
            found += _commands(first, content)
        elif named := _FILE.match(content):
            found.append(File(first, named[1], content))
        else:
            found.append(Shown(first, content))
    outside = _BLOCK.sub(lambda match: "\n" * match[0].count("\n"), text)
    found += [Command(outside[: match.start()].count("\n") + 1, match[1]) for match in _IN_TEXT.finditer(outside)]
    return sorted(found, key=lambda one: one.line)


def _commands(first: int, content: str) -> Iterator[Command]:
    for number, line in enumerate(content.splitlines()):
        text = re.sub(r"\s{2,}#.*$", "", line).strip()
        if text:
            yield Command(first + number, text)
