"""Connectors: how they fare, which address is which point, and readings that gateways push."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from server.access import Trail, connector_token, requires
from server.http.respond import json_response
from server.models.connectors import (
    Connectors,
    MappingFields,
    MappingPage,
    MappingSave,
    PreviewShape,
    PushAnswer,
    TokenSaved,
)
from server.runtime import Runtime
from server.sentences.chinese import told
from server.services import Services, Use
from twin.connectors.mapping import entry_of
from twin.errors import Conflict, Unavailable

router = APIRouter(prefix="/connectors", tags=["connectors"])
MANAGE = requires("connector.manage")
PUSH = "http-push"


def _mapping(page: Mapping[str, Any]) -> Response:
    return json_response({**page, "entries": [told(row, "problem") for row in page["entries"]]})


def _runtime(use: Services) -> Runtime:
    if use.runtime is None:
        raise Unavailable("This park runs without live state: it has no connectors", code="no-live")
    return use.runtime


@router.get("", response_model=Connectors, dependencies=[MANAGE])
async def list_connectors(use: Use) -> Response:
    """All connectors with state and counters, and the addresses that send values but belong to no point."""
    connecting = _runtime(use).connecting
    items = []
    for row in connecting.rows():
        token = use.connector_tokens.of(str(row["name"])) if row["kind"] == PUSH else None
        items.append(told({**row, "token_at": None if token is None else token.created_ms}, "detail"))
    return json_response({"items": items, "candidates": connecting.candidates()})


@router.get("/mapping", response_model=MappingPage, dependencies=[MANAGE])
async def mapping(use: Use) -> Response:
    """The entries of `mappings.yaml`, and the units that can be converted."""
    return _mapping(_runtime(use).connecting.mapping())


@router.post("/mapping/preview", response_model=PreviewShape, dependencies=[MANAGE])
async def preview_mapping(body: MappingFields, use: Use, _trail: Trail) -> Response:
    """Try an entry on the last value of its address; nothing is changed."""
    found = _runtime(use).connecting.preview(body.model_dump())
    return json_response(told(asdict(found), "problem"))


@router.put("/mapping", response_model=MappingPage, dependencies=[MANAGE])
async def save_mapping(body: MappingSave, use: Use, trail: Trail) -> Response:
    """Write an entry into `mappings.yaml` and let it work at once; other entries and comments stay as they are."""
    connecting = _runtime(use).connecting
    entry = entry_of(body.entry.model_dump())
    replaces = None if body.replaces is None else (body.replaces.connector, body.replaces.address)
    await connecting.put(entry, replaces=replaces, revision=body.revision)
    await trail.record_later(
        "mapping.save",
        f"{entry.connector}: {entry.address}",
        replaces=replaces,
        **entry.model_dump(exclude_defaults=True),
    )
    return _mapping(connecting.mapping())


@router.delete("/mapping", response_model=MappingPage, dependencies=[MANAGE])
async def remove_mapping(
    use: Use,
    trail: Trail,
    connector: Annotated[str, Query(max_length=1000)],
    address: Annotated[str, Query(max_length=1000)],
    revision: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """Take an entry out of `mappings.yaml`."""
    connecting = _runtime(use).connecting
    await connecting.remove((connector, address), revision=revision)
    await trail.record_later("mapping.remove", f"{connector}: {address}")
    return _mapping(connecting.mapping())


@router.post("/{name}/token", status_code=201, dependencies=[MANAGE])
async def issue_token(name: str, use: Use, trail: Trail) -> TokenSaved:
    """Issue the token of a push connector; it is answered this once, and the one before ends."""
    kinds = {str(row["name"]): row["kind"] for row in _runtime(use).connecting.rows()}
    if kinds.get(name) != PUSH:
        raise Conflict(f"Connector {name!r} has no token: expected one of kind {PUSH} in park.toml", code="no-push")
    token = await run_in_threadpool(use.connector_tokens.issue, name, by=trail.who)
    await trail.record_later("connector.token", name)
    return TokenSaved(connector=name, token=token)


@router.post("/{name}/readings", response_model=PushAnswer, dependencies=[connector_token()])
async def push_readings(name: str, request: Request, use: Use) -> Response:
    """Readings of a gateway or a device: a JSON object, a list, or one object a line. Answered when they are committed."""
    answer = await _runtime(use).connecting.push(name, await request.body(), request.state.granted_points)
    errors = [fault._asdict() for fault in answer.faults]
    return json_response({"accepted": answer.accepted, "faulty": answer.faulty, "errors": errors})
