# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Handing over what was noted: a command that asks for it, in a terminal of its own."""

from __future__ import annotations

import io
import re
import shlex
from collections.abc import Mapping

import pexpect

from sandbox.operator.labels import Stuck

KEY, SECRET, IDENTIFIER = "Username (Key)", "Password (Secret)", "Tracking Identifier"
"""What the console calls the three values, and what a prompt must contain to be answered with one."""

_COLOUR = r"\x1b\[[0-9;]*[A-Za-z]"
_PROMPT = re.compile(rf"({re.escape(KEY)}|{re.escape(SECRET)}|{IDENTIFIER})[^\r\n]*[:?>](?:[ \t]|{_COLOUR})*\Z")
_WORD = re.compile(r"[\w.-]+")
_MOST_ANSWERS = 20
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
    try:
        with pexpect.spawn(words[0], words[1:], encoding="utf-8", codec_errors="replace", timeout=timeout, dimensions=(24, 500)) as child:
            child.logfile_read = output
            answered = _answer(child, noted)
    except pexpect.TIMEOUT:
        reason = f"The record command said nothing for {timeout:g} seconds."
    except pexpect.ExceptionPexpect as error:
        reason = f"The record command can't be run: {error}"
    else:
        if answered and child.exitstatus == 0:
            return
        reason = "The record command failed." if answered else "The record command asks too often."
    shown = re.sub(_COLOUR, "", output.getvalue()).replace("\r", "")
    for value in filter(None, noted.values()):
        shown = shown.replace(value, "********")
    raise Stuck(f"{reason} It printed:\n\n{shown.strip()[-_SHOWN:]}")


def _answer(child: pexpect.spawn[str], noted: Mapping[str, str]) -> bool:
    """Answer the prompts until the command ends; whether it did within so many answers."""
    for _ in range(_MOST_ANSWERS):
        if child.expect([_PROMPT, pexpect.EOF]):
            return True
        if isinstance(child.match, re.Match):
            child.sendline(noted.get(child.match[1], ""))
    return False
