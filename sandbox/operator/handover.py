# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Handing over what was noted: a command that asks for it, in a terminal of its own."""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import sys
import termios
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

import pexpect
from pexpect.fdpexpect import fdspawn

from sandbox.operator.labels import Stuck

KEY, SECRET, IDENTIFIER = "Username (Key)", "Password (Secret)", "Tracking Identifier"
"""What the console calls the three values, and what a prompt must contain to be answered with one."""

_COLOUR = r"\x1b\[[0-9;]*[A-Za-z]"
_PROMPT = re.compile(rf"({re.escape(KEY)}|{re.escape(SECRET)}|{IDENTIFIER})[^\r\n]*[:?>](?:[ \t]|{_COLOUR})*\Z")
_WORD = re.compile(r"\w[\w.-]*")
_MOST_ANSWERS = 20
_SIZE = (24, 500)
_TAKE_TERMINAL = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])"
_SHOWN = 2000


def hand_over(command: str, tenant: str, integration: str, noted: Mapping[str, str], timeout: float = 600) -> None:
    """Run the record command and answer its prompts by their text, an identifier that wasn't generated with just Enter.

    `command` is a template with `{tenant}` and `{integration}`; it is split into words first and filled in afterwards, so
    that nothing a ticket says becomes a word of its own. `timeout` is in seconds, for each prompt.

    Raises:
        Stuck: the command failed, or asked too long or too often. The text has its output with the values masked.
    """
    if not (_WORD.fullmatch(tenant) and _WORD.fullmatch(integration)):
        raise Stuck(f"I don't hand over anything for tenant {tenant!r}, integration {integration!r}: these are no plain names.")
    words = [word.replace("{tenant}", tenant).replace("{integration}", integration) for word in shlex.split(command)]
    output = io.StringIO()
    with in_terminal(words, output, timeout) as (process, child):
        try:
            if not _answer(child, noted):
                reason = "The record command asks too often."
            elif process.wait(timeout) != 0:
                reason = "The record command failed."
            else:
                return
        except (pexpect.TIMEOUT, subprocess.TimeoutExpired):
            reason = f"The record command said nothing for {timeout:g} seconds."
    shown = re.sub(_COLOUR, "", output.getvalue()).replace("\r", "")
    for value in filter(None, noted.values()):
        shown = shown.replace(value, "********")
    raise Stuck(f"{reason} It printed:\n\n{shown.strip()[-_SHOWN:]}")


@contextmanager
def in_terminal(
    words: Sequence[str], output: TextIO, timeout: float, **place: Any
) -> Iterator[tuple[subprocess.Popen[bytes], fdspawn[str]]]:
    """The command in a terminal of its own, and the hand on that terminal. It is ended with the block, if it hasn't ended by then.

    `place` is where it runs: `cwd` and `env`, as `subprocess.Popen` takes them.

    Not by forking this process, which may have threads: a fresh Python makes the terminal its own and becomes the command.
    """
    ours, theirs = os.openpty()
    with os.fdopen(ours, "r+b", buffering=0):
        try:
            termios.tcsetwinsize(theirs, _SIZE)
            process = subprocess.Popen(
                [sys.executable, "-c", _TAKE_TERMINAL, *words], stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, **place
            )
        finally:
            os.close(theirs)
        child = fdspawn(ours, encoding="utf-8", codec_errors="replace", timeout=timeout)
        child.logfile_read = output
        try:
            yield process, child
        finally:
            process.kill()
            process.wait()


def _answer(child: fdspawn[str], noted: Mapping[str, str]) -> bool:
    """Answer the prompts until the command ends; whether it did within so many answers."""
    for _answer in range(_MOST_ANSWERS):
        if child.expect([_PROMPT, pexpect.EOF]):
            return True
        if isinstance(child.match, re.Match):
            child.sendline(noted.get(child.match[1], ""))
    return False
