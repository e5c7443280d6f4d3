"""Things placed at points: trees, lamps, poles, manholes, markers. One shape, many placements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from gis.families.family import Batch, Work
from gis.families.surface import measure_lengths
from gis.shapes.models import BROADLEAF, CONIFER_TREE, Model
from gis.shapes.parts import Parts
from gis.words import CONIFERS, CROWN, DIAMETER, HEADING, HEIGHT, SPECIES, TRUNK

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]


def put_models(work: Work, batch: Batch, models: Mapping[int, Model], rows: I64, points: F64, scale: F64) -> None:
    """Place a model at each of (k, 3) points on (k, 3) scales, turned to the row's heading. models: by row."""
    heading = np.nan_to_num(batch.columns.number(HEADING, units=False))
    angle = np.radians(90.0 - heading)[rows]  # clockwise from north → counter-clockwise from east
    angle = np.where((batch.columns.text(HEADING) == None)[rows], 0.0, angle)  # noqa: E711  elementwise
    cosine, sine = np.cos(angle), np.sin(angle)
    matrices = np.zeros((len(rows), 4, 4))
    matrices[:, 0, 0], matrices[:, 0, 1] = cosine * scale[:, 0], -sine * scale[:, 1]
    matrices[:, 1, 0], matrices[:, 1, 1] = sine * scale[:, 0], cosine * scale[:, 1]
    matrices[:, 2, 2], matrices[:, 3, 3] = scale[:, 2], 1.0
    matrices[:, :3, 3] = points
    for row, matrix in zip(rows.tolist(), matrices, strict=True):
        work.spool.place(batch.ids[row], work.models.shape(models[row]), matrix)
    batch.engine[rows] = "instance"


def _centres(parts: Parts) -> F64:
    inside = shapely.point_on_surface(shapely.force_2d(parts.geometry))
    return shapely.get_coordinates(inside)


def _on_ground(work: Work, points: F64, lift: float) -> F64:
    return np.column_stack((points[:, :2], work.ground.z(points) + lift))


@dataclass(frozen=True)
class Place:
    """One model at each point. by: `height` or `diameter` scales it, None leaves its own size."""

    model: Model
    by: str | None = None
    limits: tuple[float, float] = (0.1, 60.0)
    default: float | None = None
    lift: float = 0.0

    def build(self, work: Work, batch: Batch, parts: Parts) -> None:
        """Scale, turn and place."""
        size = np.full(len(batch.ids), self.default or self.model.size)
        if self.by is not None:
            found = batch.columns.number(HEIGHT if self.by == "height" else DIAMETER)
            if self.by == "diameter":
                found = np.where(found > 5.0, found / 1000.0, found)
            low, high = self.limits
            size = np.where((found >= low) & (found <= high), found, size)
            rows = np.unique(parts.owner)
            batch.measure("Height" if self.by == "height" else "Diameter", "m", rows, size[rows])
        points = _on_ground(work, _centres(parts), self.lift)
        scale = np.repeat((size / self.model.size)[parts.owner][:, None], 3, axis=1)
        if self.by == "diameter":
            scale[:, 2] = 1.0
        put_models(work, batch, dict.fromkeys(range(len(batch.ids)), self.model), parts.owner, points, scale)


def tree_sizes(batch: Batch) -> tuple[F64, F64, dict[int, Model]]:
    """(n,) height and crown radius in metres, and the model by row.

    Missing sizes follow each other: height ≈ 1.6 crown diameters, crown diameter ≈ 22 trunk diameters
    (rules of thumb of street-tree surveys), else 7 m high.
    """
    columns = batch.columns
    height, crown = columns.number(HEIGHT), columns.number(CROWN)
    height = np.where((height > 0.3) & (height < 120), height, np.nan)
    crown = np.where((crown > 0.2) & (crown < 60), crown, np.nan)
    trunk = columns.number(TRUNK)
    trunk = np.where(trunk > 3.0, trunk / 100.0, trunk)  # centimetres
    crown = np.where(np.isnan(crown) & (trunk > 0.01), np.clip(22 * trunk, 1.0, 20.0), crown)
    height = np.where(np.isnan(height), np.clip(1.6 * crown, 1.5, 35.0), height)
    height = np.where(np.isnan(height), 7.0, height)
    words = columns.text(SPECIES)
    needle = np.array([bool(w) and any(part in w.lower() for part in CONIFERS) for w in words])
    crown = np.where(np.isnan(crown), height / np.where(needle, 2.4, 1.6), crown)
    models = {row: CONIFER_TREE if needle[row] else BROADLEAF for row in range(len(words))}
    return height, crown / 2, models


@dataclass(frozen=True)
class Trees:
    """A tree at each point, or in rows along lines `spacing` metres apart."""

    spacing: float = 6.0

    def build(self, work: Work, batch: Batch, parts: Parts) -> None:
        """Size and place."""
        height, radius, models = tree_sizes(batch)
        rows = np.unique(parts.owner)
        batch.measure("Height", "m", rows, height[rows])
        batch.measure("CrownDiameter", "m", rows, 2 * radius[rows])
        if len(parts) and (shapely.get_type_id(parts.geometry[:1]) == 1).all():
            measure_lengths(batch, parts)
            points, owner = self._along(parts)
        else:
            points, owner = _centres(parts), parts.owner
        scale = np.column_stack((radius[owner], radius[owner], height[owner]))
        put_models(work, batch, models, owner, _on_ground(work, points, -0.05), scale)

    def _along(self, parts: Parts) -> tuple[F64, I64]:
        length = shapely.length(parts.geometry)
        count = np.maximum(np.round(length / self.spacing).astype(np.int64) + 1, 1)
        line = np.repeat(np.arange(len(parts)), count)
        place = np.arange(len(line)) - np.repeat(np.cumsum(count) - count, count)
        share = place / np.maximum(count[line] - 1, 1)
        points = shapely.line_interpolate_point(parts.geometry[line], share, normalized=True)
        return shapely.get_coordinates(points)[:, :2], parts.owner[line]
