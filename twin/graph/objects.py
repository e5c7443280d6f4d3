"""Objects: search, one object's card, state indices, children."""

from __future__ import annotations

from typing import Any

from twin.errors import NotFound
from twin.graph.database import Database

ITEM = """
    o.gid, CAST(l.base + o.ordinal AS INTEGER) AS state, o.type, o.ifc_class, o.predefined_type, o.name, o.tag,
    o.description, o.layer, o.storey, s.name AS storey_name, o.building, o.discipline, o.parent, o.cim_level, o.engine,
    CASE WHEN o.min_x IS NULL THEN NULL
         ELSE [o.min_x, o.min_y, o.min_z, o.max_x, o.max_y, o.max_z] END AS box
"""
FROM = "FROM object o JOIN layer l ON l.layer = o.layer LEFT JOIN object s ON s.gid = o.storey"
FILTERS = ("layer", "type", "storey", "building", "discipline")


def conditions(filters: dict[str, str | None], q: str | None) -> tuple[list[str], list[object]]:
    """SQL conditions on `object o`, and their values: filters by name, and text in name, tag, gid or LongName."""
    clauses: list[str] = []
    values: list[object] = []
    for name in FILTERS:
        if filters.get(name):
            clauses.append(f"o.{name} = ?")
            values.append(filters[name])
    if q:
        clauses.append(
            "(contains(lower(o.name), lower(?)) OR contains(lower(o.tag), lower(?)) OR contains(o.gid, ?)"
            # Rooms carry their use in LongName; their Name is often only a number.
            " OR o.gid IN (SELECT gid FROM property WHERE name = 'LongName' AND contains(lower(value), lower(?))))"
        )
        values += [q] * 4
    return clauses, values


def _where(filters: dict[str, str | None], q: str | None) -> tuple[str, list[object]]:
    clauses, values = conditions(filters, q)
    if not filters.get("layer"):
        # Models under review are nobody's park: they are found only where their layer is asked for.
        clauses.append("""o.layer NOT IN (SELECT layer FROM layer WHERE "group" = 'submission')""")
    return ("WHERE " + " AND ".join(clauses)) if clauses else "", values


def search(
    db: Database, filters: dict[str, str | None], q: str | None = None, limit: int = 50, offset: int = 0
) -> dict[str, Any]:
    """`{items, total}`: objects by filters (layer, type, storey, building, discipline) and text.

    A name that begins with the text comes before one that only contains it.
    """
    where, values = _where(filters, q)
    total = db.rows(f"SELECT count(*) AS n FROM object o {where}", values)[0]["n"]
    order = "starts_with(lower(coalesce(o.name, '')), lower(?)) DESC, length(coalesce(o.name, '')), " if q else ""
    items = db.rows(
        f"SELECT {ITEM} {FROM} {where} ORDER BY {order} o.layer, o.ordinal LIMIT ? OFFSET ?",
        [*values, *([q] if q else []), limit, offset],
    )
    return {"items": items, "total": total}


def item(db: Database, gid: str) -> dict[str, Any]:
    """One object's item. Raises NotFound."""
    rows = db.rows(f"SELECT {ITEM} {FROM} WHERE o.gid = ?", [gid])
    if not rows:
        raise NotFound(f"No published object has the id {gid!r}", code="no-object")
    return rows[0]


def items(db: Database, gids: list[str]) -> list[dict[str, Any]]:
    """Items of those gids that exist, in the order asked for."""
    rows = db.rows(f"SELECT {ITEM} {FROM} WHERE o.gid IN (SELECT unnest(?))", [gids])
    by_gid = {row["gid"]: row for row in rows}
    return [by_gid[gid] for gid in gids if gid in by_gid]


def by_state(db: Database, state: int) -> dict[str, Any]:
    """The item that a state index stands for. Raises NotFound."""
    rows = db.rows(
        f"SELECT {ITEM} {FROM} WHERE l.base <= ? AND ? < l.base + l.count AND o.ordinal = ? - l.base",
        [state, state, state],
    )
    if not rows:
        raise NotFound(f"No published object has the state index {state}", code="no-object")
    return rows[0]


def path(db: Database, gid: str) -> list[dict[str, Any]]:
    """Ancestors of an object, root first, without the object itself. Cycles end at the first repeat."""
    return db.rows(
        """
        WITH RECURSIVE up(gid, parent, depth, seen) AS (
            SELECT gid, parent, 0, [gid] FROM object WHERE gid = ?
            UNION ALL
            SELECT p.gid, p.parent, up.depth + 1, list_append(up.seen, p.gid)
            FROM up JOIN object p ON p.gid = up.parent
            WHERE NOT list_contains(up.seen, p.gid)
        )
        SELECT o.gid, o.name, o.type, o.ifc_class FROM up JOIN object o USING (gid) WHERE up.depth > 0
        ORDER BY up.depth DESC
        """,
        [gid],
    )


def facts(db: Database, layer: str, gid: str) -> dict[str, Any]:
    """`{properties, quantities}` of an object or concept: properties by set."""
    properties = db.rows(
        'SELECT "set", name, value, number, unit, origin FROM property WHERE layer = ? AND gid = ? ORDER BY "set", name',
        [layer, gid],
    )
    sets: dict[str, list[dict[str, Any]]] = {}
    for row in properties:
        sets.setdefault(row.pop("set"), []).append(row)
    quantities = db.rows(
        'SELECT "set", name, value, unit, origin FROM quantity WHERE layer = ? AND gid = ? ORDER BY "set", name',
        [layer, gid],
    )
    return {
        "properties": [{"set": name, "rows": rows} for name, rows in sets.items()],
        "quantities": quantities,
    }


def relations_of(db: Database, layer: str, gid: str, *, concepts_only: bool = False) -> list[dict[str, Any]]:
    """Relations of an object or concept, the first 500; `state` of the other end where it is an object."""
    return db.rows(
        f"""
        WITH r AS (
            SELECT kind, 'out' AS direction, target AS gid FROM relation WHERE layer = $layer AND source = $gid
            UNION ALL
            SELECT kind, 'in' AS direction, source AS gid FROM relation WHERE layer = $layer AND target = $gid
        )
        SELECT r.kind, r.direction, r.gid, coalesce(o.name, c.name) AS name,
               coalesce(o.type, c.kind) AS type, CAST(l.base + o.ordinal AS INTEGER) AS state
        FROM r LEFT JOIN object o ON o.gid = r.gid LEFT JOIN layer l ON l.layer = o.layer
        LEFT JOIN concept c ON c.gid = r.gid AND o.gid IS NULL
        {"WHERE o.gid IS NULL" if concepts_only else ""}
        ORDER BY r.direction DESC, r.kind, name LIMIT 500
        """,
        {"layer": layer, "gid": gid},
    )


def card(db: Database, gid: str) -> dict[str, Any]:
    """Everything about one object: item, ancestors, property sets, quantities, relations, points. Raises NotFound."""
    base = item(db, gid)
    points = db.rows(
        'SELECT point_id, kind, unit, name, "min", "max", gid, device FROM point WHERE gid = ? OR device = ? ORDER BY kind',
        [gid, gid],
    )
    return {
        **base,
        "path": path(db, gid),
        **facts(db, base["layer"], gid),
        "relations": relations_of(db, base["layer"], gid),
        "points": points,
    }


def children(db: Database, parent: str | None) -> list[dict[str, Any]]:
    """Direct children in the spatial tree; without a parent the roots of all layers."""
    condition, values = (
        ("o.parent = ?", [parent]) if parent else ("o.parent IS NULL AND l.\"group\" <> 'submission'", [])
    )
    return db.rows(
        f"""
        SELECT o.gid, o.name, o.type, o.ifc_class, o.layer, CAST(l.base + o.ordinal AS INTEGER) AS state,
               (SELECT count(*) FROM object k WHERE k.parent = o.gid) AS children
        FROM object o JOIN layer l ON l.layer = o.layer WHERE {condition}
        ORDER BY o.layer, o.elevation NULLS LAST, o.type, o.name, o.ordinal LIMIT 5000
        """,
        values,
    )


def state_ranges(
    db: Database, filters: dict[str, str | None], between: tuple[float, float] | None = None
) -> list[list[int]]:
    """Inclusive ranges of state indices of the objects that match the filters, ascending.

    between: only things without a storey whose middle lies from one height to below another, metres.
    """
    where, values = _where(filters, None)
    if between is not None:
        where += " AND " if where else "WHERE "
        where += "o.storey IS NULL AND coalesce(o.ifc_class, '') NOT IN ('IfcSite', 'IfcBuilding', 'IfcBuildingStorey')"
        where += " AND (o.min_z + o.max_z) / 2 >= ? AND (o.min_z + o.max_z) / 2 < ?"
        values += between
    rows = db.rows(
        f"""
        WITH s AS (SELECT CAST(l.base + o.ordinal AS INTEGER) AS i FROM object o JOIN layer l ON l.layer = o.layer {where}),
             g AS (SELECT i, i - row_number() OVER (ORDER BY i) AS run FROM s)
        SELECT min(i) AS first, max(i) AS last FROM g GROUP BY run ORDER BY first
        """,
        values,
    )
    return [[row["first"], row["last"]] for row in rows]


def type_counts(db: Database, filters: dict[str, str | None]) -> list[dict[str, Any]]:
    """How many objects that match the filters there are of each type."""
    where, values = _where(filters, None)
    return db.rows(
        f"""
        SELECT type, any_value(ifc_class) AS ifc_class, count(*) AS count FROM object o {where}
        GROUP BY type ORDER BY count DESC, type
        """,
        values,
    )
