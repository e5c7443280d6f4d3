"""A park's runtime with its broker, in a process that tests may kill at any moment."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Awaitable
from multiprocessing.connection import Connection
from pathlib import Path

from twin.connectors.connector import Readings, State
from twin.park import Park
from twin.runtime.park_runtime import ParkRuntime
from twin.state.point import PointSpec

LOADED = [f"load{n}" for n in range(8)]
WATCHED = ("kept", "flips")
RULES = """
- {id: high, kind: co2, severity: major, op: ">", limit: 1000, message_zh: 高, message_en: high}
"""


def points() -> list[PointSpec]:
    """Points under load, and two that an alarm watches."""
    return [
        *(PointSpec(name, f"a1/{name}", kind="power", source=f"mqtt:k/{name}") for name in LOADED),
        *(PointSpec(name, f"a1/{name}", kind="co2", source=f"mqtt:k/{name}") for name in WATCHED),
    ]


class LateToAcknowledge(ParkRuntime):
    """Acknowledges 30 ms after the commit, so that kills often hit what is kept and not acknowledged: it comes again."""

    def ingest(self, readings: Readings) -> Awaitable[None]:
        return self._later(super().ingest(readings))

    async def _later(self, committed: Awaitable[None]) -> None:
        await committed
        await asyncio.sleep(0.03)


def serve(folder: Path, link: Connection) -> None:
    """Run, and answer questions: `samples`, `alarms`, `status`, `acknowledge`, or a limit of files; until killed."""
    asyncio.run(_serve(folder, link))


async def _serve(folder: Path, link: Connection) -> None:
    runtime = LateToAcknowledge(Park.load(folder), points(), tick_ms=20)
    await runtime.start()
    await runtime.connectors[0].wait_for(State.CONNECTED)
    link.send(runtime.broker is not None and runtime.broker.door)
    while True:
        asked = await asyncio.to_thread(link.recv)
        if asked == "samples":
            link.send(await runtime.store.read(_samples))
        elif asked == "status":
            link.send(runtime.status())
        elif isinstance(asked, int):  # no file of this process may grow beyond so many bytes, as on a full disk
            resource.setrlimit(resource.RLIMIT_FSIZE, (asked, resource.RLIM_INFINITY))
            link.send(asked)
        elif asked == "acknowledge":
            alarm = next(alarm for alarm in runtime.book.open() if alarm.point_id == "kept")
            link.send(await runtime.acknowledge(alarm.id, "li", "看到了"))
        else:
            await runtime.book.flush()
            link.send([alarm.as_dict() for alarm in runtime.book.open()])


def _samples(cursor: object) -> list[tuple[str, float]]:
    return cursor.execute("SELECT point_id, value FROM samples").fetchall()  # type: ignore[attr-defined]
