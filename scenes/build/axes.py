"""Middle lines of a layer's long things, kept with its tables: what lines of flow are drawn along."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from twin.geometry.spool import SpoolReader
from twin.graph.schema import AXIS
from twin.graph.tablefile import write_table
from twin.layer import AXES, LayerDraft

F64 = npt.NDArray[np.float64]
SEGMENTS = ("PipeSegment", "DuctSegment", "CableSegment", "CableCarrierSegment", "FlowSegment")
SLENDER = 2.0
"""A body less than so many times as long as wide has no middle line that says where its flow goes."""


def principal_axis(vertices: F64) -> F64 | None:
    """Ends (2, 3) of a body's longest axis through the middle of its box along it; None where it is not slender.

    vertices (n, 3) metres. The axis is the direction in which the vertices spread most (principal components).
    """
    middle = (vertices.min(axis=0) + vertices.max(axis=0)) / 2
    centred = vertices - vertices.mean(axis=0)
    _, vectors = np.linalg.eigh(centred.T @ centred)
    along = (vertices - middle) @ vectors
    low, high = along.min(axis=0), along.max(axis=0)
    extent = high - low
    if extent[2] <= SLENDER * max(extent[0], extent[1]):
        return None
    heart = middle + vectors[:, :2] @ ((low[:2] + high[:2]) / 2)
    return np.stack([heart + vectors[:, 2] * low[2], heart + vectors[:, 2] * high[2]])


def segment_axes(objects: pa.Table, spool: SpoolReader) -> pa.Table:
    """Middle lines (`AXES`) of the straight flow segments of a building model, one a body."""
    wanted = set(
        objects.filter(pc.is_in(objects.column("type"), value_set=pa.array(SEGMENTS))).column("id").to_pylist()
    )
    chosen = np.array([one in wanted for one in spool.objects], np.bool_)
    placed = np.flatnonzero(chosen[spool.placed_object]) if len(chosen) else np.zeros(0, np.int64)
    ends: dict[int, F64 | None] = {}
    ids: list[str] = []
    points: list[list[float]] = []
    for place in placed.tolist():
        shape = int(spool.placed_shape[place])
        if shape not in ends:
            vertices = spool.shape(shape).vertices.astype(np.float64)
            ends[shape] = principal_axis(vertices) if len(vertices) >= 4 else None
        axis = ends[shape]
        if axis is not None:
            matrix = spool.matrix[place]
            ids.append(spool.objects[int(spool.placed_object[place])])
            points.append((axis @ matrix[:, :3].T + matrix[:, 3]).ravel().tolist())
    return pa.table({"id": pa.array(ids, pa.string()), "points": points}, AXES)


def write_axes(folder: Path, layer: str, draft: LayerDraft, spool: SpoolReader | None) -> None:
    """Write the table `axis` of a version into its folder: the draft's own lines and those of its segments."""
    axes = draft.axes
    if spool is not None:
        axes = pa.concat_tables([axes, segment_axes(draft.objects, spool)])
    table = pa.table(
        {
            "layer": pa.array([layer] * len(axes), pa.string()),
            "gid": pc.binary_join_element_wise(f"{layer}/", axes.column("id"), ""),
            "points": axes.column("points"),
        }
    )
    write_table(folder, AXIS, table)
