"""OGC SensorThings API 1.1 (`docs/reference/sensorthings.md`). The standard describes it, so OpenAPI does not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse

from server.access import Caller, Trail, requires
from server.http.respond import json_response
from server.problems import problem_of, problem_response, status_of
from server.services import Use
from server.sta.errors import NotAllowed, Unsupported
from server.sta.json_patch import MEDIA_TYPE
from server.sta.links import ROOT, self_link
from server.sta.root import root_document
from server.sta.service import CREATE_OBSERVATIONS
from twin.errors import ParkError

router = APIRouter(prefix=ROOT, tags=["sta"], include_in_schema=False)
READ = requires("live.read", embed=True)
WRITE = requires("live.write")
ANY = "/{path:path}"
HEADERS = {"Cache-Control": "no-store"}


async def refusing(work: Callable[[], Awaitable[Response]]) -> Response:
    """The answer, or the problem in its place with the status codes of the standard and a `message` that its clients show."""
    try:
        return await work()
    except ParkError as error:
        status = 501 if isinstance(error, Unsupported) else 400 if status_of(error) == 422 else status_of(error)
        headers = HEADERS
        if isinstance(error, NotAllowed):
            status, headers = 405, {**HEADERS, "Allow": error.allow}
        if status >= 500 and status != 501:
            raise
        return problem_response({**problem_of(error), "status": status, "message": error.message}, headers)


def address(request: Request) -> str:
    """The service's address as the caller knows it."""
    return f"{request.url.scheme}://{request.url.netloc}{ROOT}"


@router.get("", dependencies=[READ])
@router.get("/", dependencies=[READ])
async def root(request: Request, use: Use) -> Response:
    """Entity sets and conformance."""
    return json_response(root_document(address(request), [use.sta_mqtt.address] if use.sta_mqtt else []), HEADERS)


@router.get(ANY, dependencies=[READ])
async def read(path: str, request: Request, use: Use, caller: Caller) -> Response:
    """Entities, properties, references."""

    async def work() -> Response:
        def found() -> Response:  # building the JSON text takes its time too
            resource, body = use.sta.read(path, request.scope["query_string"], address(request), caller.layers)
            return _bare(body) if resource.ending == "$value" else json_response(body, HEADERS)

        return await run_in_threadpool(found)

    return await refusing(work)


@router.post(ANY, dependencies=[WRITE])
async def create(path: str, request: Request, use: Use, trail: Trail) -> Response:
    """Create an entity, or Observations as data arrays."""

    async def work() -> Response:
        raw, base = await request.body(), address(request)
        if path.strip("/") == CREATE_OBSERVATIONS:
            done = await use.sta.create_observations(raw)
            answers = [
                f"error: {one.message}" if isinstance(one, ParkError) else self_link(base, "Observations", one)
                for one in done
            ]
            return json_response(answers, HEADERS, status=201)
        entity_set, ident = await use.sta.create(path, raw, trail.who)
        if entity_set != "Observations":  # the history is the record of those
            await trail.record_later("sta.create", f"{entity_set}('{ident}')")
        return Response(status_code=201, headers={**HEADERS, "Location": self_link(base, entity_set, ident)})

    return await refusing(work)


@router.patch(ANY, dependencies=[WRITE])
async def change(path: str, request: Request, use: Use, trail: Trail) -> Response:
    """Change some properties or relations."""

    async def work() -> Response:
        steps = request.headers.get("content-type", "").partition(";")[0].strip() == MEDIA_TYPE
        await use.sta.change(path, await request.body(), trail.who, steps=steps)
        await trail.record_later("sta.change", path)
        return Response(status_code=200, headers=HEADERS)

    return await refusing(work)


@router.put(ANY, dependencies=[WRITE])
async def replace(path: str, request: Request, use: Use, trail: Trail) -> Response:
    """Replace an entity's properties."""

    async def work() -> Response:
        await use.sta.change(path, await request.body(), trail.who, whole=True)
        await trail.record_later("sta.change", path)
        return Response(status_code=200, headers=HEADERS)

    return await refusing(work)


@router.delete(ANY, dependencies=[WRITE])
async def delete(path: str, use: Use, trail: Trail) -> Response:
    """Delete what a client created."""

    async def work() -> Response:
        await use.sta.delete(path, trail.who)
        await trail.record_later("sta.delete", path)
        return Response(status_code=200, headers=HEADERS)

    return await refusing(work)


def _bare(value: Any) -> Response:
    """A property's value alone: a text as it is, anything else as JSON."""
    text = value if isinstance(value, str) else orjson.dumps(value, default=str).decode()
    return PlainTextResponse(text, headers=HEADERS)
