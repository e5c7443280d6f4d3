"""A client with a session: it connects, comes back by itself, subscribes, publishes."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from twin.connectors.mqtt_client import packet
from twin.connectors.mqtt_client.connection import Connection, Lost
from twin.connectors.mqtt_client.packet import Accepted, Answer, Will
from twin.connectors.mqtt_client.properties import (
    ALIAS_MAXIMUM,
    RECEIVE_MAXIMUM,
    SERVER_KEEPALIVE,
    SESSION_EXPIRY,
)
from twin.connectors.mqtt_client.reasons import reason_text
from twin.connectors.mqtt_client.stream import ALIASES, Batch
from twin.connectors.mqtt_link import KEEPALIVE_S, SESSION_EXPIRY_S, MqttLink
from twin.errors import Unavailable

log = logging.getLogger(__name__)

IN_FLIGHT = 32_768
"""MQTT 5: messages that the broker may send before we acknowledge: some tenths of a second of a very busy one."""
ANSWER_S = 10.0
LASTING_S = 10.0
"""A connection that lasted that long was a good one: the next pause is the shortest again."""
MAX_IDENT = 65_535
MAX_UNSENT = 8 << 20
"""Bytes that wait for a broker that does not read, after which no message of ours is taken."""


class Owner(Protocol):
    """Whom a client tells how it fares; all calls come on the event loop."""

    def room(self) -> bool:
        """Whether a batch can be taken now."""
        ...

    def take(self, batch: Batch, connection: Connection) -> None:
        """Messages came; `connection.acknowledge` answers them."""
        ...

    def connected(self) -> None:
        """The broker let us in: subscribe now."""
        ...

    def subscribed(self, refused: str) -> None:
        """A subscription is in force, or refused for a reason."""
        ...

    def away(self, why: str, *, was_connected: bool) -> None:
        """There is no connection; another is tried by itself."""
        ...


@dataclass(slots=True)
class _Sent:
    """A message of ours that is not confirmed. released: of QoS 2, whether PUBREC came."""

    topic: str
    payload: bytes
    qos: int
    retain: bool
    done: asyncio.Future[None]
    released: bool = False


class MqttClient:
    """Keeps a connection to the broker of a link. retry_s: shortest and longest pause before it is tried again.

    clean: the broker forgets us between connections. window: messages of ours that may be unconfirmed. will: what the
    broker publishes when we are lost.
    """

    def __init__(
        self,
        link: MqttLink,
        owner: Owner,
        *,
        retry_s: tuple[float, float],
        batch_s: float = 0.05,
        clean: bool = False,
        window: int = MAX_IDENT,
        will: Will | None = None,
    ) -> None:
        self._link, self._owner, self._retry_s, self._batch_s = link, owner, retry_s, batch_s
        self._clean, self._window, self._will = clean, window, will
        self._five = link.version == "5"
        self._tls = link.tls_context() if link.tls else None
        self._connection: Connection | None = None
        self._task: asyncio.Task[None] | None = None
        self._ident = 0
        self._sent: dict[int, _Sent] = {}
        self._most = window  # less where the broker takes less
        self._twice: set[bytes] = set()

    @property
    def connected(self) -> bool:
        """Whether the broker let us in, and is there."""
        return self._connection is not None and self._connection.open

    @property
    def ready(self) -> bool:
        """Whether `publish` takes a message now."""
        connection = self._connection
        return (
            connection is not None
            and connection.open
            and len(self._sent) < self._most
            and connection.unsent <= MAX_UNSENT
        )

    def start(self) -> None:
        """Begin to connect, and return."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name=f"mqtt-{self._link.name}")

    def hand_over(self) -> None:
        """Hand over what has come, where the receiver has room for it."""
        if self._connection is not None:
            self._connection.hand_over()

    def flush(self) -> None:
        """Hand over what has come, and read no more."""
        if self._connection is not None:
            self._connection.flush()

    async def stop(self) -> None:
        """Say goodbye; the broker keeps the session."""
        task, self._task = self._task, None
        if task is None:
            return
        if self._connection is not None:
            self._connection.close()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        for sent in self._sent.values():
            sent.done.cancel()
        self._sent.clear()

    def renew(self, why: str) -> None:
        """Connect anew: the broker sends again what was not acknowledged."""
        if self._connection is not None:
            self._connection.fail(why)

    def subscribe(self, filters: Sequence[str]) -> None:
        """Subscribe with QoS 1; nothing where there is no connection."""
        if self._connection is not None:
            self._connection.write(packet.subscribe(self._next(), filters, 1, five=self._five))

    def unsubscribe(self, topic: str) -> None:
        """End a subscription; nothing where there is no connection."""
        if self._connection is not None:
            self._connection.write(packet.unsubscribe(self._next(), [topic], five=self._five))

    def publish(self, topic: str, payload: bytes, qos: int = 1, *, retain: bool = False) -> asyncio.Future[None]:
        """Send a message; the future is done when the broker has it, of QoS 0 when it is on its way.

        Unconfirmed messages whose future is still awaited are sent again on the next connection.
        Raises Unavailable without a connection, or while too much is unconfirmed or unsent.
        """
        connection = self._connection
        if connection is None or not connection.open:
            raise Unavailable(f"Connector {self._link.name!r} is not connected to its broker", code="connector-away")
        if len(self._sent) >= self._most:
            raise Unavailable(
                f"Connector {self._link.name!r}: {len(self._sent)} messages wait for the broker's acknowledgement, "
                "and it takes no more",
                code="connector-busy",
            )
        if connection.unsent > MAX_UNSENT:
            raise Unavailable(
                f"Connector {self._link.name!r}: the broker does not read; {connection.unsent} bytes wait for it",
                code="connector-busy",
            )
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        ident = self._next() if qos else 0
        connection.write(packet.publish(topic, payload, qos, ident, five=self._five, retain=retain))
        if qos:
            self._sent[ident] = _Sent(topic, payload, qos, retain, done)
            done.add_done_callback(lambda _: self._sent.pop(ident, None))
        else:
            done.set_result(None)
        return done

    def _next(self) -> int:
        while True:
            self._ident = self._ident % MAX_IDENT + 1
            if self._ident not in self._sent:
                return self._ident

    # A connection calls these.

    def room(self) -> bool:
        """See `Receiver`."""
        return self._owner.room()

    def take(self, batch: Batch, connection: Connection) -> None:
        """See `Receiver`."""
        self._owner.take(batch, connection)

    def answered(self, kind: int, answer: Answer) -> None:
        """See `Receiver`."""
        if kind == packet.SUBACK:
            refused = [reason_text(code, five=True) for code in answer.codes if code >= packet.FAILURE]
            self._owner.subscribed(refused[0] if refused else "")
            return
        sent = self._sent.get(answer.ident)
        if sent is None or kind == packet.UNSUBACK:
            return
        if answer.codes[0] >= packet.FAILURE:
            why = reason_text(answer.codes[0], five=True)
            _settle(sent.done, Unavailable(f"The broker refuses {sent.topic!r}: {why}", code="broker-denied"))
        elif kind == packet.PUBREC:
            sent.released = True
            if self._connection is not None:
                self._connection.write(packet.answer(packet.PUBREL, answer.ident))
        else:
            _settle(sent.done, None)

    # The task.

    async def _run(self) -> None:
        shortest, longest = self._retry_s
        pause = shortest
        while True:
            began = asyncio.get_running_loop().time()
            try:
                await self._session()
            except Refused as error:
                self._owner.away(f"refuses: {error}", was_connected=False)
            except (Lost, OSError, TimeoutError) as error:
                self._owner.away(f"cannot be reached ({str(error) or 'no answer in time'})", was_connected=False)
            except Exception as error:
                log.exception("Connector %s failed", self._link.name)
                why = f"met a defect of parktwin ({type(error).__name__}: {error}); the traceback is in the log"
                self._owner.away(why, was_connected=False)
            if asyncio.get_running_loop().time() - began >= LASTING_S:
                pause = shortest
            await asyncio.sleep(pause * (1 + 0.1 * random.random()))  # noqa: S311  not for secrets
            pause = min(2 * pause, longest)

    async def _session(self) -> None:
        """One connection, to its end. Raises Lost, OSError, TimeoutError where it never came about."""
        connection = await self._connect()
        self._connection = connection
        try:
            for ident, sent in list(self._sent.items()):
                connection.write(packet.answer(packet.PUBREL, ident) if sent.released else self._again(ident, sent))
            self._owner.connected()
            await connection.ended
        except Lost as error:
            self._owner.away(str(error), was_connected=True)
        finally:
            connection.fail("given up")
            self._connection = None

    def _again(self, ident: int, sent: _Sent) -> bytes:
        return packet.publish(
            sent.topic, sent.payload, sent.qos, ident, five=self._five, retain=sent.retain, again=True
        )

    async def _connect(self) -> Connection:
        link, loop = self._link, asyncio.get_running_loop()
        properties = ((SESSION_EXPIRY, SESSION_EXPIRY_S), (RECEIVE_MAXIMUM, IN_FLIGHT), (ALIAS_MAXIMUM, ALIASES))
        hello = packet.connect(
            link.client_id or f"parktwin-{link.name}",
            five=self._five,
            keepalive_s=KEEPALIVE_S,
            clean=self._clean,
            user=link.user,
            password=link.password,
            will=self._will,
            properties=properties,
        )
        connection = Connection(self, hello, five=self._five, batch_s=self._batch_s, known=self._twice)
        try:
            async with asyncio.timeout(ANSWER_S):
                await loop.create_connection(
                    lambda: connection, link.host, link.port, ssl=self._tls, server_hostname=self._name()
                )
                told = await _first(connection)
        except BaseException:
            connection.fail("given up")
            raise
        if told.code:
            connection.fail("refused")
            raise Refused(told.reason)
        if not told.present:
            self._twice.clear()
        self._most = min(self._window, _number(told, RECEIVE_MAXIMUM, MAX_IDENT))
        connection.keep_alive(_number(told, SERVER_KEEPALIVE, KEEPALIVE_S))
        return connection

    def _name(self) -> str | None:
        return self._link.host if self._tls is not None else None


class Refused(Lost):
    """The broker does not let us in."""


async def _first(connection: Connection) -> Accepted:
    either: set[asyncio.Future[Any]] = {connection.accepted, connection.ended}
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    if connection.accepted.cancelled():
        await connection.ended
        raise Lost("the connection was closed")
    return connection.accepted.result()


def _number(told: Accepted, number: int, otherwise: int) -> int:
    found = told.properties.get(number)
    return found if isinstance(found, int) and found > 0 else otherwise


def _settle(done: asyncio.Future[None], error: Exception | None) -> None:
    if done.done():
        return
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(error)
