"""Overlays: what the stage draws over the scene: places of points, lines of flow, views of cameras."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from scenes.flow.lines import lines
from server.access import Caller, requires
from server.http.respond import json_bytes, json_response, tagged
from server.models.overlays import CameraShape, FlowLineShape, LinedLayer, PlaceColumns
from server.services import Use

router = APIRouter(prefix="/overlays", tags=["overlays"])


@router.get("/places", response_model=PlaceColumns, dependencies=[requires("live.read", embed=True)])
def places(request: Request, use: Use, caller: Caller) -> Response:
    """Where the points are measured, as columns in the order of `GET /points`."""
    rows = [row if caller.sees(row["gid"] or "") else dict.fromkeys(row) for row in use.graph.places()]
    columns: dict[str, object] = {name: [row[name] for row in rows] for name in ("layer", "storey")}
    for name in ("x", "y", "z"):
        columns[name] = [round(value, 2) if (value := row[name]) is not None else None for row in rows]
    return tagged(request, json_bytes({"revision": use.graph.revision(), **columns}), "application/json")


@router.get("/lines", response_model=list[FlowLineShape], dependencies=[requires("scene.read", embed=True)])
async def flow_lines(use: Use, caller: Caller, layer: Annotated[str, Query(max_length=200)]) -> Response:
    """Pipes, ducts, cables and roads of a layer as lines in the direction of their flow; empty where its build kept none."""
    caller.demand_layer(layer)
    return json_response(await run_in_threadpool(lines, use.graph, layer))


@router.get("/lines/layers", response_model=list[LinedLayer], dependencies=[requires("scene.read", embed=True)])
def lined_layers(use: Use, caller: Caller) -> Response:
    """Layers that have lines of flow, and how many."""
    return json_response([row for row in use.graph.lined() if caller.sees(row["layer"])])


@router.get("/cameras", response_model=list[CameraShape], dependencies=[requires("scene.read", embed=True)])
def cameras(use: Use, caller: Caller) -> Response:
    """Cameras with what their properties say of where they look."""
    return json_response([row for row in use.graph.cameras() if caller.sees(row["layer"])])
