"""The history for the command line on this machine."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from server.access import Trail, control
from server.histories import History
from server.history_commands import run
from server.http.respond import json_response
from server.models.base import Body
from server.services import Use

router = APIRouter(prefix="/control", tags=["control"])


class HistoryCommand(Body):
    """A command of `parktwin history` with its arguments."""

    command: str
    given: dict[str, Any]


@router.post("/history", dependencies=[control()])
async def history(body: HistoryCommand, use: Use, trail: Trail) -> Response:
    """Do a command of `parktwin history`; paths are those of this machine."""
    answer = await run(History.of(use), body.command, body.given)
    if body.command in {"import", "compact"}:
        await trail.record_later(f"history.{body.command}", str(body.given.get("path", "")))
    return json_response(answer)
