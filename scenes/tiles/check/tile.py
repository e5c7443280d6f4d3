"""One tile: everything in it but its children and the files of its contents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from scenes.tiles.check.containment import beyond
from scenes.tiles.check.entity import check_entity
from scenes.tiles.check.issues import Issues
from scenes.tiles.check.metadata_types import Schema
from scenes.tiles.check.shape import Field, Table, check_object, mapping
from scenes.tiles.check.volume import check_volume

REFINE = ("ADD", "REPLACE")
CONTENT: Table = {
    "uri": Field("string", required=True),
    "boundingVolume": Field("object"),
    "metadata": Field("object"),
    "group": Field("integer", low=0),
}
OBJECTS = Field("array", items=Field("object"))
TILE: Table = {
    "boundingVolume": Field("object", required=True),
    "viewerRequestVolume": Field("object"),
    "geometricError": Field("number", required=True, low=0),
    "refine": Field("string"),
    "transform": Field("array", length=(16, 16), items=Field("number")),
    "content": Field("object"),
    "contents": OBJECTS,
    "metadata": Field("object"),
    "implicitTiling": Field("object"),
    "children": OBJECTS,
}
IMPLICIT: Table = {
    "subdivisionScheme": Field(required=True, choices=("QUADTREE", "OCTREE")),
    "subtreeLevels": Field("integer", required=True, low=1),
    "availableLevels": Field("integer", required=True, low=1),
    "subtrees": Field("object", required=True, fields={"uri": Field("string", required=True)}),
}


@dataclass(frozen=True)
class Head:
    """What a tileset says for all its tiles."""

    schema: Schema | None
    declared: bool
    groups: int


def contents(tile: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The contents of a valid tile with their places in it."""
    if tile.get("content") is not None:
        return [("content", tile["content"])]
    return [(f"contents/{index}", content) for index, content in enumerate(tile.get("contents") or [])]


def check_tile(issues: Issues, path: str, raw: Any, head: Head) -> bool:
    """Judge a tile."""
    if not check_object(issues, path, raw, TILE):
        return False
    fine = bounded = check_volume(issues, f"{path}/boundingVolume", raw["boundingVolume"])
    if raw.get("viewerRequestVolume") is not None:
        fine &= check_volume(issues, f"{path}/viewerRequestVolume", raw["viewerRequestVolume"])
    fine &= _refine(issues, f"{path}/refine", raw.get("refine")) & _transform(issues, f"{path}/transform", raw)
    if raw.get("metadata") is not None and raw.get("implicitTiling") is None:
        fine &= check_entity(issues, f"{path}/metadata", raw["metadata"], head.schema, declared=head.declared)
    if raw.get("content") is not None and raw.get("contents") is not None:
        return issues.add("ONE_OF_ERROR", path, "a tile has content or contents, not both")
    if raw.get("implicitTiling") is not None:
        return _implicit(issues, path, raw) and fine
    if raw.get("children") == []:
        issues.add("ARRAY_LENGTH_UNEXPECTED", f"{path}/children", "children is empty: leave it out")
    for name, content in contents(raw):
        fine &= _content(issues, f"{path}/{name}", content, raw["boundingVolume"] if bounded else {}, head)
    return fine


def _refine(issues: Issues, path: str, refine: str | None) -> bool:
    if refine is None or refine in REFINE:
        return True
    if refine.upper() in REFINE:
        issues.add("TILE_REFINE_WRONG_CASE", path, f"{refine!r} is to be written in capitals")
        return True
    return issues.add("VALUE_NOT_IN_LIST", path, f"{refine!r:.40} is none of ADD, REPLACE")


def _transform(issues: Issues, path: str, raw: dict[str, Any]) -> bool:
    values = raw.get("transform")
    if values is None:
        return True
    if [values[i] for i in (3, 7, 11, 15)] != [0, 0, 0, 1]:
        return issues.add("TRANSFORM_INVALID", path, "the matrix is not affine: its last row must be 0 0 0 1")
    if not np.linalg.det(np.asarray(values, np.float64).reshape(4, 4)[:3, :3]):
        return issues.add("TRANSFORM_INVALID", path, "the matrix cannot be inverted")
    return True


def _content(issues: Issues, path: str, raw: dict[str, Any], volume: dict[str, Any], head: Head) -> bool:
    if not check_object(issues, path, raw, CONTENT):
        return False
    fine = True
    if raw.get("group") is not None and raw["group"] >= head.groups:
        fine = issues.add("IDENTIFIER_NOT_FOUND", f"{path}/group", f"the tileset has {head.groups} groups")
    if raw.get("metadata") is not None:
        fine &= check_entity(issues, f"{path}/metadata", raw["metadata"], head.schema, declared=head.declared)
    own = raw.get("boundingVolume")
    if own is None:
        return fine
    if not check_volume(issues, f"{path}/boundingVolume", own):
        return False
    gap = beyond(volume, own)
    if gap:
        message = f"the content's volume sticks {gap:.3g} m out of the tile's"
        fine = issues.add("BOUNDING_VOLUMES_INCONSISTENT", f"{path}/boundingVolume", message)
    return fine


def _implicit(issues: Issues, path: str, raw: dict[str, Any]) -> bool:
    tiling, kind = raw["implicitTiling"], "TILE_IMPLICIT_ROOT_INVALID"
    fine = valid = check_object(issues, f"{path}/implicitTiling", tiling, IMPLICIT)
    forbidden = {
        "children": raw.get("children"),
        "metadata": raw.get("metadata"),
        "content.boundingVolume": mapping(raw.get("content")).get("boundingVolume"),
        "boundingVolume.sphere": raw["boundingVolume"].get("sphere"),
    }
    for name, value in forbidden.items():
        if value is not None:
            fine = issues.add(kind, path, f"a tile with implicitTiling has no {name}")
    if not valid:
        return False
    scheme = tiling["subdivisionScheme"]
    fine &= check_template(issues, f"{path}/implicitTiling/subtrees/uri", tiling["subtrees"]["uri"], scheme)
    for name, content in contents(raw):
        where = f"{path}/{name}"
        fine &= check_object(issues, where, content, CONTENT) and check_template(
            issues, f"{where}/uri", content["uri"], scheme
        )
    return fine


def check_template(issues: Issues, path: str, uri: str, scheme: str) -> bool:
    """Whether a template URI uses the variables of its subdivision scheme."""
    wanted = {"level", "x", "y", "z"} if scheme == "OCTREE" else {"level", "x", "y"}
    used, fine = set(re.findall(r"\{([^{}]*)\}", uri)), True
    for name in sorted(used - wanted):
        fine = issues.add("TEMPLATE_URI_INVALID_VARIABLE_NAME", path, f"{{{name}}} is none of {sorted(wanted)}")
    if fine and wanted - used:
        message = f"the template does not use {sorted(wanted - used)}"
        issues.add("TEMPLATE_URI_MISSING_VARIABLE_NAME", path, message)
    return fine
