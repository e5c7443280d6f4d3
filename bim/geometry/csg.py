"""Boolean results of a representation, evaluated on exact solids.

IfcOpenShell's fast kernel leaves booleans out and its complete one spends most of its time in them.
Here the operands are meshed one by one and combined by the Manifold library: 9 to 18 times
faster on the shared files, and volumes equal within 0.1 % (the geometry gate in the tests).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import ifcopenshell.geom
import manifold3d
import numpy as np
import numpy.typing as npt

from bim.geometry.axes import axis_matrix
from bim.geometry.curves import Curves
from bim.geometry.engine import F64
from bim.geometry.extrusion import Extrusions
from bim.geometry.native_iterator import CGAL_SIMPLE, arrays, settings
from bim.geometry.solids import Solid, beyond, cut, mesh_of, planes_of, solid
from bim.source.whole_model import complete

MAX_CHAIN = 20_000
"""Cuts on one body; Tekla writes some hundreds."""
MAX_NESTING = 24
CIRCLE_SEGMENTS = 40
"""Of a whole circle: 0.4 % short of the exact area, as OpenCASCADE's own division leaves it on the pipes of the Mini project."""
_MARGIN = 10.0
_COMBINED = {"IfcBooleanResult", "IfcBooleanClippingResult", "IfcCsgSolid"}
_Mesh = tuple[F64, npt.NDArray[np.int32]]


class NotSolid(Exception):
    """An item that cannot be done here: no closed solid, or a kind that this evaluator does not know."""


class _Step(NamedTuple):
    operator: str
    operand: Any


class Csg:
    """Evaluates items of one model.

    length, angle: metres, radians in the file's units; model: the items' own, where it may be a part; kernels: whether one may mesh
    operands.
    """

    def __init__(self, length: float, angle: float, model: Any = None, *, kernels: bool = True) -> None:
        self._model = model
        self._length = length
        self._kernels = kernels
        self._curves = Curves(length, angle, CIRCLE_SEGMENTS)
        self._extrusions = Extrusions(length, angle, CIRCLE_SEGMENTS)
        self._settings = settings(circle_segments=CIRCLE_SEGMENTS)
        self._meshed: dict[int, _Mesh | None] = {}

    def solid(self, item: Any, depth: int = 0) -> Solid:
        """The solid of an item in its representation's frame, metres. Raises NotSolid."""
        if depth > MAX_NESTING:
            raise NotSolid
        if item.is_a("IfcCsgSolid"):
            item = item.TreeRootExpression
        base, steps = self._chain(item)
        vertices, faces = self._mesh(base)
        body = _solid(vertices, faces)
        if not steps:
            return body
        planes = planes_of(vertices, faces)
        low, high = vertices.min(axis=0), vertices.max(axis=0)
        waiting: list[Solid] = []
        for operator, operand in steps:
            if operator == "DIFFERENCE":
                waiting.append(self._cutter(operand, planes, low, high, depth))
                continue
            if waiting:
                body, waiting = cut(body, waiting), []
            other = self._operand(operand, low, high, depth)
            body = body + other if operator == "UNION" else body ^ other
            if operator == "UNION":
                box = body.bounding_box()
                low, high = np.minimum(low, box[:3]), np.maximum(high, box[3:])
        if waiting:
            body = cut(body, waiting)
        if body.status() != manifold3d.Error.NoError:
            raise NotSolid
        return body

    @staticmethod
    def _chain(item: Any) -> tuple[Any, list[_Step]]:
        """Down the first operands: the body that everything starts from, and the steps in order."""
        steps: list[_Step] = []
        while item.is_a("IfcBooleanResult"):
            if len(steps) >= MAX_CHAIN:  # a result that holds itself never ends
                raise NotSolid
            if item.SecondOperand is None or item.FirstOperand is None:
                raise NotSolid
            steps.append(_Step(str(item.Operator), item.SecondOperand))
            item = item.FirstOperand
        return item, steps[::-1]

    def _operand(self, item: Any, low: F64, high: F64, depth: int) -> Solid:
        if item.is_a("IfcHalfSpaceSolid"):
            return self._half_space(item, low, high)
        return self.solid(item, depth + 1)

    def _cutter(self, item: Any, planes: F64, low: F64, high: F64, depth: int) -> Solid:
        """An operand to take away, its corners in the body's faces a little beyond them."""
        if item.is_a() in _COMBINED or item.is_a("IfcHalfSpaceSolid"):
            made = self._operand(item, low, high, depth)
            if made.is_empty():
                return made
            vertices, faces = mesh_of(made)
            return solid(beyond(vertices, planes), faces) or made
        vertices, faces = self._mesh(item)
        return solid(beyond(vertices, planes), faces) or _solid(vertices, faces)

    def _mesh(self, item: Any) -> _Mesh:
        step = int(item.id())
        if step not in self._meshed:
            self._meshed[step] = self._meshed_anew(item)
        found = self._meshed[step]
        if found is None:
            raise NotSolid
        return found

    def _meshed_anew(self, item: Any) -> _Mesh | None:
        prism = self._extrusions.mesh(item)
        if prism is not None or not self._kernels:
            return prism
        item = complete(self._model, (item,))[1][0]
        try:
            shape = ifcopenshell.geom.create_shape(self._settings, item, geometry_library=CGAL_SIMPLE)
        except RuntimeError:
            return None
        vertices, faces = arrays(shape)
        fine = len(faces) and bool(np.isfinite(vertices).all())
        return (vertices.copy(), faces.copy()) if fine else None

    def _half_space(self, item: Any, low: F64, high: F64) -> Solid:
        """The half-space, cut off to a block that holds the body's box (low, high) with a margin."""
        surface = item.BaseSurface
        if surface is None or not surface.is_a("IfcPlane"):
            raise NotSolid
        plane = axis_matrix(surface.Position, self._length)
        normal, offset = plane[:3, 2], float(plane[:3, 2] @ plane[:3, 3])
        middle, reach = (low + high) / 2, float(np.linalg.norm(high - low)) + _MARGIN
        if item.is_a("IfcPolygonalBoundedHalfSpace"):
            block = self._prism(item, middle, reach)
        else:
            block = Solid.cube((2 * reach, 2 * reach, 2 * reach), center=True).translate(tuple(middle))
        agrees = item.AgreementFlag is not False  # TRUE: the normal points away from the material
        sign = -1.0 if agrees else 1.0
        return block.trim_by_plane(tuple(sign * normal), sign * offset)

    def _prism(self, item: Any, middle: F64, reach: float) -> Solid:
        """The boundary polygon's prism, without end as far as the body is concerned."""
        points = self._curves.ring(item.PolygonalBoundary)
        if points is None:
            raise NotSolid
        frame = axis_matrix(item.Position, self._length)
        along = float(frame[:3, 2] @ (middle - frame[:3, 3]))
        section = manifold3d.CrossSection([points], manifold3d.FillRule.EvenOdd)
        block = Solid.extrude(section, 2 * reach).translate((0.0, 0.0, along - reach))
        return block.transform(frame[:3])


def _solid(vertices: F64, faces: npt.NDArray[np.int32]) -> Solid:
    made = solid(vertices, faces)
    if made is None:
        raise NotSolid
    return made
