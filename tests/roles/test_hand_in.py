# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Somebody who works tickets and has no controller: he seals what he noted into a note, in the pages of the console, and playbooks do the rest."""

from __future__ import annotations

import pytest

from .running import Fleet

BEGINS = "-----BEGIN MSP.AUTOTASK SEALED CREDENTIALS-----"


@pytest.fixture
def handing_in(fleet: Fleet) -> Fleet:
    """A fleet of one tenant whose provisioner has the part `hand_in`, and whose people can't record anything."""
    fleet.tenants = fleet.tenants[:1]
    fleet.tenants[0].set_cells({"Service Desk|Object Permissions|Ticket Notes|Edit": "All"})
    fleet.variables["autotask_hand_in"] = {"page": str(fleet.folder / "hand-in.html")}
    return fleet


def test_playbooks_take_what_somebody_sealed(handing_in: Fleet) -> None:
    [tenant] = handing_in.tenants
    without = handing_in.operator(tenant, records=False)
    assert handing_in.provision("--diff").status == 0
    assert without.work() > 20, handing_in.said
    done = handing_in.provision("-vvv", "--diff")
    assert done.status == 0, done.output
    assert handing_in.entry(tenant)["state"] == "done" and "taken and stored for integration" in done.output
    first = handing_in.unlocked(handing_in.folder / "handover" / tenant.slug / "beecastle.yml")
    assert handing_in.provision().changed == [0]
    asked = handing_in.playbook("msp.autotask.rotate", autotask_vendor="beecastle", autotask_rotation="2026-11")
    assert asked.status == 0 and without.work() == 4, (asked.output, handing_in.said)
    rotated = handing_in.playbook("msp.autotask.rotate", "-vvv", autotask_vendor="beecastle", autotask_rotation="2026-11")
    assert rotated.status == 0 and "taken and stored for integration" in rotated.output
    second = handing_in.unlocked(handing_in.folder / "handover" / tenant.slug / "beecastle.yml")
    assert first["fields"]["Secret"] != second["fields"]["Secret"]
    notes = tenant.rest.find("TicketNotes", {"op": "gt", "field": "id", "value": 0})
    kept = str([note["description"] for note in notes])
    assert BEGINS not in kept and kept.count("taken and stored for integration") == 2
    for fields in (first["fields"], second["fields"]):
        assert fields["Secret"] not in kept + done.output + rotated.output


def test_a_wrong_form_is_told_and_nothing_is_written(handing_in: Fleet) -> None:
    handing_in.variables["autotask_hand_in"] = str(handing_in.folder / "hand-in.html")
    run = handing_in.provision()
    assert run.status != 0 and "is no mapping. Say where the page is written" in " ".join(run.output.split()), run.output
    assert not (handing_in.folder / "hand-in.html").exists()
