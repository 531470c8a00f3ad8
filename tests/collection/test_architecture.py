# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Arrows run one way: who may know whom."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

PLUGINS = ROOT / "plugins"
UTILS = PLUGINS / "module_utils"

# A package, and those that it may know. What is not named it doesn't know.
GROUND = {"_errors", "_text", "_entities", "_files"}
DOCUMENTS = {"_catalogue", "_documents"}
KNOWS = {
    "_text": set(),
    "_errors": {"_text"},
    "_entities": {"_text"},
    "_files": {"_errors", "_text"},
    "_rest": GROUND,
    "_catalogue": GROUND,
    "_documents": GROUND | {"_catalogue"},
    "_paths": GROUND | {"_documents"},
    "_profile": GROUND | DOCUMENTS,
    "_review": GROUND | {"_paths", "_profile"},
    "_plan": GROUND | DOCUMENTS,
    "_change": GROUND | DOCUMENTS | {"_plan"},
    "_credentials": GROUND | DOCUMENTS | {"_paths", "_rest", "_plan", "_change"},
    "_console": GROUND | DOCUMENTS | {"_plan"},
    "_appliers": GROUND | DOCUMENTS | {"_paths", "_rest", "_plan", "_change", "_credentials", "_console"},
    "_evidence": GROUND | DOCUMENTS | {"_plan", "_change"},
    "_diagnosis": GROUND | DOCUMENTS | {"_rest", "_plan"},
    "_edge": GROUND | DOCUMENTS | {"_paths", "_rest", "_profile", "_plan", "_change", "_credentials", "_console", "_appliers"},
    "_objects": GROUND
    | DOCUMENTS
    | {
        "_paths",
        "_rest",
        "_profile",
        "_plan",
        "_change",
        "_credentials",
        "_console",
        "_appliers",
        "_evidence",
        "_diagnosis",
        "_review",
        "_edge",
    },
}
# Within a package the arrows run one way, too: no file knows one that knows it.


def _name(path: Path) -> str:
    return ".".join(path.relative_to(UTILS).with_suffix("").parts)


FILES = {_name(path): path for path in UTILS.rglob("*.py") if path.name != "__init__.py"}


def _imports(path: Path) -> set[str]:
    """The modules that a file imports, by their full names; relative ones from `plugins` on."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = list(path.relative_to(PLUGINS).parts[: -node.level]) if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return found


def _ours(path: Path) -> set[str]:
    return {name.removeprefix("module_utils.") for name in _imports(path) if name.startswith("module_utils.")} & set(FILES)


def test_every_package_has_its_place() -> None:
    assert {name.split(".")[0] for name in FILES} == set(KNOWS)


@pytest.mark.parametrize("name", sorted(FILES))
def test_arrows_run_one_way(name: str) -> None:
    package = name.split(".", maxsplit=1)[0]
    assert {other.split(".")[0] for other in _ours(FILES[name])} <= KNOWS[package] | {package}


def test_no_arrow_leads_back() -> None:
    order = list(KNOWS)
    assert all(order.index(known) < order.index(name) for name, others in KNOWS.items() for known in others)
    known = {name: _ours(path) for name, path in FILES.items()}
    settled: set[str] = set()
    while ready := {name for name in known.keys() - settled if known[name] <= settled}:
        settled |= ready
    assert settled == set(known), sorted(known.keys() - settled)


def test_imports_within_the_product_are_relative() -> None:
    for path in PLUGINS.rglob("*.py"):
        assert not {name for name in _imports(path) if name.startswith("ansible_collections")}, path


def test_product_and_sandbox_do_not_know_each_other() -> None:
    for folder in ("plugins", "roles", "playbooks", "meta"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix != ".pyc":
                assert not re.search(r"\b(from|import) sandbox\b|sandbox\.", path.read_text()), path
    for path in (ROOT / "sandbox").rglob("*.py"):
        text = path.read_text()
        assert not re.search(r"^\s*(from|import) (ansible|plugins)", text, re.MULTILINE), path


def test_the_benchmark_knows_product_and_sandbox_from_outside_only() -> None:
    for path in (ROOT / "bench").rglob("*.py"):
        assert not {name for name in _imports(path) if name.startswith(("ansible_collections", "plugins", "sandbox"))}, path


def test_the_product_knows_no_vendor_outside_of_its_role() -> None:
    vendors = re.compile("beecastle|1stream|onestream|work ?365|salesbuildr|guardz", re.IGNORECASE)
    for folder in ("module_utils", "action", "callback", "plugin_utils", "lookup"):
        for path in (PLUGINS / folder).rglob("*.py"):
            code = path.read_text().partition('RETURN = r"""')[0] if folder != "lookup" else ""
            assert not vendors.search(code), path


def test_only_documented_endpoints_are_called() -> None:
    """Autotask documents nothing that writes a security level, an API user or a webhook limit; nothing may pretend it did."""
    code = "".join(path.read_text() for path in FILES.values())
    assert not re.search(r"[\"/](SecurityLevels|ApiUsers|WebhookLimits|Authenticate)", code)
    assert set(re.findall(r'\.create\(\s*f?"([A-Za-z]+)', code)) == {"Tickets"}
    assert set(re.findall(r'\.update\(\s*f?"([A-Za-z]+)', code)) == {"Tickets", "Resources"}
    assert set(re.findall(r'\.delete\(\s*f?"([A-Za-z]+)', code)) == {"Tickets"}
