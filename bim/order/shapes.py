"""What the measured shapes tell: solids without volume, open ones, twins, rooms inside rooms."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from bim.order.duplicates import twins
from bim.order.overlaps import overlapping_spaces
from bim.order.shells import boundary_edges
from twin.fault import Fault
from twin.finding import Finding, Severity
from twin.geometry.measure import ShapeMeasures
from twin.geometry.spool import SpoolReader

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
THIN_M = 1e-5
"""Twice the volume over the surface, a sheet's thickness: a hundredth of a millimetre is no body, but above what float32 loses."""
STAND_IN = "bounding-box"

NO_VOLUME = Fault(
    code="ifc-no-volume",
    severity=Severity.MINOR,
    zh="{n} 个构件的实体没有体积",
    en="{n} elements have a solid without volume",
    fix_zh="检查拉伸高度、截面尺寸是否为零，或删除退化的实体",
    fix_en="Check for a depth or profile of zero, or delete the degenerate solid",
)
OPEN_SOLID = Fault(
    code="ifc-open-solid",
    severity=Severity.MINOR,
    zh="{n} 个构件声明为实体，但外壳不封闭，无法计算体积",
    en="{n} elements are declared solid, but their shell is open; they have no volume",
    fix_zh="在建模软件中封闭外壳，或按曲面模型导出",
    fix_en="Close the shell in the authoring tool, or export it as a surface model",
)
MIXED_FACES = Fault(
    code="ifc-mixed-faces",
    severity=Severity.MINOR,
    zh="{n} 个构件的实体面朝向不一，有的朝外有的朝内，无法计算体积",
    en="{n} elements have a solid whose faces point partly outwards and partly inwards; they have no volume",
    fix_zh="在建模软件中统一这些实体的面方向",
    fix_en="Make the faces of these solids point outwards in the authoring tool",
)
DUPLICATE = Fault(
    code="ifc-duplicate",
    severity=Severity.MAJOR,
    zh="{n} 个构件与同类构件完全重合，工程量会重复计算",
    en="{n} elements lie in an equal one of the same class; quantities count twice",
    fix_zh="删除重合的副本",
    fix_en="Delete the copies",
)
SPACE_OVERLAP = Fault(
    code="ifc-space-overlap",
    severity=Severity.MINOR,
    zh="{n} 个空间与其他空间重叠，面积会重复计算",
    en="{n} spaces overlap others; areas count twice",
    fix_zh="调整房间边界或高度，使空间互不重叠",
    fix_en="Adjust bounds or heights of the rooms so that they do not overlap",
)
FAULTS = (NO_VOLUME, OPEN_SOLID, MIXED_FACES, DUPLICATE, SPACE_OVERLAP)
"""All that `shape_findings` may tell."""


def shape_findings(
    objects: pa.Table,
    meshes: SpoolReader,
    shapes: ShapeMeasures,
    boxes: F64,
    solids: frozenset[str],
    *,
    overlaps: bool = True,
) -> list[Finding]:
    """Findings about shapes.

    objects: rows of OBJECTS; boxes (n, 6) metres by row, NaN without mesh; solids: ids of the objects with an
    open mesh that the source declares closed solids, face by face; overlaps: whether the spaces are looked at.
    """
    ids = objects.column("id").to_pylist()
    of_meshes = pa.array(meshes.objects, pa.string())
    rows = np.asarray(pc.index_in(of_meshes, value_set=objects.column("id").combine_chunks()), np.int64)
    volume, area = _by_row(meshes, shapes, rows, len(ids))
    made = ~_among(objects.column("engine"), {STAND_IN})
    real = np.isfinite(boxes).all(axis=1) & (area > 0) & made
    with np.errstate(invalid="ignore"):
        flat = real & (2 * volume <= THIN_M * area)
    found = NO_VOLUME.found([ids[row] for row in np.flatnonzero(flat)])
    unsound = real & np.isnan(volume) & _among(objects.column("id"), solids)
    is_open = _open(meshes, shapes, rows, unsound)
    found += OPEN_SOLID.found([ids[row] for row in np.flatnonzero(unsound & is_open)])
    found += MIXED_FACES.found([ids[row] for row in np.flatnonzero(unsound & ~is_open)])
    copies = twins(objects, boxes, volume, area, real)
    found += DUPLICATE.found(
        [ids[copy] for copy in copies], notes={ids[copy]: ids[first] for copy, first in copies.items()}
    )
    if not overlaps:
        return found
    names = objects.column("name").to_pylist()
    pairs = overlapping_spaces(objects, meshes, rows, boxes, volume)
    notes = {ids[row]: names[other] or ids[other] for row, other in pairs.items()}
    return found + SPACE_OVERLAP.found(list(notes), notes=notes)


def _among(column: pa.ChunkedArray, names: Collection[str]) -> npt.NDArray[np.bool_]:
    """Which rows of a column of texts hold one of these."""
    found = pc.is_in(column, value_set=pa.array(sorted(names), pa.string()))
    return np.asarray(found.to_numpy(), np.bool_)


def _by_row(meshes: SpoolReader, shapes: ShapeMeasures, rows: I64, count: int) -> tuple[F64, F64]:
    """Volume and surface by object row; the volume is NaN where one of an object's shapes is open."""
    scale = np.abs(np.linalg.det(meshes.matrix[:, :, :3]))
    owner = rows[meshes.placed_object] if len(rows) else np.empty(0, np.int64)
    volume = np.bincount(owner, shapes.volume[meshes.placed_shape] * scale, count)
    area = np.bincount(owner, shapes.area[meshes.placed_shape] * scale ** (2 / 3), count)
    return np.asarray(volume, np.float64), np.asarray(area, np.float64)


def _open(
    meshes: SpoolReader, shapes: ShapeMeasures, rows: I64, unsound: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """By object row, whether one of the shapes of an unsound object has an edge where it ends."""
    owner = rows[meshes.placed_object] if len(rows) else np.empty(0, np.int64)
    doubtful = np.flatnonzero(unsound[owner] & np.isnan(shapes.volume[meshes.placed_shape]))
    used, place = np.unique(meshes.placed_shape[doubtful].astype(np.int64), return_inverse=True)
    is_open = np.zeros(len(unsound), np.bool_)
    is_open[owner[doubtful[boundary_edges(meshes, used)[place] > 0]]] = True
    return is_open
