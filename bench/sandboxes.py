# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The sandbox as another program: its command line, its control, and its state file."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parents[1]
FIRST = "alder"
"""The tenant that every sandbox has."""

Access = dict[str, Any]
"""What `--print-credentials` says of a tenant."""


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox."""

    address: str
    first: Access

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON of a request to its control."""
        with requests.Session() as session:
            session.trust_env = False
            response = session.request(method, f"{self.address}/_sandbox/{path}", json=body, timeout=600)
        response.raise_for_status()
        return response.json()

    def copies(self, count: int) -> list[Access]:
        """Makes so many copies of the first tenant as it is now."""
        slugs = [f"tenant-{number:04}" for number in range(2, count + 2)]
        return list(self.control("POST", f"tenants/{FIRST}/copies", {"slugs": slugs}))

    def count_from_nothing(self) -> None:
        """Forgets the requests so far."""
        self.control("DELETE", "counts")

    def requests_of_tenants(self) -> tuple[Counter[str], Counter[str]]:
        """How many REST requests there were for each tenant that had any, and how many of them wrote something."""
        sent: Counter[str] = Counter()
        wrote: Counter[str] = Counter()
        for line in self.control("GET", "counts"):
            sent[line["tenant"]] += line["count"]
            if line["method"] != "GET" and "/query" not in line["endpoint"]:
                wrote[line["tenant"]] += line["count"]
        return sent, wrote


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def sandbox(folder: Path, port: int, latency: int = 0, state: Path | None = None) -> Iterator[Sandbox]:
    """A sandbox with its first tenant, and with what is in the state file, for as long as the block runs. Its log goes into the folder."""
    world = ["--port", str(port), "--tenants", "1", "--latency-ms", str(latency), *(("--state", str(state)) if state else ())]
    shown = subprocess.run([sys.executable, "-m", "sandbox", *world, "--print-credentials"], cwd=ROOT, check=True, capture_output=True)
    with (folder / "sandbox.log").open("w") as log:
        command = [sys.executable, "-u", "-m", "sandbox", *world]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            if not process.stdout or not process.stdout.readline().startswith("Ready"):
                raise SystemExit(f"The sandbox did not start; see {folder / 'sandbox.log'}")
            yield Sandbox(f"http://127.0.0.1:{port}", json.loads(shown.stdout)["tenants"][0])
        finally:
            process.terminate()
            process.wait(timeout=30)
