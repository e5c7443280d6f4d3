"""Corrections of the history: who says what of which samples, and why; the samples themselves stay."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from server.access import Caller, Trail, requires
from server.histories import History as Reads
from server.http.respond import json_response
from server.models.history import CorrectionBody, CorrectionPage, CorrectionShape
from server.services import Use
from twin.state.history_correct import Wish

router = APIRouter(prefix="/history/corrections", tags=["history"])
FAR = 1 << 52


def _shape(row: dict[str, Any]) -> dict[str, Any]:
    renamed = {"start": "from", "stop": "to"}
    return {renamed.get(name, name): value for name, value in row.items()}


@router.get("", response_model=CorrectionPage, dependencies=[requires("live.read")])
async def list_corrections(
    use: Use,
    point_id: Annotated[str, Query(max_length=300, description="empty: of all points")] = "",
    start: Annotated[int, Query(alias="from", ge=0, description="epoch ms")] = 0,
    end: Annotated[int, Query(alias="to", description="epoch ms, exclusive")] = FAR,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """Corrections that touch a span."""
    rows, total = await Reads.of(use).store.corrections(point_id, start, end, limit, offset)
    return json_response({"items": [_shape(row) for row in rows], "total": total})


@router.post("", response_model=CorrectionShape, status_code=201, dependencies=[requires("history.correct")])
async def correct(body: CorrectionBody, use: Use, caller: Caller, trail: Trail) -> Response:
    """Correct samples. 409 where another correction is in force in the span, or only summaries are left of it."""
    wish = Wish(body.from_, body.to, body.action, caller.name, body.reason, body.value, body.factor, body.offset)
    row = await Reads.of(use).store.correct(body.point_id, wish, use.clock.now_ms())
    detail = {name: row[name] for name in ("id", "start", "stop", "value", "factor", "offset", "reason")}
    await trail.record_later("history.correct", body.point_id, change=row["action"], **detail)
    return json_response(_shape(row), status=201)


@router.post("/{number}/undo", response_model=CorrectionShape, dependencies=[requires("history.correct")])
async def undo(number: int, use: Use, caller: Caller, trail: Trail) -> Response:
    """End a correction: the samples read as they arrived."""
    row = await Reads.of(use).store.undo(number, caller.name, use.clock.now_ms())
    await trail.record_later("history.correction-undo", str(row["point_id"]), id=number)
    return json_response(_shape(row))
