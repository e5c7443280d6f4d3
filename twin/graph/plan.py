"""The park seen from above: rectangles of published objects, for plan drawings."""

from __future__ import annotations

from typing import Any

from twin.graph.database import Database

HOLLOW = ("Site", "Building", "BuildingStorey", "Space", "Project", "Terrain", "Area", "PlotBoundary")
"""Types that only enclose others, or lie under everything: drawn, they would hide what stands in them."""
MIN_AREA_M2 = 0.2
ACROSS_M = 60.0
"""A feature that is no building and wider than this both ways is a loop, a diagonal or an area: its rectangle would
hide the plan and say nothing of its shape."""


def plan(db: Database, own: str, limit: int) -> list[dict[str, Any]]:
    """`[{layer, group, title, title_en, boxes: [[min_x, min_y, max_x, max_y]]}]`, metres in the park frame.

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
        SELECT l.layer, l."group", l.title, l.title_en,
               list([round(c.min_x, 2), round(c.min_y, 2), round(c.max_x, 2), round(c.max_y, 2)] ORDER BY c.place) AS boxes
        FROM chosen c JOIN layer l ON l.layer = c.layer GROUP BY ALL
        """,
        [own, ACROSS_M, list(HOLLOW), MIN_AREA_M2, limit],
    )
    return sorted(rows, key=lambda row: (row["layer"] == own, row["group"] != "base", row["layer"]))
