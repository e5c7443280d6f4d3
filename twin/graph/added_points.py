"""Points that are added to a running park beside its points file, as by SensorThings clients.

They stand in a table of their own, so that loading the points file anew, which replaces the table `point`, brings them
back. A point of the file goes before an added one of the same id.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twin.errors import Conflict
from twin.graph.database import Database
from twin.graph.schema import POINT_COLUMNS

MODULE = "added_point"
MIGRATIONS = (f"CREATE TABLE added_point ({POINT_COLUMNS})",)


def add(cursor: Any, rows: Sequence[Sequence[object]]) -> None:
    """Add points in the caller's transaction; rows: values of the columns of `point`. Raises Conflict where an id is taken."""
    taken = cursor.execute(
        "SELECT point_id FROM point WHERE point_id IN (SELECT unnest(?)) LIMIT 1", [[row[0] for row in rows]]
    ).fetchone()
    if taken:
        raise Conflict(f"A point has the id {taken[0]!r} already", code="point-exists")
    for table in ("added_point", "point"):
        cursor.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def change(cursor: Any, rows: Sequence[Sequence[object]]) -> None:
    """Replace added points of the same ids, in the caller's transaction."""
    remove(cursor, [str(row[0]) for row in rows])
    add(cursor, rows)


def remove(cursor: Any, point_ids: Sequence[str]) -> None:
    """Take added points away, in the caller's transaction; points of the file stay."""
    ids = list(point_ids)
    cursor.execute(
        "DELETE FROM point WHERE point_id IN (SELECT unnest(?)) AND point_id IN (SELECT point_id FROM added_point)",
        [ids],
    )
    cursor.execute("DELETE FROM added_point WHERE point_id IN (SELECT unnest(?))", [ids])


def bring_back(cursor: Any) -> None:
    """Put the added points back into the table `point`, after it was replaced."""
    cursor.execute(
        "INSERT INTO point SELECT * FROM added_point a WHERE NOT EXISTS"
        " (SELECT 1 FROM point p WHERE p.point_id = a.point_id)"
    )


def ids(db: Database) -> set[str]:
    """Ids of the added points."""
    return {str(row["point_id"]) for row in db.rows("SELECT point_id FROM added_point")}
