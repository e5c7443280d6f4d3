"""Security headers on every answer; who may embed what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

DIRECTIVES = {
    "default-src": "'self'",
    "script-src": "'self' 'wasm-unsafe-eval'",  # the mesh decoders are WebAssembly
    "worker-src": "'self' blob:",  # they start their workers from blobs
    "style-src": "'self' 'unsafe-inline'",  # the component library writes its styles at run time
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self' data: blob:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
}
CONTENT_SECURITY_POLICY = "; ".join(f"{name} {value}" for name, value in DIRECTIVES.items())
REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; sandbox; frame-ancestors 'self'"
)
"""For pages made from uploaded models: they may draw, and do nothing else."""

SHARED = ("/embed", "/tiles/", "/api/v1/", "/sta/")
"""Paths that pages of the allowed origins may read."""
REFUSED = (401, 403)


class Pages(Protocol):
    """Who may embed (`server/embedding`)."""

    @property
    def open(self) -> bool:
        """Whether anyone may."""
        ...

    def pages(self) -> tuple[str, ...]:
        """Origins that may frame `/embed` and load the widget."""
        ...

    def readers(self, bearer: str) -> tuple[str, ...]:
        """Origins that may read what a bearer token opens."""
        ...


def policy(path: str, origins: Sequence[str]) -> str:
    """The Content-Security-Policy of a path: `/embed…` may be framed by the allowed origins, nothing else by anyone."""
    embedded = path == "/embed" or path.startswith("/embed/")
    ancestors = " ".join(["'self'", *origins]) if embedded else "'self'"
    return f"{CONTENT_SECURITY_POLICY}; frame-ancestors {ancestors}"


class SecurityHeaders:
    """ASGI middleware. A page of another origin may read data only where it is one of those that its token is for.

    A preflight names no token, so it is answered to every page once anyone may embed; so is a refusal, which holds
    no data: the widget of a page that was forgotten can then say so. No cookie ever goes along.
    """

    def __init__(self, app: ASGIApp, embedding: Pages) -> None:
        self.app = app
        self.embedding = embedding

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; live connections pass untouched."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path: str = scope["path"]
        headers = Headers(scope=scope)
        origin = headers.get("origin", "")
        shared = path.startswith(SHARED) and scope["method"] in ("GET", "HEAD", "OPTIONS") and self.embedding.open
        if scope["method"] == "OPTIONS" and origin and shared:
            await Response(status_code=204, headers=_preflight(origin))(scope, receive, send)
            return
        kind, _, bearer = headers.get("authorization", "").partition(" ")
        framed = path == "/embed" or path.startswith("/embed/")
        readers = (
            ()
            if not shared
            else self.embedding.pages()
            if framed
            else self.embedding.readers(bearer.strip() if kind.lower() == "bearer" else "")
        )

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer.setdefault("Content-Security-Policy", policy(path, self.embedding.pages()))
                answer["X-Content-Type-Options"] = "nosniff"
                answer["Referrer-Policy"] = "same-origin"
                answer["Cross-Origin-Opener-Policy"] = "same-origin"
                answer["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
                if path.startswith("/api/"):
                    answer.setdefault("Cache-Control", "no-store")
                if shared:
                    answer.add_vary_header("Origin")
                    if origin and (origin.lower() in readers or message["status"] in REFUSED):
                        answer["Access-Control-Allow-Origin"] = origin
                        answer["Cross-Origin-Resource-Policy"] = "cross-origin"
            await send(message)

        await self.app(scope, receive, dressed)


def _preflight(origin: str) -> dict[str, str]:
    """What a script of an allowed page may do: read, with a bearer token."""
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Methods": "GET, HEAD",
        "Access-Control-Allow-Headers": "Authorization",
        "Access-Control-Max-Age": "600",
        "Vary": "Origin",
    }
