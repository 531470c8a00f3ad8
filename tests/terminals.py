# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What somebody at a terminal waits for."""

from __future__ import annotations

import termios

import pexpect
from pexpect.fdpexpect import fdspawn

# A new vault password is typed a second time.
AGAIN = "Type it once more:"


def wait_until_read(terminal: fdspawn[str]) -> None:
    """Until what a task asks for is read: what is typed before Ansible has made the terminal raw for it, it throws away."""
    while termios.tcgetattr(terminal.child_fd)[3] & termios.ICANON:
        terminal.expect([pexpect.TIMEOUT, pexpect.EOF], timeout=0.1)
