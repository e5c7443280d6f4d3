"""Security headers on every answer; who may embed what."""

from __future__ import annotations

from collections.abc import Sequence

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

SHARED = ("/embed", "/tiles/", "/api/v1/")
"""Paths that pages of the allowed origins may read."""


def policy(path: str, origins: Sequence[str]) -> str:
    """The Content-Security-Policy of a path: `/embed…` may be framed by the allowed origins, nothing else by anyone."""
    embedded = path == "/embed" or path.startswith("/embed/")
    ancestors = " ".join(["'self'", *origins]) if embedded else "'self'"
    return f"{CONTENT_SECURITY_POLICY}; frame-ancestors {ancestors}"


class SecurityHeaders:
    """ASGI middleware. `origins` are the pages allowed to embed (`[embed] origins` of park.toml)."""

    def __init__(self, app: ASGIApp, origins: Sequence[str] = ()) -> None:
        self.app = app
        self.origins = tuple(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; live connections pass untouched."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path: str = scope["path"]
        headers = Headers(scope=scope)
        origin = headers.get("origin", "")
        if scope["method"] == "OPTIONS" and origin in self.origins and path.startswith(SHARED):
            await Response(status_code=204, headers=_preflight(origin))(scope, receive, send)
            return
        shared = bool(self.origins) and path.startswith(SHARED) and scope["method"] in ("GET", "HEAD")

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer.setdefault("Content-Security-Policy", policy(path, self.origins))
                answer["X-Content-Type-Options"] = "nosniff"
                answer["Referrer-Policy"] = "same-origin"
                answer["Cross-Origin-Opener-Policy"] = "same-origin"
                answer["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
                if path.startswith("/api/"):
                    answer.setdefault("Cache-Control", "no-store")
                if shared:
                    answer.add_vary_header("Origin")
                    if origin in self.origins:
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
