"""The spatial tree, types, and ranges of state indices."""

from __future__ import annotations

import math
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
Height = Annotated[float | None, Query(ge=-1e5, le=1e5)]


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


@router.get("/states", response_model=StateRanges, dependencies=[requires("scene.read", embed=True)])
def states(
    use: Use,
    caller: Caller,
    layer: Text = None,
    type: Text = None,  # noqa: A002  the field's name
    storey: Text = None,
    building: Text = None,
    discipline: Text = None,
    above: Height = None,
    below: Height = None,
) -> Response:
    """Inclusive ranges of state indices of the objects that match; what a viewer colours or hides at once.

    With `above` or `below` only things without a storey whose middle lies between these heights of the park frame, metres.
    """
    caller.demand_layer(layer or storey or building or "")
    between = None
    if above is not None or below is not None:
        between = (-math.inf if above is None else above, math.inf if below is None else below)
    return json_response(
        {
            "ranges": use.graph.state_ranges(
                between, layer=layer, type=type, storey=storey, building=building, discipline=discipline
            )
        }
    )
