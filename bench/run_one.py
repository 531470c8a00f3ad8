# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs one command and writes down what it took, its children included: RESULT LOG COMMAND [ARGUMENT ...].

A program of its own, and a small one, because a process begins with the peak memory of the one that it was started from.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time


def main() -> int:
    """Runs the command that the arguments name. Returns 0 however it ended; the result says how."""
    result, log, *command = sys.argv[1:]
    with open(log, "wb") as output:
        started = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        _pid, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
    # Linux gives kilobytes, macOS bytes.
    memory = used.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    taken = {"status": os.waitstatus_to_exitcode(status), "wall": wall, "cpu": used.ru_utime + used.ru_stime, "memory": memory}
    with open(result, "w", encoding="utf-8") as file:
        json.dump(taken, file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
