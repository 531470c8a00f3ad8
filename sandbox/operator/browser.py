# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The operator's browser: pages over HTTP, on which everything is found by what a person sees.

A tab knows no address but the console's first one and no name of a field. It finds links, buttons and controls by their
visible labels and goes on only where exactly one fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urljoin

import requests
from lxml import etree, html

from sandbox.operator.labels import LABEL, NAME, NotListed, Reading, Stuck, find, only

Element = Any
"""An element of a page. Which attributes it has depends on its tag, which no type of lxml tells."""

Value = str | bool
Place = tuple[str, ...]

_TIMEOUT = 30


class Tab:
    """One tab of a browser. Tabs that share a session are signed in together."""

    def __init__(self, session: requests.Session, home: str) -> None:
        self.session = session
        self._home = self.url = home
        self.page: Element = html.document_fromstring("<main></main>")

    # Going from page to page

    def open(self, address: str) -> None:
        """Open an address."""
        self._arrive(self.session.get(urljoin(self.url, address), timeout=_TIMEOUT))

    def walk(self, path: tuple[str, ...]) -> None:
        """Follow a path of labels through the menu and the pages it leads to, such as Admin > ... > Security Levels.

        A label in brackets is followed where there is such a sign.
        """
        self.open(self._home)
        scope = self._part("nav")
        for written in path:
            signs = [(text_of(sign), sign) for sign in scope.xpath(".//summary | .//li/span | .//a[@href]")]
            optional = re.fullmatch(r"\((.+)\)", written)
            label = optional[1] if optional else written
            if optional and not find(label, signs, LABEL):
                continue
            sign = only(label, signs, LABEL, "link or heading")
            if sign.tag == "a":
                self.open(sign.get("href"))
                scope = self._part("main")
            else:
                scope = sign.getparent()

    def follow(self, label: str) -> None:
        """Follow a link of the page."""
        links = self._part("main").xpath(".//a[@href]")
        self.open(only(label, ((text_of(link), link) for link in links), LABEL, "link").get("href"))

    def press(self, label: str, place: Place = ()) -> None:
        """Press a button.

        Raises:
            Stuck: there is no such button, it is greyed out, or the page that comes back refuses.
        """
        self.press_element(only(label, _buttons(self.place(place)), LABEL, "button"), label)

    def choose_from_menu(self, row: str, entry: str) -> bool:
        """Choose an entry in the menu of a table's row. Returns whether that did something at once, rather than opening a page."""
        return self._choose(only(row, self.rows(), NAME, "entry in the list"), entry)

    def choose_beside(self, button: str, entry: str) -> bool:
        """Choose an entry of the menu beside a button."""
        groups = self._part("main").xpath(".//*[@role='group']")
        return self._choose(only(button, ((group.get("aria-label", ""), group) for group in groups), LABEL, "button"), entry)

    # Reading

    def rows(self) -> list[tuple[str, Element]]:
        """The rows of the page's tables, by their headings."""
        return [(text_of(row.find("th")), row) for row in self._part("main").xpath(".//tbody/tr[th]")]

    def boxes(self, place: Place) -> list[tuple[str, Element]]:
        """The boxes that take effect at once when they are pressed, by their labels."""
        return [(label, button) for label, button in _buttons(self.place(place)) if button.get("role") == "checkbox"]

    def shows(self, label: str, tag: str) -> bool:
        """Whether the page has a link (`a`), a button or a label of that text."""
        return bool(find(label, ((text_of(element), element) for element in self._part("main").iter(tag)), LABEL))

    def record(self) -> str:
        """What the page is about, as it stands beside its heading; empty for something new."""
        record = self._part("main").find(".//h1/span")
        return "" if record is None else text_of(record)

    def read(self, label: str) -> str:
        """What a field shows."""
        return str(_value(self._control((), label, "", str)))

    def values(self, place: Place) -> list[tuple[str, str, Value]]:
        """What is set in a part of the form: label, column (empty outside tables), and value, leaving out what is greyed out."""
        return [(label, column, value) for _group, label, column, value in self.values_of_groups(place)]

    def values_of_groups(self, place: Place) -> list[tuple[str, str, str, Value]]:
        """The same, with the heading of the group that each stands in; empty for what stands in none."""
        scope = self.place(place)
        controls = [(label, "", control) for label, control in _labelled(scope)]
        for label, cells in rows_of(scope):
            controls += [(label, column, control) for column, cell in cells for control in cell.iter("input", "select")]
        return [(_group_of(control), label, column, _value(control)) for label, column, control in controls if not _disabled(control)]

    def choices(self, place: Place, label: str) -> list[str]:
        """What a list offers."""
        return [text_of(option) for option in self._control(place, label, "", str).iter("option")]

    def place(self, place: Place) -> Element:
        """A part of the page by its headings, one inside the other; without any, the page's content."""
        scope = self._part("main")
        for name in place:
            scope = only(name, _parts(scope), LABEL, "section or group")
        return scope

    def places_with(self, button: str) -> list[str]:
        """The headings of those parts of the page that have a button of that text of their own."""
        parts = [(name, part) for name, part in _parts(self._part("main")) if part.tag == "section"]
        return [name for name, part in parts if len(find(button, _buttons(part), LABEL)) == 1]

    def another(self) -> Tab:
        """Another tab of the same browser."""
        return Tab(self.session, self._home)

    # Filling in. Nothing is sent before a button is pressed.

    def put(self, place: Place, label: str, column: str, value: Value, readings: tuple[Reading, ...] = NAME) -> None:
        """Give a control its value: a tick, a text, or the choice that is read as the value.

        Raises:
            NotListed: the drop-down has no such choice.
            Stuck: there isn't exactly one such control, or it can't be set.
        """
        control = self._control(place, label, column, type(value))
        if _disabled(control) and self.shows("Refresh", "button"):
            self.press("Refresh")
            control = self._control(place, label, column, type(value))
        if _disabled(control):
            raise Stuck(f'"{label}" is greyed out.')
        if isinstance(value, bool):
            control.checked = value
        elif isinstance(control, html.SelectElement):
            control.value = _option(control, value, label, readings)
        else:
            control.value = value

    def choose(self, place: Place, label: str) -> None:
        """Choose a radio button."""
        radio = only(label, _labelled(self.place(place), "radio"), LABEL, "choice")
        _form(radio).inputs[radio.get("name")].value = radio.get("value")

    def pick(self, place: Place, label: str, entries: Iterable[str]) -> None:
        """Pick entries of a list in which several can be picked."""
        control = self._control(place, label, "", str)
        for entry in entries:
            control.value.add(_option(control, entry, label, NAME))

    # How it is done

    def _part(self, tag: str) -> Element:
        part = self.page.find(f".//{tag}")
        if part is None:
            raise Stuck("The page is not what I expected.")
        return part

    def _arrive(self, response: requests.Response) -> None:
        self.url = response.url
        self.page = html.document_fromstring(response.text or "<main></main>", base_url=response.url)
        alerts = [text_of(alert) for alert in self.page.xpath("//*[@role='alert']")]
        if alerts:
            raise Stuck(f"The page says: {' '.join(alerts)}")
        if not response.ok:
            raise Stuck(f"The page answers {response.status_code}.")

    def press_element(self, button: Element, label: str) -> None:
        """Press a button that was found on the page that is open."""
        if _disabled(button):
            raise Stuck(f'"{label}" is greyed out.')
        form = _form(button)
        sent = form.form_values()
        if button.get("name"):
            sent.append((button.get("name"), button.get("value", "")))
        address = urljoin(self.url, button.get("formaction") or form.get("action") or "")
        if form.method == "POST":
            self._arrive(self.session.post(address, data=sent, timeout=_TIMEOUT))
        else:
            self._arrive(self.session.get(address, params=sent, timeout=_TIMEOUT))

    def _choose(self, menu: Element, entry: str) -> bool:
        entries = menu.xpath(".//li//a | .//li//button")
        chosen = only(entry, ((text_of(element), element) for element in entries), LABEL, "menu entry")
        if chosen.tag == "a":
            self.open(chosen.get("href"))
            return False
        self.press_element(chosen, entry)
        return True

    def _control(self, place: Place, label: str, column: str, kind: type[Value]) -> Element:
        """The one control of that label. In a section, one that stands without a group comes before those in groups."""
        scope = self.place(place)
        if column:
            return _cell(scope, label, column)
        found = find(label, _labelled(scope, *_KINDS[kind]), LABEL)
        ungrouped = [control for control in found if not control.xpath("ancestor::fieldset")]
        return only(label, ((label, control) for control in (ungrouped or found)), LABEL, "setting")


_KINDS: dict[type[Value], tuple[str, ...]] = {bool: ("checkbox",), str: ("text", "password", "number", "select", "textarea")}


def text_of(element: Element) -> str:
    """The text of an element as it is read, without what is only decoration."""
    return " ".join("".join(_read_texts(element)).split())


_read_texts = etree.XPath(".//text()[not(ancestor::*[@aria-hidden='true'])]")
_with_ids = etree.XPath("//*[@id]")


def _by_id(scope: Element) -> dict[str, Element]:
    """The elements of the page that have an id. lxml would go through the whole page for each one that is asked for."""
    return {element.get("id"): element for element in _with_ids(scope)}


def _form(control: Element) -> Element:
    return next(control.iterancestors("form"))


def _disabled(control: Element) -> bool:
    return "disabled" in control.attrib


def _kind(control: Element) -> str:
    return str(control.get("type", "text")) if control.tag == "input" else str(control.tag)


def _value(control: Element) -> Value:
    if _kind(control) == "checkbox":
        return bool(control.checked)
    if control.tag == "select":
        return next((text_of(option) for option in control.iter("option") if option.get("value") == control.value), "")
    return control.value or ""


def _group_of(control: Element) -> str:
    legend = next((group.find("legend") for group in control.iterancestors("fieldset")), None)
    return "" if legend is None else text_of(legend)


def _buttons(scope: Element) -> Iterator[tuple[str, Element]]:
    """The buttons of a part of the page: by their text, or by the text that labels them."""
    named = _by_id(scope)
    for button in scope.iter("button"):
        labels = [named.get(name) for name in button.get("aria-labelledby", "").split()]
        yield " ".join(text_of(label) for label in labels if label is not None) or text_of(button), button


def _parts(scope: Element) -> Iterator[tuple[str, Element]]:
    """The parts of the page below this one that have a heading."""
    for group in scope.iterdescendants("fieldset"):
        yield text_of(group.find("legend")), group
    named = _by_id(scope)
    for section in scope.xpath(".//section[@aria-labelledby]"):
        yield text_of(named[section.get("aria-labelledby")]), section


def _labelled(scope: Element, *kinds: str) -> list[tuple[str, Element]]:
    """The controls of a part of the page that have a label of their own; without kinds, all but radio buttons."""
    named = _by_id(scope)
    pairs = [(text_of(label), named.get(label.get("for", ""))) for label in scope.iter("label")]
    return [
        (text, control)
        for text, control in pairs
        if control is not None and (_kind(control) in kinds or (not kinds and _kind(control) != "radio"))
    ]


def rows_of(scope: Element) -> Iterator[tuple[str, list[tuple[str, Element]]]]:
    """The rows of the tables of a part of the page: the row's heading, and its cells with the headings of their columns."""
    for table in scope.iter("table"):
        columns = [text_of(heading) for heading in table.iterfind("thead/tr/th")]
        for row in table.iterfind("tbody/tr"):
            yield text_of(row.find("th")), list(zip(columns, row, strict=False))


def _cell(scope: Element, label: str, column: str) -> Element:
    """The control in a cell of a table."""
    cell = only(column, only(label, rows_of(scope), LABEL, "row"), LABEL, "column")
    for control in cell.iter("input", "select"):
        return control
    raise Stuck(f'"{label}" shows "{text_of(cell)}" in the column {column}, which can\'t be set.')


def _option(control: Element, wanted: str, label: str, readings: tuple[Reading, ...]) -> str:
    """The value of the option that is read as wanted."""
    options = [(text_of(option), option.get("value")) for option in control.iter("option")]
    if not find(wanted, options, readings):
        raise NotListed(f'"{label}" does not list "{wanted}".')
    return str(only(wanted, options, readings, "choice"))
