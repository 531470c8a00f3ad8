# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""`python -m sandbox`: the sandbox in the foreground, or the credentials of its world."""

from __future__ import annotations

import argparse
import json
import socket
import sqlite3
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import closing, suppress

try:
    import uvicorn
    import yaml

    from sandbox import faults, seed
    from sandbox.app import LOCAL, Settings, create_app
    from sandbox.faults import Fault
    from sandbox.operator.worker import run_forever
    from sandbox.seed import Seed
    from sandbox.store import Store
except ModuleNotFoundError as missing:
    sys.exit(f"The sandbox needs {missing.name}, which is not installed here: pip install -r sandbox/requirements.txt")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the sandbox until it is interrupted, or prints its credentials. Returns the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        seeds = seed.world(options.tenants, options.seed_file, options.bare)
    except (OSError, ValueError, yaml.YAMLError) as error:
        parser.error(str(error))
    if options.print_credentials:
        address = _address(options.host, options.port)
        print(json.dumps({"tenants": [seed.access(one, address) for one in seeds]}, indent=2))
        return 0
    try:
        store = Store(options.state or ":memory:")
    except sqlite3.Error as error:
        parser.error(f"can't use {options.state}: {error}")
    try:
        listener = _listener(options.host, options.port)
    except OSError as error:
        parser.error(f"can't listen on {options.host}, port {options.port}: {error.strerror}")
    with closing(store), listener, suppress(KeyboardInterrupt):
        _serve(options, seeds, store, listener)
    return 0


class _Web(uvicorn.Server):
    """The web server, which says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


def _serve(options: argparse.Namespace, seeds: Sequence[Seed], store: Store, listener: socket.socket) -> None:
    address = _address(options.host, listener.getsockname()[1])
    seed.plant(store, seeds)

    def ready() -> None:
        if options.operator == "auto":
            accounts = [(one["tenant"], one["console_user"], one["console_password"]) for one in (seed.access(s, address) for s in seeds)]
            threading.Thread(target=run_forever, args=(f"{address}/", accounts, options.record_command), daemon=True).start()
        print(f"Ready: {len(store.tenants())} tenants, console {address}/ and REST {address}/atservicesrest/v1.0/", flush=True)

    settings = Settings(
        latency=options.latency_ms / 1000,
        new_user_delay=options.new_user_delay_ms / 1000,
        threshold=options.threshold,
        threshold_latency=options.threshold_latency,
        faults=options.fault,
    )
    app = create_app(store, settings)
    config = uvicorn.Config(app, lifespan="off", ws="none", log_level="warning", access_log=False, timeout_graceful_shutdown=2)
    web = _Web(config, ready)
    app.state.connections = web.server_state.connections
    web.run([listener])


def _listener(host: str, port: int) -> socket.socket:
    """A bound socket. It says that it is TCP, because asyncio sends small answers at once (TCP_NODELAY) only on such a one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    return listener


# The command line


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description="A stand-in for Autotask PSA with invented data: its REST API, its console and, on demand, somebody who works in it.",
        epilog="Faults: [+]ACTION[=VALUE]@[TENANT:][METHOD ]PATH[#WHICH], where ACTION is a status (429), a status with a body (200=no_items), "
        "drop, hang, slow=MILLISECONDS and others, with + after the work; PATH is what comes after /atservicesrest/v1.0/, with * for any "
        "characters; WHICH is 2 (the next two such requests), 3-5 or 3-. Example: +drop@POST Tickets#1. sandbox/README.md has them all",
    )
    where = parser.add_argument_group("where")
    where.add_argument("--host", type=_local, default="127.0.0.1", help="address to listen on, loopback only (default: %(default)s)")
    where.add_argument("--port", type=int, default=8765, help="port to listen on, 0 for a free one (default: %(default)s)")
    world = parser.add_argument_group("the world")
    world.add_argument("--tenants", type=_positive, default=2, metavar="N", help="how many tenants there are (default: %(default)s)")
    world.add_argument(
        "--bare", action="append", default=[], metavar="SLUG", help="a tenant without a provisioner, as on its first day; repeatable"
    )
    world.add_argument("--seed-file", metavar="FILE", help="YAML file that changes or adds tenants")
    world.add_argument("--state", metavar="FILE", help="keep everything in this file (default: in memory, gone at the end)")
    world.add_argument(
        "--print-credentials", action="store_true", help="print addresses and credentials of every tenant as JSON, and don't start anything"
    )
    people = parser.add_argument_group("the operator")
    people.add_argument("--operator", choices=["auto", "off"], default="off", help="auto: somebody works the change tickets (default: off)")
    people.add_argument(
        "--record-command",
        metavar="TEMPLATE",
        help="command the operator hands new credentials to; {tenant} and {integration} are filled in",
    )
    weather = parser.add_argument_group("weather")
    weather.add_argument("--latency-ms", type=_whole, default=0, metavar="MS", help="make every REST request take this much longer")
    weather.add_argument(
        "--new-user-delay-ms",
        type=_whole,
        default=0,
        metavar="MS",
        help="refuse a new API user for so long; Autotask may take five minutes",
    )
    weather.add_argument(
        "--threshold", type=_positive, default=10_000, metavar="N", help="REST requests an hour for each tenant (default: %(default)s)"
    )
    weather.add_argument(
        "--threshold-latency", action="store_true", help="slow down from half of the threshold by 0.5 seconds, from three quarters by 1"
    )
    weather.add_argument("--fault", type=_fault, action="append", default=[], metavar="SPEC", help="let something go wrong; repeatable")
    return parser


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _local(host: str) -> str:
    if host not in LOCAL:
        raise argparse.ArgumentTypeError(f"{host} is not one of {', '.join(LOCAL)}; the sandbox is for this machine only")
    return host


def _whole(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is not a whole number")
    return int(text)


def _positive(text: str) -> int:
    if _whole(text) < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return int(text)


def _fault(spec: str) -> Fault:
    try:
        return faults.parse(spec)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


if __name__ == "__main__":
    sys.exit(main())
