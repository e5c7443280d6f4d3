"""Alarms: what is wrong, and saying that it was seen."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from server.access import Caller, Trail, requires
from server.http.respond import json_response
from server.models.live import Acknowledge, AlarmPage, AlarmShape
from server.runtime import Runtime
from server.services import Services, Use
from twin.errors import Unavailable

router = APIRouter(prefix="/alarms", tags=["alarms"])


def _runtime(use: Services) -> Runtime:
    if use.runtime is None:
        raise Unavailable("This park runs without live state: it raises no alarms", code="no-live")
    return use.runtime


@router.get("", response_model=AlarmPage, dependencies=[requires("live.read")])
async def list_alarms(
    use: Use,
    state: Annotated[
        Literal["open", "active", "acknowledged", "cleared", "all"], Query(description="open: active or acknowledged")
    ] = "open",
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """Alarms, newest first."""
    if use.runtime is None:
        return json_response({"items": [], "total": 0})
    return json_response(await use.runtime.alarms(None if state == "all" else state, limit, offset))


@router.post("/{alarm}/acknowledge", response_model=AlarmShape, dependencies=[requires("alarm.acknowledge")])
async def acknowledge(alarm: str, body: Acknowledge, use: Use, caller: Caller, trail: Trail) -> Response:
    """Say that an alarm was seen; everyone's screens show it."""
    done = await _runtime(use).acknowledge(alarm, caller.name, body.comment)
    await trail.record_later("alarm.acknowledge", alarm, comment=body.comment)
    return json_response(done)
