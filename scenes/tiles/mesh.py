"""The content of one tile before it is written: primitives and instances in glTF axes around a centre."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from scenes.tiles.arrays import F64, I64, U8, Flags
from scenes.tiles.palette import Palette
from scenes.tiles.smooth import BARE, SMOOTH
from scenes.tiles.textures import Page

OPAQUE, TRANSPARENT, TEXTURED, EDGES = "opaque", "transparent", "textured", "edges"


@dataclass(frozen=True)
class Primitive:
    """One draw call, or two. position (n, 3) metres, y up, around the tile's centre (instanced: around the shape's).

    indices (m, 3) triangles or (e, 2) lines; feature: (n,) local ids, None where instances carry
    them; lines have neither normal nor colour, flat faces no normal. material: opaque, transparent, textured or
    edges; textured ones have uv (n, 2) and the tile's page that they show. edges: (e, 2) lines between the vertices of
    the triangles, and some more: the second draw call.
    """

    material: str
    position: F64
    indices: I64
    feature: I64 | None
    normal: F64 | None = None
    colour: U8 | None = None
    uv: F64 | None = None
    page: int | None = None
    edges: I64 | None = None

    def apart(self) -> list[Primitive]:
        """The same with its edges as a primitive of their own."""
        if self.edges is None:
            return [self]
        lines = Primitive(EDGES, self.position, self.edges, self.feature)
        return [self.part(self.indices), lines.part(self.edges)]

    def part(self, indices: I64) -> Primitive:
        """Some of its triangles (or lines) with the vertices they use, without edges."""
        used, small = np.unique(indices, return_inverse=True)
        own: dict[str, Any] = {"indices": small.reshape(indices.shape), "edges": None}
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, np.ndarray) and one.name not in own:
                own[one.name] = value[used]
        return replace(self, **own)


@dataclass(frozen=True)
class Instances:
    """One shape at k places: translation (k, 3), rotation (k, 4) x y z w, scale (k, 3), feature (k,)."""

    primitives: list[Primitive]
    translation: F64
    rotation: F64
    scale: F64
    feature: I64


@dataclass(frozen=True)
class TileMesh:
    """centre: (3,) in the park frame; the local feature id i is the object `rows[i]`.

    step: metres, a power of two of which the positions of the primitives are multiples, None where none is known.
    """

    centre: F64
    rows: I64
    primitives: list[Primitive]
    instances: list[Instances] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    step: float | None = None

    @property
    def triangles(self) -> int:
        """Triangles drawn, each instance counted."""
        own = sum(len(p.indices) for p in self.primitives if p.material != EDGES)
        return own + sum(len(p.indices) * len(i.feature) for i in self.instances for p in i.primitives)

    @property
    def lines(self) -> int:
        """Edge lines drawn."""
        own = sum(len(p.indices) for p in self.primitives if p.material == EDGES)
        return own + sum(len(p.edges) for p in self.primitives if p.edges is not None)

    @property
    def draw_calls(self) -> int:
        """Primitives, each instanced one counted once."""
        own = sum(1 + (p.edges is not None) for p in self.primitives)
        return own + sum(len(i.primitives) for i in self.instances)


@dataclass(frozen=True)
class Vertices:
    """What stands at the vertices of a mesh whose faces never mix materials, pages or kinds.

    position, normal (n, 3) in glTF axes, material (n,); kind (n,): FLAT, SMOOTH or BARE, None for all smooth;
    uv (n, 2) and page (n,), -1 for a plain colour, or None.
    """

    position: F64
    normal: F64
    material: I64
    kind: U8 | None = None
    uv: F64 | None = None
    page: I64 | None = None


def surfaces(
    vertices: Vertices, feature: I64 | None, faces: I64, palette: Palette, edges: I64 | None = None
) -> list[Primitive]:
    """One primitive of each class that is there: opaque and transparent, flat and smooth, and one for each page.

    feature (n,); edges (e, 2): lines between opaque flat and bare vertices.
    """
    opaque = palette.opaque[vertices.material]
    page = np.full(len(opaque), -1, np.int64) if vertices.page is None else vertices.page
    kind = np.full(len(opaque), SMOOTH, np.uint8) if vertices.kind is None else vertices.kind
    plain, smooth, bare = (page < 0) & (kind != BARE), kind == SMOOTH, kind == BARE
    lines = np.empty((0, 2), np.int64) if edges is None else edges
    classes: list[tuple[str, bool, int | None, Flags]] = [
        (OPAQUE, False, None, plain & opaque & ~smooth | bare & (len(lines) > 0)),
        (OPAQUE, True, None, plain & opaque & smooth),
        (TRANSPARENT, False, None, plain & ~opaque & ~smooth),
        (TRANSPARENT, True, None, plain & ~opaque & smooth),
    ]
    classes += [(TEXTURED, True, int(number), page == number) for number in np.unique(page[page >= 0])]
    result = []
    for name, bent, shown, chosen in classes:
        if not chosen.any():
            continue
        number, at = np.cumsum(chosen) - 1, np.flatnonzero(chosen)
        kept = number[faces.take(np.flatnonzero(chosen[faces[:, 0]]), axis=0)]
        drawn = number[lines] if name == OPAQUE and not bent and len(lines) else None
        own = None if feature is None else feature[at]
        position = vertices.position.take(at, axis=0)
        if drawn is not None and not len(kept):
            result.append(Primitive(EDGES, position, drawn, own))
            continue
        uv = None if shown is None or vertices.uv is None else vertices.uv[chosen]
        result.append(
            Primitive(
                material=name,
                position=position,
                indices=kept,
                feature=own,
                normal=vertices.normal.take(at, axis=0) if bent else None,
                colour=(palette.colour if uv is None else palette.tint)[vertices.material[at]],
                uv=uv,
                page=shown,
                edges=drawn,
            )
        )
    return result
