"""Footprints raised to blocks: buildings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from gis.families.family import Batch, Work
from gis.families.surface import measure_areas
from gis.looks import Look
from gis.notes import Text
from gis.shapes.extrude import extrude
from gis.shapes.parts import Parts
from gis.shapes.triangulate import rings_of
from gis.words import HEIGHT, LEVELS, MIN_HEIGHT, MIN_LEVEL

F64 = npt.NDArray[np.float64]
STOREY_M = 3.3
DEFAULT_M = 6.0
FOOT_M = 0.5
"""How far a block reaches below the lowest ground at its footprint."""

_DEFAULTED = Text(
    "{n} 栋建筑没有高度和层数，按 {height} m 拉伸",
    "{n} buildings tell neither height nor storeys and are {height} m high by default",
    "在源数据中填写 height 或 building:levels 字段",
    "Give them a height or building:levels field in the source",
)


@dataclass(frozen=True)
class Block:
    """A footprint raised by its height; it stands on the mean ground and its walls reach below the lowest."""

    wall: Look
    roof: Look

    def build(self, work: Work, batch: Batch, parts: Parts) -> None:
        """Find heights, then raise all footprints at once."""
        height, bottom = self._heights(work, batch, parts)
        measure_areas(batch, parts)
        rows = np.unique(parts.owner)
        batch.measure("Height", "m", rows, height[rows])
        clear = (height - bottom)[parts.owner]
        batch.total("Volume", "m3", parts.owner, shapely.area(parts.geometry) * clear)
        low, mean, high = self._ground(work, batch, parts)
        raised = bottom[parts.owner] > 0
        foot = low if work.ground.flat else low - FOOT_M
        begin = np.where(raised, mean + bottom[parts.owner], foot)
        top = mean + height[parts.owner]
        # on a steep slope the roof still clears the ground behind it
        top = np.maximum(top, np.where(raised, top, high + np.minimum(height[parts.owner], STOREY_M)))
        if work.ground.flat:
            top = mean + height[parts.owner]
        mesh = extrude(parts, begin, top, work.paint(self.wall), work.paint(self.roof))
        batch.put(work, mesh, "extrude")

    def _heights(self, work: Work, batch: Batch, parts: Parts) -> tuple[F64, F64]:
        columns = batch.columns
        height = _within(columns.number(HEIGHT), 0.1, 1000.0)
        levels = _within(columns.number(LEVELS, units=False), 0.1, 250.0)
        height = np.where(np.isnan(height), levels * STOREY_M, height)
        missing = np.isnan(height)
        rows = np.unique(parts.owner)
        work.notes.add("height-default", _DEFAULTED, batch.ids[rows[missing[rows]]], height=DEFAULT_M)
        height[missing] = DEFAULT_M
        bottom = _within(columns.number(MIN_HEIGHT), 0.0, 1000.0)
        lowest = _within(columns.number(MIN_LEVEL, units=False), 0.0, 250.0) * STOREY_M
        bottom = np.nan_to_num(np.where(np.isnan(bottom), lowest, bottom))
        return height, np.where(bottom < height - 0.1, bottom, 0.0)

    def _ground(self, work: Work, batch: Batch, parts: Parts) -> tuple[F64, F64, F64]:
        """(m,) lowest, mean and highest ground below each part: terrain, else the source's own heights, else 0."""
        rings = rings_of(parts.geometry)
        starts, count = rings.first_vertex[:-1], np.diff(rings.first_vertex)
        if work.ground.flat:
            z = np.where(np.repeat(batch.has_z[parts.owner], count), np.nan_to_num(rings.z), 0.0)
            low = np.minimum.reduceat(z, starts)
            return low, low, low
        z = work.ground.z(rings.xy)
        return np.minimum.reduceat(z, starts), np.add.reduceat(z, starts) / count, np.maximum.reduceat(z, starts)


def _within(values: F64, low: float, high: float) -> F64:
    """Values between the limits, NaN for the rest."""
    return np.where((values >= low) & (values <= high), values, np.nan)
