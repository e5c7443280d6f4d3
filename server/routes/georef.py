"""Georeference of layers: where a model stands and why, and another place for it."""

from __future__ import annotations

from fastapi import APIRouter, Response

from server.access import Caller, Trail, requires
from server.http.respond import json_response
from server.models.georef import GeorefShape, OutlineShape, PlacingAccepted, PlacingBody
from server.services import Use
from server.submissions.submission import LAYER_PREFIX
from twin.ids import layer_name

router = APIRouter(prefix="/layers", tags=["layers"])


@router.get("/{layer}/georef", response_model=GeorefShape, dependencies=[requires("scene.read")])
def get_georef(layer: str, use: Use, caller: Caller) -> Response:
    """The georeference report of a published layer, and the park's plan to draw it on."""
    caller.demand_layer(layer)
    shown = use.placings.show(layer_name(layer))
    if layer.startswith(LAYER_PREFIX):  # its placing is a matter of the review, not of park.toml
        shown |= use.submissions.placed(layer.removeprefix(LAYER_PREFIX))
    return json_response(shown)


@router.get("/{layer}/outline", response_model=OutlineShape, dependencies=[requires("scene.read")])
def get_outline(layer: str, use: Use, caller: Caller) -> Response:
    """What a published layer covers, seen from above; computed when it is first asked for."""
    caller.demand_layer(layer)
    return json_response(use.placings.outline(layer_name(layer)))


@router.post("/{layer}/georef", status_code=202, dependencies=[requires("layer.publish")])
def place_layer(layer: str, body: PlacingBody, use: Use, caller: Caller, trail: Trail) -> PlacingAccepted:
    """Build a layer's model anew at another place and publish it, as a job; remembered for later versions."""
    placing = body.placing()
    job = use.placings.apply(layer_name(layer), placing, caller.name)
    trail.record("layer.place", layer, job=job.id, **placing.as_dict())
    return PlacingAccepted(layer=layer, job=job.id)
