# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A bug of ours is told as such, and without what it held."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.msp.autotask.plugins.module_utils._edge.controller import AWAY, Controller
from ansible_collections.msp.autotask.plugins.module_utils._edge.module import run_safely

CANARY = "Canary-Zq7-secret"


def _broken(params: Mapping[str, Any], check_mode: bool, controller: Controller) -> dict[str, Any]:
    raise KeyError(params["secret"])


def test_a_bug_is_told_without_what_it_held() -> None:
    result = run_safely(_broken, {"secret": CANARY}, False, AWAY)
    assert result["failed"] and result["code"] == "bug" and "Please report it" in result["msg"] and "KeyError at" in result["msg"]
    assert CANARY not in result["msg"] and "Traceback" not in result["msg"]
