"""The spatial tree, types, and ranges of state indices."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from server.access import Caller, requires
from server.accounts import Permission
from server.http.respond import json_response
from server.models.graph import StateRanges, TreeNode, TypeCount
from server.services import Use
from server.submissions.submission import LAYER_PREFIX

router = APIRouter(tags=["objects"])
READ = requires("scene.read")
Text = Annotated[str | None, Query(max_length=300)]


@router.get("/tree", response_model=list[TreeNode], dependencies=[READ])
def tree(use: Use, caller: Caller, parent: Text = None) -> Response:
    """Children of an object in the spatial tree; without parent the roots of all layers."""
    caller.demand_layer(parent or "")
    hidden = () if parent or caller.may(Permission.SUBMISSION_READ) else (LAYER_PREFIX,)
    return json_response([node for node in use.graph.children(parent) if not node["layer"].startswith(hidden)])


@router.get("/types", response_model=list[TypeCount], dependencies=[READ])
def types(use: Use, caller: Caller, layer: Text = None) -> Response:
    """How many objects there are of each type, in the park or one layer."""
    caller.demand_layer(layer or "")
    return json_response(use.graph.type_counts(layer=layer))


@router.get("/states", response_model=StateRanges, dependencies=[READ])
def states(
    use: Use,
    layer: Text = None,
    type: Text = None,  # noqa: A002  the field's name
    storey: Text = None,
    building: Text = None,
    discipline: Text = None,
) -> Response:
    """Inclusive ranges of state indices of the objects that match; what a viewer colours or hides at once."""
    return json_response(
        {
            "ranges": use.graph.state_ranges(
                layer=layer, type=type, storey=storey, building=building, discipline=discipline
            )
        }
    )
