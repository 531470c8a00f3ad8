# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The artifact in an environment that has nothing else: installed as the README says, and a tenant's first run."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

from .artifact import ROOT

FLEET = """\
all:
  vars: {ansible_connection: local, autotask_email: integrations@example.com}
  hosts: {alder: {}}
"""
SHEET = "runsheets/alder.provisioner.1.md"


def try_artifact(artifact: Path, folder: Path) -> None:
    """Install it, check a new profile, and have the run sheet written that needs no credentials.

    Raises:
        RuntimeError: with what was said, where one of that fails.
    """
    folder.mkdir()
    venv.create(folder / "python", with_pip=True)
    (folder / "fleet.yml").write_text(FLEET)
    (folder / "vault.txt").write_text("for this trial\n")
    installed = folder / "collections" / "ansible_collections" / "msp" / "autotask"
    requirements = ROOT / "requirements"
    _run(folder, "pip", "install", "--quiet", "--requirement", str(requirements / "ansible.txt"))
    _run(folder, "ansible-galaxy", "collection", "install", "--offline", "--collections-path", "collections", str(artifact))
    _run(
        folder,
        "pip",
        "install",
        "--quiet",
        "--constraint",
        str(requirements / "constraints.txt"),
        "--requirement",
        f"{installed}/requirements.txt",
    )
    _run(folder, "ansible-playbook", "msp.autotask.new_profile", "-e", "autotask_profile=my-vendor.yml")
    _run(folder, "ansible-playbook", "msp.autotask.check_profile", "-e", "autotask_profile=my-vendor.yml")
    provision = ["msp.autotask.provision", "-i", "fleet.yml", "-e", "autotask_vendor=provisioner", "--vault-password-file", "vault.txt"]
    said = _run(folder, "ansible-playbook", *provision)
    if "- [ ]" not in _text(folder / SHEET):
        raise RuntimeError(f"{SHEET} has no steps, or isn't there:\n{said}")


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def _run(folder: Path, program: str, *arguments: str) -> str:
    """Run a program of the empty environment, which knows no settings but its own."""
    programs = folder / "python" / "bin"
    own = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "AUTOTASK_", "PYTHON"))}
    environment = {
        **own,
        "PATH": f"{programs}{os.pathsep}{os.defpath}",
        "HOME": str(folder),
        "ANSIBLE_COLLECTIONS_PATH": str(folder / "collections"),
    }
    command = [str(programs / program), *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join([program, *arguments])}, with {sys.version.partition(' ')[0]}:\n{done.stdout}{done.stderr}")
    return done.stdout
