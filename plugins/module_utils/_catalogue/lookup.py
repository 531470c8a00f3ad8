# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Finds sections, settings and values by what people write. Private to the collection."""

from __future__ import annotations

from collections.abc import Sequence

from .._errors import InputError
from .._text import folded, for_error, quoted, suggestion
from .model import COLUMN_ALIASES, HEADER, Catalogue, Cell, Setting, Value
from .table import MOVED, UNPLACED
from .terms import worded


def find_section(catalogue: Catalogue, text: str, place: Sequence[str]) -> str:
    """The section that is meant. Raises InputError naming the nearest ones."""
    if section := catalogue.sections_by_name.get(folded(text)):
        return section
    known = [section for section in catalogue.sections if section != HEADER]
    if folded(text) == folded(HEADER):
        raise InputError(place, "the name and Active are options of their own (`name`, `active`)", "unknown_section")
    raise InputError(place, f'no such section "{text}".{suggestion(text, known)} The sections are {quoted(known)}.', "unknown_section")


def find_groups(catalogue: Catalogue, section: str, text: str) -> list[str]:
    """The groups of the section that the text may name."""
    return list(catalogue.groups_by_name.get((section, folded(text)), ()))


def find_setting(catalogue: Catalogue, section: str, group: str | None, text: str, place: Sequence[str]) -> Setting:
    """The one setting that is meant, by its label, an older or a tenant's spelling, or its id.

    Raises InputError for none (with the nearest labels, or where the setting has moved to) and for more than one.
    """
    found = [setting for setting in catalogue.by_name.get((section, folded(text)), ()) if group in (None, setting.group)]
    if len(found) == 1:
        return found[0]
    raise _not_one(catalogue, section, group, text, found, place)


def _not_one(
    catalogue: Catalogue, section: str, group: str | None, text: str, found: Sequence[Setting], place: Sequence[str]
) -> InputError:
    """Why none or several settings are meant: what to write instead, where it moved to, or what is near."""
    where = f"the section {section}" if group is None else f"{section} > {worded(group)}"
    if found:
        choices = [worded(f"{setting.group} > {setting.label}") for setting in found]
        return InputError(place, f'"{text}" can mean {quoted(choices, "or")}. Write it below its group, or in full.', "ambiguous_setting")
    for (old_section, label), new_section in MOVED.items():
        if old_section == section and folded(label) == folded(text):
            return InputError(place, f'"{text}" has moved from {section} to the section {new_section}.', "unknown_setting")
    for label, story in UNPLACED.items():
        if folded(label) == folded(text):
            return InputError(place, f'"{text}" can\'t be set: {story}.', "unknown_setting")
    elsewhere = catalogue.by_name.get(("", folded(text)), ())
    if elsewhere:
        where_else = " > ".join(part for part in (elsewhere[0].section, worded(elsewhere[0].group).rstrip(":")) if part)
        hint = f" {quoted([worded(elsewhere[0].label)])} stands in {where_else}."
    else:
        present = [setting for setting in catalogue.settings if setting.section == section and group in (None, setting.group)]
        known = [label for setting in present for label in (setting.label, *setting.aliases, *([setting.group] if group is None else []))]
        hint = suggestion(text, [worded(label) for label in known if label])
    return InputError(
        place,
        f'no such setting "{text}" in {where}.{hint} A setting that only this tenant has can be added with `extra_settings`.',
        "unknown_setting",
    )


def find_cell(setting: Setting, text: str, place: Sequence[str]) -> Cell:
    """The settable cell of a row or grid in the column that is meant. Raises InputError for one that isn't there or shows fixed text."""
    for cell in setting.cells:
        if folded(text) in {folded(name) for name in (cell.column, *COLUMN_ALIASES.get(cell.column, ()))}:
            if cell.fixed is not None:
                raise InputError(place, f'the cell can\'t be set, the editor shows "{cell.fixed}" there', "fixed_cell")
            return cell
    columns = [cell.column for cell in setting.settable]
    raise InputError(place, f'no column "{text}" here; the columns are {quoted(columns)}', "unknown_column")


def parse_value(cell: Cell, written: object, place: Sequence[str]) -> Value:
    """The value of the cell that is meant: `yes`, `true` and `checked` tick a box, `all` is `All`, `Mine + Companies` is `Mine + {Organizations}`.

    Raises InputError naming the allowed values.
    """
    if cell.kind == "box":
        return _parse_box(written, place)
    if cell.kind == "number":
        if isinstance(written, str) and written.strip().isdecimal():
            written = int(written)
        if isinstance(written, bool) or not isinstance(written, int) or written < cell.smallest:
            raise InputError(place, f"{for_error(written)} is not a whole number from {cell.smallest} on", "value")
        return written
    if isinstance(written, bool):
        written = "Yes" if written else "No"
    if isinstance(written, str) and (value := cell.by_spelling.get(folded(written))):
        return value
    allowed = [value.replace("{Organizations}", "Organizations") for value in cell.values]
    raise InputError(place, f"{for_error(written)} is not allowed here; choose {quoted(allowed, 'or')}", "value")


def _parse_box(written: object, place: Sequence[str]) -> bool:
    words = {"checked": True, "ticked": True, "yes": True, "on": True, "true": True}
    words |= {"unchecked": False, "cleared": False, "no": False, "off": False, "false": False}
    if isinstance(written, bool):
        return written
    if isinstance(written, str) and written.strip().casefold() in words:
        return words[written.strip().casefold()]
    raise InputError(place, f"{for_error(written)} is not a state of a check box; write true or false", "value")
