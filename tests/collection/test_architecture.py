# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Arrows run one way: who may know whom."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

UTILS = ROOT / "plugins" / "module_utils"
PACKAGE = "ansible_collections.msp.autotask.plugins.module_utils."

# From the ground up; each may import from layers below its own, and the errors and labels are for everybody.
LAYERS = [
    {"_errors", "_labels", "_catalogue_table", "_controller"},
    {"_catalogue", "_client"},
    {"_level", "_access"},
    {"_user"},
    {"_profile_text", "_module_words", "_findings"},
    {"_profile_schema", "_profile_form"},
    {"_profile_check"},
    {"_profile"},
    {"_profile_explained"},
    {"_plan", "_tenant"},
    {"_change", "_service_desk"},
    {"appliers._ticket", "appliers._runsheet", "appliers._console._locators", "appliers._console._totp"},
    {"appliers._console._driver"},
    {"appliers._console._finding"},
    {"appliers._console._controls"},
    {"appliers._console._pages"},
    {"appliers._console._sign_in", "appliers._console._level_page", "appliers._console._user_page"},
    {"appliers._console._carrying_out"},
    {"appliers._console._doctor"},
    {"appliers._console._open"},
    {"_options", "_escrow", "_level_as_profile"},
    {"_results", "_module", "_proof", "_diagnosis", "_symptoms", "_by_console"},
    {"_ensure_level", "_ensure_webhook_limit", "_ensure_user", "_ensure_secret", "_await_change"},
    {"_ensure_integration"},
]
# What the layers alone don't say.
NEVER = {
    "_client": {"_catalogue", "_level", "_user", "_plan"},
    "_catalogue": {"_client"},
    "_level": {"_client", "_tenant"},
    "_user": {"_client", "_tenant"},
    "_plan": {"_client", "_tenant"},
    "_access": {"_client", "_tenant"},
    "_profile": {"_client"},
    "_profile_explained": {"_client"},
    "_change": {"_client", "_tenant", "_service_desk"},
    "appliers._runsheet": {"_client", "_tenant", "_service_desk"},
}


def _name(path: Path) -> str:
    return ".".join(path.relative_to(UTILS).with_suffix("").parts)


FILES = {_name(path): path for path in UTILS.rglob("*.py") if path.name != "__init__.py"}


def _imports(path: Path) -> set[str]:
    """The modules that a file imports, by their full names."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def _ours(path: Path) -> set[str]:
    return {name.removeprefix(PACKAGE) for name in _imports(path)} & set(FILES)


def test_every_file_has_its_layer() -> None:
    assert set().union(*LAYERS) == set(FILES)


@pytest.mark.parametrize("name", sorted(FILES))
def test_arrows_run_one_way(name: str) -> None:
    layer = next(index for index, names in enumerate(LAYERS) if name in names)
    below = set().union(*LAYERS[:layer]) - NEVER.get(name, set())
    assert _ours(FILES[name]) <= below


def test_product_and_sandbox_do_not_know_each_other() -> None:
    for folder in ("plugins", "roles", "playbooks", "meta"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix != ".pyc":
                assert not re.search(r"\b(from|import) sandbox\b|sandbox\.", path.read_text()), path
    for path in (ROOT / "sandbox").rglob("*.py"):
        assert not {name for name in _imports(path) if name.startswith(("ansible", "plugins"))}, path


def test_the_product_knows_no_vendor_outside_of_its_role() -> None:
    vendors = re.compile("beecastle|1stream|onestream|work ?365|salesbuildr|guardz", re.IGNORECASE)
    for folder in ("module_utils", "action", "callback", "plugin_utils"):
        for path in (ROOT / "plugins" / folder).rglob("*.py"):
            assert not vendors.search(path.read_text()), path


def test_only_documented_endpoints_are_called() -> None:
    """Autotask documents nothing that writes a security level, an API user or a webhook limit; nothing may pretend it did."""
    code = "".join(path.read_text() for path in FILES.values())
    assert not re.search(r"[\"/](SecurityLevels|ApiUsers|WebhookLimits|Authenticate)", code)
    assert set(re.findall(r'\.create\(\s*f?"([A-Za-z]+)', code)) == {"Tickets"}
    assert set(re.findall(r'\.update\(\s*f?"([A-Za-z]+)', code)) == {"Tickets", "Resources"}
    assert set(re.findall(r'\.delete\(\s*f?"([A-Za-z]+)', code)) == {"Tickets"}
