"""What `parktwin history` does: here, or in the server that has the park open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool

from server.histories import History
from server.http.respond import json_bytes
from server.totals import TotalsAsked, totals
from twin.errors import Invalid
from twin.runtime.upkeep import compact
from twin.state.history_import import Columns, Target
from twin.state.history_settings import HistorySettings
from twin.state.units import conversion

Progress = Callable[[float], None]


async def run(history: History, command: str, given: dict[str, Any], progress: Progress = lambda _share: None) -> Any:
    """Do a command of COMMANDS with its arguments; the answer is plain data. Raises Invalid where there is none such."""
    if command not in COMMANDS:
        raise Invalid(f"Command {command!r} is unknown: expected {', '.join(COMMANDS)}", code="history-command")
    return orjson.loads(json_bytes(await COMMANDS[command](history, given, progress)))


async def _as_of(history: History, given: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    return await history.as_of(given["at"] or history.clock.now_ms(), given["gid"])


async def _totals(history: History, given: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    return await totals(history, TotalsAsked(**given))


async def _export(history: History, given: dict[str, Any], progress: Progress) -> dict[str, Any]:
    index = await history.chosen(given["points"], given["gid"], given["kind"])
    keys = await history.keys(index)
    target = Path(given["path"])
    part = target.with_name(f".{target.name}.part")

    def write() -> int:
        try:
            with part.open("wb") as stream:
                for piece in history.store.export(keys, given["start"], given["end"], {"park": history.graph.park.id}):
                    stream.write(piece)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return target.stat().st_size

    size = await run_in_threadpool(write)
    progress(1.0)
    return {"path": str(target), "points": len(index), "bytes": size}


async def _import(history: History, given: dict[str, Any], progress: Progress) -> dict[str, Any]:
    hub = history.hub
    keys = await history.store.register([point.point_id for point in hub.points])
    unit, mapped = given["unit"], dict(given["columns"]["points"])
    wanted = set(mapped.values()) or set(hub.index)
    targets = {}
    for index, point in enumerate(hub.points):
        if point.point_id in wanted:
            factor, offset = conversion(unit, point.unit)
            targets[point.point_id] = Target(
                int(keys[index]), factor, offset, float(hub.low[index]), float(hub.high[index])
            )
    columns = Columns(**given["columns"])
    zone = given["timezone"] or str(history.timezone)
    done = await history.store.load(given["path"], columns, targets, history.clock.now_ms(), zone, progress)
    return asdict(done)


async def _compact(history: History, _given: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    settings = HistorySettings.of(history.graph.park)
    return dict(await compact(settings, history.store, history.hub, history.clock.now_ms()))


COMMANDS = {"as-of": _as_of, "totals": _totals, "export": _export, "import": _import, "compact": _compact}
