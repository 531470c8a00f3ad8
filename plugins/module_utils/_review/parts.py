# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The parts of a document, one a tenant, between the tasks that make them and the one that puts them together. Private to the collection."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator

from .. import _files
from .._errors import AutotaskError
from .._paths import part_of, parts_of
from .._text import from_json
from .document import Part, failed_part


def keep(folder: str, run: str, part: Part, only_new: bool = False) -> None:
    """Keep the part of a tenant; `only_new` leaves one that is there already. Raises AutotaskError where it can't be kept."""
    path = part_of(folder, _named(run), str(part["host"]))
    if not (only_new and _files.exists(path)):
        _files.write_text(path, [json.dumps(part, sort_keys=True)], private=True)


def collected(folder: str, run: str, hosts: Iterable[str]) -> Iterator[Part]:
    """The parts of these hosts; for one that none was made of, one that says so. Raises AutotaskError for what can't be read."""
    for host in hosts:
        text = _files.read_text(part_of(folder, _named(run), host))
        found = from_json(text) if text is not None else None
        yield found if isinstance(found, dict) else failed_part(host, host, "")


def forget(folder: str, run: str) -> None:
    """Remove the parts of a run. Raises AutotaskError where that can't be done."""
    below = parts_of(folder, _named(run))
    for name in _files.listed(below):
        _files.remove(os.path.join(below, name))
    _files.remove_folder(below)


def _named(run: str) -> str:
    if not run:
        words = "A document of several tenants is put together in Ansible's own process: the connection has to be local, and not `become`."
        raise AutotaskError(words, "controller_only")
    return run
