# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a tenant's editor shows beyond the catalogue. Private to the collection."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .._errors import InputError
from .._text import UNQUOTABLE, folded, quotable, quoted
from .lookup import find_section
from .model import GRID_COLUMNS, ROW_COLUMNS, Catalogue, Cell, Setting, cells_of, standard


def extended(extra: Sequence[Mapping[str, Any]]) -> Catalogue:
    """The standard catalogue and what a tenant's editor shows beyond it.

    Each extra setting has `section` and `label`, and may have `kind` (row, grid, list, number, or box, which it is when nothing is said), `group`, and
    `values` (from most to least; for a row a mapping of column to values). Raises InputError with its place for one that is incomplete or already there.
    """
    base = standard()
    if not extra:
        return base
    added: list[Setting] = []
    for index, entry in enumerate(extra):
        place = ["extra_settings", str(index + 1)]
        if lacking := [name for name in ("section", "label") if not entry.get(name)]:
            raise InputError([*place, lacking[0]], "is needed", "incomplete_setting")
        for name in ("section", "group", "label"):
            if not quotable(str(entry.get(name) or "")):
                raise InputError([*place, name], UNQUOTABLE, "characters")
        section = find_section(base, str(entry["section"]), place)
        group, label, kind = str(entry.get("group") or ""), str(entry["label"]), str(entry.get("kind") or "box")
        if any(folded(label) == folded(known) for setting in base.settings if setting.section == section for known in setting.names):
            raise InputError(place, f'the section {section} already has a setting "{label}"', "duplicate_setting")
        setting_id = "extra." + re.sub(r"\W+", "_", f"{section} {group} {label}".casefold()).strip("_")
        added.append(Setting(setting_id, section, group, kind, label, tuple(_extra_cells(kind, setting_id, entry, place)), "tenant"))
    groups = {**base.groups, **{setting.group: () for setting in added if setting.group not in base.groups}}
    return Catalogue(base.sections, groups, (*base.settings, *added))


def _extra_cells(kind: str, setting_id: str, entry: Mapping[str, Any], place: Sequence[str]) -> Iterator[Cell]:
    values: Any = entry.get("values")
    if kind == "row":
        if not isinstance(values, Mapping) or not values or not all(isinstance(choice, list) and choice for choice in values.values()):
            raise InputError(place, "a row needs `values`, a mapping of View, Add, Edit, Delete to their values from most to least")
        for column, choices in values.items():
            if column not in ROW_COLUMNS:
                raise InputError([*place, "values"], f'no such column "{column}"; the columns are {quoted(ROW_COLUMNS)}', "unknown_column")
            words = tuple(_as_word(choice) for choice in choices)
            yield Cell(f"{setting_id}.{column.lower()}", "list", column, words, confidence="tenant")
    elif kind == "list":
        if not isinstance(values, list) or not values:
            raise InputError(place, "a list needs `values`, from most to least")
        yield Cell(setting_id, "list", values=tuple(_as_word(choice) for choice in values), confidence="tenant")
    elif kind == "grid":
        yield from cells_of("grid", setting_id, ["tenant"] * len(GRID_COLUMNS), "tenant")
    else:
        yield Cell(setting_id, kind, confidence="tenant")


def _as_word(value: object) -> str:
    """YAML reads Yes and No as true and false."""
    return {True: "Yes", False: "No"}.get(value, str(value)) if isinstance(value, bool) else str(value)
