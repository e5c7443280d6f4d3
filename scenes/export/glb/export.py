"""Write selected objects as one GLB: a node per object, shared meshes, park metres turned to y up."""

from __future__ import annotations

import json
import struct
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from scenes.export.glb.pieces import F64, Merged, Repeated, contents, pieces
from scenes.export.glb.store import MESHOPT, MOST, QUANTIZATION, WEBP, MeshStore
from twin.errors import Invalid, Unavailable
from twin.graph.chosen import Chosen
from twin.graph.layerfile import TILES
from twin.layer import Progress

CHUNK = 1 << 20
EXTRAS = ("gid", "layer", "type", "ifc_class", "predefined_type", "tag", "storey_name", "building_name", "discipline")
GRID = 2.0**-11
"""Metres: pivots stand on the tiles' grid, so that moving vertices to them rounds nothing."""


@dataclass(frozen=True)
class GlbReport:
    """objects: nodes written; without_shape: selected objects that have no triangles; meshes are shared by nodes."""

    objects: int
    without_shape: int
    meshes: int
    triangles: int


@dataclass(frozen=True)
class Part:
    """A mesh at a place: translation (3,) in park metres, y up; rotation x y z w; scale (3,)."""

    mesh: int
    translation: F64
    rotation: tuple[float, ...] = (0.0, 0.0, 0.0, 1.0)
    scale: tuple[float, ...] = (1.0, 1.0, 1.0)


Parts = dict[int, list[Part]]
"""By ordinal."""


def export_glb(
    chosen: Chosen, target: Path, scratch: Path, asset: dict[str, Any], *, compact: bool, progress: Progress
) -> GlbReport:
    """Write `target`. asset: what `asset.extras` tells of park, layers and time; titles by layer under `layers`.

    Positions are those of the tiles: within 0.5 mm of the source along each axis (`compact`: also within 1/65534 of
    the object's size). Raises Invalid where nothing of the selection has a shape, Unavailable where it is too large.
    """
    store = MeshStore(scratch, compact=compact)
    try:
        found: dict[str, Parts] = {}
        for place, (layer, (folder, objects)) in enumerate(chosen.layers.items()):
            share = (0.9 * place / len(chosen.layers), 0.9 * (place + 1) / len(chosen.layers))
            found[layer] = _layer_parts(store, folder / TILES, objects, progress, share)
    finally:
        store.close()
    if not any(found.values()):
        raise Invalid(
            f"None of the {len(chosen):,} selected objects has a shape: expected at least one with geometry",
            code="no-geometry",
        )
    progress(0.9, "write")
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in chosen.connection.execute(chosen.query("objects")).to_arrow_table().to_pylist():
        rows[row["layer"]].append(row)
    offset = _offset(found)
    nodes = _nodes(found, rows, offset, asset)
    owned, parts = store.finish()
    extensions = [MESHOPT, QUANTIZATION] if compact else []
    extensions += [WEBP] if store.has_images else []
    document: dict[str, Any] = {
        "asset": {
            "version": "2.0",
            "generator": "parktwin",
            "extras": {**asset, "offset": [float(offset[0]), float(-offset[2]), float(offset[1])]},
        },
        **({"extensionsUsed": extensions, "extensionsRequired": extensions} if extensions else {}),
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": nodes,
        **owned,
    }
    _write(target, document, parts)
    drawn = sum(len(parts) for parts in found.values())
    return GlbReport(drawn, len(chosen) - drawn, len(store.meshes), store.triangles)


def _layer_parts(
    store: MeshStore, tiles: Path, objects: pa.Table, progress: Progress, share: tuple[float, float]
) -> Parts:
    """Store the meshes of a layer's selected objects; where they stand, by ordinal."""
    ordinals = objects.column("ordinal").to_numpy().astype(np.int64)
    files = contents(tiles)
    wanted = np.zeros(int(ordinals.max()) + 1, np.bool_)
    wanted[ordinals] = True
    parts: Parts = defaultdict(list)
    for number, path in enumerate(files):
        progress(share[0] + (share[1] - share[0]) * number / len(files), "geometry")
        for piece in pieces(path, wanted):
            if isinstance(piece, Merged):
                _add_merged(store, piece, parts)
            else:
                _add_repeated(store, piece, parts)
    return parts


def _add_merged(store: MeshStore, piece: Merged, parts: Parts) -> None:
    """One mesh per object, its vertices around the middle of its box."""
    owners, group = np.unique(piece.owner, return_inverse=True)
    low, high = np.full((len(owners), 3), np.inf), np.full((len(owners), 3), -np.inf)
    np.minimum.at(low, group, piece.soup.position)
    np.maximum.at(high, group, piece.soup.position)
    middle = np.rint((low + high) / 2 / GRID) * GRID
    soup = piece.soup
    local = replace(soup, position=soup.position - middle[group])
    meshes, scales = store.add(local, group)
    for owner, mesh, scale, centre in zip(owners.tolist(), meshes.tolist(), scales.tolist(), middle, strict=True):
        parts[owner].append(Part(mesh, piece.origin + centre, scale=(scale, scale, scale)))


def _add_repeated(store: MeshStore, piece: Repeated, parts: Parts) -> None:
    """One mesh, placed once per instance."""
    (mesh,), (unit,) = (
        values.tolist() for values in store.add(piece.soup, np.zeros(len(piece.soup.position), np.int64))
    )
    rows = zip(
        piece.owner.tolist(), piece.translation, piece.rotation.tolist(), (piece.scale * unit).tolist(), strict=True
    )
    for owner, translation, rotation, scale in rows:
        parts[owner].append(Part(mesh, translation, tuple(rotation), tuple(scale)))


def _offset(found: dict[str, Parts]) -> F64:
    """The middle of all parts in whole metres: the root node stands there, so that everything below it is near zero."""
    places = np.array([part.translation for layer in found.values() for parts in layer.values() for part in parts])
    return np.asarray(np.rint((places.min(axis=0) + places.max(axis=0)) / 2) + 0.0)


def _nodes(
    found: dict[str, Parts], rows: dict[str, list[dict[str, Any]]], offset: F64, asset: dict[str, Any]
) -> list[dict[str, Any]]:
    """Root, then layers, then objects in ordinal order; an object of several parts has a child node for each."""
    root: dict[str, Any] = {"name": asset["name"], "translation": offset.tolist(), "children": []}
    nodes = [root]
    for layer, parts in found.items():
        if not parts:
            continue
        group: dict[str, Any] = {"name": layer, "extras": asset["layers"][layer], "children": []}
        root["children"].append(len(nodes))
        nodes.append(group)
        for row in rows[layer]:
            placed = parts.get(row["ordinal"])
            if not placed:
                continue
            group["children"].append(len(nodes))
            node: dict[str, Any] = {"name": row["name"] or row["id"], "extras": _extras(row)}
            nodes.append(node)
            if len(placed) == 1:
                node.update(_placed(placed[0], offset))
                continue
            node["translation"] = (placed[0].translation - offset).tolist()
            node["children"] = list(range(len(nodes), len(nodes) + len(placed)))
            nodes += [_placed(part, placed[0].translation) for part in placed]
    return nodes


def _extras(row: dict[str, Any]) -> dict[str, Any]:
    found = {name: row[name] for name in EXTRAS if row[name] is not None}
    return {"class": row["ifc_class"] or row["type"], **found}


def _placed(part: Part, origin: F64) -> dict[str, Any]:
    """Mesh and what of its placement is not the default."""
    node: dict[str, Any] = {"mesh": part.mesh}
    translation = (part.translation - origin + 0.0).tolist()
    if any(translation):
        node["translation"] = translation
    if any(part.rotation[:3]):
        node["rotation"] = list(part.rotation)
    if any(value != 1 for value in part.scale):
        node["scale"] = list(part.scale)
    return node


def _write(target: Path, document: dict[str, Any], parts: list[Path | bytes]) -> None:
    """The GLB container, its binary chunk copied from the parts."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    binary = document["buffers"][0]["byteLength"]
    total = 12 + 8 + len(text) + 8 + binary
    if total > MOST:
        raise Unavailable(
            f"The selection needs {total >> 20:,} MB as one glTF file, {MOST >> 20:,} MB fit: select less",
            code="export-too-large",
        )
    with target.open("wb") as stream:
        stream.write(struct.pack("<4sII", b"glTF", 2, total))
        stream.write(struct.pack("<I4s", len(text), b"JSON") + text)
        stream.write(struct.pack("<I4s", binary, b"BIN\0"))
        for part in parts:
            if isinstance(part, bytes):
                stream.write(part)
                continue
            with part.open("rb") as source:
                while chunk := source.read(CHUNK):
                    stream.write(chunk)
