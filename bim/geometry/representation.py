"""Which representation of a product is its body, and which items it is made of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from bim.geometry.axes import Axes
from bim.geometry.engine import F64
from bim.source.attribute import class_of, id_of, value_at

_BODY = ("Body", "Facetation", "Body-FallBack")
_NO_BODY_ITEMS = (
    "IfcCurve", "IfcPoint", "IfcGeometricSet", "IfcAnnotationFillArea", "IfcTextLiteral", "IfcPlacement", "IfcVector",
    "IfcDirection", "IfcBoundingBox",
)  # fmt: skip
_NO_BODY_REPRESENTATIONS = {
    "Axis", "FootPrint", "Box", "Annotation", "Profile", "Plan", "Reference", "CoG", "Clearance", "Lighting", "PlanView",
}  # fmt: skip
_NO_BODY_TYPES = {
    "Curve", "Curve2D", "Curve3D", "GeometricSet", "GeometricCurveSet", "Annotation2D", "BoundingBox", "Point",
    "PointCloud", "FillArea", "Text",
}  # fmt: skip
_UNMOVED = (1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0)
_SHELLS = {"IfcFaceBasedSurfaceModel": "FbsmFaces", "IfcShellBasedSurfaceModel": "SbsmBoundary"}
_MAX_DEPTH = 8
_LEAST, _MIRRORED = 1e-9, 1e-6
"""Of a direction's length, and of the share of the second axis along the third that the first two have."""


class Items:
    """Tells whether a kernel's mesh holds all items of its representation."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._expected: dict[int, frozenset[int]] = {}

    def complete(self, geometry_id: str, present: npt.NDArray[np.int64]) -> bool:
        """geometry_id: IfcOpenShell's, it begins with the representation's STEP id; present: item ids by face."""
        head = geometry_id.split("-", 1)[0]
        if not head.isdigit():
            return True
        step = int(head)
        if step not in self._expected:
            self._expected[step] = frozenset(self._leaves(step))
        expected = self._expected[step]
        return not expected or expected <= set(np.unique(present).tolist())

    def _leaves(self, step: int) -> list[int]:
        try:
            representation = self._model.by_id(step)
        except RuntimeError:
            return []
        if not representation.is_a("IfcRepresentation"):
            return []
        return [int(part.id()) for item in leaf_items(representation) if not _no_body(item) for part in _parts(item)]


def leaf_items(representation: Any, depth: int = 0) -> list[Any]:
    """The items of a representation with mapped ones resolved."""
    found: list[Any] = []
    for item in representation.Items or ():
        if not item.is_a("IfcMappedItem"):
            found.append(item)
        elif depth < _MAX_DEPTH and item.MappingSource is not None and item.MappingSource.MappedRepresentation:
            found += leaf_items(item.MappingSource.MappedRepresentation, depth + 1)
    return found


def sole_body(product: Any) -> Any | None:
    """The body representation where it is the only one with a body; None where there is a choice to make."""
    found = None
    for representation in _representations(product):
        identifier = value_at(representation, 1)
        if identifier in _BODY:
            if found is None:
                found = representation
            elif id_of(representation) != id_of(found) and not _drawn(representation):
                return None
        elif identifier not in _NO_BODY_REPRESENTATIONS and not _drawn(representation):
            return None
    return found if found is not None and value_at(found, 3) else None


def _drawn(representation: Any) -> bool:
    """Whether a representation holds curves and points only, itself or through what it maps."""
    if value_at(representation, 2) in _NO_BODY_TYPES:
        return True
    if value_at(representation, 2) != "MappedRepresentation":
        return False
    sources = [item[0] for item in representation[3] or () if class_of(item) == "IfcMappedItem"]
    return bool(sources) and all(
        source is not None and source[1] is not None and source[1][2] in _NO_BODY_TYPES for source in sources
    )


def _representations(product: Any) -> tuple[Any, ...]:
    """By index: IfcProduct.Representation and IfcProductRepresentation.Representations stand there in every schema."""
    shape = value_at(product, 6)
    found = value_at(shape, 2) if shape is not None and len(shape) > 2 else None
    return found if isinstance(found, tuple) else ()


def mapped_once(representation: Any, length: float, axes: Axes | None = None) -> tuple[Any, F64 | None] | None:
    """The representation that holds the items, and its frame in the given one (None: the same).

    Only one level of mapping without scaling or mirroring, so that shapes can be shared; None otherwise. axes: where
    many are asked for, so that directions are read once.
    """
    items = value_at(representation, 3)
    if not any(class_of(item) == "IfcMappedItem" for item in items):
        return representation, None
    if len(items) != 1 or value_at(items[0], 0) is None or value_at(items[0], 1) is None:
        return None
    source, target = value_at(items[0], 0), value_at(items[0], 1)
    inner = value_at(source, 1)
    if inner is None or any(class_of(item) == "IfcMappedItem" for item in value_at(inner, 3) or ()):
        return None
    move = _operator(target, length)
    if move is None:
        return None
    origin = (axes or Axes(length)).rows(value_at(source, 0))
    if origin != _UNMOVED:
        move = move @ np.linalg.inv(_matrix(origin))
    return inner, move


def _operator(target: Any, length: float) -> F64 | None:
    """The rigid matrix of an IfcCartesianTransformationOperator3D; None where it scales or mirrors."""
    if class_of(target) != "IfcCartesianTransformationOperator3D" or value_at(target, 3) not in {None, 1.0}:
        return None
    first, second, at, third = (value_at(target, n) for n in (0, 1, 2, 4))
    if at is None or len(value_at(at, 0)) != 3:
        return None
    x, y, z = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
    if first is not None or second is not None or third is not None:
        z = _unit(value_at(third, 0) if third is not None else (0.0, 0.0, 1.0))
        u, v, w = value_at(first, 0) if first is not None else (1.0, 0.0, 0.0)
        along = u * z[0] + v * z[1] + w * z[2]
        x = _unit((u - z[0] * along, v - z[1] * along, w - z[2] * along))
        y = (z[1] * x[2] - z[2] * x[1], z[2] * x[0] - z[0] * x[2], z[0] * x[1] - z[1] * x[0])
        if second is not None:
            u, v, w = value_at(second, 0)
            if not u * y[0] + v * y[1] + w * y[2] > _MIRRORED:
                return None
        if not all(map(math.isfinite, (*x, *y, *z))):
            return None
    u, v, w = (float(value) * length for value in value_at(at, 0))
    return _matrix((x[0], y[0], z[0], u, x[1], y[1], z[1], v, x[2], y[2], z[2], w))


def _matrix(rows: Sequence[float]) -> F64:
    return np.array((*rows, 0.0, 0.0, 0.0, 1.0)).reshape(4, 4)


def _unit(vector: Sequence[float]) -> tuple[float, float, float]:
    x, y, z = vector
    norm = math.sqrt(x * x + y * y + z * z)
    return (x / norm, y / norm, z / norm) if norm > _LEAST else (math.nan, math.nan, math.nan)


def _parts(item: Any) -> tuple[Any, ...]:
    """What the kernels count as one item: a surface model's shells stand for themselves."""
    name = _SHELLS.get(item.is_a())
    return (item,) if name is None else tuple(getattr(item, name) or ())


def body_of(product: Any) -> Any | None:
    """The body representation of a product, None where it has none."""
    for representation in _representations(product):
        if value_at(representation, 1) in _BODY and value_at(representation, 3):
            return representation
    return None


def _no_body(item: Any) -> bool:
    return any(item.is_a(name) for name in _NO_BODY_ITEMS)
