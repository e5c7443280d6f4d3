"""The content of one tile before it is written: primitives and instances in glTF axes around a centre."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from scenes.tiles.arrays import F64, I64, U8, Flags
from scenes.tiles.palette import Palette
from scenes.tiles.textures import Page

OPAQUE, TRANSPARENT, TEXTURED, EDGES = "opaque", "transparent", "textured", "edges"


@dataclass(frozen=True)
class Primitive:
    """One draw call. position (n, 3) metres, y up, around the tile's centre (instanced: around the shape's).

    indices (m, 3) triangles or (e, 2) lines; feature: (n,) local ids, None where instances carry
    them; lines have neither normal nor colour. material: opaque, transparent, textured or edges; textured ones
    have uv (n, 2) and the tile's page that they show.
    """

    material: str
    position: F64
    indices: I64
    feature: I64 | None
    normal: F64 | None = None
    colour: U8 | None = None
    uv: F64 | None = None
    page: int | None = None


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
    """centre: (3,) in the park frame; the local feature id i is the object `rows[i]`."""

    centre: F64
    rows: I64
    primitives: list[Primitive]
    instances: list[Instances] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)

    @property
    def triangles(self) -> int:
        """Triangles drawn, each instance counted."""
        own = sum(len(p.indices) for p in self.primitives if p.material != EDGES)
        return own + sum(len(p.indices) * len(i.feature) for i in self.instances for p in i.primitives)

    @property
    def lines(self) -> int:
        """Edge lines drawn."""
        return sum(len(p.indices) for p in self.primitives if p.material == EDGES)

    @property
    def draw_calls(self) -> int:
        """Primitives, each instanced one counted once."""
        return len(self.primitives) + sum(len(i.primitives) for i in self.instances)


@dataclass(frozen=True)
class Vertices:
    """What stands at the vertices of a mesh whose faces never mix materials or pages.

    position, normal (n, 3) in glTF axes, material (n,); uv (n, 2) and page (n,), -1 for a plain colour, or None.
    """

    position: F64
    normal: F64
    material: I64
    uv: F64 | None = None
    page: I64 | None = None


def surfaces(vertices: Vertices, feature: I64 | None, faces: I64, palette: Palette) -> list[Primitive]:
    """One primitive of each class that is there: opaque, transparent, and one for each page. feature (n,)."""
    opaque = palette.opaque[vertices.material]
    page = np.full(len(opaque), -1, np.int64) if vertices.page is None else vertices.page
    plain = page < 0
    classes: list[tuple[str, int | None, Flags]] = [
        (OPAQUE, None, plain & opaque),
        (TRANSPARENT, None, plain & ~opaque),
    ]
    classes += [(TEXTURED, int(number), page == number) for number in np.unique(page[~plain])]
    result = []
    for name, shown, chosen in classes:
        kept = faces[chosen[faces[:, 0]]]
        if not len(kept):
            continue
        number = np.cumsum(chosen) - 1
        uv = None if shown is None or vertices.uv is None else vertices.uv[chosen]
        result.append(
            Primitive(
                material=name,
                position=vertices.position[chosen],
                indices=number[kept],
                feature=None if feature is None else feature[chosen],
                normal=vertices.normal[chosen],
                colour=(palette.colour if uv is None else palette.tint)[vertices.material[chosen]],
                uv=uv,
                page=shown,
            )
        )
    return result
