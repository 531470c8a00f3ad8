# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The two big forms, as what is typed in them: nothing here is stored, and a form may hold what can't be saved."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

from starlette.datastructures import FormData

from sandbox import editor
from sandbox.editor import BOX, NUMBER, Cell
from sandbox.model import ApiUser, Cells, CellValue, Level


@dataclass(frozen=True)
class LevelForm:
    """The level editor. `open` are the sections that are shown expanded, `tab` the tab that is in front."""

    name: str
    active: bool
    cells: Cells
    open: frozenset[str] = frozenset()
    tab: str = "general"

    def with_cells(self, cells: Cells, api_only: bool) -> LevelForm:
        """The form after one of a section's buttons was pressed: boxes that need another one follow it."""
        return replace(self, cells=editor.settled(cells, api_only))


def level_form(level: Level) -> LevelForm:
    """The editor with what is stored."""
    return LevelForm(level.name, level.active, level.cells)


def read_level_form(sent: FormData, level: Level, more: tuple[str, ...] = ()) -> LevelForm:
    """The editor as it was sent; `more` are the sections that only some tenants have and this one shows. What isn't shown stays as it is.

    A box that is sent empty is not ticked. A control that can't be used is not sent and counts as empty; one that just became
    usable has the value it starts at.
    """
    known = editor.cells_by_key(level.api_only, more)
    boxes: dict[str, CellValue] = {key: bool(sent.get(key)) for key, cell in known.items() if cell.kind == BOX}
    cells = boxes | {key: _value(sent, cell, boxes) for key, cell in known.items() if cell.kind != BOX}
    for key, cell in known.items():
        if cell.needs and not cells[cell.needs]:
            cells[key] = cell.least
    cells |= {key: value for key, value in level.cells.items() if key not in cells}
    opened = frozenset(str(name) for name in sent.getlist("open"))
    return LevelForm(str(sent.get("name", "")).strip(), bool(sent.get("active")), cells, opened, str(sent.get("tab", "general")))


def _value(sent: FormData, cell: Cell, boxes: Cells) -> CellValue:
    text = str(sent.get(cell.key, "")).strip()
    if cell.kind != NUMBER:
        return text
    if cell.key not in sent:
        return cell.most if boxes.get(cell.needs) else cell.least
    return int(text) if text.isascii() and text.isdigit() else text


@dataclass(frozen=True)
class ApiUserForm:
    """The page of an API user. Every field is a text as it stands in the form; an id is empty where nothing is chosen.

    `key` is the whole Username (Key) with its domain; `secret` is empty where none was generated or typed.
    """

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    active: bool = True
    locked: bool = False
    level_id: str = ""
    date_format: str = ""
    time_format: str = ""
    number_format: str = ""
    location_id: str = ""
    key: str = ""
    secret: str = field(default="", repr=False)
    tracking: str = "none"
    vendor_id: str = ""
    internal_name: str = ""
    tracking_code: str = field(default="", repr=False)
    lines_of_business: tuple[str, ...] = ()
    lob_unassigned: bool = True


def api_user_form(user: ApiUser) -> ApiUserForm:
    """The page with what is stored. The secret and the identifier are shown only while they are new."""
    return ApiUserForm(
        first_name=user.first_name,
        last_name=user.last_name,
        email=user.email,
        active=user.active,
        locked=user.locked,
        level_id=str(user.level_id),
        date_format=user.date_format,
        time_format=user.time_format,
        number_format=user.number_format,
        location_id=str(user.location_id),
        key=user.user_name,
        tracking=user.tracking,
        vendor_id="" if user.vendor_id is None else str(user.vendor_id),
        internal_name=user.internal_name,
        lines_of_business=user.lines_of_business,
        lob_unassigned=user.lob_unassigned,
    )


def read_api_user_form(sent: FormData) -> ApiUserForm:
    """The page as it was sent."""
    values: dict[str, Any] = {}
    for item in fields(ApiUserForm):
        values[item.name] = bool(sent.get(item.name)) if item.type == "bool" else str(sent.get(item.name, "")).strip()
    return ApiUserForm(**(values | {"lines_of_business": tuple(map(str, sent.getlist("lines_of_business")))}))
