"""Layers: what is published, and which version."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from server.access import Caller, Trail, requires
from server.accounts import Permission
from server.http.respond import json_response
from server.models.diff import ChangeKind, DiffShape
from server.models.graph import LayerDetail, LayerShape, PublishedShape
from server.models.work import VersionBody
from server.services import Use
from server.submissions.submission import LAYER_PREFIX
from twin.graph.layerfile import MANIFEST, versions
from twin.ids import layer_name
from twin.park import Park

router = APIRouter(prefix="/layers", tags=["layers"])


def _shown(row: dict[str, Any], park: Park) -> dict[str, Any]:
    corner = [row.pop(name) for name in ("min_x", "min_y", "min_z", "max_x", "max_y", "max_z")]
    count = sum(1 for _ in (park.layers_folder / row["layer"]).glob(f"[!.]*/{MANIFEST}"))
    return {**row, "box": None if corner[0] is None else corner, "version_count": count}


@router.get("", response_model=list[LayerShape], dependencies=[requires("scene.read")])
def list_layers(use: Use, caller: Caller) -> Response:
    """Published layers with statistics, georeference and findings of their build."""
    hidden = () if caller.may(Permission.SUBMISSION_READ) else (LAYER_PREFIX,)
    return json_response(
        [_shown(row, use.graph.park) for row in use.graph.layers() if not row["layer"].startswith(hidden)]
    )


@router.get("/{layer}", response_model=LayerDetail, dependencies=[requires("scene.read")])
def get_layer(layer: str, use: Use, caller: Caller) -> Response:
    """One published layer, with all its versions on disk."""
    caller.demand_layer(layer)
    row = _shown(use.graph.layer(layer_name(layer)), use.graph.park)
    built = [
        {
            "version": one.version,
            "built_at": one.built_at,
            "source": one.source,
            "count": one.count,
            "published": one.version == row["version"],
        }
        for one in versions(use.graph.park, layer)
    ]
    return json_response({**row, "versions": built})


@router.get("/{layer}/diff", response_model=DiffShape, dependencies=[requires("scene.read")])
def diff_layer(
    layer: str,
    use: Use,
    caller: Caller,
    old: Annotated[str | None, Query(alias="from", max_length=64)] = None,
    new: Annotated[str | None, Query(alias="to", max_length=64)] = None,
    kind: Annotated[list[ChangeKind] | None, Query()] = None,
    q: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=0, le=1000)] = 200,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """What changed between two versions: by default the published one and the one built before it."""
    caller.demand_layer(layer)
    found = use.diffs.diff(layer_name(layer), old, new, kinds=kind or (), q=q, limit=limit, offset=offset)
    return json_response(found)


@router.post("/{layer}/publish", dependencies=[requires("layer.publish")])
def publish_layer(layer: str, body: VersionBody, use: Use, trail: Trail) -> PublishedShape:
    """Make a version that stands on disk the published one: a newer one, or an earlier one again."""
    done = use.publisher.publish(layer_name(layer), body.version)
    trail.record("layer.publish", layer, version=done.version)
    return PublishedShape(layer=layer, version=done.version, revision=use.graph.revision())


@router.delete("/{layer}", status_code=204, dependencies=[requires("layer.publish")])
def withdraw_layer(layer: str, use: Use, trail: Trail) -> None:
    """Take a layer out of the park; its versions stay on disk."""
    use.publisher.withdraw(layer_name(layer))
    trail.record("layer.withdraw", layer)
