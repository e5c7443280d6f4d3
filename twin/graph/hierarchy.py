"""Which gateway or controller a device reports through, as far as the models tell."""

from __future__ import annotations

from dataclasses import dataclass

from twin.graph.database import Database

GATEWAYS = ("IfcController", "IfcUnitaryControlElement", "IfcCommunicationsAppliance")
"""Classes of devices that others hang on: IfcDistributionControlElement's controllers, and what carries their data."""


@dataclass(frozen=True)
class DeviceTree:
    """above: gid of a device → gid of what it reports through; names: gid → name; systems: gid → name of its system."""

    above: dict[str, str]
    names: dict[str, str]
    systems: dict[str, str]


def device_tree(db: Database) -> DeviceTree:
    """The tree over the devices and objects that have points, and over the gateways themselves.

    A gateway stands above what it controls, feeds or connects to, and above its parts. Of several the first by gid
    counts; another gateway beside it (`connects`) stands above nothing of its like.
    """
    classes = ", ".join(f"'{name}'" for name in GATEWAYS)
    rows = db.rows(
        f"""
        WITH gateway AS (SELECT gid, coalesce(name, '') AS name FROM object WHERE ifc_class IN ({classes})),
        pair AS (
            SELECT r.source AS top, r.target AS gid, r.kind IN ('connects') AS level FROM relation r
            WHERE r.kind IN ('controls', 'feeds', 'connects', 'aggregates', 'nests')
            UNION ALL SELECT r.target, r.source, true FROM relation r WHERE r.kind = 'connects'
            UNION ALL SELECT parent, gid, false FROM object WHERE parent IS NOT NULL
        )
        SELECT p.gid, min(p.top) AS top FROM pair p SEMI JOIN gateway g ON g.gid = p.top
        WHERE p.gid <> p.top AND NOT (p.level AND p.gid IN (SELECT gid FROM gateway))
        GROUP BY p.gid ORDER BY p.gid
        """
    )
    above = {str(row["gid"]): str(row["top"]) for row in rows}
    names = {
        str(row["gid"]): str(row["name"] or "")
        for row in db.rows(f"SELECT gid, name FROM object WHERE ifc_class IN ({classes})")
    }
    systems = {
        str(row["gid"]): str(row["name"] or "")
        for row in db.rows(
            """
            SELECT r.source AS gid, min(c.name) AS name FROM relation r JOIN concept c ON c.gid = r.target
            WHERE r.kind = 'member_of' AND c.kind = 'system'
              AND (r.source IN (SELECT gid FROM point) OR r.source IN (SELECT device FROM point)
                   OR r.source IN (SELECT gid FROM object WHERE ifc_class IN ("""
            + classes
            + """)))
            GROUP BY r.source
            """
        )
    }
    return DeviceTree(above, names, systems)
