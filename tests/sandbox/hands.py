# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Hands for the drawn generations of the console: a person with a mouse, who finds everything by the text that is seen.

There is one class for each way of drawing. They are the tests' own, and know only as much of the pages as the tests need.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from tests.sandboxes import Tenant

from .people import account

# Playwright is optional, so its types can't be named.
Context: TypeAlias = Any
Locator: TypeAlias = Any
Scope: TypeAlias = Any


def loaded(scope: Scope) -> None:
    """Waits until the scripts of a page run: a click that comes before them is lost."""
    scope.wait_for_load_state("load")


def exactly(text: str) -> re.Pattern[str]:
    """A text with nothing around it but the mark of required fields."""
    return re.compile(rf"^\s*{re.escape(text)}\s*\*?\s*$")


class Mvc:
    """Hands for `mvc`."""

    def __init__(self, context: Context, tenant: Tenant) -> None:
        self.context = context
        self.tenant = tenant
        self.window = context.new_page()
        self.editor: Scope = None

    @property
    def lists(self) -> Scope:
        """Where the lists are: the window, or a frame of it."""
        return self.window

    def enter(self) -> None:
        """Signs the administrator in, through the panels of the tenant's own page."""
        name, password = account(self.tenant)
        self.window.goto(f"{self.tenant.address}/?tenant={self.tenant.slug}")
        self.window.get_by_role("textbox").fill(name)
        self.window.get_by_text("Continue", exact=True).click()
        self.window.locator("input[type=password]").fill(password)
        self.window.get_by_text("Log In", exact=True).click()
        self.lists.get_by_text(re.compile("Welcome")).wait_for()
        loaded(self.window)

    def go(self, page: str) -> None:
        """Goes to a page of Admin."""
        self.window.get_by_role("menuitem", name="Admin").click()
        link = self.lists.get_by_text(page, exact=True)
        self.lists.locator(".TitleBarItem", has_text="Settings & Users").wait_for()
        loaded(self.lists)
        if not link.is_visible():
            self.lists.locator(".SectionHeading .Title", has_text="Resources/Users (HR)").click()
        link.click()
        self.lists.locator(".TitleBarItem", has_text=exactly(page)).wait_for()
        loaded(self.lists)

    def row(self, name: str) -> Locator:
        """A row of a list."""
        return self.lists.locator("tr.Display").filter(has=self.lists.locator("td.TextCell").get_by_text(name, exact=True))

    def choose(self, row: str, entry: str) -> None:
        """Chooses an entry in the menu of a row."""
        self.row(row).locator(".ContextMenuButton").click()
        self.lists.locator(".ContextOverlay.Active .Item", has_text=exactly(entry)).click()

    def choose_new_user(self) -> None:
        """Chooses New API User."""
        self.lists.locator(".DropDownButton2").click()
        self.lists.locator(".ContextOverlay.Active .Item", has_text="New API User").click()

    def open_level(self, row: str, entry: str) -> None:
        """Opens the editor that comes when an entry is chosen."""
        with self.context.expect_page() as opened:
            self.choose(row, entry)
        self.editor = self.inside(opened.value)

    def open_new_user(self) -> None:
        """Opens the editor of a new API user."""
        with self.context.expect_page() as opened:
            self.choose_new_user()
        self.editor = self.inside(opened.value)

    def inside(self, window: Any) -> Scope:
        """The form in an editor's window."""
        window.locator("form.Editor").wait_for()
        loaded(window)
        return window

    def section(self, name: str) -> Locator:
        """A section, which is opened if it is closed."""
        section = self.editor.locator(".CollapsibleSectionContainer").filter(has=self.editor.locator(".Title", has_text=exactly(name)))
        if "Collapsed" in section.get_attribute("class"):
            section.locator(".Toggle").click()
        return section

    def field(self, scope: Scope, label: str) -> Locator:
        """The field of that label."""
        return scope.locator(".Field:has(.PrimaryText)").filter(has=self.editor.locator(".PrimaryText", has_text=exactly(label)))

    def press(self, scope: Scope, text: str) -> None:
        """Presses a button."""
        scope.locator(".Button2", has_text=exactly(text)).click()

    def put(self, scope: Scope, label: str, text: str) -> None:
        """Fills in a text box."""
        self.field(scope, label).locator("input[type=text]").fill(text)

    def tick(self, scope: Scope, label: str) -> None:
        """Ticks or clears a box."""
        self.field(scope, label).locator(".Checkbox2").click()

    def pick(self, control: Locator, entry: str) -> None:
        """Picks an entry of a drop-down list."""
        control.locator(".SingleItemSelector2").click()
        self.editor.locator(".ContextOverlay.Active .Item", has_text=exactly(entry)).click()

    def cell(self, section: Locator, row: str, column: int) -> Locator:
        """A cell of a table, counted from the row's label."""
        rows = section.locator(".PermissionTable tr").filter(has=self.editor.locator(".PrimaryText", has_text=exactly(row)))
        return rows.locator("td").nth(column)

    def radio(self, scope: Scope, label: str) -> None:
        """Chooses a radio button."""
        self.field(scope, label).locator("input[type=radio]").check()

    def saved(self, text: str) -> None:
        """Waits until the list says that something was saved."""
        self.lists.locator(".Notification", has_text=text).wait_for()


class Shell(Mvc):
    """Hands for `shell`: the pages are those of `mvc`, in frames; the editor of a level is a dialog."""

    @property
    def lists(self) -> Scope:
        return self.window.frame(name="PageIFrame") or self.window

    def enter(self) -> None:
        name, password = account(self.tenant)
        self.window.goto(f"{self.tenant.address}/?tenant={self.tenant.slug}")
        self.window.get_by_role("textbox").fill(name)
        self.window.keyboard.press("Enter")
        self.window.locator("input[type=password]").fill(password)
        self.window.keyboard.press("Enter")
        self.window.locator("main [data-slot=iframe] iframe").wait_for()
        loaded(self.window)

    def open_level(self, row: str, entry: str) -> None:
        self.choose(row, entry)
        self.editor = self.inside(self.window.frame(name="DialogIFrameOverlay"))


class Frames(Mvc):
    """Hands for `frames`."""

    @property
    def lists(self) -> Scope:
        return self.window.frame(name="main")

    def enter(self) -> None:
        name, password = account(self.tenant)
        self.window.goto(f"{self.tenant.address}/?tenant={self.tenant.slug}")
        self.window.get_by_role("textbox").fill(name)
        self.window.keyboard.press("Enter")
        self.window.locator("input[type=password]").fill(password)
        self.window.keyboard.press("Enter")
        self.window.frame_locator("frame[name=work]").frame_locator("frame[name=main]").get_by_text(re.compile("Welcome")).wait_for()
        loaded(self.window)

    def go(self, page: str) -> None:
        self.window.frame(name="menu").get_by_text("Admin", exact=True).click()
        self.lists.get_by_text(page, exact=True).click()
        self.lists.locator(".PageTitle", has_text=exactly(page)).wait_for()
        loaded(self.lists)

    def row(self, name: str) -> Locator:
        return self.lists.locator("tr.Row").filter(has=self.lists.get_by_text(name, exact=True))

    def choose(self, row: str, entry: str) -> None:
        self.row(row).locator("a.ImgLink", has_text=exactly(entry)).click()

    def choose_new_user(self) -> None:
        self.lists.locator("a.ImgLink", has_text="New API User").click()

    def inside(self, window: Any) -> Scope:
        window.frame_locator("frame[name=work]").locator("form.Editor").wait_for()
        loaded(window)
        return window.frame(name="work")

    def section(self, name: str) -> Locator:
        return self.editor.locator("table.Section").filter(has=self.editor.locator("td.SectionTitle", has_text=exactly(name)))

    def field(self, scope: Scope, label: str) -> Locator:
        return scope.locator("table.Field").filter(has=self.editor.locator("td.FieldLabel", has_text=exactly(label)))

    def press(self, scope: Scope, text: str) -> None:
        scope.locator("a.ImgLink", has_text=exactly(text)).click()

    def tick(self, scope: Scope, label: str) -> None:
        self.field(scope, label).locator("input[type=checkbox]").click()

    def pick(self, control: Locator, entry: str) -> None:
        control.locator("select").select_option(label=entry)

    def cell(self, section: Locator, row: str, column: int) -> Locator:
        rows = section.locator("table.Permissions tr").filter(has=self.editor.locator("td:first-child", has_text=exactly(row)))
        return rows.locator("td").nth(column)

    def saved(self, text: str) -> None:
        self.lists.locator(".Message", has_text=text).wait_for()


HANDS = {"mvc": Mvc, "shell": Shell, "frames": Frames}
