# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Writes build/release: the artifact, the site that was built before, the definitions of execution environments, and checksums."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .artifact import ROOT, build, time_of_commit, unknown_to_git
from .environments import definitions, try_out
from .packing import files_in, pack, write_sums
from .trial import try_artifact

RELEASE = ROOT / "build" / "release"
SITE = ROOT / "build" / "site" / "html"
# What Galaxy checks beside what `make test` has sessions for.
IMPORTER = {"GALAXY_IMPORTER_RUN_ANSIBLE_LINT": "false"}


def main() -> None:
    """Write it all, each part checked, and say where it is."""
    shutil.rmtree(RELEASE, ignore_errors=True)
    artifact, when = build(RELEASE), time_of_commit()
    version = artifact.name.removeprefix("msp-autotask-").removesuffix(".tar.gz")
    with tempfile.TemporaryDirectory() as scratch:
        _import(artifact, Path(scratch))
        try_artifact(artifact, Path(scratch) / "trial")
        environments = definitions(artifact, Path(scratch) / "environments")
        try_out(environments, Path(scratch) / "contexts")
        pack(RELEASE / f"msp-autotask-execution-environment-{version}.tar.gz", files_in(environments), when)
    pack(RELEASE / f"msp-autotask-site-{version}.tar.gz", files_in(SITE), when)
    print(write_sums(RELEASE).read_text(), end="")
    if left_out := unknown_to_git():
        print(f"Not in it, because git doesn't know it: {', '.join(left_out)}")
    print(f"The release is in {RELEASE}")


def _import(artifact: Path, scratch: Path) -> None:
    """Have Galaxy's importer look at the artifact. A warning of its is an error here. Raises RuntimeError."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    own = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "GALAXY_"))}
    environment = {**own, **IMPORTER, "PATH": programs, "HOME": str(scratch)}
    command = [sys.executable, "-m", "galaxy_importer.main", str(artifact)]
    done = subprocess.run(command, env=environment, cwd=scratch, capture_output=True, text=True, check=False)
    said = [line for line in done.stdout.splitlines() if line.startswith(("WARNING", "ERROR", "CRITICAL"))]
    if done.returncode or said:
        raise RuntimeError("\n".join(["Galaxy would not take it as it is:", *(said or [done.stdout + done.stderr])]))


if __name__ == "__main__":
    try:
        main()
    except RuntimeError as error:
        sys.exit(str(error))
