# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Where a fleet's credentials, hand-overs, run sheets and findings are kept: one folder, whatever the run was started from. Private to the collection."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .._errors import InputError
from .._text import quoted

VARIABLE = "autotask_folder"
# What a job of AWX has in its environment, and whatever else ansible-runner starts, execution environments above all; its files go with it.
OF_JOBS = ("AWX_PRIVATE_DATA_DIR", "AWX_ISOLATED_DATA_DIR")
# Configuration files that say nothing of one fleet.
GLOBAL = ("/etc/ansible/ansible.cfg", "~/.ansible.cfg")


@dataclass(frozen=True)
class Started:
    """How a run was started: the inventory sources as they were named, the configuration file that is in use, and whether the run's files go with it."""

    sources: Sequence[str]
    config_file: str = ""
    is_job: bool = False


def is_job(environment: Mapping[str, str]) -> bool:
    """Whether what this process writes below its own folders is lost with it."""
    return any(environment.get(name) for name in OF_JOBS)


def path_in_fleet(path: str, given: str, started: Started) -> str:
    """The absolute form of a path; a relative one is one of the fleet's folder, which `given` names where somebody has said it.

    Raises InputError where there is no such folder: for a relative one, one inside an inventory, one that would be lost with a job, or none at all.
    """
    expanded = os.path.expanduser(path)
    if os.path.isabs(expanded):
        return _outside(os.path.normpath(expanded), started, path)
    found = os.path.normpath(os.path.join(fleet_folder(given, started), expanded))
    if not os.path.exists(found) and found != fleet_folder(given, started):
        _check_moved(expanded, found, given, started)
    return _outside(found, started, path)


def _check_moved(path: str, found: str, given: str, started: Started) -> None:
    """Raises InputError for what version 0.1.0 kept: below an inventory that is a folder, and run sheets below the working directory.

    The working directory may be another fleet's: where the fleet's folder is `given`, nothing that lies there is this one's.
    """
    for folder in _paths(started):
        before = _below(folder, path)
        if os.path.isdir(before):
            raise _moved(before, found, "move it there, or name the folder that it is in")
    before = _below(os.getcwd(), path)
    if not given and os.path.isdir(before):
        raise _moved(
            before,
            found,
            "move it there. This run was started where it lies. If it is another fleet's, name the folder of this one: "
            f"{VARIABLE}: {fleet_folder(given, started)}",
        )


def _below(folder: str, path: str) -> str:
    return os.path.normpath(os.path.join(os.path.abspath(folder), path))


def _moved(before: str, found: str, remedy: str) -> InputError:
    return InputError([VARIABLE], f"an earlier version has kept {before}, which belongs at {found} now; {remedy}", "fleet_folder")


def fleet_folder(given: str, started: Started) -> str:
    """The folder of the fleet: the one that is `given`, else that of the fleet's own ansible.cfg, else that of the inventory. Raises InputError."""
    if given:
        folder = os.path.expanduser(given)
        if not os.path.isabs(folder):
            raise InputError(
                [VARIABLE],
                f"{given} is relative, so it would be another folder wherever a run is started; give an absolute path",
                "fleet_folder",
            )
        return _outside(os.path.normpath(folder), started, VARIABLE)
    if started.is_job:
        raise InputError(
            [VARIABLE],
            "this run is a job of AWX or in an execution environment, whose own files are lost when it ends, recorded credentials with them; name a folder "
            "that outlasts it",
            "fleet_folder",
        )
    config = started.config_file
    if config and os.path.realpath(config) not in [os.path.realpath(os.path.expanduser(one)) for one in GLOBAL]:
        return _outside(os.path.dirname(os.path.abspath(config)), started, "the folder of ansible.cfg")
    folders = {os.path.dirname(os.path.abspath(source)) for source in _paths(started)}
    if len(folders) == 1:
        return folders.pop()
    which = f"the inventories lie in {quoted(sorted(folders))}" if folders else "the inventory is no file"
    raise InputError(
        [VARIABLE], f"where credentials, hand-overs and run sheets are kept isn't known, for {which}; name a folder", "fleet_folder"
    )


def _paths(started: Started) -> list[str]:
    """The sources that are files or folders, and no lists of hosts."""
    return [source.rstrip("/") for source in started.sources if "," not in source and os.path.exists(source)]


def _outside(folder: str, started: Started, what: str) -> str:
    """The folder, unless Ansible would read what is kept there as inventory."""
    for source in _paths(started):
        inventory = os.path.realpath(source)
        if os.path.isdir(inventory) and os.path.commonpath([inventory, os.path.realpath(folder)]) == inventory:
            raise InputError(
                [VARIABLE],
                f"{folder} ({what}) is inside the inventory {source}, every file of which Ansible reads; name another one",
                "fleet_folder",
            )
    return folder
