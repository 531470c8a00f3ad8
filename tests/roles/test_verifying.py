# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The program for pipelines, on a fleet of which one tenant can't even be asked about: its exit code, its document, and what it leaves behind."""

from __future__ import annotations

import json

from .events import events, found_in, keep_events
from .planting import plant
from .running import Fleet
from .test_canaries import left_behind

MISSING = "nowhere_set"
FORMS = [f"verification.{ending}" for ending in ("html", "json", "junit.xml", "md", "sarif")]


def test_a_tenant_with_an_undefined_variable_has_failed_and_the_others_are_verified(fleet: Fleet) -> None:
    keep_events(fleet)
    well, broken = fleet.tenants
    planted = plant(fleet, well, "BeeCastle - CRM")
    fleet.variables["autotask_vendors"] = ["beecastle"]
    # Ansible itself shows the lines before such a variable: here no secret stands there.
    fleet.own[broken.slug] = {"autotask_location": f"{{{{ {MISSING} }}}}"}
    run = fleet.autotask("verify", "-vvv")
    assert run.status == 3, run.output
    assert "autotask: exit code 3: Some tenants failed, or something that is wanted is unknown." in run.output

    # Nothing but the document in its forms is left, which may be handed around; their folder is the parts' as well, and they are nobody else's.
    folder = fleet.folder / "plan"
    assert sorted(path.name for path in folder.iterdir()) == FORMS
    document = json.loads((folder / "verification.json").read_text())
    parts = {part["host"]: part for part in document["tenants"]}
    assert set(parts) == {well.slug, broken.slug}
    assert parts[broken.slug]["state"] == "failed" and MISSING in parts[broken.slug]["error"]
    [entry] = parts[well.slug]["integrations"]
    assert entry["state"] == "to do" and "in sync" in {item["state"] for item in entry["items"]}
    assert all(MISSING in (folder / f"verification.{ending}").read_text() for ending in ("html", "junit.xml"))
    assert folder.stat().st_mode & 0o777 == 0o700 and {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o644}

    secrets = [
        planted["secret"],
        *(one.access[name] for one in fleet.tenants for name in ("secret", "integration_code", "console_password")),
    ]
    told = {"output": run.output, "events": events(fleet), **dict(left_behind(fleet))}
    assert "Say how it stands" in told["events"] and str(folder / "verification.json") in told
    assert [place for place, text in told.items() if found_in(text, secrets)] == []
