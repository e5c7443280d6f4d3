"""The park seen from above: rectangles of published objects, for plan drawings."""

from __future__ import annotations

from typing import Any

from twin.graph.database import Database

HOLLOW = ("Site", "Building", "BuildingStorey", "Space", "Project", "Terrain", "Area", "PlotBoundary")
"""Types that only enclose others, or lie under everything: drawn, they would hide what stands in them."""
MIN_AREA_M2 = 0.2


def plan(db: Database, limit: int) -> list[dict[str, Any]]:
    """`[{layer, group, title, title_en, boxes: [[min_x, min_y, max_x, max_y]]}]`, metres in the park frame.

    At most `limit` rectangles in all, the largest of each layer first, and of objects whose rectangle says something of
    their shape. Terrain and models under review are left out.
    """
    return db.rows(
        """
        WITH drawn AS (
            SELECT o.layer, o.min_x, o.min_y, o.max_x, o.max_y,
                   row_number() OVER (PARTITION BY o.layer
                       ORDER BY (o.max_x - o.min_x) * (o.max_y - o.min_y) DESC, o.ordinal) AS place
            FROM object o JOIN layer l ON l.layer = o.layer
            WHERE o.min_x IS NOT NULL AND l."group" NOT IN ('terrain', 'submission')
              AND o.type NOT IN (SELECT unnest(?)) AND (o.max_x - o.min_x) * (o.max_y - o.min_y) >= ?
        ), chosen AS (SELECT * FROM drawn ORDER BY place, layer LIMIT ?)
        SELECT l.layer, l."group", l.title, l.title_en,
               list([round(c.min_x, 2), round(c.min_y, 2), round(c.max_x, 2), round(c.max_y, 2)] ORDER BY c.place) AS boxes
        FROM chosen c JOIN layer l ON l.layer = c.layer GROUP BY ALL ORDER BY l.layer
        """,
        [list(HOLLOW), MIN_AREA_M2, limit],
    )
