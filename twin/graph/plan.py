"""The park seen from above: rectangles of published objects, and which objects outlines are drawn of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from twin.graph.database import Database
from twin.graph.tablefile import read_table

HOLLOW = ("Site", "Building", "BuildingStorey", "Space", "Project", "Terrain", "Area", "PlotBoundary")
"""Types that only enclose others, or lie under everything: drawn, they would hide what stands in them."""
MIN_AREA_M2 = 0.2
ACROSS_M = 60.0
"""A feature that is no building and wider than this both ways is a loop, a diagonal or an area: its rectangle would
hide the plan and say nothing of its shape."""


@dataclass(frozen=True)
class Drawn:
    """Objects of a layer version by ordinal.

    wanted (n,): drawn on a plan; type (n,): place in `names`; box (n, 4): min x, min y, max x, max y in metres of the
    park frame, NaN where there is none.
    """

    wanted: npt.NDArray[np.bool_]
    type: npt.NDArray[np.int64]
    names: list[str]
    box: npt.NDArray[np.float64]


def drawn(folder: Path, kind: str) -> Drawn:
    """What to draw of the version in `folder`: all but what only encloses others; in a map buildings are things themselves."""
    table = read_table(folder, "object").sort_by("ordinal")
    names, place = np.unique(np.array(table.column("type").to_pylist(), dtype=str), return_inverse=True)
    hollow = set(HOLLOW) - ({"Building"} if kind != "bim" else set())
    wanted = ~np.isin(names, sorted(hollow))[place]
    columns = [table.column(name).to_numpy(zero_copy_only=False) for name in ("min_x", "min_y", "max_x", "max_y")]
    return Drawn(wanted, place, names.tolist(), np.column_stack(columns).astype(np.float64))


def plan(db: Database, own: str, limit: int) -> list[dict[str, Any]]:
    """`[{layer, version, group, title, title_en, boxes: [[min_x, min_y, max_x, max_y]]}]`, metres in the park frame.

    At most `limit` rectangles in all, the largest of each layer first, and of objects whose rectangle says something of
    their shape. Terrain, models under review and planning schemes, which stand in one another, are left out but for
    the layer `own`. Ground comes first, then buildings, then `own`, so that they can be drawn in this order.
    """
    rows = db.rows(
        """
        WITH drawn AS (
            SELECT o.layer, o.min_x, o.min_y, o.max_x, o.max_y,
                   row_number() OVER (PARTITION BY o.layer
                       ORDER BY (o.max_x - o.min_x) * (o.max_y - o.min_y) DESC, o.ordinal) AS place
            FROM object o JOIN layer l ON l.layer = o.layer
            WHERE o.min_x IS NOT NULL AND (l.layer = ? OR l."group" NOT IN ('terrain', 'submission', 'scheme'))
              AND (l.kind = 'bim' OR o.type = 'Building' OR least(o.max_x - o.min_x, o.max_y - o.min_y) <= ?)
              AND o.type NOT IN (SELECT unnest(?)) AND (o.max_x - o.min_x) * (o.max_y - o.min_y) >= ?
        ), chosen AS (SELECT * FROM drawn ORDER BY place, layer LIMIT ?)
        SELECT l.layer, l.version, l."group", l.title, l.title_en,
               coalesce(list([round(c.min_x, 2), round(c.min_y, 2), round(c.max_x, 2), round(c.max_y, 2)] ORDER BY c.place)
                        FILTER (WHERE c.layer IS NOT NULL), []) AS boxes
        FROM layer l LEFT JOIN chosen c ON l.layer = c.layer
        WHERE l.layer = ? OR l."group" NOT IN ('terrain', 'submission', 'scheme') GROUP BY ALL
        """,
        [own, ACROSS_M, list(HOLLOW), MIN_AREA_M2, limit, own],
    )
    return sorted(rows, key=lambda row: (row["layer"] == own, row["group"] != "base", row["layer"]))
