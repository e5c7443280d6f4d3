"""A bounding box in place of a shape that no kernel could make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from bim.geometry.engine import F64, Mesh
from bim.geometry.placements import Placements
from bim.source.attribute import attribute, entities_of
from bim.source.whole_model import complete

_CORNERS = np.array([[x, y, z] for z in (0, 1) for y in (0, 1) for x in (0, 1)], np.float64)
_FACES = np.array(
    [
        [0, 2, 1], [1, 2, 3], [4, 5, 6], [5, 7, 6], [0, 1, 4], [1, 5, 4],
        [2, 6, 3], [3, 6, 7], [0, 4, 2], [2, 4, 6], [1, 3, 5], [3, 7, 5],
    ],
    np.int32,
)  # fmt: skip


class BoxEngine:
    """Boxes from an explicit IfcBoundingBox, else around the points of a boundary representation.

    Only representations whose points stand in the product's own frame are measured (faceted breps,
    tessellations, surface models); a sweep's profile tells nothing about its extent.
    """

    name = "bounding-box"

    def __init__(self, placements: Placements, length: float) -> None:
        self._placements = placements
        self._length = length

    def meshes(self, model: Any, products: Sequence[Any]) -> Iterator[Mesh]:
        """A box for each product that has anything to measure."""
        for product in products:
            extent = self._extent(model, product)
            if extent is None:
                continue
            low, high = extent
            yield Mesh(
                step=int(product.id()),
                matrix=self._placements.matrix(product),
                key=("box", *low.tolist(), *high.tolist()),
                vertices=low + _CORNERS * np.maximum(high - low, 1e-3),
                faces=_FACES,
                look=np.full(len(_FACES), -1, np.int32),
                looks=(),
            )

    def _extent(self, model: Any, product: Any) -> tuple[F64, F64] | None:
        points: list[F64] = []
        for representation in entities_of(attribute(product.Representation, "Representations")):
            for item in entities_of(attribute(representation, "Items")):
                if item.is_a("IfcBoundingBox"):
                    corner = [attribute(item.get_argument(0), "Coordinates")]
                    ends = _rows(corner), _rows([tuple(item.get_argument(index) for index in (1, 2, 3))])
                    if all(len(end) for end in ends):
                        low, size = ends[0][0], ends[1][0]
                        return low * self._length, (low + size) * self._length
                elif item.is_a() in _MEASURABLE:
                    points += _points(model, item)
        if not points:
            return None
        every = np.concatenate(points) * self._length
        every = every[np.isfinite(every).all(axis=1)]
        return (every.min(axis=0), every.max(axis=0)) if len(every) > 1 else None


_MEASURABLE = {
    "IfcFacetedBrep", "IfcFacetedBrepWithVoids", "IfcTriangulatedFaceSet", "IfcPolygonalFaceSet",
    "IfcTriangulatedIrregularNetwork", "IfcShellBasedSurfaceModel", "IfcFaceBasedSurfaceModel",
}  # fmt: skip


def _points(model: Any, item: Any) -> list[F64]:
    found = []
    model, (item,) = complete(model, (item,))
    for part in model.traverse(item):
        kind = part.is_a()
        if kind == "IfcCartesianPoint":
            found.append(_rows([part.get_argument(0)]))
        elif kind == "IfcCartesianPointList3D":
            found.append(_rows(part.get_argument(0)))
    return found


def _rows(points: Any) -> F64:
    """(n, 3) of what may be a list of points; none where it is not."""
    try:
        rows = np.array(points, np.float64)
    except (TypeError, ValueError, OverflowError):  # texts, entities, points of other lengths
        return np.empty((0, 3))
    return rows if rows.ndim == 2 and rows.shape[1] == 3 else np.empty((0, 3))
