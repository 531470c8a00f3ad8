# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""`python -m sandbox.operator`: one operator of one tenant, in the foreground."""

from __future__ import annotations

import argparse
import os
import sys
import time

import requests

from sandbox.operator.worker import Operator, SignInFailed


def main() -> int:
    """Works the tickets until there is an end to it. Returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m sandbox.operator", description="Works change tickets in the sandbox's console, as an employee would."
    )
    parser.add_argument("--url", default="http://127.0.0.1:8765", help="the console's first page (%(default)s)")
    parser.add_argument("--user", required=True, help="user name, such as admin@alder.example.com")
    parser.add_argument(
        "--password",
        default=os.environ.get("SANDBOX_OPERATOR_PASSWORD"),
        help="password; default: the environment variable SANDBOX_OPERATOR_PASSWORD",
    )
    parser.add_argument("--queue", help="look through the tickets of this queue alone")
    parser.add_argument("--limit", type=int, help="go through them once, and stop after so many steps")
    parser.add_argument("--once", action="store_true", help="go through the tickets once instead of round after round")
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between two rounds (%(default)s)")
    parser.add_argument(
        "--record-command", metavar="TEMPLATE", help="the command that asks for what was noted, with {tenant} and {integration}"
    )
    options = parser.parse_args()
    if not options.password:
        parser.error("a password is needed")
    operator = Operator(options.url, options.user, options.password, record_command=options.record_command, queue=options.queue)
    try:
        operator.work(options.limit)
        while options.limit is None and not options.once:
            time.sleep(options.pause)
            operator.work()
    except (SignInFailed, requests.RequestException) as reason:
        print(f"{operator.tenant}: {reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
