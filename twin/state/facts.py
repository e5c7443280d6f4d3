"""What the scene graph knows of the objects that show the points, as columns by point index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from twin.state.point import PointSpec
from twin.state.samples import Floats

Names = NDArray[np.str_]


@dataclass(frozen=True)
class PointFacts:
    """Columns of length n: layer, type, storey gid and building gid of each point's object, "" where none.

    titles: Chinese and English names of buildings by gid; boxes: (n, 6) min x, y, z, max x, y, z in metres of the
    park's frame, NaN where the object has no shape; None where no box is known.
    """

    layer: Names
    type: Names
    storey: Names
    building: Names
    titles: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    boxes: Floats | None = None

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[Mapping[str, object]],
        titles: Mapping[str, tuple[str, str]] | None = None,
        boxes: Floats | None = None,
    ) -> PointFacts:
        """Facts of table rows with layer, type, storey, building (`twin.graph.points.rows`), in point order."""
        columns: dict[str, list[str]] = {"layer": [], "type": [], "storey": [], "building": []}
        for row in rows:
            for name, values in columns.items():
                values.append(str(row.get(name) or ""))
        return cls(
            **{name: np.array(values, dtype=np.str_) for name, values in columns.items()},
            titles=titles or {},
            boxes=boxes,
        )

    @classmethod
    def unknown(cls, points: Sequence[PointSpec]) -> PointFacts:
        """What can be said without a scene graph: the layer, from the gid."""
        layer = [point.gid.split("/", 1)[0] if "/" in point.gid else "" for point in points]
        blank = np.full(len(points), "", dtype=np.str_)
        return cls(np.array(layer, dtype=np.str_), blank, blank, blank)
