# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How a tenant's console looks, and what goes wrong on it: its generation, its language and its traps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

from sandbox.editor import Problem
from sandbox.model import CellValue, Tenant

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    return content


TRAPS = _read("traps.yml")
"""What may go wrong on the pages, by name; each entry says what it `does`, and holds its numbers and names."""

_WORDS: dict[str, dict[str, str]] = _read("words.yml")

GENERATIONS = ("native", "mvc", "frames", "shell")
LANGUAGES = ("en", *_WORDS)
NAVIGATIONS = ("old", "new")


@dataclass(frozen=True)
class Look:
    """The look of a console. `generation` is one of `GENERATIONS`, `navigation` of `NAVIGATIONS`; the traps are names of `TRAPS`."""

    generation: str = "native"
    navigation: str = "old"
    language: str = "en"
    traps: frozenset[str] = frozenset()
    session_ends_after: int = 0

    @property
    def parts(self) -> str:
        """The folder of the generation's own templates. Inside the shell are the older pages."""
        return "mvc" if self.generation == "shell" else self.generation

    @property
    def admin(self) -> str:
        """Where Admin leads to. Newer consoles have Admin Categories in between."""
        return "/admin/categories" if self.navigation == "new" else "/admin/settings"

    @property
    def drawn(self) -> bool:
        """Whether the pages need JavaScript, and editors have windows of their own."""
        return self.generation != "native"

    @cached_property
    def _words(self) -> Mapping[str, str]:
        renamed = TRAPS["renamed_labels"]["words"] if "renamed_labels" in self.traps else {}
        return _WORDS.get(self.language, {}) | renamed

    def word(self, text: str) -> str:
        """What the pages say for an English word of their chrome; the word itself where nothing else is known."""
        return self._words.get(text, text)

    def has(self, trap: str, name: str = "") -> bool:
        """Whether a trap is set; with a name, whether it catches the control, or the cell, of that name."""
        if trap not in self.traps:
            return False
        known = TRAPS[trap]
        return not name or name in (*known.get("controls", ()), *known.get("cells", ()))

    def milliseconds(self, trap: str) -> int:
        """How long a trap takes; 0 where it isn't set."""
        return int(TRAPS[trap]["milliseconds"]) if trap in self.traps else 0

    @property
    def scripts(self) -> str:
        """Where pages have their scripts from."""
        return "/late" if "slow_scripts" in self.traps else "/static"

    def forget_box(self, cells: Mapping[str, CellValue]) -> dict[str, CellValue]:
        """The cells that Save & Close stores: all of them, or all but the first tick."""
        first = next((key for key, value in cells.items() if value is True), "")
        return dict(cells) | ({first: False} if first and "save_forgets" in self.traps else {})

    def keep_missing(self, cells: Mapping[str, CellValue], stored: Mapping[str, CellValue]) -> dict[str, CellValue]:
        """The cells of a form that was sent, with what is stored of those that were not on the page."""
        return {key: stored[key] if self.has("missing_setting", key) else value for key, value in cells.items()}


SAVE_REFUSED = Problem("name", "The record could not be saved.")
"""What the trap `save_refused` says."""

Row = TypeVar("Row", bound="DataclassInstance")


def two_rows(rows: Iterable[Row], doubled: Callable[[Row], bool], name: str) -> Iterator[Row]:
    """The trap `two_rows`: after each row that is to be doubled, one whose name differs in a double blank only."""
    for row in rows:
        yield row
        if doubled(row):
            yield replace(row, **{name: f"{getattr(row, name)} ".replace(" ", "  ", 1)})


def look_of(tenant: Tenant | None) -> Look:
    """The look that a tenant's options ask for; the plain one where no tenant is known."""
    options = tenant.options if tenant else {}
    traps = frozenset(options.get("console_traps", ()))
    ends = options.get("session_ends_after", TRAPS["session_ends"]["after"] if "session_ends" in traps else 0)
    generation, navigation = options.get("console", "native"), options.get("console_navigation", "old")
    return Look(generation, navigation, options.get("console_language", "en"), traps, ends)
