# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Finds sections, settings and values by what people write. Private to the collection."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .._errors import InputError
from .._text import folded, for_error, nearest, quoted, suggestion
from .model import COLUMN_ALIASES, GRID_COLUMNS, HEADER, ROW_COLUMNS, Catalogue, Cell, Setting, Value, standard
from .table import MOVED, UNPLACED
from .terms import worded

ORGANIZATION_ACCESS = ("crm.access.customer_cancelation", "crm.access.vendor_partners", "crm.access.prospects_leads_dead")
# What decides where a cell shows a fixed text instead: other settings, by their ids; none where it is the row's own column Add.
DECIDING = {
    "see above": ORGANIZATION_ACCESS,
    "follows organization access": ORGANIZATION_ACCESS,
    "follows Organizations": ("crm.organizations",),
    "follows the device": ("crm.devices_subscriptions",),
    "follows Tickets": ("service_desk.tickets",),
    "mirrors Add": (),
}
COLUMNS = {folded(name) for column in (*ROW_COLUMNS, *GRID_COLUMNS) for name in (column, *COLUMN_ALIASES.get(column, ()))}


def find_section(catalogue: Catalogue, text: str, place: Sequence[str]) -> str:
    """The section that is meant. Raises InputError naming the nearest ones."""
    if section := catalogue.sections_by_name.get(folded(text)):
        return section
    known = [section for section in catalogue.sections if section != HEADER]
    if folded(text) == folded(HEADER):
        raise InputError(place, "the name and Active are options of their own (`name`, `active`)", "unknown_section")
    hint = f"{suggestion(text, known)} {belongs(catalogue, text)}".rstrip()
    raise InputError(place, f'no such section "{text}".{hint} The sections are {quoted(known)}.', "unknown_section")


def belongs(catalogue: Catalogue, text: str) -> str:
    """Where a name belongs that was written somewhere else, as a sentence: a section's, a setting's, a group's or a column's. Empty for any other."""
    settings = [setting for setting in catalogue.by_name.get(("", folded(text)), ()) if setting.section != HEADER]
    groups = [section for section, name in catalogue.groups_by_name if name == folded(text)]
    if section := catalogue.sections_by_name.get(folded(text)):
        return f'"{section}" is a section.'
    if settings:
        places = [_place(setting) for setting in settings]
        return f"{quoted([worded(settings[0].label)])} stands in {' or in '.join(dict.fromkeys(places))}."
    if groups:
        return f'"{text}" is a group in {quoted(groups)}.'
    return f'"{text}" is a column: it stands below a setting, such as Tickets.' if folded(text) in COLUMNS else ""


def _place(setting: Setting) -> str:
    return " > ".join(part for part in (setting.section, worded(setting.group).rstrip(":")) if part)


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
    present = [setting for setting in catalogue.settings if setting.section == section and group in (None, setting.group)]
    hint = suggestion(text, _labels(present, with_groups=group is None))
    if there := belongs(catalogue, text):
        hint = f"{hint} {there}"
    elif not hint:
        hint = _near_elsewhere(catalogue, text)
    return InputError(
        place,
        f'no such setting "{text}" in {where}.{hint} A setting that only this tenant has can be added with `extra_settings`.',
        "unknown_setting",
    )


def _labels(settings: Sequence[Setting], with_groups: bool = False) -> list[str]:
    names = [name for setting in settings for name in (setting.label, *setting.aliases, *([setting.group] if with_groups else []))]
    return [worded(name) for name in names if name]


def _near_elsewhere(catalogue: Catalogue, text: str) -> str:
    """The nearest labels of any section, with their sections."""
    near = nearest(text, _labels([setting for setting in catalogue.settings if setting.section != HEADER]))
    found = [f'"{label}" in {_place(setting)}' for label in near for setting in catalogue.by_name[("", folded(label))]]
    return f" Nearest, in other sections: {' or '.join(dict.fromkeys(found))}." if found else ""


def find_cell(setting: Setting, text: str, place: Sequence[str]) -> Cell:
    """The settable cell of a row or grid in the column that is meant. Raises InputError for one that isn't there or shows fixed text."""
    for cell in setting.cells:
        if folded(text) in {folded(name) for name in (cell.column, *COLUMN_ALIASES.get(cell.column, ()))}:
            if cell.fixed is not None:
                words = f'the cell can\'t be set, the editor shows "{cell.fixed}" there. {_deciding(cell.fixed)}'
                raise InputError(place, words, "fixed_cell")
            return cell
    columns = [cell.column for cell in setting.settable]
    raise InputError(place, f'no column "{text}" here; the columns are {quoted(columns)}', "unknown_column")


def _deciding(fixed: str) -> str:
    """What decides where a cell can't be set."""
    if fixed not in DECIDING:
        return "Autotask has no such right."
    found = [setting for setting in standard().settings if setting.id in DECIDING[fixed]]
    if not found:
        return 'What decides is "Add" of the same setting.'
    verb = "decides is" if len(found) == 1 else "decides are"
    return f"What {verb} {quoted(worded(setting.label) for setting in found)} in {_place(found[0])}."


def parse_value(cell: Cell, written: object, place: Sequence[str]) -> Value:
    """The value of the cell that is meant: `yes`, `true` and `checked` tick a box, `all` is `All`, `Mine + Companies` is `Mine + {Organizations}`.

    Raises InputError naming the allowed values.
    """
    if cell.kind == "box":
        return _parse_box(written, place)
    if cell.kind == "number":
        if isinstance(written, str) and re.fullmatch(r"0|[1-9][0-9]*", written.strip()):
            written = int(written)
        if isinstance(written, bool) or not isinstance(written, int) or not cell.smallest <= written <= cell.largest:
            raise InputError(place, f"{for_error(written)} is not a whole number from {cell.smallest} to {cell.largest}", "value")
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
