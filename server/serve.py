"""`serve`: one park, one process, one address."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import uvicorn

from server import logs
from server.app import create_app
from server.live.protocol import LiveProtocol
from server.park_lock import ParkLock
from server.settings import Settings
from twin.errors import Conflict, Invalid, Unavailable
from twin.park import Park

log = logging.getLogger(__name__)

BACKLOG = 2048
LIVE_MESSAGE_BYTES = 1 << 20


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises Conflict where the port is taken, Invalid where host or port is wrong."""
    if not 0 <= port <= 65_535:
        raise Invalid(f"Port {port} does not exist: expected 0 to 65535", code="port")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise Invalid(
            f"Host {host!r} is unknown: give an address of this machine such as 127.0.0.1", code="host"
        ) from error
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except PermissionError as error:
        listening.close()
        raise Conflict(
            f"Port {port} may not be opened by this user: give a port above 1023 with --port", code="port-denied"
        ) from error
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRNOTAVAIL:
            raise Invalid(f"{host} is no address of this machine: try 127.0.0.1 or 0.0.0.0", code="host") from error
        raise Conflict(
            f"{host}:{port} cannot be opened ({error.strerror}): stop what uses port {port}, or give another one"
            " with --port",
            code="port-in-use",
        ) from error
    listening.setblocking(False)
    return listening


def url_of(host: str, port: int) -> str:
    """The address to open in a browser on this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"


class _Server(uvicorn.Server):
    """Tells when it is ready, and returns after a graceful stop.

    uvicorn's own would raise the signal once more, which ends the process before its lock and file are put away.
    """

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and not self.should_exit:
            self._ready()


def serve(
    park: Path | Park,
    *,
    host: str = "127.0.0.1",
    port: int = 8420,
    settings: Settings | None = None,
    ready: Callable[[str], None] | None = None,
    first_admin: Callable[[str], None] | None = None,
) -> None:
    """Serve a park until SIGTERM or SIGINT. Prints the address when ready, and the first administrator's password once.

    ready, first_admin: called instead of printing, with the address and the password. Raises NotFound,
    Invalid, Conflict (park served already, port in use), Unavailable; nothing was changed then.
    """
    loaded = park if isinstance(park, Park) else Park.load(park)
    chosen = settings or Settings.from_environment()
    logs.set_up(json_lines=chosen.log_json, level=chosen.log_level)
    lock = ParkLock(loaded)
    lock.acquire()
    try:
        listening = listen(host, port)
        url = url_of(host, listening.getsockname()[1])
        failure: list[BaseException] = []

        def up() -> None:
            lock.announce(url)
            logging.getLogger("uvicorn.error").setLevel(logging.INFO if chosen.log_json else logging.WARNING)
            (ready or _say_ready)(url)

        app = create_app(
            loaded, chosen, control_token=lock.token, first_admin=first_admin or _say_password, failed=failure.append
        )
        config = uvicorn.Config(
            app,
            loop="uvloop",
            http="httptools",
            ws=LiveProtocol,
            ws_max_size=LIVE_MESSAGE_BYTES,
            ws_per_message_deflate=False,  # one compressor per viewer would cost more than all else of a frame
            ws_ping_interval=chosen.live_ping_seconds,
            ws_ping_timeout=chosen.live_ping_seconds,
            proxy_headers=True,
            forwarded_allow_ips=chosen.forwarded_allow_ips,
            timeout_graceful_shutdown=chosen.shutdown_seconds,
            server_header=False,
            access_log=False,
            log_config=None,
            lifespan="on",
        )
        server = _Server(config, up)
        logging.getLogger("uvicorn.error").setLevel(
            logging.CRITICAL
        )  # a start that fails is told once, by the error raised here
        try:
            with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
                runner.run(server.serve([listening]))
        except SystemExit as error:
            raise failure[0] if failure else Unavailable("The server did not start", code="start") from error
        finally:
            listening.close()
    finally:
        lock.release()


def _say_ready(url: str) -> None:
    sys.stdout.write(f"parktwin: serving at {url}\n")
    sys.stdout.flush()


def _say_password(password: str) -> None:
    sys.stdout.write(f"parktwin: sign in as admin with the password {password} (shown only now)\n")
    sys.stdout.flush()
