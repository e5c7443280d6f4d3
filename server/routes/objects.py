"""Objects: search, one object's card, by state index."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from server.access import Caller, requires
from server.accounts import Permission
from server.http.respond import json_response
from server.models.graph import ObjectCard, ObjectItem, ObjectPage
from server.readings import with_readings
from server.services import Use

router = APIRouter(prefix="/objects", tags=["objects"])
READ = requires("scene.read", embed=True)
Text = Annotated[str | None, Query(max_length=200)]


@router.get("", response_model=ObjectPage, dependencies=[READ])
def search_objects(
    use: Use,
    caller: Caller,
    q: Text = None,
    layer: Text = None,
    type: Text = None,  # noqa: A002  the field's name
    storey: Text = None,
    building: Text = None,
    discipline: Text = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """Objects by filters and text; `q` searches name, tag and gid."""
    caller.demand_layer(layer or "")
    return json_response(
        use.graph.search(
            q=q,
            limit=limit,
            offset=offset,
            layer=layer,
            type=type,
            storey=storey,
            building=building,
            discipline=discipline,
        )
    )


@router.get("/card", response_model=ObjectCard, dependencies=[READ])
def object_card(use: Use, caller: Caller, gid: Annotated[str, Query(max_length=300)]) -> Response:
    """Everything about one object, with the present values of its points."""
    caller.demand_layer(gid)
    card = use.graph.card(gid)
    card["points"] = with_readings(card["points"], use.runtime) if caller.may(Permission.LIVE_READ) else []
    card["relations"] = [row for row in card["relations"] if caller.sees(row["gid"])]
    return json_response(card)


@router.get("/items", response_model=list[ObjectItem], dependencies=[READ])
def object_items(use: Use, caller: Caller, gid: Annotated[list[str], Query(min_length=1, max_length=200)]) -> Response:
    """Those of these objects that exist, in the order asked for; what a viewer needs to find and mark them."""
    for one in gid:
        caller.demand_layer(one)
    return json_response(use.graph.items(gid))


@router.get("/by-state/{index}", response_model=ObjectItem, dependencies=[READ])
def object_by_state(index: Annotated[int, Path(ge=0, lt=1 << 24)], use: Use, caller: Caller) -> Response:
    """The object that a state index stands for."""
    item = use.graph.by_state(index)
    caller.demand_layer(item["layer"])
    return json_response(item)
