# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The sandbox in the foreground, for people: how to sign in, and a folder to run the playbooks from. `make sandbox` runs it; docs/rehearse.md goes on."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from examples.demo.fleet import ROOT, Access, shown, ways_there, write_folder

FOLDER = ROOT / "build" / "sandbox"
BARE = "alder"
"""The tenant on its first day: it has people, and no API user yet."""


def main() -> int:
    """Prints what somebody needs, and becomes the sandbox."""
    parser = argparse.ArgumentParser(prog="python -m examples.demo.rehearse", description=__doc__)
    parser.add_argument("--port", default="8765", help="where the sandbox listens (%(default)s)")
    parser.add_argument("--tenants", default="3", help="how many there are (%(default)s)")
    parser.add_argument("--operator", choices=["auto", "off"], default="off", help="auto: somebody works the change tickets (%(default)s)")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the fleet file and what happens are kept (%(default)s)")
    options = parser.parse_args()
    folder = options.folder.absolute()
    world = ["--port", options.port, "--tenants", options.tenants, "--bare", BARE]
    sandbox = [sys.executable, "-m", "sandbox", *world]
    printed = subprocess.run([*sandbox, "--print-credentials"], cwd=ROOT, check=False, stdout=subprocess.PIPE, text=True)
    if printed.returncode:
        return printed.returncode
    tenants = json.loads(printed.stdout)["tenants"]
    write_folder(folder, tenants, "report", {}, {})
    print("\n".join(_told(tenants, folder)), flush=True)
    record = _record_command(folder) if options.operator == "auto" else []
    os.chdir(ROOT)
    os.execv(sys.executable, [*sandbox, "--state", str(folder / "state.sqlite"), "--operator", options.operator, *record])


def _told(tenants: Sequence[Access], folder: Path) -> Iterator[str]:
    for tenant in tenants:
        first = "user_name" not in tenant
        yield f"{tenant['tenant']}: {tenant['name']}, says {tenant['organization_term']}{', has no API user yet' if first else ''}"
        yield f"  console  {tenant['console_url']}"
        yield f"           user name {tenant['console_user']}, password {tenant['console_password']}"
        if not first:
            yield f"  REST     {tenant['rest_url']}"
            yield f"           UserName {tenant['user_name']}, Secret {tenant['secret']},"
            yield f"           ApiIntegrationCode {tenant['integration_code']}"
        yield ""
    yield f"The inventory with all of that is {shown(folder / 'fleet.yml')}. In another terminal, here:"
    yield ""
    for line in ways_there(folder):
        yield f"  {line}"
    yield f"  ansible-playbook msp.autotask.provision -l {BARE} -e autotask_vendor=provisioner"
    yield ""
    yield f"docs/rehearse.md goes on from there. Ctrl-C ends the sandbox; what happened is kept in {shown(folder)}. Remove that to begin anew."
    yield ""


def _record_command(folder: Path) -> list[str]:
    """Operators who have a controller: they record what they noted with the playbook."""
    settings = [f"ANSIBLE_CONFIG={folder / 'ansible.cfg'}"]
    playbook = [str(Path(sys.executable).with_name("ansible-playbook")), "msp.autotask.record_credentials"]
    named = ["-l", "{tenant}", "-e", "autotask_integration={integration}"]
    return ["--record-command", shlex.join(["env", *settings, *playbook, *named])]


if __name__ == "__main__":
    sys.exit(main())
