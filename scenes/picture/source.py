"""What a picture is made from: a park's published layers, and the present values of its points."""

from __future__ import annotations

import json
import math
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from scenes.picture.theme import Reading
from twin.errors import Unavailable
from twin.graph import GraphStore
from twin.park import Park
from twin.state import quality
from twin.state.history_queries import latest_before
from twin.state.history_schema import open_history

SERVER_FILE = "server.json"
TIMEOUT_S = 60


@dataclass(frozen=True)
class Source:
    """layers: rows of `GraphStore.layers`; readings: one a point, empty where no values were asked for."""

    park: Park
    layers: list[dict[str, Any]]
    readings: tuple[Reading, ...] = ()


def read_source(folder: Path, *, values: bool) -> Source:
    """Of the server that serves the park, or from its databases where none does.

    Without a server the values are the last usable ones of the history, at most 30 days old. Raises NotFound where the
    folder is no park, Conflict where another command has it, Unavailable where the server does not answer.
    """
    park = Park.load(folder)
    server = _server(park)
    if server is not None:
        layers = list(_ask(server, "/layers"))
        return Source(park, layers, _told(_ask(server, "/readings")) if values else ())
    graph = GraphStore(park)
    try:
        layers = graph.layers()
        return Source(graph.park, layers, _kept(graph, park) if values else ())
    finally:
        graph.close()


def _server(park: Park) -> dict[str, Any] | None:
    try:
        row = json.loads((park.folder / SERVER_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return dict(row) if psutil.pid_exists(int(row.get("pid", 0))) else None


def _ask(server: dict[str, Any], path: str) -> Any:
    request = urllib.request.Request(  # noqa: S310 - the address of the park's own server
        f"{server['url'].rstrip('/')}/api/v1/control{path}", headers={"X-Control-Token": server["token"]}
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=TIMEOUT_S) as answer:
            return json.load(answer)
    except (OSError, ValueError) as error:
        raise Unavailable(f"The park's server does not answer: {error}", code="server") from error


def _told(columns: dict[str, list[Any]]) -> tuple[Reading, ...]:
    """Readings of the server's columns."""
    rows = zip(*(columns[name] for name in ("gid", "kind", "unit", "value", "quality", "heard_at")), strict=True)
    return tuple(
        Reading(gid, kind, unit or "", math.nan if value is None else value, code == quality.GOOD, at)
        for gid, kind, unit, value, code, at in rows
    )


def _kept(graph: GraphStore, park: Park) -> tuple[Reading, ...]:
    """The last usable value of each point in the history."""
    points = graph.points()
    found: dict[str, tuple[float, int]] = {}
    if park.history.exists():
        connection = open_history(park.history)
        try:
            names = {
                int(key): str(name)
                for name, key in connection.execute("SELECT point_id, key FROM point_key").fetchall()
            }
            latest = latest_before(connection, int(time.time() * 1000), np.array(list(names), np.int64))
        finally:
            connection.close()
        rows = zip(latest.keys.tolist(), latest.values.tolist(), latest.times.tolist(), strict=True)
        found = {names[key]: (value, at) for key, value, at in rows}
    return tuple(
        Reading(
            row["gid"], row["kind"], row["unit"] or "", *found.get(row["point_id"], (math.nan, 0))[:1],
            row["point_id"] in found, found.get(row["point_id"], (math.nan, 0))[1],
        )
        for row in points
    )  # fmt: skip
