"""Concepts: types, systems, zones, materials … that objects are related to."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from server.access import Caller, requires
from server.http.respond import json_response
from server.models.graph import ConceptCard, ConceptPage
from server.services import Use

router = APIRouter(prefix="/concepts", tags=["objects"])
READ = requires("scene.read")
Text = Annotated[str | None, Query(max_length=200)]


@router.get("", response_model=ConceptPage, dependencies=[READ])
def search_concepts(
    use: Use,
    caller: Caller,
    q: Text = None,
    layer: Text = None,
    kind: Text = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """Types, systems, zones, materials … by text, layer and kind; `q` searches name and gid."""
    caller.demand_layer(layer or "")
    return json_response(use.graph.search_concepts(q, layer, kind, limit, offset))


@router.get("/card", response_model=ConceptCard, dependencies=[READ])
def concept_card(use: Use, caller: Caller, gid: Annotated[str, Query(max_length=300)]) -> Response:
    """Everything about one concept, with the objects that belong to it."""
    caller.demand_layer(gid)
    return json_response(use.graph.concept_card(gid))
