"""Commands: ask a device to take a value, and see what became of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from server.access import Caller, Trail, requires
from server.http.respond import json_response
from server.models.commands import CommandAsk, CommandPage, CommandShape
from server.services import Services, Use
from twin.commands.commands import Commands
from twin.errors import Unavailable

router = APIRouter(prefix="/commands", tags=["commands"])


def _commands(use: Services) -> Commands:
    if use.runtime is None:
        raise Unavailable("This park runs without live state: nothing can be commanded", code="no-live")
    return use.runtime.commands


@router.post("", response_model=CommandShape, status_code=201, dependencies=[requires("point.command")])
async def ask(body: CommandAsk, use: Use, caller: Caller, trail: Trail) -> Response:
    """Ask a point's device to take a value. Answers once the command is kept; its outcome comes as live messages.

    One command of a point may be open. With a `key` asked before, the same command is answered again.
    """
    done = await _commands(use).ask(
        body.point_id,
        body.value,
        user=caller.name,
        timeout_s=body.timeout_s,
        comment=body.comment,
        key=body.key,
    )
    await trail.record_later(
        "command.ask", body.point_id, command=done.id, value=body.value, comment=body.comment, state=done.state.value
    )
    return json_response(done.as_dict(), status=201)


@router.get("", response_model=CommandPage, dependencies=[requires("live.read")])
async def list_commands(
    use: Use,
    point_id: Annotated[str | None, Query(max_length=300)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """Commands of a point, or of all, newest first."""
    items, total = await _commands(use).page(point_id, limit, offset)
    return json_response({"items": [item.as_dict() for item in items], "total": total})


@router.get("/{command}", response_model=CommandShape, dependencies=[requires("live.read")])
async def get_command(command: str, use: Use) -> Response:
    """One command."""
    return json_response((await _commands(use).get(command)).as_dict())


@router.post("/{command}/cancel", response_model=CommandShape, dependencies=[requires("point.command")])
async def cancel(command: str, use: Use, caller: Caller, trail: Trail) -> Response:
    """Give an open command up; one that was sent may reach the device all the same."""
    done = await _commands(use).cancel(command, caller.name)
    await trail.record_later("command.cancel", done.point_id, command=command, value=done.value)
    return json_response(done.as_dict())
