"""Errors as RFC 9457 problem details: one table from error class to HTTP status."""

from __future__ import annotations

import html
import logging
import uuid
from collections.abc import Mapping
from http import HTTPStatus

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket

from server.errors import NotAcceptable, NotSignedIn, Throttled, TooLarge
from server.sentences.chinese import chinese
from twin.errors import Conflict, Denied, Invalid, NotFound, ParkError, Unavailable

log = logging.getLogger(__name__)

STATUS: Mapping[type[ParkError], int] = {
    NotFound: 404,
    NotSignedIn: 401,
    Denied: 403,
    TooLarge: 413,
    NotAcceptable: 415,
    Invalid: 422,
    Conflict: 409,
    Throttled: 429,
    Unavailable: 503,
    ParkError: 500,
}
"""The nearest class in an error's ancestry decides."""

HTTP_CODES: Mapping[int, str] = {
    400: "bad-request",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "content-type",
    422: "invalid",
}
MEDIA_TYPE = "application/problem+json"
HTML = "text/html; charset=utf-8"
NO_PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>parktwin</title><style>body{{font:16px/1.7 system-ui,sans-serif;max-width:40rem;margin:15vh auto;padding:0 1.5rem;
color:#17233a}}code{{background:#eef2f8;padding:.1em .4em;border-radius:4px;overflow-wrap:anywhere}}</style>
<h1>没有这个页面</h1><p>地址 <code>{path}</code> 下没有内容。<a href="/">打开园区大脑</a></p>
<h2 lang="en">There is no such page</h2><p lang="en">There is nothing at <code>{path}</code>.
<a href="/">Open the park brain</a></p></html>"""
"""For people who follow an old link; programs get a problem."""
RESERVED = frozenset({"type", "title", "status", "code", "detail", "detail_zh", "instance"})


def status_of(error: ParkError) -> int:
    """HTTP status of an error."""
    return next(STATUS[cls] for cls in type(error).__mro__ if cls in STATUS)


def problem(status: int, code: str, detail: str, extra: Mapping[str, object] | None = None) -> dict[str, object]:
    """The members of a problem document; `code` is stable, `detail` and, where the sentence is known, `detail_zh` are for people."""
    said = chinese(detail, code)
    return {
        "type": f"urn:parktwin:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **({"detail_zh": said} if said else {}),
        **{name: value for name, value in (extra or {}).items() if name not in RESERVED},
    }


def problem_of(error: ParkError) -> dict[str, object]:
    """The problem document of an error of the tree."""
    return problem(status_of(error), error.code, error.message, error.detail)


def problem_response(body: dict[str, object], headers: Mapping[str, str] | None = None) -> Response:
    """A response that carries a problem document."""
    return Response(
        orjson.dumps(body, default=str), int(str(body["status"])), dict(headers or {}), media_type=MEDIA_TYPE
    )


async def _park_error(connection: HTTPConnection, error: Exception) -> Response | None:
    if not isinstance(error, ParkError):  # registered for ParkError only
        raise error
    if isinstance(connection, WebSocket):  # refused before it was accepted: the handshake's answer says why
        await connection.send_denial_response(problem_response(problem_of(error)))
        return None
    headers: dict[str, str] = {}
    retry = error.detail.get("retry_after_s")
    if isinstance(retry, int | float):
        headers["Retry-After"] = str(max(1, round(retry)))
    if status_of(error) >= 500:
        log.warning("%s: %s", error.code, error.message)
    return problem_response(problem_of(error), headers)


async def _validation_error(_request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    fields = [
        {"field": ".".join(str(part) for part in row["loc"]), "message": row["msg"], "kind": row["type"]}
        for row in error.errors()
    ]
    first = fields[0] if fields else {"field": "body", "message": "is not usable"}
    detail = f"{first['field']}: {first['message']}" + (f" (and {len(fields) - 1} more)" if len(fields) > 1 else "")
    return problem_response(problem(422, "invalid", detail, {"fields": fields}))


async def _http_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    code = HTTP_CODES.get(error.status_code, "http")
    detail = str(error.detail)
    if error.status_code == 404:
        detail = f"There is nothing at {request.url.path}"
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):  # a person's browser
            return Response(NO_PAGE.format(path=html.escape(request.url.path)), 404, media_type=HTML)
    elif error.status_code == 405:
        detail = f"{request.url.path} does not take {request.method}"
    elif error.status_code == 413:
        detail = "The request's body is larger than this route takes"
    return problem_response(problem(error.status_code, code, detail), error.headers)


def unexpected(error: BaseException) -> dict[str, object]:
    """A 500 problem with an incident id; the trace goes to the log under the same id, never to the client."""
    incident = uuid.uuid4().hex[:12]
    log.error("incident %s: %s", incident, type(error).__name__, exc_info=error, extra={"incident": incident})
    return problem(
        500,
        "internal",
        f"The server failed at this request; its log tells more under {incident}",
        {"incident": incident},
    )


def add_handlers(app: FastAPI) -> None:
    """Every expected error leaves as a problem document; the unexpected ones are caught in `server/http/context.py`."""
    app.add_exception_handler(ParkError, _park_error)  # type: ignore[arg-type]  # one handler for both kinds of connection
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
