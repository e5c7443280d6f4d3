"""The live connection."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import APIRouter, WebSocket
from starlette.concurrency import run_in_threadpool

from server.access import Caller, bearer_of, principal_of, requires
from server.accounts import Permission
from server.live.client import ENCODINGS, LiveClient
from server.services import Services, Use
from twin.errors import Denied, Invalid

router = APIRouter(tags=["live"])


def check_origin(socket: WebSocket, services: Services) -> None:
    """Raise Denied where a page of another origin opens the connection; programs send no origin and may.

    Browsers send cookies with a WebSocket whatever page opens it, so this stands in for the CSRF value.
    """
    origin = socket.headers.get("origin")
    if origin is None or origin.lower() in services.embed.readers(bearer_of(socket)):
        return
    if urlsplit(origin).netloc.lower() != socket.headers.get("host", "").lower():
        raise Denied(
            f"Pages of {origin} may not open live connections: name them in an embed token or in [embed] origins",
            code="origin",
        )


@router.websocket("/live", dependencies=[requires("live.read", embed=True)])
async def live(socket: WebSocket, use: Use, caller: Caller) -> None:
    """Values, alarms and scene events (`docs/architecture.md`, 'Live')."""
    check_origin(socket, use)
    offered = socket.scope.get("subprotocols", [])
    chosen = next((name for name in offered if name in ENCODINGS), None)
    if offered and chosen is None:
        raise Invalid(
            f"Subprotocols {', '.join(offered)} are unknown: expected {' or '.join(ENCODINGS)}", code="subprotocol"
        )
    with use.live.take(caller.name or caller.ip):
        revision = await run_in_threadpool(use.graph.revision)
        await socket.accept(chosen)
        client = LiveClient(
            socket,
            use.runtime.stream if use.runtime else None,
            use.events,
            use.clock,
            still_allowed=lambda: _still(socket, caller.token),
            check_s=use.settings.live_ping_seconds,
            layers=caller.layers,
            alarms=not caller.embed,
            replay=use.runtime.replay if use.runtime else None,
            encoding=ENCODINGS[chosen or "parktwin.json"],
        )
        await client.serve(revision)


def _still(socket: WebSocket, token: str) -> bool:
    """Whether the session behind the connection still holds; asking does not keep it alive."""
    if token:
        return (
            user := socket.app.state.services.accounts.holds(token)
        ) is not None and Permission.LIVE_READ in user.permissions
    try:
        return principal_of(socket).may(Permission.LIVE_READ)
    except Denied:  # the embed token has expired or was revoked
        return False
