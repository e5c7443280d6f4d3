"""Products to shapes in the spool; their placements are kept until the model's place is known."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from bim.geometry.engine import F64, Mesh
from bim.geometry.paint import Paint
from bim.geometry.palette import class_colour, shown
from bim.geometry.shapes import ShapeStore
from bim.geometry.texture_coordinates import texture_coordinates
from bim.properties.schema_attributes import ancestry
from twin.geometry.spool import MeshSpool

_NO_MESH = {
    "IfcFeatureElementSubtraction", "IfcAnnotation", "IfcGrid", "IfcPort", "IfcVirtualElement",
    "IfcStructuralItem", "IfcStructuralActivity", "IfcPositioningElement", "IfcLinearElement",
}  # fmt: skip
"""Products that are no bodies: cuts, drawings, axes, imaginary bounds, analysis models."""
FARTHEST_M = 1e8
"""Metres: no map's coordinates are larger (a zone prefix gives 4e7); what lies beyond is a broken number."""
SOLID_TYPES = {
    "SweptSolid", "AdvancedSweptSolid", "Brep", "AdvancedBrep", "CSG", "Clipping", "Tessellation", "SurfaceModel",
    "SectionedSpine", "SolidModel", "SurfaceOrSolidModel", "BoundingBox",
}  # fmt: skip


@dataclass
class Placed:
    """What was meshed: one entry per placement, in the order of the engines.

    step: product's STEP id; shape: index in the spool; matrix (p, 3, 4) from the centred shape to
    the model frame, metres; low, high (p, 3): its box in the model frame; turned: indices of shapes
    that were inside out.
    """

    step: npt.NDArray[np.int64]
    shape: npt.NDArray[np.int64]
    matrix: F64
    low: F64
    high: F64
    engines: dict[int, str] = field(default_factory=dict)
    failed: list[int] = field(default_factory=list)
    triangles: int = 0
    turned: frozenset[int] = frozenset()
    culprits: dict[int, str] = field(default_factory=dict)


class Mesher:
    """Takes the engines' meshes: equal shapes are stored once, every product is placed."""

    def __init__(self, spool: MeshSpool, schema: str, paint: Paint | None = None, length: float = 1.0) -> None:
        self._spool = spool
        self._paint = paint or Paint(spool)
        self._length = length
        self._schema = schema
        self._store = ShapeStore(spool)
        self._step = array("q")
        self._shape = array("q")
        self._matrix = array("d")
        self._half = array("d")

    def run(
        self,
        bodies: Sequence[Any],
        engines: Sequence[str],
        meshes: Iterable[tuple[int, Mesh]],
        progress: Callable[[float], None],
    ) -> Placed:
        """Store and place what the engines make.

        bodies: the products that may have a body; engines: names by the index that comes with each
        mesh; progress: called with the done share 0..1.
        """
        classes = {int(product.id()): str(product.is_a()) for product in bodies}
        total = max(len(bodies), 1)
        made: dict[int, str] = {}
        triangles = 0
        for engine, mesh in meshes:
            count = self._put(mesh, classes.get(mesh.step, "IfcProduct"))
            if count:
                made[mesh.step] = engines[engine]
                triangles += count
                if len(made) % 50 == 0:
                    progress(min(len(made) / total, 1.0))
        progress(1.0)
        failed = [int(product.id()) for product in bodies if int(product.id()) not in made and promises_body(product)]
        return self._placed(made, failed, triangles)

    def _put(self, mesh: Mesh, ifc_class: str) -> int:
        """Store and place one mesh; returns its triangles, 0 where nothing can be drawn."""
        line = ancestry(self._schema, ifc_class)
        bare = bool((mesh.look < 0).any())
        colour = class_colour(line)
        key = (mesh.key, colour if bare else None, tuple((shown(look.rgba, line), look.texture) for look in mesh.looks))
        stored = self._store.known(key)
        if stored is None:
            mesh = self._paint.seen(mesh)
            looks = [self._paint.material(look, shown(look.rgba, line)) for look in mesh.looks]
            if bare or not looks:
                looks.append(self._spool.material(colour, f"{ifc_class.removeprefix('Ifc')}"))
            index = np.array(looks, np.uint16)  # -1 is the last one: the class's own colour
            stored = self._store.store(
                key, mesh.vertices, mesh.faces, index[mesh.look], texture_coordinates(mesh, self._length)
            )
        if stored is None or not np.isfinite(mesh.matrix).all():
            return 0
        matrix = mesh.matrix[:3].copy()
        matrix[:, 3] += matrix[:, :3] @ stored.centre
        if not (np.abs(matrix).max() <= FARTHEST_M and np.abs(stored.half).max() <= FARTHEST_M):
            return 0
        self._step.append(mesh.step)
        self._shape.append(stored.index)
        self._matrix.extend(matrix.ravel().tolist())
        self._half.extend((np.abs(matrix[:, :3]) @ stored.half).tolist())
        return stored.triangles

    def _placed(self, made: dict[int, str], failed: list[int], triangles: int) -> Placed:
        matrix = np.array(self._matrix, np.float64).reshape(-1, 3, 4)
        half = np.array(self._half, np.float64).reshape(-1, 3)
        middle = matrix[:, :, 3]
        return Placed(
            step=np.array(self._step, np.int64),
            shape=np.array(self._shape, np.int64),
            matrix=matrix,
            low=middle - half,
            high=middle + half,
            engines=made,
            failed=failed,
            triangles=triangles,
            turned=frozenset(self._store.turned),
        )


def has_body(product: Any, schema: str) -> bool:
    """Whether a product may have a body: it has a representation and is no cut, drawing, axis or analysis item."""
    return product.Representation is not None and _NO_MESH.isdisjoint(ancestry(schema, product.is_a()))


def promises_body(product: Any) -> bool:
    """Whether one of the product's representations is of a solid or surface type."""
    for representation in product.Representation.Representations or ():
        if representation.RepresentationType in SOLID_TYPES and representation.Items:
            return True
        if representation.RepresentationType == "MappedRepresentation":
            sources = (getattr(item, "MappingSource", None) for item in representation.Items or ())
            mapped = (source.MappedRepresentation for source in sources if source is not None)
            if any(inner is not None and inner.RepresentationType in SOLID_TYPES for inner in mapped):
                return True
    return False
