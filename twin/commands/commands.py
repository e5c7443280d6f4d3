"""The commands of a park: asked for by people, delivered once, kept with their outcome over restarts.

One command of a point is open at a time; another one is refused until it has its outcome or is cancelled, for
the order in which two would reach the device cannot be known. A command is kept before it is sent, and what
was open when a server ended is told as of unknown outcome: it is never sent again by itself.
"""

from __future__ import annotations

import asyncio
import logging
import math
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace

from twin.clock import Clock
from twin.commands import command_table
from twin.commands.command import Command, CommandState
from twin.errors import Conflict, Denied, Invalid, NotFound, ParkError, Unavailable
from twin.state.history import History
from twin.state.hub import Hub
from twin.state.point import PointSpec

log = logging.getLogger(__name__)

Deliver = Callable[[PointSpec, float], Awaitable[None]]
"""Hands a value to the device of a point; returns once that has confirmed it. Raises as `Writer.write` does."""
Listener = Callable[[Command], None]
WRITABLE = frozenset({"setpoint", "command"})
"""Roles of points that may be commanded."""
MAX_TIMEOUT_S = 3600.0
MAX_TEXT = 1000


class Commands:
    """Open commands and how they end. All calls come from the event loop."""

    def __init__(self, hub: Hub, history: History, clock: Clock, deliver: Deliver) -> None:
        self._hub, self._history, self._clock, self._deliver = hub, history, clock, deliver
        self._open: dict[str, Command] = {}
        self._ended: dict[str, Command] = {}  # outcomes that are not committed yet
        self._by_point: dict[str, str] = {}
        self._keys: dict[tuple[str, str], asyncio.Future[Command]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._listeners: list[Listener] = []

    async def load(self) -> None:
        """Make the table where it is missing; what was open when the server ended becomes of unknown outcome."""
        await self._history.write([(command_table.TABLE, [])])
        for command in await self._history.read(command_table.read_open):
            await self._end(command, CommandState.UNKNOWN, "The server ended before the outcome was known")

    def rebind(self, hub: Hub) -> None:
        """Take other points; open commands go on."""
        self._hub = hub

    def listen(self, listener: Listener) -> None:
        """Tell this function every change, on the event loop."""
        self._listeners.append(listener)

    async def ask(
        self, point_id: str, value: float, *, user: str, timeout_s: float = 30.0, comment: str = "", key: str = ""
    ) -> Command:
        """Take a command; returns it once it is kept, and sends it. With a key known already: what became of that one.

        Raises NotFound where there is no such point, Invalid where it cannot be written or the value does not fit,
        Conflict where a command of the point is open or the key names another wish, Unavailable where it cannot be kept.
        """
        point = self._checked(point_id, value, timeout_s, comment, key)
        if not key:
            return await self._take(point, value, user, timeout_s, comment, key)
        name = (user, key)
        if name in self._keys:
            return _same(await asyncio.shield(self._keys[name]), point_id, value)
        mine = self._keys[name] = asyncio.get_running_loop().create_future()
        try:
            before = await self._history.read(lambda cursor: command_table.read_key(cursor, user, key))
            found = before or await self._take(point, value, user, timeout_s, comment, key)
            mine.set_result(found)
        except BaseException as error:
            mine.set_exception(error if isinstance(error, ParkError) else Conflict("The command was not taken"))
            mine.exception()  # nobody else may be waiting for it
            raise
        finally:
            del self._keys[name]
        return _same(self._now(found), point_id, value)

    async def cancel(self, command_id: str, user: str) -> Command:
        """Give an open command up. One that was sent may reach the device all the same; its reason says so.

        Raises NotFound where there is no such command, Conflict where it has its outcome.
        """
        command = self._open.get(command_id)
        if command is None:
            known = await self.get(command_id)
            raise Conflict(f"Command {command_id!r} is {known.state.value} already", code="command-ended")
        sent = command.state is CommandState.SENT
        reason = f"Cancelled by {user}" + ("; it was sent: the device may have taken the value" if sent else "")
        task = self._tasks.pop(command_id, None)
        if task is not None:
            task.cancel()
        return await self._end(command, CommandState.CANCELLED, reason)

    async def get(self, command_id: str) -> Command:
        """A command by id. Raises NotFound."""
        found = self._open.get(command_id) or self._ended.get(command_id)
        if found is None:
            found = await self._history.read(lambda cursor: command_table.read_one(cursor, command_id))
        if found is None:
            raise NotFound(f"Command {command_id!r} is unknown", code="no-command")
        return found

    async def page(self, point_id: str | None, limit: int, offset: int) -> tuple[list[Command], int]:
        """Commands of a point, or of all (None), the latest first, and how many there are in all."""
        rows, total = await self._history.read(lambda cursor: command_table.read_page(cursor, point_id, limit, offset))
        return [self._now(row) for row in rows], total

    async def stop(self) -> None:
        """Wait for no device any more: what is open becomes of unknown outcome."""
        tasks, self._tasks = list(self._tasks.values()), {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for command in list(self._open.values()):
            try:
                await self._end(command, CommandState.UNKNOWN, "The server was stopped before the outcome was known")
            except Unavailable:
                log.warning("The outcome of command %s is written at the next start", command.id)

    def _checked(self, point_id: str, value: float, timeout_s: float, comment: str, key: str) -> PointSpec:
        index = self._hub.index.get(point_id)
        if index is None:
            raise NotFound(f"Point {point_id!r} is unknown", code="no-point")
        point = self._hub.points[index]
        if point.role not in WRITABLE:
            raise Invalid(
                f"Point {point_id!r} has the role {point.role or 'none'!r}: expected {' or '.join(sorted(WRITABLE))} to be"
                " commanded",
                code="command-role",
            )
        low, high = -math.inf if point.min is None else point.min, math.inf if point.max is None else point.max
        if not (math.isfinite(value) and low <= value <= high):
            raise Invalid(
                f"Value {value} does not fit point {point_id!r}: expected {low} … {high} {point.unit}".rstrip(),
                code="command-value",
            )
        if not 0 < timeout_s <= MAX_TIMEOUT_S:
            raise Invalid(
                f"timeout_s is {timeout_s}: expected above 0, at most {MAX_TIMEOUT_S:.0f}", code="command-time"
            )
        if len(comment) > MAX_TEXT or len(key) > MAX_TEXT:
            raise Invalid(f"comment or key is too long: expected at most {MAX_TEXT} characters", code="command-text")
        return point

    async def _take(
        self, point: PointSpec, value: float, user: str, timeout_s: float, comment: str, key: str
    ) -> Command:
        other = self._by_point.get(point.point_id)
        if other is not None:
            raise Conflict(
                f"Point {point.point_id!r} has an open command, {other}: wait for its outcome or cancel it",
                code="command-open",
            )
        now = self._clock.now_ms()
        command = Command(
            uuid.uuid4().hex, point.point_id, point.gid, float(value), point.unit, CommandState.ASKED, user, comment,
            key, timeout_s, now,
        )  # fmt: skip
        self._by_point[point.point_id] = command.id
        self._open[command.id] = command
        try:
            await self._history.write(command_table.save(command, now))
        except BaseException:
            self._forget(command)
            raise
        if command.id not in self._open:  # cancelled meanwhile
            return await self.get(command.id)
        self._tell(command)
        self._tasks[command.id] = asyncio.create_task(self._send(command, point), name=f"command-{command.id}")
        return command

    async def _send(self, command: Command, point: PointSpec) -> None:
        sent = replace(command, state=CommandState.SENT, sent_at=self._clock.now_ms())
        self._open[command.id] = sent
        self._tell(sent)
        try:
            async with asyncio.timeout(command.timeout_s):
                await self._deliver(point, command.value)
        except TimeoutError:
            state = CommandState.TIMED_OUT
            reason = f"No answer within {command.timeout_s:g} s: the device may have taken the value"
        except (Invalid, Denied, NotFound, Conflict) as error:
            state, reason = CommandState.REFUSED, error.message
        except Unavailable as error:
            state, reason = CommandState.UNKNOWN, error.message
        except Exception as error:
            log.exception("Command %s failed", command.id)
            state, reason = CommandState.UNKNOWN, f"A defect of parktwin ({type(error).__name__}); see the log"
        else:
            state, reason = CommandState.CONFIRMED, ""
        self._tasks.pop(command.id, None)
        try:
            await self._end(sent, state, reason)
        except Unavailable:
            log.warning("The outcome of command %s (%s) could not be written", command.id, state)

    async def _end(self, command: Command, state: CommandState, reason: str) -> Command:
        now = self._clock.now_ms()
        ended = replace(command, state=state, ended_at=now, reason=reason)
        self._forget(command)
        self._ended[command.id] = ended
        self._tell(ended)
        await self._history.write(command_table.save(ended, now))
        del self._ended[command.id]
        return ended

    def _now(self, kept: Command) -> Command:
        """What is known of a command that was read: it may have moved on since."""
        return self._open.get(kept.id) or self._ended.get(kept.id) or kept

    def _forget(self, command: Command) -> None:
        self._open.pop(command.id, None)
        if self._by_point.get(command.point_id) == command.id:
            del self._by_point[command.point_id]

    def _tell(self, command: Command) -> None:
        for listener in self._listeners:
            try:
                listener(command)
            except Exception:
                log.exception("A listener failed on command %s", command.id)


def _same(command: Command, point_id: str, value: float) -> Command:
    if (command.point_id, command.value) != (point_id, value):
        raise Conflict(
            f"Key {command.key!r} names the command {command.point_id} = {command.value:g}: expected a new key for "
            f"{point_id} = {value:g}",
            code="command-key",
        )
    return command
