# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The playbooks in the READMEs of the roles run as they stand, with the variables held against what the roles say of them."""

from __future__ import annotations

import re

import yaml

from tests.conftest import ROOT

from .running import Fleet


def examples(role: str) -> list[str]:
    return re.findall(r"(?ms)^```yaml\n(.*?)^```$", (ROOT / "roles" / role / "README.md").read_text())


def test_the_engine_in_a_playbook_of_ones_own(fleet: Fleet) -> None:
    fleet.tenants = fleet.tenants[:1]
    play, handover, _groups, listed = examples("integration")
    known = yaml.safe_load((ROOT / "roles" / "integration" / "meta" / "argument_specs.yml").read_text())["argument_specs"]["main"][
        "options"
    ]
    assert {name for entry in yaml.safe_load(listed)["autotask_integrations"] for name in entry} <= set(
        known["autotask_integrations"]["options"]
    )
    (fleet.folder / "site.yml").write_text(play)
    (fleet.folder / "to_our_vault.yml").write_text(handover)
    run = fleet.playbook("site.yml")
    assert run.status == 0, run.output
    assert "Validating arguments against arg spec" in run.output
    [tenant] = fleet.report()["tenants"]
    assert {one["integration"]: one["state"] for one in tenant["integrations"]} == {"beecastle": "pending", "work365": "pending"}


def test_the_provisioner_in_a_playbook_of_ones_own(fleet: Fleet) -> None:
    fleet.tenants, fleet.bare = fleet.tenants[:1], True
    [play] = examples("provisioner")
    (fleet.folder / "site.yml").write_text(play)
    run = fleet.playbook("site.yml")
    assert run.status == 0, run.output
    [sheet] = (fleet.folder / "runsheets").glob("*.provisioner.*.md")
    assert "password does not expire" in sheet.read_text()
