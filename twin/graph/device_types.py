"""Which type of device an object is an instance of."""

from __future__ import annotations

from typing import Any

from twin.graph.database import Database


def device_types(db: Database) -> dict[str, dict[str, Any]]:
    """By gid of each object that measures or shows a point: `{gid, name, ifc_class, description}` of its type, if it has one."""
    rows = db.rows(
        """
        WITH bound AS (SELECT gid FROM point UNION SELECT device FROM point)
        SELECT r.source AS of, c.gid, c.name, c.ifc_class, c.description
        FROM relation r JOIN bound b ON b.gid = r.source JOIN concept c ON c.gid = r.target
        WHERE r.kind = 'typed_by' ORDER BY r.source, c.gid DESC
        """
    )
    return {row.pop("of"): row for row in rows}
