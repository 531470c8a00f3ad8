# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Somebody who reads a page and enters its commands as they are printed: in a folder of their own, with an environment in which nothing is set."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pexpect

from sandbox.operator.handover import in_terminal
from sandbox.operator.worker import Operator
from tests.sandboxes import Tenant
from tests.terminals import AGAIN, wait_until_read

PASSWORD = "only-for-the-reader"
WAIT = 180
VAULT, NEW = r"(?i)vault password[^\n:]*: ?$", re.escape(AGAIN)
PROMPT = r"(Username \(Key\)|Password \(Secret\)|Tracking Identifier)[^\n]*: ?$"


@dataclass
class Reader:
    """`home` is a fresh home folder, `folder` where the commands are entered; `settings` is what the environment has beside that."""

    home: Path
    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """What a fresh terminal has."""
        programs = Path(sys.executable).parent
        path = f"{programs}:/usr/bin:/bin"
        return {"PATH": path, "HOME": str(self.home), "LANG": "C.UTF-8", "TERM": "dumb", **self.settings}

    def enter(self, command: str, answers: Sequence[str] = (), status: int = 0) -> str:
        """Enter a command, which ends with this status; what it printed. The vault password is given whenever it is asked for, other prompts get the
        answers in their order.
        """
        left, output = list(answers), io.StringIO()
        with in_terminal(["/bin/sh", "-c", command], output, WAIT, cwd=self.folder, env=self.environment) as (process, child):
            while (met := child.expect([NEW, VAULT, PROMPT, pexpect.EOF])) < 3:
                if met == 0:
                    wait_until_read(child)
                child.sendline(left.pop(0) if met == 2 else PASSWORD)
            ended = process.wait(WAIT)
        printed = output.getvalue().replace("\r", "")
        assert ended == status, f"{command}\n{printed}"
        return printed

    def follow(self, sheet: Path, tenant: Tenant) -> list[str]:
        """Somebody does in the console what a run sheet says, and ticks it off; what was noted: key, secret and tracking identifier.

        The operator reads tickets, so the sheet is put into one, behind Autotask's back: the tenant may have no API user that could do that.
        """
        steps = [line.removeprefix("- [ ] ") for line in sheet.read_text().splitlines() if line.startswith("- [ ] ")]
        fields = {"title": sheet.stem, "description": "", "companyID": 0, "status": 1, "priority": 2, "createDate": "2026-11-01T08:00:00Z"}
        named = {"ticketNumber": "T20261101.0001", "externalID": "msp.autotask/by-hand/1"}
        ticket = tenant.control("POST", "records/Tickets", {**fields, **named})["id"]
        for position, step in enumerate(steps, start=1):
            item = {"ticketID": ticket, "itemName": step, "position": position, "isCompleted": False, "isImportant": False}
            tenant.control("POST", "records/TicketChecklistItems", item)
        noted = self.work(tenant)
        tenant.control("DELETE", f"records/Tickets/{ticket}")
        sheet.write_text(sheet.read_text().replace("- [ ] ", "- [x] "))
        return noted

    def work(self, tenant: Tenant) -> list[str]:
        """Somebody works off the tenant's tickets; what was noted."""
        script, kept = self.home / "note", self.home / "noted"
        prompts = ("Username (Key)", "Password (Secret)", "Tracking Identifier")
        asked = "".join(f"printf '{prompt}: '; read -r answer; echo \"$answer\" >> {kept}\n" for prompt in prompts)
        kept.unlink(missing_ok=True)
        script.write_text(f"#!/bin/sh\n{asked}")
        script.chmod(0o700)
        address, user, password = (tenant.access[name] for name in ("console_url", "console_user", "console_password"))
        Operator(address, user, password, record_command=f"{script} {{tenant}} {{integration}}", say=self.said.append).work()
        assert kept.exists(), self.said
        return kept.read_text().splitlines()
