"""How large a request's body may be: small everywhere, but where models are uploaded."""

from __future__ import annotations

from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.problems import problem, problem_response


class BodyLimit:
    """ASGI middleware. `free` are (method, path) pairs that count for themselves while they receive."""

    def __init__(self, app: ASGIApp, limit: int, free: Collection[tuple[str, str]] = ()) -> None:
        self.app = app
        self.limit = limit
        self.free = frozenset(free)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or (scope["method"], scope["path"]) in self.free:
            await self.app(scope, receive, send)
            return
        text = f"The request's body is larger than {self.limit:,} bytes, the most this route takes"
        stated = Headers(scope=scope).get("content-length", "")
        if stated.isdecimal() and int(stated) > self.limit:
            await problem_response(problem(413, "too-large", text), {"Connection": "close"})(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.limit:
                raise HTTPException(413, text)  # the one kind of error that passes through the parsing of bodies
            return message

        await self.app(scope, counted, send)
