"""Tilesets: head, traversal of the tiles, extension declarations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from scenes.tiles.arrays import F64
from scenes.tiles.check.containment import beyond
from scenes.tiles.check.content import check_content
from scenes.tiles.check.entity import check_entity, check_statistics
from scenes.tiles.check.implicit import check_implicit
from scenes.tiles.check.issues import Issues, Severity
from scenes.tiles.check.metadata_types import Schema
from scenes.tiles.check.run import MOST_TILES, Run, Trail, Where
from scenes.tiles.check.schema import check_schema
from scenes.tiles.check.shape import Field, Table, check_object, mapping
from scenes.tiles.check.source import Place, Unreadable, parse
from scenes.tiles.check.tile import Head, check_tile, contents

OWN = "parktwin"
"""The generator whose tilesets keep our stricter rules."""
GLTF = "3DTILES_content_gltf"
NEEDED = frozenset({"MAXAR_content_3tz", GLTF})
"""Extensions without which a tileset cannot be shown, so that it has to require them."""
NAMES = Field("array", length=(1, None), items=Field("string"), unique=True)
TILESET: Table = {
    "asset": Field(
        "object",
        required=True,
        fields={"version": Field("string", required=True), "tilesetVersion": Field("string")},
    ),
    "properties": Field(
        "object",
        least=1,
        values=Field(
            "object",
            fields={"minimum": Field("number", required=True), "maximum": Field("number", required=True)},
        ),
    ),
    "schema": Field("object"),
    "schemaUri": Field("string"),
    "statistics": Field("object"),
    "groups": Field("array", length=(1, None), items=Field("object")),
    "metadata": Field("object"),
    "geometricError": Field("number", required=True, low=0),
    "root": Field("object", required=True),
    "extensionsUsed": NAMES,
    "extensionsRequired": NAMES,
}


@dataclass(frozen=True)
class _Visit:
    path: str
    tile: Any
    parent: dict[str, Any] | None


def check_tileset(run: Run, issues: Issues, raw: Any, place: Place, trail: Trail) -> bool:
    """Judge a tileset and all files it refers to. trail: the tileset files that led here, this one last."""
    fine = check_object(issues, "", raw, TILESET)
    if not isinstance(raw, dict):
        return False
    for name, limits in mapping(raw.get("properties")).items():
        low, high = mapping(limits).get("minimum"), mapping(limits).get("maximum")
        if fine and low > high:  # type: ignore[operator]
            message = f"minimum {low} is above maximum {high}"
            fine = issues.add("PROPERTIES_MINIMUM_LARGER_THAN_MAXIMUM", f"/properties/{name}", message)
    if fine:
        head = _head(issues, raw, place)
        if head is not None:
            _traverse(run, issues, raw, place, head, trail)
    _declarations(issues, raw)
    return fine


def _head(issues: Issues, raw: dict[str, Any], place: Place) -> Head | None:
    version = raw["asset"]["version"]
    if version not in {"1.0", "1.1"}:
        issues.add("ASSET_VERSION_UNKNOWN", "/asset/version", f"{version!r:.20} is none of 1.0, 1.1")
    if raw.get("schema") is not None and raw.get("schemaUri") is not None:
        issues.add("ONE_OF_ERROR", "", "a tileset has a schema or a schemaUri, not both")
        return None
    declared = raw.get("schema") is not None or raw.get("schemaUri") is not None
    schema = _schema(issues, raw, place)
    groups, fine = raw.get("groups") or [], True
    for index, group in enumerate(groups):
        fine &= check_entity(issues, f"/groups/{index}", group, schema, declared=declared)
    if raw.get("metadata") is not None:
        fine &= check_entity(issues, "/metadata", raw["metadata"], schema, declared=declared)
    if raw.get("statistics") is not None:
        fine &= check_statistics(issues, "/statistics", raw["statistics"], schema, declared=declared)
    return Head(schema, declared, len(groups))


def _schema(issues: Issues, raw: dict[str, Any], place: Place) -> Schema | None:
    if raw.get("schema") is not None:
        return check_schema(issues, "/schema", raw["schema"])
    uri = raw.get("schemaUri")
    if uri is None:
        return None
    try:
        return check_schema(issues, "/schemaUri", parse(place.read(uri)[0]))
    except Unreadable as error:
        issues.add(error.kind, "/schemaUri", str(error))
        return None


def _traverse(run: Run, issues: Issues, raw: dict[str, Any], place: Place, head: Head, trail: Trail) -> None:
    strict = raw["asset"].get("generator") == OWN
    stack = [_Visit("/root", raw["root"], None)]
    while stack:
        visit = stack.pop()
        tile, parent = visit.tile, visit.parent
        run.tiles += 1
        if run.tiles > MOST_TILES:
            issues.add("CHECK_LIMIT_REACHED", visit.path, f"more than {MOST_TILES} tiles: the rest is not checked")
            return
        if not check_tile(issues, visit.path, tile, head):
            continue
        if parent is None and tile.get("refine") is None:
            issues.add("TILE_REFINE_MISSING_IN_ROOT", visit.path, "the root tile needs refine")
        if parent is not None:
            _family(issues, visit.path, tile, parent, strict=strict)
        if tile.get("implicitTiling") is not None:
            check_implicit(run, issues, visit.path, tile, place, head, trail)
        else:
            for name, content in contents(tile):
                volume = content.get("boundingVolume") or tile["boundingVolume"]
                where = Where(volume, strict)
                check_content(run, issues, f"{visit.path}/{name}/uri", content["uri"], place, where, trail)
        children = tile.get("children") or []
        stack.extend(
            _Visit(f"{visit.path}/children/{i}", child, tile) for i, child in reversed(list(enumerate(children)))
        )


def matrix(tile: dict[str, Any]) -> F64 | None:
    """(4, 4) of a tile's transform, row-major; None where it has none."""
    values = tile.get("transform")
    return None if values is None else np.asarray(values, np.float64).reshape(4, 4).T


def _family(issues: Issues, path: str, tile: dict[str, Any], parent: dict[str, Any], *, strict: bool) -> None:
    if tile["geometricError"] > parent["geometricError"]:
        message = f"{tile['geometricError']} is larger than the parent's {parent['geometricError']}"
        issues.add("TILE_GEOMETRIC_ERRORS_INCONSISTENT", f"{path}/geometricError", message)
    gap = beyond(parent["boundingVolume"], tile["boundingVolume"], matrix(tile))
    if gap:
        # The specification asks this of contents only; our own builder keeps it for volumes.
        message = f"the tile's volume sticks {gap:.3g} m out of its parent's"
        severity: Severity = "ERROR" if strict else "WARNING"
        issues.add("BOUNDING_VOLUMES_INCONSISTENT", f"{path}/boundingVolume", message, severity=severity)


def _declarations(issues: Issues, raw: dict[str, Any]) -> None:
    used, required = _names(raw.get("extensionsUsed")), _names(raw.get("extensionsRequired"))
    if issues.gltf and mapping(raw.get("asset")).get("version") == "1.0":
        issues.extensions.add(GLTF)
    elif issues.gltf:
        used.discard(GLTF)  # 1.1 has it built in
    for name in sorted(required - used):
        issues.add("EXTENSION_REQUIRED_BUT_NOT_USED", "/extensionsRequired", f"{name} is missing in extensionsUsed")
    for name in sorted(issues.extensions - used):
        issues.add("EXTENSION_FOUND_BUT_NOT_USED", "", f"{name} is missing in extensionsUsed")
    for name in sorted(used - issues.extensions):
        issues.add("EXTENSION_USED_BUT_NOT_FOUND", "/extensionsUsed", f"{name} is used nowhere")
    for name in sorted(issues.extensions & NEEDED - required):
        issues.add("EXTENSION_REQUIRED_BUT_NOT_DECLARED", "/extensionsRequired", f"{name} has to be required")


def _names(value: Any) -> set[str]:
    return {name for name in value if isinstance(name, str)} if isinstance(value, list) else set()
