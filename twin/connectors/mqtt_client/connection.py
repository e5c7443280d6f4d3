"""One connection to a broker, from CONNECT to its loss: reads in batches, keeps it alive, writes answers.

The socket is read at most every `PACE_S` while little comes: a batch costs one round of the event loop and not one for
every message. While the receiver has no room nothing is read, and TCP holds the sender back.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol, cast

from twin.connectors.mqtt_client import packet
from twin.connectors.mqtt_client.packet import Accepted, Answer
from twin.connectors.mqtt_client.stream import Batch, Stream
from twin.connectors.mqtt_client.wire import Malformed

log = logging.getLogger(__name__)

PACE_S = 0.01
LARGE = 64 * 1024
"""Bytes of a chunk after which the next one is read at once."""
FULL, FULL_BYTES = 20_000, 16 << 20
"""Messages of a batch, and their bytes, at which it is handed over, or reading stops."""
MAX_TWICE = 65_535


class Receiver(Protocol):
    """Whom a connection tells what comes."""

    def room(self) -> bool:
        """Whether a batch can be taken now."""
        ...

    def take(self, batch: Batch, connection: Connection) -> None:
        """Messages came; `connection.acknowledge` answers them."""
        ...

    def answered(self, kind: int, answer: Answer) -> None:
        """The broker answers a packet of ours."""
        ...


class Lost(Exception):
    """The connection is over; the text says why, and is shown to people."""


class Connection(asyncio.Protocol):
    """Bytes of one connection. batch_s: how long messages are gathered where more keep coming; known: numbers of QoS 2.

    `accepted` is done when CONNACK came, `ended` when the connection is over: with Lost, or None after `close`.
    """

    def __init__(self, receiver: Receiver, hello: bytes, *, five: bool, batch_s: float, known: set[bytes]) -> None:
        self._receiver, self._hello, self._five, self._batch_s, self._twice = receiver, hello, five, batch_s, known
        self._loop = asyncio.get_running_loop()
        self.accepted: asyncio.Future[Accepted] = self._loop.create_future()
        self.ended: asyncio.Future[None] = self._loop.create_future()
        self._transport: asyncio.Transport | None = None
        self._stream, self._batch = Stream(five=five), Batch()
        self._fresh, self._since, self._paused, self._flushed = False, 0.0, False, False
        self._tick: asyncio.TimerHandle | None = None
        self._alive: asyncio.TimerHandle | None = None
        self._heard = self._loop.time()

    @property
    def open(self) -> bool:
        """Whether packets can be sent."""
        return self._transport is not None and not self.ended.done()

    @property
    def unsent(self) -> int:
        """Bytes that the broker has not read yet and that wait in this process."""
        return self._transport.get_write_buffer_size() if self._transport is not None else 0

    def write(self, data: bytes) -> None:
        """Send packets; nothing where the connection is over."""
        if self._transport is not None and not self.ended.done():
            self._transport.write(data)

    def acknowledge(self, batch: Batch) -> None:
        """Answer all messages of a batch, in one write; nothing where the connection is over."""
        if batch.idents:
            self.write(packet.answers(packet.PUBACK, batch.idents))
        if batch.twice:
            self.write(packet.answers(packet.PUBREC, batch.twice))

    def keep_alive(self, seconds: float) -> None:
        """Ask for a sign of life where nothing is heard for that long, and end where none comes."""
        if self._alive is not None:
            self._alive.cancel()
        self._alive = self._loop.call_later(seconds / 2, self._ping, seconds)

    def hand_over(self) -> None:
        """Hand over what has come, where the receiver has room for it."""
        if len(self._batch) and self._receiver.room():
            self._hand_over()

    def flush(self) -> None:
        """Hand over what has come, and read no more."""
        self._pause()
        self._flushed = True
        if self._tick is not None:
            self._tick.cancel()
        if len(self._batch):
            self._hand_over()

    def close(self) -> None:
        """Say goodbye and end."""
        self.write(packet.GOODBYE)
        self._end(None)

    def fail(self, why: str) -> None:
        """End, and tell why."""
        self._end(Lost(why))

    # The event loop calls these.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say who we are."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one, and no instance of it
        self._transport.write(self._hello)

    def connection_lost(self, exc: Exception | None) -> None:
        """The socket is closed."""
        self._end(Lost(str(exc) or type(exc).__name__ if exc is not None else "the broker closed the connection"))

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
        if self._flushed:
            return  # not acknowledged: the broker keeps it
        self._heard = self._loop.time()
        before = len(self._batch)
        if not self.accepted.done() and data[0] >> 4 != packet.CONNACK:
            self.fail(f"sent what is no MQTT: {data[:24]!r}; expected CONNACK")
            return
        try:
            for first, body in self._stream.feed(data, self._batch):
                self._other(first >> 4, first, body)
        except Malformed as error:
            self.fail(f"sent what is no MQTT: {error}")
            return
        if len(self._batch) > before:
            if not before:
                self._since = self._heard
            self._fresh = True
        if self._full() and self._receiver.room():
            self._hand_over()
        if len(data) < LARGE or self._full():
            self._pause()
        if self._tick is None and (self._paused or len(self._batch)):
            self._tick = self._loop.call_later(PACE_S, self._on_tick)

    def _on_tick(self) -> None:
        self._tick = None
        if self.ended.done():
            return
        fresh, self._fresh = self._fresh, False
        due = not fresh or self._loop.time() - self._since >= self._batch_s
        if len(self._batch) and due and self._receiver.room():
            self._hand_over()
        if self._paused and not self._full() and self._transport is not None:
            self._paused = False
            self._transport.resume_reading()
        if len(self._batch):
            self._tick = self._loop.call_later(PACE_S, self._on_tick)

    def _full(self) -> bool:
        count = len(self._batch)
        return count >= FULL or (count > 0 and self._batch.size >= FULL_BYTES)

    def _pause(self) -> None:
        if not self._paused and self._transport is not None and not self._transport.is_closing():
            self._paused = True
            self._transport.pause_reading()

    def _hand_over(self) -> None:
        batch, self._batch = self._batch, Batch()
        try:
            self._receiver.take(batch, self)
        except Exception as error:  # a defect must not leave the socket unread for ever
            log.exception("A batch was lost")
            self.fail(f"a defect of parktwin ({type(error).__name__}: {error}); the traceback is in the log")

    def _other(self, kind: int, first: int, body: bytes) -> None:
        if not self.accepted.done():
            self.accepted.set_result(packet.accepted(body, five=self._five))
        elif kind == packet.PUBLISH:
            self._once(body)
        elif kind == packet.PUBREL:
            ident = body[:2]
            self._twice.discard(ident)
            self.write(packet.answers(packet.PUBCOMP, [ident]))
        elif kind in {packet.PUBACK, packet.PUBREC, packet.PUBCOMP, packet.SUBACK, packet.UNSUBACK}:
            self._receiver.answered(kind, packet.read_answer(kind, body, five=self._five))
        elif kind == packet.DISCONNECT and self._five:
            self.fail(f"the broker says: {packet.farewell(body)}")
        elif kind != packet.PINGRESP:
            raise Malformed(f"A packet of type {kind} ({first:#04x}), which a broker does not send")

    def _once(self, body: bytes) -> None:
        """A message of QoS 2: what came before and was not released yet is answered again and not taken again."""
        ident, place = body[:2], 4 + int.from_bytes(body[2:4], "big")
        if ident in self._twice:
            self.write(packet.answers(packet.PUBREC, [ident]))
            return
        if len(self._twice) >= MAX_TWICE:
            raise Malformed("More messages of QoS 2 than numbers for them")
        self._twice.add(ident)
        self._batch.topics.append(body[4:place])
        self._batch.payloads.append(body[place:])
        self._batch.twice.append(ident)

    def _ping(self, seconds: float) -> None:
        if self.ended.done():
            return
        now = self._loop.time()
        silent = now - self._heard
        if self._paused and self._full():
            self._heard = now  # it is us who do not listen
        elif silent >= 1.5 * seconds:
            self.fail(f"nothing was heard for {silent:.0f} s")
            return
        self.write(packet.PING)
        self._alive = self._loop.call_later(seconds / 2, self._ping, seconds)

    def _end(self, error: Lost | None) -> None:
        if self.ended.done():
            return
        for timer in (self._tick, self._alive):
            if timer is not None:
                timer.cancel()
        if error is None:
            self.ended.set_result(None)
        else:
            self.ended.set_exception(error)
        self.ended.exception()  # told to whoever awaits it, and never an error of its own
        if not self.accepted.done():
            self.accepted.cancel()
        if self._transport is not None:
            self._transport.close() if error is None else self._transport.abort()
