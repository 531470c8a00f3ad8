# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The whole path, on the sandbox: plan, tickets, people at work, proof, hand-over, a second run that changes nothing, drift, and an acceptance.

With `--apply-via console` a browser does what people would do, each tenant's console being of another generation. With `--keep` the sandbox keeps
running at the end, so that what was shown can be tried again. `make demo` runs it. Everything it makes lies in build/demo; the full output of Ansible is
there, too.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import contextlib
import datetime
import functools
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import requests
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from examples.demo.fleet import ROOT, environment, shown, ways_there, write_folder

WORK = ROOT / "build" / "demo"
VENDORS = {"beecastle": "BeeCastle - CRM", "onestream": "BvoIP - Telephony", "work365": "Work 365 Sync", "salesbuildr": "", "guardz": ""}
"""What is set up, and the entry of the list Integration Vendor that its guide asks for, if it asks for one."""
TENANTS = 3
GENERATIONS = {"alder": "native", "birch": "mvc", "cedar": "frames", "dogwood": "shell"}
"""How the sandbox draws each tenant's console where a browser is to find its way in it."""
WITHOUT_CODE = ("birch", "work365")
CHANGED = "alder"
"""The tenant on which somebody changes two things by hand, later on: what a level grants, and the address of an API user."""
LEVEL, CELL = "BeeCastle API", "CRM|Object Permissions|Opportunities & Quotes|Add"
USER, ADDRESS, MEANT = "Guardz", "noc@alder.example.com", "guardz/api_user/Guardz API/email"
SEALING = "cedar"
"""The tenant whose operator has no controller: he seals what he noted on a page, and puts it into the ticket."""
BROWSER_TIMEOUT = 15
"""Seconds, on a machine that has nothing else to do."""
WIDTH = 150
MOST_REASONS = 12
MOST_STEPS = 3
PLAN, VERIFICATION = Path("plan", "plan.json"), Path("plan", "verification.json")
BASELINE, ACCEPTANCES = Path("baseline.json"), Path("acceptances.yml")
"""The files of a review, in the demo's folder."""
AUTOTASK, ANSIBLE_PLAYBOOK = ROOT / "bin" / "autotask", Path(sys.executable).with_name("ansible-playbook")
ENTERED = {str(AUTOTASK): os.path.relpath(AUTOTASK, WORK), str(ANSIBLE_PLAYBOOK): ANSIBLE_PLAYBOOK.name}
"""The programs, and what somebody in the demo's folder enters."""
TO_DO, FINE = 2, 0
"""Exit codes of that program: something is to do, waiting, drifted or unlisted; all is in sync or accepted."""


def main() -> int:
    """Runs the demo; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--apply-via", choices=["ticket", "console"], default="ticket", help="who carries the steps out")
    parser.add_argument("--keep", action="store_true", help="let the sandbox run until Ctrl-C")
    options = parser.parse_args()
    by_console = options.apply_via == "console"
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True, mode=0o700)
    world = ["--port", str(_free_port()), "--tenants", str(len(GENERATIONS) if by_console else TENANTS)]
    if by_console:
        world += ["--seed-file", str(_write_seeds())]
    tenants = json.loads(_output("-m", "sandbox", *world, "--print-credentials"))["tenants"]
    with _sandbox(world):
        if not by_console:
            _let_notes_be_changed(world[1])
        _write_fleet(tenants, by_console)
        status = _show(tenants, by_console)
        if options.keep:
            _let_people_try(tenants)
        return status


def _show(tenants: Sequence[dict[str, Any]], by_console: bool) -> int:
    names = ", ".join(tenant["tenant"] for tenant in tenants)
    _title(f"0. {len(tenants)} tenants", f"The sandbox stands in for Autotask at {tenants[0]['console_url']}. Its data is invented.")
    for tenant in tenants:
        listed = ", ".join(name for name in VENDORS.values() if name in tenant["integration_vendors"])
        drawn = f", its console is drawn as {GENERATIONS[tenant['tenant']]}" if by_console else ""
        print(f"  {tenant['tenant']}: {tenant['name']}, says {tenant['organization_term']}, lists the integration vendors {listed}{drawn}")

    print("\n  What follows $ is run in the demo's folder, and can be run there again:\n")
    for line in ways_there(WORK):
        print(f"  $ {line}")

    if by_console:
        _by_browser(tenants)
        if not _levels_are_alike(tenants):
            return 1
    else:
        _by_people(tenants)

    report = json.loads((WORK / "report.json").read_text(encoding="utf-8"))
    entries = [(tenant["host"], entry) for tenant in report["tenants"] for entry in tenant["integrations"]]
    _title(
        "5. What the new API users may do",
        "Seen by signing in as each of them, against what the profile expects. One in full, the others in a line.",
    )
    for number, (host, entry) in enumerate(entries):
        _show_access(host, entry, in_full=number == 0)

    _title(
        "6. The hand-over", "What the vendor needs, under the vendor's own names, encrypted with Ansible Vault. Secrets are masked here."
    )
    for host, entry in entries:
        _show_handover(host, entry)

    _title("7. The same run again", "Everything is as wanted, so nothing is changed, and no ticket is opened.")
    recap = _ansible("again", "msp.autotask.provision", quiet=True)
    changed = [int(count) for count in re.findall(r"changed=(\d+)", recap)]
    if len(changed) != len(tenants) or any(changed):
        print(f"The second run changed something: {changed}")
        return 1

    _drift(tenants)

    done = sum(entry["state"] == "done" for _host, entry in entries)
    if done != len(VENDORS) * len(tenants):
        print(f"Only {done} of {len(VENDORS) * len(tenants)} integrations are done")
        return 1
    _title(
        "Done",
        f"Five vendors are set up on {names}: least privilege, proven as far as it can be, handed over. The second run changed nothing,\n"
        "what was changed behind it was named, and what is accepted is in a file.",
    )
    for name in ("report.html", "report.json", "report.junit.xml"):
        print(f"  {shown(WORK / name)}")
    print(f"  {shown(WORK / 'handover')}   (vault password file: {shown(WORK / 'vault-password')})")
    return 0


def _let_people_try(tenants: Sequence[dict[str, Any]]) -> None:
    """The sandbox keeps running; says where, and how to sign in."""
    _title("The sandbox keeps running", "Sign in to its console, or run in another terminal what follows $ above. Ctrl-C ends it.")
    for tenant in tenants:
        print(f"  {tenant['tenant']}: {tenant['console_url']}, user name {tenant['console_user']}, password {tenant['console_password']}")
    print(f"\n  REST: {tenants[0]['rest_url']}, with what {shown(WORK / 'fleet.yml')} says", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        signal.pause()


def _plan(number: int) -> None:
    """A plan of all tenants, for somebody who reviews it."""
    _title(f"{number}. The plan", "What a run would do on every tenant, and why, as one document. Nothing is written on a tenant.")
    _autotask("plan", "plan", ends=TO_DO)
    plan = json.loads((WORK / PLAN).read_text(encoding="utf-8"))
    tenant = plan["tenants"][0]
    entry = tenant["integrations"][0]
    print(f"\n  {entry['vendor']} on {tenant['tenant']}: {len(entry['steps'])} steps")
    for step in entry["steps"][:MOST_STEPS]:
        print("    " + textwrap.shorten(step, WIDTH, placeholder=" ..."))
    print(f"    and {len(entry['steps']) - MOST_STEPS} more\n\n  to be reviewed: {shown(WORK / PLAN.with_suffix('.html'))}")
    print(f"  to be applied:  {shown(WORK / PLAN)}")


def _drift(tenants: Sequence[dict[str, Any]]) -> None:
    """What somebody changes by hand is named, and comes to be accepted."""
    [tenant] = [one for one in tenants if one["tenant"] == CHANGED]
    _title("8. Drift", "How everything stands is kept as a baseline, in Git for instance. Nothing is written on a tenant.")
    _autotask("verified", "verify", ends=FINE)
    print(f"\n$ cp {VERIFICATION} {BASELINE}")
    shutil.copyfile(WORK / VERIFICATION, WORK / BASELINE)
    _set_right(tenant, "No")
    _change_by_hand(tenant, "api-users", USER, {"email": ADDRESS})
    print(
        f'\nIn the console of {CHANGED}, somebody takes a right from the level "{LEVEL}", and gives the API user of {USER} another address.\n'
    )
    against = ["-e", f"autotask_baseline={BASELINE}"]
    _autotask("drifted", "verify", *against, ends=TO_DO)

    _title("9. An acceptance", "The right is given back. The address was meant: that is kept in a file, with who says so, and until when.")
    _set_right(tenant, "Yes")
    print(f"  {shown(WORK / ACCEPTANCES)}:\n\n{textwrap.indent(_write_acceptance(), '    ')}")
    _autotask("accepted", "verify", *against, "-e", f"autotask_acceptances={ACCEPTANCES}", ends=FINE)
    print(f"\n  every value, with its evidence: {shown(WORK / VERIFICATION.with_suffix('.html'))}")


def _set_right(tenant: dict[str, Any], value: str) -> None:
    _change_by_hand(tenant, "levels", LEVEL, {"cells": {CELL: value}})


def _change_by_hand(tenant: dict[str, Any], what: str, name: str, change: dict[str, Any]) -> None:
    """Somebody changes a level, or an API user, by hand."""
    address = _behind(tenant, what)
    [found] = [one for one in requests.get(address, timeout=30).json() if name in (one.get("name"), one.get("first_name"))]
    requests.patch(f"{address}/{found['id']}", json=change, timeout=30).raise_for_status()


def _behind(tenant: dict[str, Any], what: str) -> str:
    """Where the sandbox lets somebody see and change what a tenant has."""
    base = tenant["console_url"].partition("?")[0].rstrip("/")
    return f"{base}/_sandbox/tenants/{tenant['tenant']}/{what}"


def _write_acceptance() -> str:
    """Accept one deviation as it was seen; the file's text."""
    until = (datetime.date.today() + datetime.timedelta(days=90)).isoformat()
    deviation = {"tenants": [CHANGED], "address": MEANT, "value": ADDRESS}
    told = {"reason": "Their own people read what it is sent.", "by": "Robin Sample", "until": until}
    text = yaml.safe_dump({"acceptances": [{**deviation, **told}]}, sort_keys=False)
    (WORK / ACCEPTANCES).write_text(text, encoding="utf-8")
    return text


def _by_people(tenants: Sequence[dict[str, Any]]) -> None:
    _plan(1)

    _title(
        "2. The change tickets",
        "Exactly what was reviewed is asked for. Autotask has no API that could do it, so one ticket a tenant and vendor asks a person.",
    )
    _ansible("ask", "msp.autotask.provision", "-e", f"autotask_plan={PLAN}")

    _title(
        "3. People at work",
        "The sandbox's operators read the tickets and follow them in the console, step by step. "
        f"That of {SEALING} has no controller:\nhe seals what he noted on the page {shown(WORK / 'hand-in.html')}, and puts it into the tickets.",
    )
    _operators_work(tenants)

    _title(
        "4. The proof",
        "What was done is compared with what REST shows, attested, the tickets are closed, and the vendors get what they need.",
    )
    _ansible("prove", "msp.autotask.provision")


def _by_browser(tenants: Sequence[dict[str, Any]]) -> None:
    _title(
        "1. The doctor",
        "Looks whether the browser would find its way in each console, and only reads. This has been tried on the sandbox's synthetic console only.",
    )
    _ansible("doctor", "msp.autotask.console_doctor", quiet=True)
    print()
    for tenant in tenants:
        _show_doctor(WORK / "console" / f"{tenant['tenant']}.doctor.yml", tenant["tenant"])

    _plan(2)

    _title(
        "3. and 4. A browser at work, and the proof",
        "It carries out exactly what was reviewed, reads every setting back, and keeps each secret before it is saved. No person does a step.",
    )
    _ansible("browser", "msp.autotask.provision", "-e", f"autotask_plan={PLAN}")
    print(f"\n  pictures of the pages, none with a secret: {shown(WORK / 'screenshots')}")


def _title(title: str, text: str) -> None:
    print(f"\n\033[1m{title}\033[0m\n{text}\n" if sys.stdout.isatty() else f"\n{title}\n{'-' * len(title)}\n{text}\n", flush=True)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _output(*arguments: str) -> str:
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


@contextlib.contextmanager
def _sandbox(world: Sequence[str]) -> Iterator[None]:
    """The sandbox, ready, for as long as the block runs."""
    with (WORK / "sandbox.log").open("w") as log:
        process = subprocess.Popen([sys.executable, "-m", "sandbox", *world], cwd=ROOT, stdout=log, stderr=log)
        try:
            for _attempt in range(300):
                with contextlib.suppress(requests.ConnectionError):
                    requests.get(f"http://127.0.0.1:{world[1]}/", timeout=5)
                    break
                if process.poll() is not None:
                    raise SystemExit(f"The sandbox did not start; see {shown(WORK / 'sandbox.log')}")
                time.sleep(0.1)
            yield
        finally:
            process.terminate()
            process.wait(timeout=10)


def _write_seeds() -> Path:
    """Tenants whose consoles are of different generations. All of them list the vendors that a guide asks for and has nothing instead of."""
    listed = [name for name in VENDORS.values() if name]
    seeds = [{"slug": slug, "vendors": listed, "options": {"console": generation}} for slug, generation in GENERATIONS.items()]
    path = WORK / "seeds.yml"
    path.write_text(yaml.safe_dump({"tenants": seeds}), encoding="utf-8")
    return path


def _let_notes_be_changed(port: str) -> None:
    """The part `hand_in` of the provisioner, for the tenant where credentials are handed in sealed."""
    address = f"http://127.0.0.1:{port}/_sandbox/tenants/{SEALING}/levels"
    [level] = [one for one in requests.get(address, timeout=30).json() if one["name"] == "msp.autotask provisioner"]
    cells = {"Service Desk|Object Permissions|Ticket Notes|Edit": "All"}
    requests.patch(f"{address}/{level['id']}", json={"cells": cells}, timeout=30).raise_for_status()


def _write_fleet(tenants: Sequence[dict[str, Any]], by_console: bool) -> None:
    """The example fleet."""
    own: dict[str, dict[str, Any]] = {tenant["tenant"]: {} for tenant in tenants}
    for tenant in tenants:
        if by_console:
            own[tenant["tenant"]]["autotask_console"] = {
                "url": tenant["console_url"],
                "user_name": tenant["console_user"],
                "password": tenant["console_password"],
                "screenshots": str(WORK / "screenshots" / tenant["tenant"]),
                "browser": shutil.which("chromium") or "",
                "timeout": BROWSER_TIMEOUT * _busy(),
            }
        if tenant["tenant"] == SEALING and not by_console:
            own[SEALING]["autotask_hand_in"] = {"page": str(WORK / "hand-in.html")}
        # An integration vendor's tracking identifier is the vendor's. Only who was given it can prove that the vendor's user works.
        own[tenant["tenant"]]["autotask_integration_codes"] = {
            vendor: tenant["integration_vendors"][name]
            for vendor, name in VENDORS.items()
            if name in tenant["integration_vendors"] and (tenant["tenant"], vendor) != WITHOUT_CODE
        }
    variables = {
        "autotask_vendors": list(VENDORS),
        "autotask_apply_via": "console" if by_console else "ticket",
        "guardz_lines_of_business": ["Managed Services"],
    }
    write_folder(WORK, tenants, ".", variables, own)


def _busy() -> int:
    """How many times as long as on a machine that has nothing else to do something may take here: what is waiting already, and the browsers of a run."""
    cores = os.cpu_count() or 1
    return 1 + round((os.getloadavg()[0] + len(GENERATIONS)) / cores)


def _ansible(name: str, playbook: str, *arguments: str, quiet: bool = False) -> str:
    """Run a playbook, and print what this collection says of it. With `quiet` only the recap is printed."""
    return _run(name, [str(ANSIBLE_PLAYBOOK), playbook, *arguments], functools.partial(_worth_showing, quiet=quiet))


def _autotask(name: str, playbook: str, *arguments: str, ends: int) -> None:
    """Run a playbook as a pipeline does, and print what its document counts, what has drifted, and the exit code, which has to be `ends`."""
    _run(name, [str(AUTOTASK), playbook, *arguments], _worth_reviewing, ends)


def _run(name: str, command: Sequence[str], worth_showing: Callable[[str], str], ends: int = 0) -> str:
    """Run a command, print what of it is worth it, each line once, and keep all of it in a log. Stops the demo when it doesn't end as it should."""
    print(f"$ {shlex.join([ENTERED.get(command[0], command[0]), *command[1:]])}\n", flush=True)
    lines: list[str] = []
    with subprocess.Popen(command, cwd=WORK, env=environment(WORK), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as run:
        for line in run.stdout or ():
            worth = worth_showing(line)
            if worth and line not in lines:
                print(worth, flush=True)
            lines.append(line)
    log = WORK / f"{name}.log"
    log.write_text("".join(lines), encoding="utf-8")
    if run.returncode != ends:
        ended = f"It ended with {run.returncode}, and not with {ends}; all of its output is in {shown(log)}"
        raise SystemExit("\n".join(["", *_reasons(), ended]))
    return "".join(lines)


def _reasons() -> list[str]:
    """Why the last run failed, as its report has it, each reason on one line."""
    with contextlib.suppress(OSError, ValueError):
        tenants = json.loads((WORK / "report.json").read_text(encoding="utf-8"))["tenants"]
        told = [f"{tenant['host']}: {line}" for tenant in tenants for line in tenant["error"].splitlines()]
        return [textwrap.shorten(line, WIDTH, placeholder=" ...") for line in told[:MOST_REASONS]]
    return []


def _worth_showing(line: str, quiet: bool) -> str:
    """What to print of a line of Ansible's output: what our report says, messages, the recap, and what went wrong."""
    if "changed=" in line:
        return line.rstrip()
    if "fatal:" in line or "ERROR" in line:
        return textwrap.shorten(line, WIDTH, placeholder=" ...")
    message = re.match(r'\s+"msg": "(.*)"', line)
    if message:
        return "" if quiet else f"  {message[1]}"
    return line.rstrip() if line.startswith("  ") and not line.startswith('    "') and not quiet else ""


def _worth_reviewing(line: str) -> str:
    """What to print of a review: what is counted, what has drifted, the exit code."""
    found = re.match(r"( *)((tenants|integrations|values|new since the baseline|autotask): |.*(drifted|ERROR))", line)
    return found[1] + textwrap.shorten(line, WIDTH, placeholder=" ...") if found else ""


def _operators_work(tenants: Sequence[dict[str, Any]]) -> None:
    """One person a tenant works off its tickets, as the sandbox's operator does when it runs by itself."""
    with concurrent.futures.ThreadPoolExecutor() as people:
        list(people.map(_operator_works, tenants))


def _operator_works(tenant: dict[str, Any]) -> None:
    record = f"{ANSIBLE_PLAYBOOK} msp.autotask.record_credentials -l {{tenant}} -e autotask_integration={{integration}}"
    command = [sys.executable, "-m", "sandbox.operator", "--once", "--url", tenant["console_url"], "--user", tenant["console_user"]]
    command += ["--password", tenant["console_password"], *(["--record-command", record] if tenant["tenant"] != SEALING else [])]
    with subprocess.Popen(command, cwd=ROOT, env=environment(WORK), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as run:
        for line in run.stdout or ():
            step = re.search(r"item (\d+) of (\d+) done", line)
            if step is None or step[1] in ("1", step[2]):
                print("  " + textwrap.shorten(f"operator of {line}", WIDTH, placeholder=" ..."), flush=True)


def _levels_are_alike(tenants: Sequence[dict[str, Any]]) -> bool:
    """Whether the same profiles made the same levels in all generations of the console, as the sandbox stores them."""
    stored = {}
    for tenant in tenants:
        levels = requests.get(_behind(tenant, "levels"), timeout=30).json()
        stored[tenant["tenant"]] = {level["name"]: level["cells"] for level in levels if not level["system"]}
    first, *others = stored.values()
    if any(other != first for other in others):
        print("The levels are not the same on all tenants")
        return False
    cells = sum(len(level) for level in first.values())
    print(
        f"\n  {len(first)} security levels with {cells} settings, stored the same on all {len(stored)} tenants: "
        + ", ".join(GENERATIONS.values())
    )
    return True


def _show_doctor(path: Path, tenant: str) -> None:
    pages = yaml.safe_load(path.read_text(encoding="utf-8"))["pages"]
    drawn = ", ".join(dict.fromkeys(page["generation"] for page in pages.values()))
    found, not_found = (
        [name for page in pages.values() for kind in kinds for name in page[kind]] for kinds in (["once"], ["missing", "ambiguous"])
    )
    read = pages["level"]["settings"]["found"]
    print(
        f"  {tenant}: pages of the kind {drawn}, {len(found)} controls found once, {len(not_found)} missing or ambiguous, {read} settings read"
    )
    print(f"    {shown(path)}")


def _show_access(host: str, entry: dict[str, Any], in_full: bool) -> None:
    findings = entry["access"].get("findings", [])
    if not findings:
        print(f"  {host}, {entry['vendor']}: not seen, because nobody gave us the vendor's own tracking identifier")
        return
    as_expected = [finding for finding in findings if finding["verdict"] == "as expected"]
    granted = [finding for finding in as_expected if finding["expected"] == "granted"]
    print(f"  {host}, {entry['vendor']}: {len(as_expected)} of {len(findings)} as expected, {len(granted)} granted and the rest denied")
    for finding in findings if in_full else [finding for finding in findings if finding not in as_expected]:
        seen = f" ({finding['rows_seen']} records seen)" if finding.get("rows_seen") is not None else ""
        name = f"{finding['entity']}:{finding['operation']}"
        print(f"    {name:26} should be {finding['expected']:8} is {finding['effective']}{seen}: {finding['verdict']}")


def _show_handover(host: str, entry: dict[str, Any]) -> None:
    path = Path(entry["handover"])
    vault = VaultLib([("default", VaultSecret((WORK / "vault-password").read_bytes().strip()))])
    content = yaml.safe_load(vault.decrypt(path.read_bytes()))
    print(f"  {shown(path)}")
    print(f"    for {content['to']}: " + ", ".join(f"{name} ********" for name in content["fields"]))
    if entry["manual_steps"]:
        print(f"    what is left for people there: {shown(Path(entry['manual_steps']))}")


if __name__ == "__main__":
    sys.exit(main())
