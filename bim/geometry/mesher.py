"""Products to shapes in the spool; their placements are kept until the model's place is known."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from bim.geometry.batch import BATCH_BYTES, Batch, joined
from bim.geometry.engine import F64
from bim.geometry.paint import Paint
from bim.geometry.palette import class_colour, shown
from bim.geometry.shapes import U16, ShapeStore
from bim.geometry.texture_coordinates import texture_coordinates
from bim.geometry.texture_style import TextureStyle
from bim.properties.schema_attributes import ancestry
from bim.source.attribute import attribute, class_of, entities_of, value_at
from twin.geometry.spool import MeshSpool

_NO_MESH = {
    "IfcFeatureElementSubtraction", "IfcAnnotation", "IfcGrid", "IfcPort", "IfcVirtualElement",
    "IfcStructuralItem", "IfcStructuralActivity", "IfcPositioningElement", "IfcLinearElement",
}  # fmt: skip
"""Products that are no bodies: cuts, drawings, axes, imaginary bounds, analysis models."""
REPRESENTATION = 6
"""Place of the attribute in every IfcProduct: asked of every product, and a third faster by place than by name."""
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
    the model frame, metres; low, high (p, 3): its box in the model frame; closed (p,): whether its
    shell has no gap; turned: indices of shapes that were inside out; content: hashes of the shapes without materials, by index.
    """

    step: npt.NDArray[np.int64]
    shape: npt.NDArray[np.int64]
    matrix: F64
    low: F64
    high: F64
    closed: npt.NDArray[np.bool_]
    engines: dict[int, str] = field(default_factory=dict)
    failed: list[int] = field(default_factory=list)
    triangles: int = 0
    turned: frozenset[int] = frozenset()
    content: tuple[bytes, ...] = ()
    culprits: dict[int, str] = field(default_factory=dict)
    defects: set[int] = field(default_factory=set)

    @property
    def boxes(self) -> F64:
        """(p, 6) low and high in one."""
        return np.hstack((self.low, self.high))


class Mesher:
    """Takes the engines' batches: equal shapes are stored once, every product is placed.

    paint: the images of textures; without it looks are plain colours. length: metres in the file's length unit.
    """

    def __init__(self, spool: MeshSpool, schema: str, paint: Paint | None = None, length: float = 1.0) -> None:
        self._spool = spool
        self._paint = paint or Paint(spool)
        self._length = length
        self._schema = schema
        self._store = ShapeStore(spool)
        self._body_shape = array("q")
        self._body_triangles = array("q")
        self._body_closed = array("b")
        self._body_box = array("d")
        self._step = array("q")
        self._engine = array("q")
        self._shape = array("q")
        self._closed = array("b")
        self._matrix = array("d")
        self._half = array("d")
        self._triangles = 0

    def run(
        self,
        bodies: Sequence[Any],
        engines: Sequence[str],
        batches: Iterable[Batch],
        progress: Callable[[float], None],
    ) -> Placed:
        """Store and place what the engines make.

        bodies: the products that may have a body; engines: names by the index that comes with each
        mesh; progress: called with the done share 0..1.
        """
        total, come, size = max(len(bodies), 1), 0, 0
        waiting: list[Batch] = []
        for batch in batches:
            waiting.append(batch)
            size += batch.size
            if size >= BATCH_BYTES:
                self._put(joined(waiting))
                waiting, size = [], 0
            come += len(batch.step)
            progress(min(come / total, 1.0))
        if waiting:
            self._put(joined(waiting))
        progress(1.0)
        return self._placed(bodies, engines)

    def _put(self, batch: Batch) -> None:
        """Store the new bodies of a batch and place its products, but for those of which nothing can be drawn."""
        stored = self._store.store(
            batch.vertices,
            batch.vertex_count,
            batch.faces,
            batch.face_count,
            self._materials(batch),
            self._coordinates(batch),
        )
        self._body_shape.frombytes(stored.index.tobytes())
        self._body_triangles.frombytes(stored.triangles.tobytes())
        self._body_closed.frombytes(stored.closed.tobytes())
        self._body_box.frombytes(np.hstack((stored.centre, stored.half)).tobytes())
        shape = np.frombuffer(self._body_shape, np.int64)[batch.body]
        kept = np.flatnonzero((shape >= 0) & np.isfinite(batch.matrix).all(axis=(1, 2)))
        box = np.frombuffer(self._body_box, np.float64).reshape(-1, 6)[batch.body[kept]]
        centre, half = box[:, :3, None], box[:, 3:, None]
        matrix = batch.matrix[kept, :3]
        matrix[:, :, 3:] += matrix[:, :, :3] @ centre
        near = (np.abs(matrix).max(axis=(1, 2)) <= FARTHEST_M) & (half.max(axis=(1, 2)) <= FARTHEST_M)
        kept, matrix, half = kept[near], matrix[near], half[near]
        self._step.frombytes(batch.step[kept].tobytes())
        self._engine.frombytes(batch.engine[kept].astype(np.int64).tobytes())
        self._shape.frombytes(shape[kept].tobytes())
        self._closed.frombytes(np.frombuffer(self._body_closed, np.bool_)[batch.body[kept]].tobytes())
        self._matrix.frombytes(matrix.tobytes())
        self._half.frombytes((np.abs(matrix[:, :, :3]) @ half).tobytes())
        self._triangles += int(np.frombuffer(self._body_triangles, np.int64)[batch.body[kept]].sum())

    def _materials(self, batch: Batch) -> U16:
        """The material (f,) of each face: that of its look, the class's own where the file gives none."""
        owner = np.repeat(np.arange(len(batch.face_count)), batch.face_count)
        bare = np.bincount(owner, batch.look < 0, len(batch.face_count)) > 0
        cases, first, case = np.unique(2 * batch.finish + bare, return_index=True, return_inverse=True)
        begin, end = np.zeros(len(cases), np.int64), np.zeros(len(cases), np.int64)
        materials: list[int] = []
        for at in np.argsort(first).tolist():  # in the order of the bodies, so that materials are numbered alike
            ifc_class, looks = batch.finishes[int(cases[at]) // 2]
            line = ancestry(self._schema, ifc_class)
            begin[at] = len(materials)
            materials += [self._paint.material(look, shown(look.rgba, line)) for look in looks]
            if cases[at] % 2 or not looks:
                materials.append(self._spool.material(class_colour(line), ifc_class.removeprefix("Ifc")))
            end[at] = len(materials)
        of_face = case[owner]
        index = np.where(batch.look < 0, end[of_face], begin[of_face]) + batch.look  # -1 is the last: the class's own
        return np.array(materials, np.uint16)[index]

    def _coordinates(self, batch: Batch) -> F64 | None:
        """Texture coordinates (f, 3, 2) at the corners of faces, NaN at plain ones; None where all are plain."""
        textures = [self._paint.texture(look) for finish in batch.finishes for look in finish.looks]
        numbers: dict[TextureStyle, int] = {}
        number = [-1 if texture is None else numbers.setdefault(texture, len(numbers)) for texture in textures]
        if not numbers:
            return None
        looks = np.array([len(finish.looks) for finish in batch.finishes], np.int64)
        owner = np.repeat(np.arange(len(batch.face_count)), batch.face_count)
        look = (np.cumsum(looks) - looks)[batch.finish[owner]] + batch.look
        texture = np.where(batch.look < 0, -1, np.array(number)[look])
        given = np.full((len(batch.faces), 3, 2), np.nan)
        given[batch.mapped[owner]] = batch.uv
        begin = np.cumsum(batch.vertex_count) - batch.vertex_count
        # Corners that do not exist are clipped: the store leaves such faces out.
        points = batch.vertices.take(batch.faces + begin[owner, None], axis=0, mode="clip")
        return texture_coordinates(points, texture, tuple(numbers), given, self._length)

    def _placed(self, bodies: Sequence[Any], engines: Sequence[str]) -> Placed:
        matrix = np.array(self._matrix, np.float64).reshape(-1, 3, 4)
        half = np.array(self._half, np.float64).reshape(-1, 3)
        middle = matrix[:, :, 3]
        made = {step: engines[engine] for step, engine in zip(self._step, self._engine, strict=True)}
        return Placed(
            step=np.array(self._step, np.int64),
            shape=np.array(self._shape, np.int64),
            matrix=matrix,
            low=middle - half,
            high=middle + half,
            closed=np.array(self._closed, np.bool_),
            engines=made,
            failed=[step for body in bodies if (step := int(body.id())) not in made and promises_body(body)],
            triangles=self._triangles,
            turned=frozenset(self._store.turned),
            content=self._store.content,
        )


def has_body(product: Any, schema: str) -> bool:
    """Whether a product may have a body: it has a representation and is no cut, drawing, axis or analysis item."""
    return value_at(product, REPRESENTATION) is not None and _draws(schema, class_of(product))


@lru_cache(maxsize=4096)
def _draws(schema: str, ifc_class: str) -> bool:
    return _NO_MESH.isdisjoint(ancestry(schema, ifc_class))


def promises_body(product: Any) -> bool:
    """Whether one of the product's representations is of a solid or surface type."""
    for representation in entities_of(attribute(value_at(product, REPRESENTATION), "Representations")):
        kind, items = attribute(representation, "RepresentationType"), entities_of(attribute(representation, "Items"))
        if items and _is_solid(kind):
            return True
        if kind == "MappedRepresentation":
            mapped = (attribute(attribute(item, "MappingSource"), "MappedRepresentation") for item in items)
            if any(_is_solid(attribute(inner, "RepresentationType")) for inner in mapped):
                return True
    return False


def _is_solid(kind: Any) -> bool:
    return isinstance(kind, str) and kind in SOLID_TYPES
