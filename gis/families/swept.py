"""Lines with a body: underground pipes, and fences and walls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from gis.columns import Columns, plain
from gis.families.family import Batch, Work
from gis.families.surface import measure_lengths
from gis.looks import Look
from gis.notes import Text
from gis.shapes.parts import Parts
from gis.shapes.paths import fraction, path_of, paths_of
from gis.shapes.sweep import Paths, circle, slab, sweep
from gis.words import CLASS, DEPTH, DEPTH_END, DEPTH_START, DIAMETER, HEIGHT, MEDIUM, PIPE_MEDIA, WIDTH

F64 = npt.NDArray[np.float64]
FAR_FROM_GROUND_M = 50.0
SPACING_M = 8.0

_DIAMETER = Text(
    "{n} 段管线没有管径，按介质取默认值",
    "{n} pipes tell no diameter and take their medium's usual one",
    "在源数据中填写 diameter 或 管径 字段（毫米或米）",
    "Give them a diameter field, in millimetres or metres",
)
_DEPTH = Text(
    "{n} 段管线既无高程也无埋深，按介质取默认埋深",
    "{n} pipes tell neither elevations nor a depth and take their medium's usual depth",
    "在源数据中填写 depth 或 埋深 字段，或使用带 Z 的线",
    "Give them a depth field, or lines with Z",
)
_FAR_Z = Text(
    "{n} 段管线的 Z 值与地面相差超过 50 m，改用埋深",
    "{n} pipes have Z more than 50 m from the ground and are laid by their depth instead",
    "确认管线高程的基准",
    "Check the height datum of the pipes",
    repaired=True,
)


@dataclass(frozen=True)
class Medium:
    """What a pipe carries: its colour, and its usual diameter and cover in metres where the source tells none."""

    look: Look
    diameter: float
    depth: float


@dataclass(frozen=True)
class Tube:
    """A round pipe on the line's own heights, else below the ground by its depth (to the pipe's top)."""

    media: Mapping[str, Medium]
    other: Medium

    def build(self, work: Work, batch: Batch, parts: Parts) -> None:
        """Find sizes and heights, then sweep all pipes at once."""
        kinds = [self.media.get(name, self.other) for name in media_of(batch.columns)]
        rows = np.unique(parts.owner)
        diameter = pipe_diameter(batch.columns)
        missing = np.isnan(diameter)
        work.notes.add("diameter-default", _DIAMETER, batch.ids[rows[missing[rows]]])
        diameter = np.where(missing, [kind.diameter for kind in kinds], diameter)
        paths = self._laid(work, batch, parts, diameter, np.array([kind.depth for kind in kinds]))
        work.lay(batch.ids, paths)
        batch.measure("Diameter", "m", rows, diameter[rows])
        step = np.linalg.norm(np.diff(paths.points, axis=0), axis=1)
        path = path_of(paths)
        inside = path[1:] == path[:-1]
        batch.total("Length", "m", paths.owner[path[:-1][inside]], step[inside])
        radius = (diameter / 2)[paths.owner]
        paint = np.array([work.paint(kind.look) for kind in kinds])[paths.owner]
        batch.put(work, sweep(paths, circle(), radius, radius, paint), "tube")

    def _laid(self, work: Work, batch: Batch, parts: Parts, diameter: F64, usual: F64) -> Paths:
        """Paths at the height of the pipes' axes."""
        depth, start, end = (_depth(batch.columns, names) for names in (DEPTH, DEPTH_START, DEPTH_END))
        start, end = np.where(np.isnan(start), depth, start), np.where(np.isnan(end), depth, end)
        start, end = np.where(np.isnan(start), end, start), np.where(np.isnan(end), start, end)
        given = batch.has_z
        rows = np.unique(parts.owner)
        missing = np.isnan(start) & ~given
        work.notes.add("depth-default", _DEPTH, batch.ids[rows[missing[rows]]])
        start, end = np.where(np.isnan(start), usual, start), np.where(np.isnan(end), usual, end)
        paths = paths_of(parts, None if work.ground.flat else SPACING_M)
        owner = paths.owner[path_of(paths)]
        ground = work.ground.z(paths.points)
        along = fraction(paths)
        below = ground - (start[owner] * (1 - along) + end[owner] * along) - diameter[owner] / 2
        z = np.where(given[owner], paths.points[:, 2], below)
        far = given[owner] & (np.abs(z - ground) > FAR_FROM_GROUND_M)
        if far.any():
            rows = np.unique(owner[far])
            work.notes.add("pipe-z", _FAR_Z, batch.ids[rows])
            z = np.where(np.isin(owner, rows), below, z)
        return Paths(np.column_stack((paths.points[:, :2], z)), paths.first, paths.owner)


@dataclass(frozen=True)
class Barrier:
    """A fence, wall or hedge of some height along a line, standing upright on the ground."""

    looks: Mapping[str, Look]
    other: Look
    height: float = 1.8
    thickness: float = 0.12

    def build(self, work: Work, batch: Batch, parts: Parts) -> None:
        """Sweep an upright slab along all lines."""
        measure_lengths(batch, parts)
        height = batch.columns.number(HEIGHT)
        height = np.where((height > 0.05) & (height < 30), height, self.height)
        width = batch.columns.number(WIDTH)
        width = np.where((width > 0.01) & (width < 5), width, self.thickness)
        rows = np.unique(parts.owner)
        batch.measure("Height", "m", rows, height[rows])
        words = batch.columns.text(("barrier", *CLASS))
        looks = [self.looks.get(plain(word), self.other) if word else self.other for word in words]
        flat = Parts(shapely.force_2d(parts.geometry), parts.owner)
        paths = paths_of(flat, None if work.ground.flat else SPACING_M)
        z = work.ground.z(paths.points)
        laid = Paths(np.column_stack((paths.points[:, :2], z)), paths.first, paths.owner)
        paint = np.array([work.paint(look) for look in looks])[paths.owner]
        mesh = sweep(laid, slab(-0.1, 1.0), width[paths.owner], height[paths.owner], paint, upright=True)
        batch.put(work, mesh, "sweep")


def media_of(columns: Columns) -> list[str]:
    """The medium of each row by its attributes, `other` where nothing tells."""
    result = ["other"] * len(columns)
    for name in MEDIUM:
        for row, word in enumerate(columns.text((name,))):
            if word and result[row] == "other":
                result[row] = medium_of(word)
    return result


def medium_of(word: str) -> str:
    """The medium that a word of a source names, else `other`."""
    key = plain(word)
    exact = next((medium for medium, words in PIPE_MEDIA.items() if key in words), None)
    if exact is not None:
        return exact
    return next((medium for medium, words in PIPE_MEDIA.items() if any(w in key for w in words if len(w) > 2)), "other")


def pipe_diameter(columns: Columns) -> F64:
    """(n,) metres, NaN where unknown. Figures above 5 are millimetres."""
    value = columns.number(DIAMETER)
    value = np.where(value > 5.0, value / 1000.0, value)
    return np.where((value > 0.005) & (value <= 5.0), value, np.nan)


def _depth(columns: Columns, names: tuple[str, ...]) -> F64:
    value = np.abs(columns.number(names))
    return np.where(value < FAR_FROM_GROUND_M, value, np.nan)
