"""A connector that devices connect to: it listens, and serves each device by itself."""

from __future__ import annotations

import asyncio
import logging
import ssl
from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from twin.clock import Clock
from twin.connectors.connector import Sink
from twin.connectors.field import FieldConnector
from twin.connectors.session import FIRST_PAUSE_S, LONGEST_PAUSE_S
from twin.state.point import PointSpec

log = logging.getLogger(__name__)

T = TypeVar("T")
READ_BYTES: Final = 16_384
SEND_S: Final = 10.0
MAX_FAULTS: Final = 20
"""Frames in a row that are broken or refused, after which a device is let go: it costs time, or guesses passwords."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Bytes that are no frame."""

    why: str


Cut = Callable[[bytearray], tuple[int, T | Fault | None]]
"""Looks at the beginning of a buffer: (bytes to drop, frame or fault); (0, None) where more bytes are needed.
It must not ask for more where the buffer already holds as many as the longest frame has."""


class Frames(Generic[T]):
    """Cuts a stream of bytes into frames; keeps no more than the beginning of one frame."""

    def __init__(self, cut: Cut[T]) -> None:
        self._cut, self._buffer = cut, bytearray()

    def feed(self, data: bytes) -> Iterator[T | Fault]:
        """The frames, and the faults between them, that are complete now."""
        self._buffer += data
        while True:
            used, item = self._cut(self._buffer)
            del self._buffer[:used]
            if item is not None:
                yield item
            elif not used:
                return


@dataclass(frozen=True, slots=True)
class Listening:
    """Where a connector listens, and for how many.

    port: 0 takes a free one; max_devices: connections at once; idle_s: silence after which a device is let go.
    """

    host: str = "0.0.0.0"  # noqa: S104  devices come from elsewhere
    port: int = 0
    max_devices: int = 200
    idle_s: float = 900.0
    tls: ssl.SSLContext | None = None


@dataclass(eq=False)
class Link:
    """One device's connection. peer: its address, for people."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    peer: str
    idle_s: float
    faults: int = field(default=0)

    async def read(self) -> bytes:
        """What came, empty at the end. Raises TimeoutError after idle_s of silence, OSError where the line broke."""
        async with asyncio.timeout(self.idle_s):
            return await self.reader.read(READ_BYTES)

    async def send(self, data: bytes) -> None:
        """Send, and wait for the line to take it. Raises TimeoutError, OSError."""
        self.writer.write(data)
        async with asyncio.timeout(SEND_S):
            await self.writer.drain()


class ListeningConnector(FieldConnector, Generic[T]):
    """Base of connectors that listen; `port` tells where, once they do.

    A kind gives `cut`, and `take`, which handles one frame. Devices are served at the same time; frames of one
    device in their order.
    """

    def __init__(
        self,
        name: str,
        points: Sequence[PointSpec],
        sink: Sink,
        listening: Listening,
        *,
        pauses_s: tuple[float, float] = (FIRST_PAUSE_S, LONGEST_PAUSE_S),
        clock: Clock | None = None,
    ) -> None:
        super().__init__(name, points, sink, clock=clock, pauses_s=pauses_s)
        self.port, self._listening = listening.port, listening
        self._devices: dict[asyncio.Task[None], Link] = {}
        self._fault, self._open = "", False

    @abstractmethod
    def cut(self, buffer: bytearray) -> tuple[int, T | Fault | None]:
        """As `Cut`."""

    @abstractmethod
    async def take(self, link: Link, frame: T) -> None:
        """Handle one frame: hand its values over, and answer when they are committed."""

    async def session(self) -> None:
        """Listen until stopped."""
        self._fault = ""
        server = await asyncio.start_server(self._accepted, self._listening.host, self.port, ssl=self._listening.tls)
        try:
            self._open = True
            self.port = server.sockets[0].getsockname()[1]
            self.connected(f"listening on {self._listening.host}:{self.port}")
            await asyncio.Event().wait()
        finally:
            self._open = False  # for those whose task is made but has not begun
            server.close()
            tasks = list(self._devices)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await server.wait_closed()

    def broken(self, link: Link, why: str) -> None:
        """Count and tell something that a device sent and that cannot be used; after MAX_FAULTS it is let go."""
        self.counters.undecodable += 1
        link.faults += 1
        self._fault = f"{link.peer}: {why}"
        self.tell()

    def _told(self) -> str:
        parts = [super()._told(), f"{len(self._devices)} devices"]
        return "; ".join([*parts, f"last fault: {self._fault}"] if self._fault else parts)

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        name = writer.get_extra_info("peername") or ("?", 0)
        link = Link(reader, writer, f"{name[0]}:{name[1]}", self._listening.idle_s)
        task = asyncio.current_task()
        if not self._open:
            writer.transport.abort()
            return
        if task is None or len(self._devices) >= self._listening.max_devices:
            self.broken(link, f"refused, as {self._listening.max_devices} devices are connected already")
            writer.transport.abort()
            return
        self._devices[task] = link
        self.tell()
        try:
            await self._serve(link)
        except (OSError, TimeoutError) as error:
            log.info("Connector %s: %s: %s", self.name, link.peer, error or type(error).__name__)
        except asyncio.CancelledError:
            pass  # we stop; the task's end is awaited
        except Exception as error:
            log.exception("Connector %s failed at %s", self.name, link.peer)
            self.broken(link, f"a defect of parktwin ({type(error).__name__}); the traceback is in the log")
        finally:
            del self._devices[task]
            writer.transport.abort()
            self.tell()

    async def _serve(self, link: Link) -> None:
        frames = Frames(self.cut)
        while data := await link.read():
            for item in frames.feed(data):
                before = link.faults
                if isinstance(item, Fault):
                    self.broken(link, item.why)
                else:
                    await self.take(link, item)
                if link.faults == before:
                    link.faults = 0
                elif link.faults >= MAX_FAULTS:
                    return
