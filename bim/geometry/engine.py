"""What a geometry engine is: products in, triangles out.

The mesher asks its engines one after the other; each gets the products that the ones before it left
without a mesh. A faster but less complete engine can therefore stand first.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from bim.geometry.texture_style import TextureStyle

F64 = npt.NDArray[np.float64]
Rgba = tuple[float, float, float, float]


@dataclass(frozen=True)
class Look:
    """A surface style of the file: sRGB colour 0..1 with alpha, its name, its texture."""

    rgba: Rgba
    name: str = ""
    texture: TextureStyle | None = None

    def __hash__(self) -> int:
        """By colour and name: most looks have no texture, and every product's mesh is told from others by its looks."""
        return hash((self.rgba, self.name))


@dataclass(frozen=True)
class Mesh:
    """The shape of one product.

    step: its STEP id; matrix (4, 4) from the shape's frame to the model's, metres; key: equal for
    equal shapes within one run, so that a shape is stored once; vertices (n, 3) float64 metres in
    the shape's frame; faces (m, 3); look (m,): index into `looks`, -1 where the file gives none.
    uv: (m, 3, 2) texture coordinates of the file at the corners of faces, v upwards, NaN where there is none.
    The arrays may be views that die when the next mesh is asked for.
    """

    step: int
    matrix: F64
    key: Hashable
    vertices: F64
    faces: npt.NDArray[np.int32]
    look: npt.NDArray[np.int32]
    looks: Sequence[Look]
    uv: F64 | None = None


class GeometryEngine(Protocol):
    """Turns products into meshes; leaves out what it cannot do, and never raises for one product."""

    @property
    def name(self) -> str:
        """The name that stands in the objects table."""
        ...

    def meshes(self, model: Any, products: Sequence[Any]) -> Iterator[Mesh]:
        """The meshes of some of the products, in any order."""
        ...
