"""Answers that are bytes already: JSON without a second validation, files with their caching."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import orjson
from fastapi import Request, Response

from server.http.coding import LEAST, gzipped, takes_gzip

JSON = "application/json"
MATCHES_ANY = "*"


def json_bytes(data: object) -> bytes:
    """JSON text; NaN becomes null, NumPy arrays are written as lists, what JSON does not know as text."""
    return orjson.dumps(data, default=str, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS)


def json_response(data: object, headers: Mapping[str, str] | None = None, status: int = 200) -> Response:
    """A JSON answer of plain data that its service has built; the route's model describes it and tests hold it to that."""
    return Response(json_bytes(data), status, dict(headers or {}), media_type=JSON)


def etag_of(content: bytes) -> str:
    """A strong entity tag of content."""
    return f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'


def unchanged(request: Request, etag: str) -> bool:
    """Whether the client has this already."""
    given = request.headers.get("if-none-match", "")
    tags = {tag.strip().removeprefix("W/") for tag in given.split(",")}
    return etag in tags or MATCHES_ANY in tags


def tagged(
    request: Request,
    content: bytes,
    media_type: str,
    headers: Mapping[str, str] | None = None,
    packed: bytes | None = None,
) -> Response:
    """An answer that a browser may keep but must ask about: 304 where it has it already; compressed where it takes that.

    packed: the content compressed, where that was done before. Not for what holds a secret beside words of the request:
    its compressed length would tell of the secret.
    """
    compress = takes_gzip(request) and (packed is not None or len(content) >= LEAST)
    etag = etag_of(content)
    if compress:
        etag = f'{etag[:-1]}-gz"'
    all_headers = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding", **(headers or {}), "ETag": etag}
    if unchanged(request, etag):
        return Response(status_code=304, headers=all_headers)
    if compress:
        content = gzipped(content) if packed is None else packed
        all_headers["Content-Encoding"] = "gzip"
    return Response(content, 200, all_headers, media_type=media_type)
