"""Figures about objects of some layers: type, storey, measured quantities, boxes."""

from __future__ import annotations

from typing import Any

from twin.graph.database import Database


def measured(db: Database, layers: list[str]) -> list[dict[str, Any]]:
    """Objects of these layers with their measured quantities.

    A row: gid, type, predefined_type, storey, storey_elevation, name, measured
    volume m3, area m2 (projected), height m, and min_z, max_z in the park frame.
    """
    return db.rows(
        """
        SELECT o.gid, o.layer, o.type, o.predefined_type, o.name, o.storey, s.elevation AS storey_elevation,
               o.min_z, o.max_z, q.volume, q.area, q.height
        FROM object o LEFT JOIN object s ON s.gid = o.storey
        LEFT JOIN (
            SELECT gid, max(value) FILTER (name = 'Volume') AS volume,
                   max(value) FILTER (name IN ('ProjectedArea', 'Area')) AS area, max(value) FILTER (name = 'Height') AS height
            FROM quantity WHERE origin = 'measured' AND layer IN (SELECT unnest($layers)) GROUP BY gid
        ) q ON q.gid = o.gid
        WHERE o.layer IN (SELECT unnest($layers)) ORDER BY o.layer, o.ordinal
        """,
        {"layers": layers},
    )


def quantity(db: Database, gid: str, name: str) -> float | None:
    """One quantity of one object, measured before declared."""
    rows = db.rows(
        "SELECT value FROM quantity WHERE gid = ? AND name = ? ORDER BY origin = 'measured' DESC LIMIT 1", [gid, name]
    )
    return float(rows[0]["value"]) if rows else None


def of_type(db: Database, kind: str) -> list[str]:
    """Gids of the objects of a type."""
    return [str(row["gid"]) for row in db.rows("SELECT gid FROM object WHERE type = ? ORDER BY gid", [kind])]
