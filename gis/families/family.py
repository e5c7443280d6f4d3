"""What a family is given and what it leaves behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gis.columns import Columns
from gis.looks import Look
from gis.notes import Notes
from gis.shapes.ground import Ground
from gis.shapes.mesh import Mesh, spool_mesh
from gis.shapes.models import ModelShapes
from gis.shapes.parts import Parts
from gis.shapes.sweep import Paths
from twin.geometry.spool import MeshSpool
from twin.layer import AXES

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
Objects = npt.NDArray[np.object_]


class Work:
    """The spool, the ground, the findings and the middle lines of one source."""

    def __init__(self, spool: MeshSpool, ground: Ground, notes: Notes) -> None:
        self.spool = spool
        self.ground = ground
        self.notes = notes
        self.models = ModelShapes(spool)
        self.axes: list[pa.Table] = []

    def lay(self, ids: Objects, paths: Paths) -> None:
        """Keep the middle lines of features, as they lie in the park."""
        count = np.diff(paths.first)
        used = np.flatnonzero(count >= 2)
        if len(used):
            rows = np.repeat(np.isin(np.arange(len(count)), used), count)
            ends = np.r_[0, np.cumsum(3 * count[used])].astype(np.int32)
            points = pa.ListArray.from_arrays(pa.array(ends), pa.array(paths.points[rows].ravel()))
            self.axes.append(pa.table({"id": pa.array(ids[paths.owner[used]], pa.string()), "points": points}, AXES))

    def paint(self, look: Look) -> int:
        """The material index of a look."""
        return self.spool.material(look.rgba, look.name)


@dataclass
class Batch:
    """Features of one kind from one layer (n rows), in the park frame.

    ids (n,); has_z (n,): the source gave heights that mean something; measured: quantity name →
    (unit, (n,) values, NaN where there is none); engine (n,): what made the mesh, None without one.
    """

    ids: Objects
    columns: Columns
    has_z: npt.NDArray[np.bool_]
    measured: dict[str, tuple[str, F64]] = field(default_factory=dict)
    engine: Objects = field(default_factory=lambda: np.zeros(0, object))

    def __post_init__(self) -> None:
        self.engine = np.full(len(self.ids), None, object)

    def measure(self, name: str, unit: str, rows: I64, values: F64) -> None:
        """Note measured values of some rows."""
        _, array = self.measured.setdefault(name, (unit, np.full(len(self.ids), np.nan)))
        array[rows] = values

    def total(self, name: str, unit: str, owner: I64, values: F64) -> None:
        """Add up values of parts by the row that owns them."""
        _, array = self.measured.setdefault(name, (unit, np.full(len(self.ids), np.nan)))
        rows = np.unique(owner)
        array[rows] = np.nan_to_num(array[rows]) + np.bincount(owner, values, len(self.ids))[rows]

    def put(self, work: Work, mesh: Mesh, engine: str) -> None:
        """Store a mesh, one shape a feature."""
        rows = spool_mesh(work.spool, self.ids, mesh)
        self.engine[rows] = engine


class Family(Protocol):
    """Builds meshes for the parts (of one geometry type) of a batch, and measures them."""

    def build(self, work: Work, batch: Batch, parts: Parts) -> None:
        """Put shapes into the spool."""
        ...
