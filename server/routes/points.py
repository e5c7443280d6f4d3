"""Points and their history."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from server.access import Caller, requires
from server.http.respond import json_bytes, json_response, tagged
from server.models.graph import HistoryColumns, PointColumns
from server.services import Use
from twin.errors import Unavailable

router = APIRouter(prefix="/points", tags=["points"])
COLUMNS = ("point_id", "gid", "device", "state", "device_state", "kind", "unit", "min", "max", "role", "name")
UNSEEN = {**dict.fromkeys(COLUMNS), "point_id": "", "gid": "", "kind": ""}
"""In the place of a point that an embed token does not show: places are indices."""


@router.get("", response_model=PointColumns, dependencies=[requires("live.read", embed=True)])
def points(request: Request, use: Use, caller: Caller) -> Response:
    """All points as columns; a point's place here is its index in live messages, as long as the revision stays."""
    rows = [row if caller.sees(row["gid"] or "") else UNSEEN for row in use.graph.points()]
    body = {"revision": use.graph.revision(), **{name: [row[name] for row in rows] for name in COLUMNS}}
    return tagged(request, json_bytes(body), "application/json")


@router.get("/history", response_model=HistoryColumns, dependencies=[requires("live.read", embed=True)])
async def history(
    use: Use,
    caller: Caller,
    point_id: Annotated[str, Query(max_length=300)],
    start: Annotated[int | None, Query(alias="from", description="epoch ms; default: one day before the end")] = None,
    end: Annotated[int | None, Query(alias="to", description="epoch ms, exclusive; default: now")] = None,
    buckets: Annotated[int, Query(ge=1, le=5000)] = 300,
) -> Response:
    """Minimum, mean and maximum of a point in equal time buckets."""
    if use.runtime is None:
        raise Unavailable("This park runs without live state: it keeps no history", code="no-live")
    if caller.layers is not None:
        rows = await run_in_threadpool(use.graph.points)
        caller.demand_layer(next((row["gid"] or "" for row in rows if row["point_id"] == point_id), ""))
    until = use.clock.now_ms() if end is None else end
    since = until - 86_400_000 if start is None else start
    return json_response(await use.runtime.history(point_id, since, until, buckets))
