"""Layers: what is published, and which version."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Response

from server import order
from server.access import Caller, Trail, requires
from server.accounts import Permission
from server.http.headers import REPORT_POLICY
from server.http.respond import json_response
from server.models.diff import ChangeKind, DiffShape
from server.models.graph import LayerDetail, LayerShape, OrderShape, PublishedShape
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


@router.get("/{layer}/findings", response_model=OrderShape, dependencies=[requires("scene.read")])
def layer_findings(layer: str, use: Use, caller: Caller) -> Response:
    """What reading a published layer repaired, and what its author must mend, each with its objects."""
    caller.demand_layer(layer)
    return json_response(order.findings(use.graph, layer_name(layer), use.clock.now_ms()))


@router.get(
    "/{layer}/order.{kind}",
    response_class=Response,
    responses={200: {"content": {"text/html": {}, "application/pdf": {}}}},
    dependencies=[requires("scene.read")],
)
def order_document(layer: str, kind: Literal["html", "pdf"], use: Use, caller: Caller) -> Response:
    """The same as a report to print."""
    caller.demand_layer(layer)
    name = layer_name(layer)
    if kind == "html":
        page = order.page(use.graph, name, use.clock.now_ms())
        return Response(page, media_type="text/html", headers={"Content-Security-Policy": REPORT_POLICY})
    return Response(
        order.document(use.graph, name, use.clock.now_ms()),
        media_type="application/pdf",
        headers={"Content-Disposition": f"inline; filename*=UTF-8''{quote(name)}-order.pdf"},
    )


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
