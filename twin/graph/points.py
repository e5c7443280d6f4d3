"""Points: what is measured or commanded, bound to the objects of the graph."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv

from twin.errors import Invalid, NotFound
from twin.finding import Finding, Severity
from twin.graph import added_points
from twin.graph.concepts import CHAIN, MEMBERS, REACHES
from twin.graph.database import Database

COLUMNS = ("point_id", "gid", "device", "kind", "unit", "min", "max", "role", "name", "address")
FILE = "points.csv"


def read_csv(path: Path) -> pa.Table:
    """Read a bindings file. Raises Invalid naming the column or value that is wrong."""
    types = {name: pa.float64() if name in ("min", "max") else pa.string() for name in COLUMNS}
    try:
        table = pa_csv.read_csv(
            path, convert_options=pa_csv.ConvertOptions(column_types=types, strings_can_be_null=True)
        )
    except (pa.ArrowInvalid, OSError) as error:
        raise Invalid(f"{path} cannot be read as a points file: {error}", code="points-file") from error
    missing = [name for name in ("point_id", "gid", "kind") if name not in table.column_names]
    if missing:
        raise Invalid(
            f"{path} lacks the columns {', '.join(missing)}: expected {', '.join(COLUMNS)}", code="points-file"
        )
    for name in COLUMNS:
        if name not in table.column_names:
            table = table.append_column(name, pa.nulls(len(table), types[name]))
    return table.select(list(COLUMNS))


def replace(db: Database, table: pa.Table) -> list[Finding]:
    """Make these the park's points, in one transaction; returns what does not fit the graph.

    Raises Invalid where a point id is given twice.
    """
    with db.transaction() as cursor:
        cursor.register("incoming", table)
        twice = cursor.execute(
            "SELECT point_id FROM incoming GROUP BY point_id HAVING count(*) > 1 OR point_id IS NULL LIMIT 1"
        ).fetchone()
        if twice:
            raise Invalid(
                f"Point id {twice[0]!r} stands more than once: expected one row per point", code="points-twice"
            )
        cursor.execute("DELETE FROM point")
        cursor.execute(
            'INSERT INTO point SELECT point_id, gid, device, kind, unit, "min", "max", role, name, address FROM incoming'
        )
        cursor.unregister("incoming")
        lost = cursor.execute(
            "SELECT point_id, gid FROM point p WHERE NOT EXISTS (SELECT 1 FROM object o WHERE o.gid = p.gid) ORDER BY 1"
        ).fetchall()
        added_points.bring_back(cursor)
    if not lost:
        return []
    return [
        Finding(
            code="point-unbound",
            severity=Severity.MINOR,
            zh=f"{len(lost)} 个测点绑定的对象不在已发布的场景中",
            en=f"{len(lost)} points are bound to objects that are not in the published scene",
            ids=tuple(str(row[0]) for row in lost[:100]),
            fix_zh="发布对应图层，或更正 points.csv 的 gid 列",
            fix_en="Publish their layer, or correct the gid column of points.csv",
        )
    ]


def rows(db: Database) -> list[dict[str, Any]]:
    """All points in index order (by point id), with the state indices of object and device."""
    return db.rows(
        """
        SELECT p.point_id, p.gid, p.device, p.kind, p.unit, p."min", p."max", p.role, p.name, p.source,
               CAST(l.base + o.ordinal AS INTEGER) AS state, CAST(dl.base + d.ordinal AS INTEGER) AS device_state,
               o.layer, o.type, o.storey, o.building
        FROM point p
        LEFT JOIN object o ON o.gid = p.gid LEFT JOIN layer l ON l.layer = o.layer
        LEFT JOIN object d ON d.gid = p.device LEFT JOIN layer dl ON dl.layer = d.layer
        ORDER BY p.point_id
        """
    )


def below(db: Database, gid: str) -> list[str]:
    """Ids of the points of an object and all below it in the spatial tree. Raises NotFound.

    Of a concept (system, zone, type): of its members and all below these.
    """
    known = db.rows(
        "SELECT layer, true AS placed FROM object WHERE gid = $gid UNION ALL SELECT layer, false FROM concept WHERE gid = $gid"
        " LIMIT 1",
        {"gid": gid},
    )
    if not known:
        raise NotFound(f"No published object or concept has the id {gid!r}", code="no-object")
    roots = "SELECT CAST($gid AS VARCHAR) AS gid"
    given: dict[str, object] = {"gid": gid}
    if not known[0]["placed"]:
        given |= {"layer": known[0]["layer"], "chain": list(CHAIN), "reaches": list(REACHES)}
        roots = "SELECT gid FROM member"
    opening = "WITH RECURSIVE" if known[0]["placed"] else f"{MEMBERS},"
    rows = db.rows(
        f"{opening} down(gid) AS ({roots} UNION SELECT o.gid FROM object o JOIN down ON o.parent = down.gid)"
        " SELECT DISTINCT point_id FROM point p SEMI JOIN down ON down.gid = p.gid OR down.gid = p.device ORDER BY 1",
        given,
    )
    return [str(row["point_id"]) for row in rows]
