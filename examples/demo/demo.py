# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The whole path, on the sandbox: plan, tickets, people at work, proof, hand-over, and a second run that changes nothing.

`make demo` runs it. Everything it makes lies in build/demo; the full output of Ansible is there, too.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import requests
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "build" / "demo"
VENDORS = ["beecastle"]
WIDTH = 150


def main() -> int:
    """Runs the demo; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--apply-via", choices=["ticket"], default="ticket", help="who puts the steps before people")
    parser.parse_args()
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True, mode=0o700)
    port = _free_port()
    tenants = json.loads(_output("-m", "sandbox", "--port", str(port), "--print-credentials"))["tenants"]
    _write_fleet(tenants)
    with _sandbox(port):
        return _show(tenants)


def _show(tenants: Sequence[dict[str, Any]]) -> int:
    names = " and ".join(tenant["tenant"] for tenant in tenants)
    _title("0. Two tenants", f"The sandbox stands in for Autotask at {tenants[0]['console_url']}. Its data is invented.")
    for tenant in tenants:
        listed = "lists" if "BeeCastle - CRM" in tenant["integration_vendors"] else "does not list"
        print(f"  {tenant['tenant']}: {tenant['name']}, {listed} the integration vendor BeeCastle - CRM")

    _title("1. The plan", "What has to be done in the console so that BeeCastle works on alder, and nothing else. Nothing is written.")
    _ansible("plan", "msp.autotask.provision", "--check", "--limit", "alder", AUTOTASK_REPORT_SHOW_PLAN="1")

    _title("2. The change tickets", "Autotask has no API that could do this, so one ticket a tenant asks a person. The run then waits.")
    operators = threading.Thread(target=_operators_work, args=[tenants], daemon=True)

    def people_at_work() -> None:
        _title("3. People at work", "The sandbox's operator reads the tickets and follows them in the console, step by step.")
        operators.start()

    def proof() -> None:
        _title("4. The proof", "What was done is compared with what REST shows, attested, and the tickets are closed.")

    marks = {"Wait until people have worked off the change": people_at_work, "See what came of it": proof}
    _ansible("provision", "msp.autotask.provision", "-e", "autotask_wait_minutes=5", "-e", "autotask_wait_interval=1", marks=marks)
    operators.join(timeout=60)

    report = json.loads((WORK / "report.json").read_text(encoding="utf-8"))
    _title("5. What the new API users may do", "Seen by signing in as each of them, against what the profile expects.")
    for tenant in report["tenants"]:
        for entry in tenant["integrations"]:
            _show_access(tenant["host"], entry)

    _title(
        "6. The hand-over", "What the vendor needs, under the vendor's own names, encrypted with Ansible Vault. Secrets are masked here."
    )
    for tenant in report["tenants"]:
        for entry in tenant["integrations"]:
            _show_handover(Path(entry["handover"]))

    _title("7. The same run again", "Everything is as wanted, so nothing is changed, and no ticket is opened.")
    recap = _ansible("again", "msp.autotask.provision")
    changed = [int(count) for count in re.findall(r"changed=(\d+)", recap)]
    if len(changed) != len(tenants) or any(changed):
        print(f"The second run changed something: {changed}")
        return 1

    _title("Done", f"BeeCastle is set up on {names}: least privilege, proven, handed over. The second run changed nothing.")
    for name in ("report.html", "report.json", "report.junit.xml"):
        print(f"  {_shown(WORK / name)}")
    print(f"  {_shown(WORK / 'handover')}   (vault password file: {_shown(WORK / 'vault-password')})")
    return 0


def _title(title: str, text: str) -> None:
    print(f"\n\033[1m{title}\033[0m\n{text}\n" if sys.stdout.isatty() else f"\n{title}\n{'-' * len(title)}\n{text}\n", flush=True)


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _output(*arguments: str) -> str:
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


@contextlib.contextmanager
def _sandbox(port: int) -> Iterator[None]:
    """The sandbox, ready, for as long as the block runs."""
    with (WORK / "sandbox.log").open("w") as log:
        process = subprocess.Popen([sys.executable, "-m", "sandbox", "--port", str(port)], cwd=ROOT, stdout=log, stderr=log)
        try:
            for _attempt in range(300):
                with contextlib.suppress(requests.ConnectionError):
                    requests.get(f"http://127.0.0.1:{port}/", timeout=5)
                    break
                if process.poll() is not None:
                    raise SystemExit(f"The sandbox did not start; see {_shown(WORK / 'sandbox.log')}")
                time.sleep(0.1)
            yield
        finally:
            process.terminate()
            process.wait(timeout=10)


def _write_fleet(tenants: Sequence[dict[str, Any]]) -> None:
    """The example fleet as an inventory; on a real one the secrets come from a vault."""
    hosts: dict[str, Any] = {}
    for tenant in tenants:
        hosts[tenant["tenant"]] = {
            "autotask_user_name": tenant["user_name"],
            "autotask_secret": tenant["secret"],
            "autotask_integration_code": tenant["integration_code"],
            "autotask_discovery_url": tenant["discovery_url"],
            "autotask_email": f"integrations@{tenant['tenant']}.example.com",
        }
    hosts["birch"]["autotask_local_terms"] = {"organization": "Company"}
    # An integration vendor's tracking identifier is the vendor's. Only who was given it can prove that the vendor's user works.
    hosts["alder"]["autotask_integration_codes"] = {"beecastle": tenants[0]["integration_vendors"]["BeeCastle - CRM"]}
    variables = {
        "ansible_connection": "local",
        "ansible_python_interpreter": sys.executable,
        "autotask_vendors": VENDORS,
        "autotask_ticket": {"queue": "Administration"},
    }
    _write_private("fleet.yml", yaml.safe_dump({"all": {"vars": variables, "hosts": hosts}}, sort_keys=False))
    _write_private("vault-password", "only-for-the-demo\n")


def _write_private(name: str, text: str) -> None:
    path = WORK / name
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


def _environment(**more: str) -> dict[str, str]:
    return {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "build" / "collections"),
        "ANSIBLE_CALLBACKS_ENABLED": "msp.autotask.report",
        "ANSIBLE_VAULT_PASSWORD_FILE": str(WORK / "vault-password"),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "AUTOTASK_REPORT_FOLDER": str(WORK),
        "XDG_CACHE_HOME": str(WORK / "cache"),
        **more,
    }


def _playbook() -> str:
    return str(Path(sys.executable).with_name("ansible-playbook"))


def _ansible(name: str, playbook: str, *arguments: str, marks: Mapping[str, Callable[[], Any]] | None = None, **environment: str) -> str:
    """Run a playbook, print what this collection says of it, and keep all of it in a log. Stops the demo when the playbook fails.

    `marks` are lines at which something else is to happen, once.
    """
    command = [_playbook(), "-i", str(WORK / "fleet.yml"), playbook, *arguments]
    print(f"$ {' '.join(['ansible-playbook -i fleet.yml', playbook, *arguments])}\n", flush=True)
    waiting, lines = dict(marks or {}), []
    environment = _environment(**environment)
    with subprocess.Popen(command, cwd=WORK, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as run:
        for line in run.stdout or ():
            lines.append(line)
            for mark in [mark for mark in waiting if mark in line]:
                waiting.pop(mark)()
            if line.startswith("  ") or "changed=" in line or "fatal:" in line or "ERROR" in line:
                print(line, end="", flush=True)
    log = WORK / f"{name}.log"
    log.write_text("".join(lines), encoding="utf-8")
    if run.returncode:
        raise SystemExit(f"ansible-playbook failed; all of its output is in {_shown(log)}")
    return "".join(lines)


def _operators_work(tenants: Sequence[dict[str, Any]]) -> None:
    """One person a tenant works off its ticket, as the sandbox's operator does when it runs by itself."""
    record = f"{_playbook()} -i {WORK / 'fleet.yml'} msp.autotask.record_credentials -l {{tenant}} -e autotask_integration={{integration}}"
    for tenant in tenants:
        command = [sys.executable, "-m", "sandbox.operator", "--once", "--url", tenant["console_url"], "--user", tenant["console_user"]]
        command += ["--password", tenant["console_password"], "--record-command", record]
        with subprocess.Popen(command, cwd=ROOT, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as run:
            for line in run.stdout or ():
                print("  " + textwrap.shorten(f"operator of {line}", WIDTH, placeholder=" ..."), flush=True)


def _show_access(host: str, entry: dict[str, Any]) -> None:
    print(f"  {host}, {entry['vendor']}:")
    for finding in entry["access"]["findings"]:
        seen = f" ({finding['rows_seen']} records seen)" if finding.get("rows_seen") is not None else ""
        name = f"{finding['entity']}:{finding['operation']}"
        print(f"    {name:26} should be {finding['expected']:8} is {finding['effective']}{seen}: {finding['verdict']}")


def _show_handover(path: Path) -> None:
    command = [str(Path(sys.executable).with_name("ansible-vault")), "view", str(path)]
    content = yaml.safe_load(subprocess.run(command, env=_environment(), check=True, capture_output=True, text=True).stdout)
    with path.open(encoding="ascii") as stream:
        print(f"  {_shown(path)}   ({stream.readline().strip()})")
    print(f"    for the {content['to']}: " + ", ".join(f"{name} ********" for name in content["fields"]))


if __name__ == "__main__":
    sys.exit(main())
