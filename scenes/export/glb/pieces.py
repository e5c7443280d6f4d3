"""Triangles of selected objects out of a layer's tiles, at full detail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from scenes.tiles.build import TILESET
from scenes.tiles.check.gltf.document import Broken, Document
from scenes.tiles.check.source import Place, Unreadable
from twin.errors import Invalid

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
TRIANGLES = 4
INSTANCING = "EXT_mesh_gpu_instancing"


@dataclass(frozen=True)
class Soup:
    """Triangles in glTF axes.

    position (n, 3) metres around an origin, normal (n, 3), colour (n, 4) linear RGBA, faces (m, 3). page (n,): index
    in `pages` of the image that a vertex shows, -1 without; uv (n, 2) on it.
    """

    position: F64
    normal: F64
    colour: U8
    faces: I64
    uv: F64
    page: I64
    pages: tuple[Page, ...] = ()


@dataclass(frozen=True)
class Page:
    """An image of a tile: WebP bytes, wrapS and wrapT, alphaMode."""

    data: bytes
    wrap: tuple[int, int]
    alpha: str


@dataclass(frozen=True)
class Merged:
    """Triangles of several objects of one tile.

    owner (n,): ordinal of the object that a vertex belongs to; origin (3,): where the soup's zero stands in the park,
    glTF axes.
    """

    soup: Soup
    owner: I64
    origin: F64


@dataclass(frozen=True)
class Repeated:
    """One shape at k places: owner (k,) ordinals, translation (k, 3), rotation (k, 4) x y z w, scale (k, 3)."""

    soup: Soup
    owner: I64
    translation: F64
    rotation: F64
    scale: F64


def contents(tiles: Path) -> list[Path]:
    """The tiles' files that show every object once at its full detail: under replacement only the leaves."""
    try:
        root = json.loads((tiles / TILESET).read_text(encoding="utf-8"))["root"]
    except (OSError, ValueError, KeyError) as error:
        raise Invalid(f"{tiles / TILESET} is broken: {error!r}; build the layer again", code="tiles-broken") from error
    found: list[Path] = []
    stack = [(root, "REPLACE")]
    while stack:
        tile, above = stack.pop()
        refine, children = str(tile.get("refine", above)).upper(), tile.get("children", [])
        if "content" in tile and (refine == "ADD" or not children):
            found.append(tiles / tile["content"]["uri"])
        stack += [(child, refine) for child in reversed(children)]
    return found


def pieces(path: Path, wanted: Flags) -> Iterator[Merged | Repeated]:
    """The triangles of one tile that belong to wanted objects. wanted: by ordinal. Raises Invalid where it is broken."""
    try:
        document = Document.read(path, Place(path.parent))
        yield from _pieces(document, wanted)
    except (Broken, Unreadable, KeyError, IndexError, ValueError) as error:
        raise Invalid(f"{path} is broken: {error}; build the layer again", code="tiles-broken") from error


def _pieces(document: Document, wanted: Flags) -> Iterator[Merged | Repeated]:
    table = document.metadata["propertyTables"][0]["properties"]
    ordinal = np.frombuffer(document.view(table["ordinal"]["values"]), "<u4").astype(np.int64)
    chosen = wanted[np.minimum(ordinal, len(wanted) - 1)] & (ordinal < len(wanted))
    if not chosen.any():
        return
    for node in document.json.get("nodes", []):
        if "mesh" not in node:
            continue
        primitives = document.json["meshes"][node["mesh"]]["primitives"]
        surfaces = [one for one in primitives if one.get("mode", TRIANGLES) == TRIANGLES]
        shift = np.array(node.get("translation", (0, 0, 0)), np.float64)
        instances = node.get("extensions", {}).get(INSTANCING)
        if instances is not None:
            yield from _repeated(document, surfaces, instances["attributes"], shift, ordinal, chosen)
        elif surfaces:
            scale = np.array(node.get("scale", (1, 1, 1)), np.float64)
            yield from _merged(document, surfaces, scale, shift, ordinal, chosen)


def _merged(
    document: Document, surfaces: list[dict[str, Any]], scale: F64, shift: F64, ordinal: I64, chosen: Flags
) -> Iterator[Merged]:
    """All surfaces of a node together, cut down to the chosen features."""
    feature = np.concatenate(
        [
            document.accessor(one["attributes"]["_FEATURE_ID_0"])[:, 0].astype(np.int64)[_vertices(document, one)[0]]
            for one in surfaces
        ]
    )
    soup = _soup(document, surfaces)
    kept = chosen[feature]
    if kept.any():
        number = np.cumsum(kept) - 1
        faces = number[soup.faces[kept[soup.faces[:, 0]]]]
        cut = Soup(
            soup.position[kept] * scale,
            soup.normal[kept],
            soup.colour[kept],
            faces,
            soup.uv[kept],
            soup.page[kept],
            soup.pages,
        )
        yield Merged(cut, ordinal[feature[kept]], shift)


def _repeated(
    document: Document, surfaces: list[dict[str, Any]], given: dict[str, int], shift: F64, ordinal: I64, chosen: Flags
) -> Iterator[Repeated]:
    feature = document.accessor(given["_FEATURE_ID_0"])[:, 0].astype(np.int64)
    kept = chosen[feature]
    count = int(kept.sum())
    if not (count and surfaces):
        return
    none = np.zeros((len(feature), 1))

    def column(name: str, default: F64) -> F64:
        return (document.real(given[name]) if name in given else none + default)[kept]

    scale = column("SCALE", np.ones(3))
    unit = scale[0].copy()  # the grid's step stands in the scales: the mesh takes the first one, so that most are 1
    soup = _soup(document, surfaces)
    yield Repeated(
        replace(soup, position=soup.position * unit),
        ordinal[feature[kept]],
        column("TRANSLATION", np.zeros(3)) + shift,
        column("ROTATION", np.array([0.0, 0.0, 0.0, 1.0])),
        scale / unit,
    )


def _soup(document: Document, surfaces: list[dict[str, Any]]) -> Soup:
    """The triangles of several primitives as one, positions as stored."""
    positions, normals, colours, faces, start = [], [], [], [], 0
    uv, page = [], []
    pages: list[Page] = []
    for one in surfaces:
        attributes = one["attributes"]
        chosen, triangle = _vertices(document, one)
        position = document.real(attributes["POSITION"])[chosen]
        positions.append(position)
        normals.append(document.real(attributes["NORMAL"]) if "NORMAL" in attributes else _flat(position))
        colours.append(_colours(document, one)[chosen])
        shown = _page(document, one)
        mapped = shown is not None and "TEXCOORD_0" in attributes
        uv.append(document.real(attributes["TEXCOORD_0"])[chosen] if mapped else np.zeros((len(position), 2)))
        page.append(np.full(len(position), len(pages) if mapped else -1))
        pages += [shown] if mapped and shown is not None else []
        faces.append(triangle + start)
        start += len(position)
    normal = np.concatenate(normals)
    length = np.linalg.norm(normal, axis=1, keepdims=True)
    normal = np.where(length > 0, normal / np.where(length > 0, length, 1.0), (0.0, 1.0, 0.0))
    return Soup(
        np.concatenate(positions),
        normal,
        np.concatenate(colours),
        np.concatenate(faces),
        np.concatenate(uv),
        np.concatenate(page),
        tuple(pages),
    )


def _page(document: Document, primitive: dict[str, Any]) -> Page | None:
    """The image that a primitive of our own tiles shows."""
    material = document.get("materials", primitive.get("material", -1)) or {}
    number = (material.get("pbrMetallicRoughness", {}).get("baseColorTexture") or {}).get("index")
    if number is None:
        return None
    texture = document.json["textures"][number]
    source = texture.get("extensions", {}).get("EXT_texture_webp", {}).get("source")
    if source is None:
        return None
    sampler = document.json["samplers"][texture["sampler"]]
    data = document.view(document.json["images"][source]["bufferView"])
    return Page(data, (sampler["wrapS"], sampler["wrapT"]), material.get("alphaMode", "OPAQUE"))


def _vertices(document: Document, primitive: dict[str, Any]) -> tuple[I64, I64]:
    """Which stored vertices to take, and the triangles between those; without normals each corner is taken apart."""
    attributes = primitive["attributes"]
    count = int(document.json["accessors"][attributes["POSITION"]]["count"])
    corners = (
        document.accessor(primitive["indices"])[:, 0].astype(np.int64) if "indices" in primitive else np.arange(count)
    )
    if "NORMAL" in attributes:
        return np.arange(count), corners.reshape(-1, 3)
    return corners, np.arange(len(corners)).reshape(-1, 3)


def _flat(position: F64) -> F64:
    """Normals of triangles that carry none, by corner: the face's own (glTF 2.0, 3.7.2.1). position (3m, 3)."""
    a, b, c = (position[i::3] for i in range(3))
    return np.repeat(np.cross(b - a, c - a), 3, axis=0)


def _colours(document: Document, primitive: dict[str, Any]) -> U8:
    """(n, 4) linear RGBA: the vertices' colour times the material's."""
    count = int(document.json["accessors"][primitive["attributes"]["POSITION"]]["count"])
    material = document.get("materials", primitive.get("material", -1)) or {}
    base = np.array(material.get("pbrMetallicRoughness", {}).get("baseColorFactor", (1, 1, 1, 1)), np.float64)
    if "COLOR_0" in primitive["attributes"]:
        own = document.real(primitive["attributes"]["COLOR_0"])
        own = own if own.shape[1] == 4 else np.column_stack((own, np.ones(count)))
        base = own * base
    return np.asarray(np.rint(np.broadcast_to(np.clip(base, 0, 1), (count, 4)) * 255), np.uint8)
