# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The commands of the pages that need a browser, as they are printed; tests/pages/test_commands.py has all others."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest
import yaml

from tests.collection.building import build
from tests.conftest import ROOT
from tests.pages.reader import Reader
from tests.pages.reading import Command, File, read
from tests.pages.test_commands import BY_BROWSER, PAGES, not_run
from tests.sandboxes import running

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("playwright") is None, reason="needs Playwright for Python: requirements/browser.txt"
)


def test_the_commands_that_need_a_browser(tmp_path: Path) -> None:
    """Each once, those that look before the one that writes: a tenant whose provisioner and console are known, with what the README's files say."""
    reader = Reader(tmp_path / "home", tmp_path / "work", {"AUTOTASK_BROWSER": shutil.which("chromium") or ""})
    for folder in (reader.home, reader.folder, reader.folder / "host_vars"):
        folder.mkdir()
    for file in [one for one in read(ROOT / "README.md") if isinstance(one, File)]:
        (reader.folder / file.name).write_text(file.text)
    commands = [one for page in PAGES for one in read(page) if isinstance(one, Command)]
    texts = sorted({one.text for one in commands if not_run(one) == BY_BROWSER}, key=lambda text: ORDER.index(kind_of(text)))
    reader.enter(f"ansible-galaxy collection install {build(reader.folder)}")
    with running(tmp_path, "--tenants", "1") as world:
        access = world.tenants["alder"].access
        own = {f"autotask_{name}": access[name] for name in ("user_name", "secret", "integration_code", "discovery_url")}
        own["autotask_console"] = {"user_name": access["console_user"], "password": access["console_password"]}
        (reader.folder / "host_vars" / "alder.yml").write_text(yaml.safe_dump(own))
        printed = {kind_of(text): reader.enter(text) for text in texts}
    assert list(printed) == ORDER
    assert "would be asked for" in printed["--check"] and "beecastle: done; handed over" in printed["provision"]
    assert yaml.safe_load((reader.folder / "beecastle-as-it-is.yml").read_text())["profile"] == 2


ORDER = ["console_doctor", "--check", "provision", "level_to_profile"]


def kind_of(text: str) -> str:
    """Which of the commands it is."""
    return next(kind for kind in ORDER if kind in text)
