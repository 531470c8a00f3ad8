# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What is visible in the console's windows and frames, and which of it is meant. Private to the collection.

One script a frame tells everything that is visible, because a level has some 500 controls. Exactly one match counts, anything else is an error.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .browser import Browser, Frame, Handle, Moving, Window
from .locators import shipped_file


@dataclass(frozen=True)
class Control:
    """A visible control. `head` opens a drawn section, `bare` has no text.

    `row` and `column` are set in tables with headings, `path` are the headings it stands under, outermost first.
    """

    seen: Seen
    index: int
    kind: str
    label: str
    row: str
    column: str
    path: tuple[str, ...]
    value: Any
    options: tuple[str, ...]
    disabled: bool
    open: bool | None
    address: str
    fresh: bool
    menu: bool
    tab: bool
    bare: bool
    head: bool


@dataclass(frozen=True)
class Text:
    """A visible text that is no control's value. `used` says that it labels a control, or stands in a row of a table."""

    seen: Seen
    index: int
    text: str
    used: bool
    pressed: bool
    fresh: bool


@dataclass(frozen=True)
class Row:
    """A row of a table with headings. `ticks` has for each column whether something is drawn there, as a tick is."""

    seen: Seen
    index: int
    name: str
    cells: tuple[tuple[str, str], ...]
    ticks: Mapping[str, bool]
    controls: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Seen:
    """One frame as it was when it was looked at."""

    window: Window
    frame: Frame
    handle: Handle
    path: tuple[str, ...]
    title: str
    url: str
    headings: tuple[str, ...]
    record: str
    problems: tuple[str, ...]
    dialogs: tuple[str, ...]
    guidance: tuple[str, ...]
    busy: bool
    marks: Mapping[str, bool]
    eii: tuple[str, ...]
    raw: Sequence[Mapping[str, Any]]
    raw_rows: Sequence[Mapping[str, Any]]

    @functools.cached_property
    def items(self) -> list[Control | Text]:
        """Controls and texts in the order of the document."""
        return [self._control(item) if item["is"] == "control" else self._text(item) for item in self.raw]

    @functools.cached_property
    def rows(self) -> list[Row]:
        """Rows of tables with headings."""
        return [
            Row(
                seen=self,
                index=row["index"],
                name=row["name"],
                cells=tuple((cell["column"], cell["text"]) for cell in row["cells"]),
                ticks={cell["column"]: cell["on"] or bool(cell["text"]) for cell in row["cells"]},
                controls=tuple(row["controls"]),
            )
            for row in self.raw_rows
        ]

    def _control(self, item: Mapping[str, Any]) -> Control:
        given = {
            name: item[name]
            for name in (
                "index",
                "kind",
                "label",
                "row",
                "column",
                "value",
                "disabled",
                "open",
                "address",
                "fresh",
                "menu",
                "tab",
                "bare",
                "head",
            )
        }
        return Control(seen=self, path=tuple(item["path"]), options=tuple(item["options"] or ()), **given)

    def _text(self, item: Mapping[str, Any]) -> Text:
        return Text(self, item["index"], item["text"], item["label"] or item["inRow"], item["action"], item["fresh"])


def look(browser: Browser, before: Sequence[Seen] = ()) -> list[Seen]:
    """Everything that is visible now, newest window first, a frame before those in it. What wasn't there `before` is marked as fresh."""
    script = shipped_file("survey.js")
    return [seen for window in browser.windows for seen in _frames(browser, window, window.main_frame, (), script, before)]


def _frames(browser: Browser, window: Window, frame: Frame, path: tuple[str, ...], script: str, before: Sequence[Seen]) -> Iterator[Seen]:
    try:
        seen = _survey(browser, window, frame, path, script, before)
        children = list(frame.child_frames)
    except Moving:
        return
    yield seen
    for number, child in enumerate(children, 1):
        try:
            with browser.looking():
                visible = child.frame_element().is_visible()
        except Moving:
            continue
        if visible:
            yield from _frames(browser, window, child, (*path, child.name or f"frame {number}"), script, before)


def _survey(browser: Browser, window: Window, frame: Frame, path: tuple[str, ...], script: str, before: Sequence[Seen]) -> Seen:
    earlier = next((seen.handle for seen in before if seen.frame == frame), None)
    with browser.looking():
        try:
            handle = frame.evaluate_handle(script, {"widgets": dict(browser.locators.widgets), "before": earlier})
        except browser.failure:
            if earlier is None:
                raise
            handle = frame.evaluate_handle(script, {"widgets": dict(browser.locators.widgets), "before": None})
        report = json.loads(handle.evaluate("survey => JSON.stringify(survey.report)"))
    texts = {name: tuple(report[name]) for name in ("headings", "problems", "dialogs", "guidance", "eii")}
    return Seen(
        window=window,
        frame=frame,
        handle=handle,
        path=path,
        title=report["title"],
        url=report["url"],
        record=report["record"],
        busy=report["busy"],
        marks=report["marks"],
        raw=report["items"],
        raw_rows=report["rows"],
        **texts,
    )
