# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The entry point for pipelines, `bin/autotask`: runs a playbook, and ends with an exit code for what came of it. Private to the collection.

It needs nothing but Python and the documents' form: it runs without Ansible, beside it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence

from ..module_utils._errors import AutotaskError
from ..module_utils._files import exists
from ..module_utils._review.document import read_document
from ..module_utils._review.exit_codes import BAD_INPUT, FINE, INCOMPLETE, MEANINGS, SOMETHING, exit_code
from ..module_utils._text import on_one_line

PLAYBOOKS = ("plan", "verify", "provision")
USAGE = f"usage: autotask {'|'.join(PLAYBOOKS)} [any options of ansible-playbook]"
# The option that tells a playbook where its document is wanted.
OPTION = "autotask_outcome"
# What ansible-playbook ends with where it came to its end: all well, hosts failed (2), or were not reached (4). It has the 4 for playbooks that it can't
# read, too: those leave no document. All else is a mistake in its options, a run that was interrupted, or a fault of its own.
CAME_TO_ITS_END = (0, 2, 4, 6)
BROKEN_OFF = "The run was broken off."
NO_DOCUMENT = "The run ended before it made a document."
FAILED_BESIDES = "The run failed in what its document doesn't tell."


def main(arguments: Sequence[str]) -> int:
    """Run the playbook that is named first with the other arguments; the exit code. Says in one line on standard error what it means."""
    if list(arguments[:1]) in (["-h"], ["--help"]):
        print("\n".join([USAGE, "Exit codes:", *(f"  {code}  {meaning}" for code, meaning in MEANINGS.items())]))
        return FINE
    if not arguments or arguments[0] not in PLAYBOOKS:
        print(USAGE, file=sys.stderr)
        return BAD_INPUT
    with tempfile.TemporaryDirectory(prefix="autotask-") as folder:
        path = os.path.join(folder, "outcome.json")
        # As JSON: a folder's name may have blanks. As the last one, it is the one that counts.
        command = ["ansible-playbook", f"msp.autotask.{arguments[0]}", *arguments[1:], "-e", json.dumps({OPTION: path})]
        code, words = _judged(_status(command), path)
    print(f"autotask: exit code {code}: {words}", file=sys.stderr)
    return code


def _status(command: Sequence[str]) -> int | None:
    """What a program ended with; None where it, or whoever waits for it here, was told to stop."""
    stopped: list[int] = []
    children: list[subprocess.Popen[bytes]] = []

    def stop(number: int, _frame: object) -> None:
        stopped.append(number)
        # From the keyboard it comes to the program, too.
        for child in children if number != signal.SIGINT else ():
            child.send_signal(number)

    # Before there is anything that could be stopped: afterwards it could come in between.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    with subprocess.Popen(command) as child:
        children.append(child)
        status = child.wait()
    return None if stopped or status < 0 else status


def _judged(status: int | None, path: str) -> tuple[int, str]:
    """The exit code, and what it means."""
    if status is None:
        return BAD_INPUT, BROKEN_OFF
    if status not in CAME_TO_ITS_END:
        return BAD_INPUT, f"{BROKEN_OFF if status == 99 else NO_DOCUMENT} ansible-playbook ended with {status}."
    try:
        if not exists(path):
            return BAD_INPUT, NO_DOCUMENT
        code = exit_code(read_document(path, OPTION))
    except AutotaskError as error:
        return BAD_INPUT, on_one_line(str(error))
    if status and code in (FINE, SOMETHING):
        return INCOMPLETE, f"{FAILED_BESIDES} ansible-playbook ended with {status}."
    return code, MEANINGS[code]
