"""Areas and lines that lie on the ground: roads, paths, green, parking, land use, outlines; and water, which lies level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely

from gis.columns import plain
from gis.families.family import Batch, Work
from gis.looks import Look
from gis.shapes.drape import drape, level
from gis.shapes.mesh import join
from gis.shapes.parts import Parts
from gis.shapes.paths import paths_of
from gis.shapes.ribbon import ribbon
from gis.shapes.sweep import Paths
from gis.words import CLASS, LANES, WIDTH

F64 = npt.NDArray[np.float64]
SPACING_M = 8.0
LANE_M = 3.5
"""Width of a traffic lane, GB 51038 and CJJ 37: 3.25 to 3.75 m."""


def measure_areas(batch: Batch, parts: Parts) -> None:
    """Area and perimeter of polygons, from the geometry in the park frame."""
    batch.total("Area", "m2", parts.owner, shapely.area(parts.geometry))
    batch.total("Perimeter", "m", parts.owner, shapely.length(parts.geometry))


def measure_lengths(batch: Batch, parts: Parts) -> None:
    """Length of lines in plan."""
    batch.total("Length", "m", parts.owner, shapely.length(parts.geometry))


@dataclass(frozen=True)
class Drape:
    """A polygon that follows the ground, `lift` metres above it."""

    look: Look
    lift: float

    def build(self, work: Work, batch: Batch, parts: Parts) -> None:
        """Cut, triangulate and lay down."""
        measure_areas(batch, parts)
        batch.put(work, drape(parts, work.ground, self.lift, work.paint(self.look)), "drape")


@dataclass(frozen=True)
class Ribbon:
    """A line with a width that follows the ground. widths: by class word; default where nothing tells."""

    look: Look
    lift: float
    default: float
    widths: Mapping[str, float] = field(default_factory=dict)
    lanes: bool = False

    def build(self, work: Work, batch: Batch, parts: Parts) -> None:
        """Widen to polygons and lay down."""
        width = self._width(batch)
        measure_lengths(batch, parts)
        rows = np.unique(parts.owner)
        batch.measure("Width", "m", rows, width[rows])
        # the round ends are there to close the joints and are not counted
        batch.total("Area", "m2", parts.owner, shapely.length(parts.geometry) * width[parts.owner])
        self._lay(work, batch, parts)
        areas = ribbon(parts, width[parts.owner])
        batch.put(work, drape(areas, work.ground, self.lift, work.paint(self.look)), "ribbon")

    def _lay(self, work: Work, batch: Batch, parts: Parts) -> None:
        """The middle line on the ground."""
        flat = Parts(shapely.force_2d(parts.geometry), parts.owner)
        paths = paths_of(flat, None if work.ground.flat else SPACING_M)
        z = work.ground.z(paths.points) + self.lift
        work.lay(batch.ids, Paths(np.column_stack((paths.points[:, :2], z)), paths.first, paths.owner))

    def _width(self, batch: Batch) -> F64:
        width = batch.columns.number(WIDTH)
        width[~((width > 0) & (width < 200))] = np.nan
        if self.lanes:
            lanes = batch.columns.number(LANES, units=False)
            width = np.where(np.isnan(width) & (lanes > 0) & (lanes < 20), lanes * LANE_M, width)
        if self.widths and np.isnan(width).any():
            words = batch.columns.text(CLASS)
            found = np.array([self.widths.get(plain(word), np.nan) if word else np.nan for word in words])
            width = np.where(np.isnan(width), found, width)
        return np.where(np.isnan(width), self.default, width)


@dataclass(frozen=True)
class Outline:
    """An area shown by its edge only: a strip that follows the ground."""

    look: Look
    lift: float
    width: float = 0.6

    def build(self, work: Work, batch: Batch, parts: Parts) -> None:
        """Turn rings to strips and lay them down."""
        measure_areas(batch, parts)
        rings, part = shapely.get_rings(parts.geometry, return_index=True)
        edges = ribbon(Parts(rings, parts.owner[part]), np.full(len(rings), self.width))
        batch.put(work, drape(edges, work.ground, self.lift, work.paint(self.look)), "drape")


@dataclass(frozen=True)
class Water:
    """Standing water lies level; where the ground below falls by more than `fall` metres it follows it as a river does."""

    look: Look
    lift: float
    fall: float = 2.0

    def build(self, work: Work, batch: Batch, parts: Parts) -> None:
        """Find each surface's level from the ground below it."""
        measure_areas(batch, parts)
        paint = work.paint(self.look)
        if work.ground.flat:
            batch.put(work, drape(parts, work.ground, self.lift, paint), "drape")
            return
        draped = drape(parts, work.ground, self.lift, paint)
        low, high = np.full(len(batch.ids), np.nan), np.full(len(batch.ids), np.nan)
        heights = work.ground.z(draped.vertices[draped.faces].mean(axis=1))
        for row in np.unique(draped.owner):
            low[row], high[row] = np.percentile(heights[draped.owner == row], (10, 90))
        standing = (high - low <= self.fall)[parts.owner]
        still = parts.where(standing)
        surface = level(Parts(shapely.force_2d(still.geometry), still.owner), high[still.owner] + self.lift, paint)
        rows = np.unique(still.owner)
        batch.measure("Level", "m", rows, high[rows])
        flowing = drape(parts.where(~standing), work.ground, self.lift, paint)
        batch.put(work, join([surface, flowing]), "drape")
