# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The doctor: looks at the pages that matter, and tells what would be found there. Private to the collection.

It presses nothing but what leads to a page: no Save, no Copy, no Generate. What it tells is structure, without names, values or addresses, fit for
a report of a problem.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .._catalogue.model import Catalogue
from .._entities import SYSTEM_API_LEVELS
from .._errors import AutotaskError
from . import level_editor, user_editor
from .browser import Moving
from .carry_out import open_level
from .locate import View, matching, plain
from .locators import Field
from .navigation import LIST_OF, Desk, leave, open_list, open_new_user, page, rows
from .survey import Control

PRIVATE = re.compile(r"@|https?:|\d{4,}|\w{20,}")
# Fields that aren't on a page all the time: menus' entries, and what a choice or the tenant's settings bring up.
AT_TIMES = {
    "home": ("admin", "admin_categories", "settings", "resources_hr", "security", "security_levels", "resources_users"),
    "resources_users": ("new",),
    "level": ("general", "cancel", "save_and_close"),
    "api_user": (
        "vendor",
        "internal_integration_name",
        "tracking_identifier",
        "not_associated",
        "associated",
        "associate",
        "remove",
        "unassigned_items",
    ),
}


def look_around(desk: Desk, catalogue: Catalogue) -> dict[str, Any]:
    """Visits home, both lists, the editor of a system level and that of a new API user. A page that isn't found is told, not raised."""
    pages: dict[str, Any] = {}
    try:
        leave(desk)
        pages["home"] = _told(desk, page(desk, "home"))
        for name in LIST_OF.values():
            pages[name] = _attempt(desk, lambda name=name: _list(desk, name))
        pages["level"] = _attempt(desk, lambda: _level(desk, catalogue))
        pages["api_user"] = _attempt(desk, lambda: _new_user(desk))
    finally:
        desk.browser.secret_on_page = False
        leave(desk)
    found = [entry for entry in pages.values() if entry["found"]]
    complete = len(found) == len(pages) and not any(entry["missing"] or entry["ambiguous"] for entry in found)
    return {"passed": complete, "locators": desk.locators.version, "pages": pages}


def _attempt(desk: Desk, visit: Any) -> dict[str, Any]:
    try:
        return dict(visit())
    except (AutotaskError, Moving) as error:
        if getattr(error, "code", "") in ("browser_lost", "session_ended"):
            raise
        return {"found": False, "error": getattr(error, "code", "page_changed"), "message": str(error)}


def _list(desk: Desk, name: str) -> dict[str, Any]:
    open_list(desk, name)
    view, listed = rows(desk, name)
    columns = list(dict.fromkeys(column for row in listed for column, _text in row.cells if column))
    return _told(desk, view) | {"columns": columns}


def _level(desk: Desk, catalogue: Catalogue) -> dict[str, Any]:
    for name in SYSTEM_API_LEVELS:
        if open_level(desk, name, "edit") is not None:
            opened = level_editor.open_page(desk, catalogue)
            seen = level_editor.read(desk, opened, catalogue)
            settings = {"found": len(seen.cells), "missing": list(seen.missing), "unknown": list(seen.unknown)}
            return _told(desk, opened.view) | {"settings": settings}
    raise AutotaskError("The console lists no system level for API users.", "row_missing")


def _new_user(desk: Desk) -> dict[str, Any]:
    open_list(desk, "resources_users")
    open_new_user(desk)
    return _told(desk, user_editor.page(desk))


def _told(desk: Desk, view: View) -> dict[str, Any]:
    """What was found on a page by its locators, and how the page is built."""
    known: dict[str, list[str]] = {"once": [], "missing": [], "ambiguous": [], "not_shown": []}
    for name, field in view.page.fields.items():
        count = _count(view, field)
        at_times = name in AT_TIMES.get(view.page.name, ()) or field.scope == "row menu" or field.name in ("new_api_user", "show_inactive")
        known["once" if count == 1 else "ambiguous" if count else "not_shown" if at_times else "missing"].append(name)
    if view.page.name == "level":
        for name in ("full_permission", "no_permission"):
            if name in known["ambiguous"]:
                known["ambiguous"].remove(name)
                known["once"].append(name)
    inside = [seen for seen in view.frames if seen.items]
    return {
        "found": True,
        **known,
        "generation": generation(desk, view),
        "frames": [" > ".join(seen.path) for seen in view.frames],
        "window": "own" if view.window != desk.browser.main else "main",
        "element_codes": sorted({code for seen in inside for code in seen.eii}),
        "kinds": sorted({control.kind for control in view.controls}),
        "labels": _labels(view),
    }


def _count(view: View, field: Field) -> int:
    """How many controls the locator finds; a column is found once or not at all, and what stands in every row counts by the row."""
    if field.scope == "row menu":
        found = matching(view, field)
        return max((sum(control.seen is row.seen and control.index in row.controls for control in found) for row in view.rows), default=0)
    if field.kind == "column":
        wanted = {plain(label) for label in field.labels}
        return int(any(plain(column) in wanted for row in view.rows for column, _text in row.cells))
    return len(matching(view, field))


def _labels(view: View) -> list[str]:
    """The labels of controls and the headings, but nothing of rows, and nothing that looks like somebody's name, address or number."""
    texts: list[str] = []
    listed = {(id(row.seen), index) for row in view.rows for index in row.controls} if view.page.name in LIST_OF.values() else set()
    names = {row.name for row in view.rows} if listed else set()
    for control in view.controls:
        if (id(control.seen), control.index) not in listed:
            texts.append(control.label)
    texts += [part for control in view.controls if isinstance(control, Control) for part in control.path]
    kept = dict.fromkeys(text for text in texts if text and text not in names and not PRIVATE.search(text) and len(text) < 120)
    return list(kept)


def generation(desk: Desk, view: View) -> str:
    """Of what age the page's markup is: the first of the generations that its frames show, the innermost frame first."""
    for seen in sorted(view.frames, key=lambda seen: -len(seen.path)):
        for name, parts in desk.locators.generations.items():
            if seen.marks.get(name) or _has_part(seen.url, parts):
                return name
    return "native"


def _has_part(url: str, parts: Sequence[str]) -> bool:
    path = url.partition("?")[0].casefold()
    return any(re.search(re.escape(part.casefold()) + r"(?![a-z])", path) for part in parts)


def described(pages: Mapping[str, Any]) -> list[str]:
    """What was found on each page, in a line for people."""
    lines = []
    for name, page_found in pages.items():
        title = name.replace("_", " ")
        if not page_found["found"]:
            lines.append(f"{title}: not found. {page_found['message']}")
            continue
        missing = f", missing: {', '.join(page_found['missing'])}" if page_found["missing"] else ""
        ambiguous = f", ambiguous: {', '.join(page_found['ambiguous'])}" if page_found["ambiguous"] else ""
        where = f"({page_found['generation']}, {page_found['window']} window)"
        lines.append(f"{title}: {len(page_found['once'])} found once{missing}{ambiguous} {where}")
        if settings := page_found.get("settings"):
            not_there = f", not on the page: {len(settings['missing'])}" if settings["missing"] else ""
            unknown = f", not in the catalogue: {len(settings['unknown'])}" if settings["unknown"] else ""
            lines.append(f"{title}: {settings['found']} settings read{not_there}{unknown}")
    return lines
