"""Concepts: types, systems, zones, materials and whatever else objects are related to but that stands nowhere."""

from __future__ import annotations

from typing import Any

from twin.errors import NotFound
from twin.graph.database import Database
from twin.graph.objects import FROM, ITEM, facts, relations_of

MEMBERS_SHOWN = 200
CHAIN = ("made_of", "member_of", "classified_as", "typed_by")
"""Kinds by which one concept belongs to another: an object of a material set is made of its materials as well."""
REACHES = ("occupies", "documents")
"""Kinds by which a concept points at its objects: who uses them, what describes them."""
MEMBERS = """
    WITH RECURSIVE whole(gid) AS (
        SELECT CAST($gid AS VARCHAR)
        UNION SELECT r.source FROM relation r JOIN whole ON r.target = whole.gid JOIN concept c ON c.gid = r.source
        WHERE r.layer = $layer AND list_contains($chain, r.kind)
    ), member(gid) AS (
        SELECT r.source FROM relation r JOIN whole ON r.target = whole.gid WHERE r.layer = $layer
        UNION SELECT r.target FROM relation r WHERE r.layer = $layer AND r.source = $gid AND list_contains($reaches, r.kind)
    )
"""


def search(
    db: Database,
    q: str | None = None,
    layer: str | None = None,
    kind: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> dict[str, Any]:
    """`{items, total}`: concepts by text in name or gid, layer and kind; models under review only by their layer."""
    clauses = (
        ["c.layer = ?"] if layer else ["""c.layer NOT IN (SELECT layer FROM layer WHERE "group" = 'submission')"""]
    )
    values: list[object] = [layer] if layer else []
    if kind:
        clauses.append("c.kind = ?")
        values.append(kind)
    if q:
        clauses.append("(contains(lower(c.name), lower(?)) OR contains(c.gid, ?))")
        values += [q, q]
    where = " AND ".join(clauses)
    total = db.rows(f"SELECT count(*) AS n FROM concept c WHERE {where}", values)[0]["n"]
    order = "starts_with(lower(coalesce(c.name, '')), lower(?)) DESC, length(coalesce(c.name, '')), " if q else ""
    items = db.rows(
        f"SELECT c.gid, c.layer, c.kind, c.ifc_class, c.name, c.description FROM concept c WHERE {where}"
        f" ORDER BY {order} c.kind, c.name, c.gid LIMIT ? OFFSET ?",
        [*values, *([q] if q else []), limit, offset],
    )
    return {"items": items, "total": total}


def card(db: Database, gid: str) -> dict[str, Any]:
    """Everything about one concept: its facts, relations, and the objects that belong to it. Raises NotFound.

    members: `{total, types: [{type, count, ranges}], items}`; ranges: inclusive, of state indices; items: the first
    MEMBERS_SHOWN.
    """
    rows = db.rows("SELECT gid, layer, kind, ifc_class, name, description FROM concept WHERE gid = ?", [gid])
    if not rows:
        raise NotFound(f"No published concept has the id {gid!r}", code="no-concept")
    base = rows[0]
    given = {"gid": gid, "layer": base["layer"], "chain": list(CHAIN), "reaches": list(REACHES)}
    types = db.rows(
        f"""
        {MEMBERS}, s AS (
            SELECT o.type, CAST(l.base + o.ordinal AS INTEGER) AS i
            FROM member JOIN object o ON o.gid = member.gid JOIN layer l ON l.layer = o.layer
        ), g AS (SELECT type, i, i - row_number() OVER (PARTITION BY type ORDER BY i) AS run FROM s),
        runs AS (SELECT type, count(*) AS n, [min(i), max(i)] AS ends FROM g GROUP BY type, run)
        SELECT type, CAST(sum(n) AS INTEGER) AS count, list(ends ORDER BY ends[1]) AS ranges
        FROM runs GROUP BY type ORDER BY count DESC, type
        """,
        given,
    )
    items = db.rows(
        f"{MEMBERS} SELECT {ITEM} {FROM} WHERE o.gid IN (SELECT gid FROM member) ORDER BY o.ordinal LIMIT {MEMBERS_SHOWN}",
        given,
    )
    return {
        **base,
        **facts(db, base["layer"], gid),
        "relations": relations_of(db, base["layer"], gid, concepts_only=True),
        "members": {"total": sum(row["count"] for row in types), "types": types, "items": items},
    }
