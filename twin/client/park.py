"""A live connection to a served park that comes back by itself."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any

import orjson
import websockets
from websockets.asyncio.client import ClientConnection
from websockets.typing import Subprotocol

from twin.client.errors import CommandRefused, LiveError, SignedOut
from twin.client.frame import Frame
from twin.client.session import Session
from twin.client.subscription import Subscription

log = logging.getLogger(__name__)

SIGNED_OUT = 4401
PAUSE_S = (0.2, 15.0)
MAX_EVENTS = 1000
WINDOW = 2
"""Frames on the way: one that is read, and one that comes meanwhile."""
ENDED = frozenset({"confirmed", "refused", "timed-out", "cancelled", "unknown"})


class ParkClient:
    """Make it with `connect`. `points`: columns of `GET /points`; `connected`: whether the connection stands."""

    def __init__(self, session: Session, *, binary: bool) -> None:
        self.points: dict[str, Any] = {}
        self.revision = -1
        self.connected = asyncio.Event()
        self.replay_state: dict[str, Any] = {"state": "live"}
        self._session, self._protocol = session, Subprotocol("parktwin.binary" if binary else "parktwin.json")
        self._subscriptions: dict[int, Subscription] = {}
        self._next = 1
        self._socket: ClientConnection | None = None
        self._events: set[asyncio.Queue[dict[str, Any]]] = set()
        self._replay: dict[str, Any] | None = None
        self._tasks: set[asyncio.Future[None]] = set()

    def subscribe(self, scope: Mapping[str, object] | None = None, rate_hz: float = 5.0) -> Subscription:
        """Follow a scope (`docs/reference/live.md`), at most `rate_hz` frames a second; iterate what is returned."""
        made = Subscription(self._next, scope or {}, rate_hz, self._taken)
        self._next += 1
        self._subscriptions[made.ident] = made
        if self.connected.is_set():
            self._soon(self._ask(made))
        return made

    async def unsubscribe(self, subscription: Subscription) -> None:
        """Follow it no more."""
        if self._subscriptions.pop(subscription.ident, None) is not None:
            subscription.close()
            await self._send({"type": "unsubscribe", "id": subscription.ident})

    async def events(self) -> AsyncIterator[dict[str, Any]]:
        """All messages that are no frames: alarms, commands, scene, replay, error. The oldest go where 1000 wait."""
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(MAX_EVENTS)
        self._events.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._events.discard(queue)

    async def command(
        self, point_id: str, value: float, *, timeout_s: float = 30.0, comment: str = "", key: str = ""
    ) -> dict[str, Any]:
        """Ask a device to take a value; returns the command once it is confirmed.

        key: names the wish, so that asking again after a broken connection repeats nothing. Raises CommandRefused
        where it ended otherwise, LiveError where the server would not take it.
        """
        body = {"point_id": point_id, "value": value, "timeout_s": timeout_s, "comment": comment, "key": key}
        command = await self._session.request("POST", "/commands", body)
        pause = 0.05
        while command["state"] not in ENDED:
            await asyncio.sleep(pause)
            pause = min(1.0, pause * 1.5)
            command = await self._session.request("GET", f"/commands/{command['id']}")
        if command["state"] != "confirmed":
            raise CommandRefused(
                f"Command {point_id} = {value}: {command['state']}. {command['reason']}", command=command
            )
        return dict(command)

    async def replay(self, start: int | None = None, *, end: int | None = None, speed: float = 1.0) -> None:
        """Turn this connection to a past moment, epoch ms, and play from there; without one go on from where it stands."""
        wish = {"type": "replay", "from": start, "to": end, "speed": speed}
        await self._wish({name: value for name, value in wish.items() if value is not None})

    async def pause(self) -> None:
        """Stand still in the past."""
        await self._wish({"type": "pause"})

    async def seek(self, at: int) -> None:
        """Go to another past moment, epoch ms; playing or standing as before."""
        await self._wish({"type": "seek", "at": at})

    async def live(self) -> None:
        """Back to the present."""
        await self._wish({"type": "live"})

    async def run(self) -> None:
        """Keep the connection up, with growing pauses; ends only by cancelling or SignedOut."""
        attempt = 0
        while True:
            try:
                await self._session.sign_in()
                async with websockets.connect(
                    self._session.live_url,
                    subprotocols=[self._protocol],
                    additional_headers=self._session.live_headers,
                    max_size=None,
                    compression=None,
                    max_queue=4,
                ) as socket:
                    self._socket = socket
                    async for message in socket:
                        attempt = 0
                        await self._take(message)
            except websockets.ConnectionClosed as error:
                if error.rcvd is not None and error.rcvd.code == SIGNED_OUT:
                    log.info("the session has ended; signing in again")
            except websockets.InvalidStatus as error:
                if error.response.status_code in {401, 403}:
                    raise SignedOut(f"{self._session.live_url} lets nobody in: sign in first") from error
            except (OSError, TimeoutError, LiveError, websockets.WebSocketException) as error:
                log.info("the live connection is away: %s", error)
            finally:
                self._socket = None
                self.connected.clear()
            await asyncio.sleep(min(PAUSE_S[1], PAUSE_S[0] * 2**attempt) * random.uniform(0.9, 1.1))  # noqa: S311
            attempt += 1

    def close(self, error: BaseException | None = None) -> None:
        """End all iterations."""
        for subscription in self._subscriptions.values():
            subscription.close(error)

    async def _take(self, message: str | bytes) -> None:
        if isinstance(message, bytes):
            ident, frame = Frame.of_bytes(message)
            self._put(ident, frame)
            return
        told = orjson.loads(message)
        kind = told["type"]
        if kind in {"snapshot", "delta"}:
            self._put(told["id"], Frame.of_json(told))
            return
        if kind == "hello":
            await self._load(told["revision"])
            self.connected.set()
            if self._replay is not None:
                await self._send(self._resumed())
            for subscription in list(self._subscriptions.values()):
                await self._ask(subscription)
            return
        if kind == "scene":
            await self._load(told["revision"])
        elif kind == "replay":
            self.replay_state = told
        for queue in self._events:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(told)

    def _put(self, ident: int, frame: Frame) -> None:
        subscription = self._subscriptions.get(ident)
        if subscription is not None:
            subscription.put(frame)

    async def _load(self, revision: int) -> None:
        # Also where the revision is the same: bindings may have changed without a new scene.
        self.points = await self._session.request("GET", "/points")
        self.revision = revision

    async def _ask(self, one: Subscription) -> None:
        wish = {"type": "subscribe", "id": one.ident, "scope": one.scope, "max_rate_hz": one.rate_hz}
        await self._send({**wish, "window": WINDOW})

    async def _taken(self, ident: int, count: int) -> None:
        for _ in range(count):
            await self._send({"type": "ack", "id": ident})

    async def _wish(self, message: dict[str, Any]) -> None:
        if message["type"] == "live":
            self._replay = None
        else:
            self._replay = {**(self._replay or {}), **message}
        await self._send(message)

    def _resumed(self) -> dict[str, Any]:
        """What turns a new connection to where the old one stood."""
        wish = {name: value for name, value in (self._replay or {}).items() if name in {"to", "speed"}}
        return {"type": "replay", **wish, "from": self.replay_state.get("at") or (self._replay or {}).get("from")}

    async def _send(self, message: Mapping[str, Any]) -> None:
        if self._socket is not None:
            with contextlib.suppress(websockets.ConnectionClosed):  # the next connection tells it anew
                await self._socket.send(orjson.dumps(message).decode())

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


@asynccontextmanager
async def connect(
    url: str, *, user: str = "", password: str = "", token: str = "", binary: bool = True, timeout_s: float = 30.0
) -> AsyncIterator[ParkClient]:
    """A client of the park served at `url`, as a user, with an embed token, or as nobody where the park is public.

    binary: frames as typed arrays, else JSON. Returns when the connection stands; from then on it is kept up, and
    every subscription gets a new snapshot after a break. Raises SignedOut, TimeoutError.
    """
    async with Session(url, user, password, token, timeout_s) as session:
        client = ParkClient(session, binary=binary)
        task = asyncio.create_task(client.run(), name="live-client")
        task.add_done_callback(lambda done: client.close(None if done.cancelled() else done.exception()))
        ready = asyncio.create_task(client.connected.wait())
        try:
            done, _ = await asyncio.wait({task, ready}, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
            if task in done:
                task.result()
            if ready not in done:
                raise TimeoutError(f"{url} was not connected within {timeout_s:.0f} s")
            yield client
        finally:
            ready.cancel()
            task.cancel()
            await asyncio.gather(task, ready, return_exceptions=True)
