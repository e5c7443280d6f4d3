"""The outermost layer of every request: an id, one log line, its time, and no trace to the client."""

from __future__ import annotations

import logging
import re
import secrets
import time
from contextvars import ContextVar

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.http.metrics import Metrics
from server.problems import problem_response, unexpected

log = logging.getLogger("server.access")
request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Id of the request that the running code serves; log lines carry it."""

HEADER = "X-Request-ID"
GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestContext:
    """ASGI middleware. A usable `X-Request-ID` of a proxy is kept, so that both logs can be joined."""

    def __init__(self, app: ASGIApp, metrics: Metrics, prefix: str = "") -> None:
        self.app = app
        self.metrics = metrics
        self.prefix = prefix  # of the interface's routes: a matched route names its path without it

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or live connection."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        token = request_id.set(given if GIVEN.fullmatch(given) else secrets.token_hex(8))
        try:
            if scope["type"] == "http":
                await self._http(scope, receive, send)
            else:
                await self.app(scope, receive, send)
        finally:
            request_id.reset(token)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id.get()
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            body = unexpected(error)
            if status:  # the answer had begun: all that is left is to break the connection
                raise
            await problem_response(body)(scope, receive, watched)
        finally:
            seconds = time.perf_counter() - began
            route = getattr(scope.get("route"), "path", "") or "(none)"
            if scope["path"].startswith(self.prefix) and route != "(none)":
                route = self.prefix + route.removeprefix(self.prefix)
            self.metrics.observe(scope["method"], route, status, seconds)
            log.info(
                "%s %s %d %.1f ms",
                scope["method"],
                scope["path"],
                status,
                seconds * 1000,
                extra={
                    "method": scope["method"],
                    "path": scope["path"],
                    "status": status,
                    "seconds": round(seconds, 6),
                },
            )
