"""Placements of products without any kernel: (4, 4) matrices in metres, cached by placement."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from ifcopenshell import entity_instance

from bim.geometry.engine import F64
from twin.layer import PLACEMENTS

MAX_DEPTH = 200
_PLACEMENT = 5
"""IfcProduct.ObjectPlacement in every schema; by index, which takes a fifth of the time of a name."""
_IDENTITY = np.eye(4)
_IDENTITY.setflags(write=False)
_AXES = {"IfcAxis2Placement2D": 1, "IfcAxis2Placement3D": 2, "IfcAxis1Placement": 0, "IfcAxis2PlacementLinear": 2}
"""Where each class keeps the direction of its x axis, 0 where it has none."""
_UPRIGHT = {"IfcAxis2Placement3D", "IfcAxis1Placement", "IfcAxis2PlacementLinear"}


class Placements:
    """Resolves IfcLocalPlacement chains. Units: metres; a placement that cannot be resolved is the identity.

    Grid and linear placements have no closed form here; the kernel resolves them for meshes, this
    class takes their Cartesian fallback where they carry one.
    """

    def __init__(self, length: float) -> None:
        self._length = length
        self._known: dict[int, F64] = {}
        self._guessed: set[int] = set()

    def exact(self, product: Any) -> bool:
        """Whether the product's placement is a chain of local ones, which need no kernel."""
        return self.exact_matrix(product) is not None

    def exact_matrix(self, product: Any) -> F64 | None:
        """The product's frame in the model's frame; None where a kernel must tell it."""
        placement = _placement_of(product)
        if placement is None:
            return _IDENTITY
        if not isinstance(placement, entity_instance):
            return None
        found = self.of_placement(placement)
        return None if self._guessed and int(placement.id()) in self._guessed else found

    def matrix(self, product: Any) -> F64:
        """The product's frame in the model's frame. Not to be written to: it is kept."""
        return self.of_placement(_placement_of(product))

    def of_placement(self, placement: Any) -> F64:
        """A placement's frame in the model's frame; a chain that bites its own tail is cut."""
        chain: list[tuple[int, F64]] = []
        seen: set[int] = set()
        node, base, guessed = placement, _IDENTITY, False
        while isinstance(node, entity_instance) and len(chain) < MAX_DEPTH:
            key = int(node.id())
            known = self._known.get(key)
            if known is not None:
                base, guessed = known, guessed or key in self._guessed
                break
            if key in seen:
                guessed = True
                break
            seen.add(key)
            chain.append((key, self._own(node)))
            local = node.is_a() == "IfcLocalPlacement"
            guessed = guessed or not local
            node = node.get_argument(0) if local else getattr(node, "PlacementRelTo", None)
        for key, own in reversed(chain):
            base = base @ own
            self._known[key] = base
            if guessed:
                self._guessed.add(key)
        return base

    def table(self, products: Iterable[Any], ids: Sequence[str]) -> pa.Table:
        """Rows of PLACEMENTS for products with these local ids; those without an ObjectPlacement have none."""
        placed = [
            (local, self.matrix(product))
            for product, local in zip(products, ids, strict=True)
            if _placement_of(product) is not None
        ]
        flat = np.array([matrix[:3] for _, matrix in placed], np.float64).ravel()
        rows = pa.FixedSizeListArray.from_arrays(pa.array(flat), 12)
        return pa.table([pa.array([local for local, _ in placed], pa.string()), rows], schema=PLACEMENTS)

    def _own(self, node: Any) -> F64:
        if node.is_a() == "IfcLocalPlacement":
            return axis_matrix(node.get_argument(1), self._length)
        cartesian = getattr(node, "CartesianPosition", None)
        return axis_matrix(cartesian, self._length) if cartesian is not None else np.eye(4)


def _placement_of(product: Any) -> Any | None:
    try:
        return product.get_argument(_PLACEMENT)
    except (IndexError, RuntimeError):  # no product: a relation to something else
        return None


def axis_matrix(axis: Any, length: float) -> F64:
    """(4, 4) of an IfcAxis2Placement2D or 3D, translation in metres; degenerate axes fall back to the default ones.

    Plain floats: this runs for every product, and small arrays cost more than the arithmetic.
    """
    kind = axis.is_a() if isinstance(axis, entity_instance) else ""
    if kind not in _AXES:
        return np.eye(4)
    at = (0.0, 0.0, 0.0)
    location = axis.get_argument(0)
    if isinstance(location, entity_instance) and location.is_a() == "IfcCartesianPoint":
        at = _three(location.get_argument(0)) or at
    upward = axis.get_argument(1) if kind in _UPRIGHT else None
    onward = axis.get_argument(_AXES[kind]) if _AXES[kind] else None
    if upward is None and onward is None:
        return np.array(
            (
                (1.0, 0.0, 0.0, at[0] * length),
                (0.0, 1.0, 0.0, at[1] * length),
                (0.0, 0.0, 1.0, at[2] * length),
                (0.0, 0.0, 0.0, 1.0),
            )
        )
    z = _direction(upward, (0.0, 0.0, 1.0))
    x = _direction(onward, (1.0, 0.0, 0.0))
    x = _upright(x, z) or _upright((0.0, 1.0, 0.0) if abs(z[1]) < 0.9 else (1.0, 0.0, 0.0), z) or (1.0, 0.0, 0.0)
    y = (z[1] * x[2] - z[2] * x[1], z[2] * x[0] - z[0] * x[2], z[0] * x[1] - z[1] * x[0])
    return np.array(
        (
            (x[0], y[0], z[0], at[0] * length),
            (x[1], y[1], z[1], at[1] * length),
            (x[2], y[2], z[2], at[2] * length),
            (0.0, 0.0, 0.0, 1.0),
        )
    )


_Vector = tuple[float, float, float]


def _three(values: Any) -> _Vector | None:
    """The first three of two or more numbers, a missing one as 0; None for anything else."""
    try:
        return float(values[0]), float(values[1]), float(values[2]) if len(values) > 2 else 0.0
    except (IndexError, TypeError, ValueError):
        return None


def _upright(x: _Vector, z: _Vector) -> _Vector | None:
    """The unit vector of `x` without its share along `z`; None where nothing is left."""
    along = x[0] * z[0] + x[1] * z[1] + x[2] * z[2]
    rest = (x[0] - z[0] * along, x[1] - z[1] * along, x[2] - z[2] * along)
    norm = math.sqrt(rest[0] ** 2 + rest[1] ** 2 + rest[2] ** 2)
    return (rest[0] / norm, rest[1] / norm, rest[2] / norm) if norm >= 1e-9 else None


def _direction(entity: Any, default: _Vector) -> _Vector:
    if not isinstance(entity, entity_instance) or entity.is_a() != "IfcDirection":
        return default
    found = _three(entity.get_argument(0))
    if found is None:
        return default
    x, y, z = found
    norm = math.sqrt(x * x + y * y + z * z)
    return (x / norm, y / norm, z / norm) if math.isfinite(norm) and norm > 1e-12 else default
