"""The history: samples, curves, gaps, and the whole park as of an instant."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from server.access import Caller, requires
from server.accounts import Permission
from server.histories import History as Reads
from server.http.respond import json_response
from server.models.history import AsOfColumns, GapList, PlotColumns, SamplePage, TotalsShape
from server.services import Use
from server.totals import TotalsAsked, totals

router = APIRouter(prefix="/history", tags=["history"])
READ = requires("live.read")
DAY_MS = 86_400_000

PointId = Annotated[str, Query(max_length=300)]
From = Annotated[int | None, Query(alias="from", description="epoch ms; default: one day before the end")]
To = Annotated[int | None, Query(alias="to", description="epoch ms, exclusive; default: now")]
Periods = Annotated[float, Query(gt=0, le=1000, description="expected periods without a sample that make a gap")]


def span(use: Use, start: int | None, end: int | None) -> tuple[int, int]:
    """The span that is asked for, with its defaults."""
    until = use.clock.now_ms() if end is None else end
    return until - DAY_MS if start is None else start, until


@router.get("/plot", response_model=PlotColumns, dependencies=[READ])
async def plot(
    use: Use,
    point_id: PointId,
    start: From = None,
    end: To = None,
    points: Annotated[int, Query(ge=3, le=5000)] = 600,
    periods: Periods = 3,
) -> Response:
    """A point's curve: at most `points` of its samples, chosen by LTTB, with gaps and where samples are bad or corrected."""
    return json_response(await Reads.of(use).plot(point_id, *span(use, start, end), points, periods))


@router.get("/samples", response_model=SamplePage, dependencies=[READ])
async def samples(
    use: Use,
    point_id: PointId,
    start: From = None,
    end: To = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 1000,
) -> Response:
    """A point's samples by time, page by page: the next page begins at `next`."""
    return json_response(await Reads.of(use).samples(point_id, *span(use, start, end), limit))


@router.get("/gaps", response_model=GapList, dependencies=[READ])
async def gaps(use: Use, point_id: PointId, start: From = None, end: To = None, periods: Periods = 3) -> Response:
    """Spans in which a point sent no usable sample for longer than its period allows."""
    return json_response(await Reads.of(use).gaps(point_id, *span(use, start, end), periods))


@router.get("/as-of", response_model=AsOfColumns, dependencies=[READ])
async def as_of(
    use: Use,
    caller: Caller,
    at: Annotated[int | None, Query(ge=0, description="epoch ms; default: now")] = None,
    gid: Annotated[str, Query(max_length=300, description="only points of this object and all below it")] = "",
) -> Response:
    """Value, quality and age of every point as they were known at an instant, as columns."""
    if gid:
        caller.demand_layer(gid)
    return json_response(await Reads.of(use).as_of(use.clock.now_ms() if at is None else at, gid))


@router.get("/totals", response_model=TotalsShape, dependencies=[READ])
async def get_totals(
    use: Use,
    caller: Caller,
    kind: Annotated[str, Query(max_length=100, description="kind of points, as `energy`")],
    gid: Annotated[str, Query(max_length=300, description="object, system or zone; empty: the whole park")] = "",
    function: Annotated[
        Literal["", "increase", "mean", "average", "min", "max", "on_time"],
        Query(description="empty: increase of meters, time on of states, mean by time of others"),
    ] = "",
    by: Annotated[Literal["hour", "day", "week", "month", "all"], Query()] = "day",
    start: From = None,
    end: To = None,
    periods: Periods = 3,
) -> Response:
    """What an object's points of a kind came to, by the calendar: a building's energy is the sum of its meters' differences."""
    if gid:
        caller.demand_layer(gid)
    since, until = span(use, start, end)
    asked = TotalsAsked(gid, kind, function, by, since, until, periods)
    return json_response(await totals(Reads.of(use), asked))


@router.get(
    "/export",
    response_class=Response,
    responses={200: {"content": {"application/vnd.apache.parquet": {}}}},
    dependencies=[READ],
)
async def export(
    use: Use,
    caller: Caller,
    point_id: Annotated[list[str] | None, Query(max_length=1000, description="these points; none: all")] = None,
    gid: Annotated[str, Query(max_length=300, description="points of this object and all below it")] = "",
    kind: Annotated[str, Query(max_length=100)] = "",
    start: From = None,
    end: To = None,
) -> Response:
    """Samples as Parquet (point_id, t, value, quality, corrected), sent while they are read; all that is given must hold."""
    caller.demand(Permission.SESSION_OWN)  # an embedded view without a session may look, not take away
    if gid:
        caller.demand_layer(gid)
    reads = Reads.of(use)
    keys = await reads.keys(await reads.chosen(point_id or (), gid, kind))
    since, until = span(use, start, end)
    pieces = reads.store.export(keys, since, until, {"park": use.graph.park.id})
    headers = {"Content-Disposition": 'attachment; filename="history.parquet"'}
    return StreamingResponse(pieces, media_type="application/vnd.apache.parquet", headers=headers)
