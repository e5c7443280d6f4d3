"""Whether shells have an edge: triangles that meet no other one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from twin.geometry.spool import SpoolReader

I64 = npt.NDArray[np.int64]
WELD_M = 1e-4
"""Vertices within a tenth of a millimetre are one: exporters write corners of neighbouring faces apart by rounding."""
CHUNK = 300_000
"""Vertices looked at together."""
_MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5], np.uint64)
"""Odd constants (xxHash) that make one number of a shape and a place; equal numbers are equal places but for chance."""


def boundary_edges(meshes: SpoolReader, shapes: I64) -> I64:
    """For each of these shapes the number of edges that only one of its triangles has; 0 where it closes."""
    counts = meshes.counts[shapes, 0].astype(np.int64)
    edges = np.zeros(len(shapes), np.int64)
    ends = np.cumsum(counts)
    at = 0
    while at < len(shapes):
        before = ends[at - 1] if at else 0
        end = max(at + 1, int(np.searchsorted(ends, before + CHUNK, "right")))
        edges[at:end] = _boundary(meshes, shapes[at:end], counts[at:end])
        at = end
    return edges


def _boundary(meshes: SpoolReader, shapes: I64, counts: I64) -> I64:
    whole = meshes.gather(shapes)
    owner = np.repeat(np.arange(len(shapes)), counts)
    grid = np.column_stack((owner, np.round(whole.vertices.astype(np.float64) / WELD_M).astype(np.int64)))
    number = (grid.astype(np.uint64) * _MIX).sum(axis=1, dtype=np.uint64)
    welded = np.unique(number, return_inverse=True)[1].reshape(-1)
    faces = welded[whole.faces.astype(np.int64)]
    start, end = faces.ravel(), np.roll(faces, -1, axis=1).ravel()
    face_owner = np.repeat(owner[whole.faces[:, 0].astype(np.int64)], 3)
    real = start != end
    low, high = np.minimum(start, end)[real], np.maximum(start, end)[real]
    _, first, uses = np.unique(low * (welded.max(initial=0) + 1) + high, return_index=True, return_counts=True)
    return np.bincount(face_owner[real][first[uses == 1]], minlength=len(shapes)).astype(np.int64)
