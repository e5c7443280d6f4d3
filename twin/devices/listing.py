"""The list of devices: filter, sort and page in the database, joined with what is heard and with the objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from twin.clock import Clock
from twin.devices.presence import NAMES
from twin.devices.register import DeviceRegister
from twin.errors import Invalid

DAY_MS = 86_400_000
EQUAL = {
    "id": "id", "kind": "kind", "model": "model", "maker": "maker", "firmware": "firmware", "parent": "parent",
    "connector": "connector", "gid": "gid", "type": "type", "storey": "storey", "building": "building", "layer": "layer",
}  # fmt: skip
FILTERS = ("q", "status", "tag", "in_group", "due", "state", *EQUAL)
"""What a list can be asked by. q: text in id, name, serial number, model, maker, object or tags; status: online, offline,
unreachable or unknown; due: days within which maintenance is due; state: active (default), retired or all."""
SORTS = (
    "id", "name", "kind", "model", "maker", "serial", "firmware", "status", "heard_at", "due", "storey_name",
    "installed", "maintained", "parent", "changed_ms",
)  # fmt: skip
_OWN = """
    SELECT d.*, coalesce(p.status, 0) AS status, coalesce(p.heard_at, 0) AS heard_at,
           coalesce(d.maintained, d.installed) + CAST(d.maintain_every_days AS INTEGER) AS due
"""
_HEARD = " FROM device d LEFT JOIN presence p ON p.id = d.id"
_PLACED = """
    LEFT JOIN object o ON o.gid = nullif(d.gid, '') LEFT JOIN object s ON s.gid = o.storey
"""
_ALL = f"{_OWN}, o.type, o.name AS object_name, o.layer, o.building, o.storey, s.name AS storey_name{_HEARD}{_PLACED}"
_OF_OBJECTS = frozenset({"q", "type", "layer", "building", "storey", "storey_name"})
_TEXT = "contains(lower(concat_ws(chr(10), id, name, serial, model, maker, gid, object_name, array_to_string(tags, chr(10)))), lower(?))"  # fmt: skip
NONE_HEARD = pa.table(
    {"id": pa.array([], pa.string()), "status": pa.array([], pa.int8()), "heard_at": pa.array([], pa.int64())}
)


def conditions(filters: Mapping[str, object], clock: Clock) -> tuple[list[str], list[object]]:
    """SQL conditions on the joined list, and their values. Raises Invalid on an unknown filter or value."""
    clauses: list[str] = []
    values: list[object] = []
    given = {name: value for name, value in filters.items() if value not in (None, "")}
    for name, value in given.items():
        if name in EQUAL:
            clauses.append(f"{EQUAL[name]} = ?")
            values.append(value)
        elif name == "q":
            clauses.append(_TEXT)
            values.append(value)
        elif name == "status":
            if value not in NAMES:
                raise Invalid(f"Device status {value!r} is unknown: expected {', '.join(NAMES)}", code="device-filter")
            clauses.append("status = ?")
            values.append(NAMES.index(str(value)))
        elif name in {"tag", "in_group"}:
            clauses.append(f"list_contains({'tags' if name == 'tag' else 'groups'}, ?)")
            values.append(value)
        elif name == "due":
            clauses.append("due <= CAST(make_timestamp(? * 1000) AS DATE) + CAST(? AS INTEGER)")
            values += [clock.now_ms(), _days(value)]
        elif name != "state":
            raise Invalid(
                f"Devices cannot be filtered by {name!r}: expected {', '.join(FILTERS)}", code="device-filter"
            )
    state = given.get("state", "active")
    if state not in {"active", "retired", "all"}:
        raise Invalid(f"Device state {state!r} is unknown: expected active, retired or all", code="device-filter")
    if state != "all":
        clauses.append("state = ?")
        values.append(state)
    return clauses, values


def page(
    register: DeviceRegister,
    heard: pa.Table,
    filters: Sequence[Mapping[str, object]],
    *,
    sort: str = "id",
    descending: bool = False,
    limit: int = 100,
    offset: int = 0,
) -> dict[str, Any]:
    """`{items, total, counts}`. heard: `Presence.table`; filters: all of them must hold; counts: by status.

    Raises Invalid on an unknown sort or filter.
    """
    if sort not in SORTS:
        raise Invalid(f"Devices cannot be sorted by {sort!r}: expected {', '.join(SORTS)}", code="device-sort")
    where, values = _where(filters, register.clock)
    way = "DESC NULLS LAST" if descending else "ASC NULLS LAST"
    rows = _from(filters, sort)
    cursor = register.db.cursor()
    try:
        cursor.register("presence", heard)
        counts = cursor.execute(
            f"SELECT status, count(*) FROM ({rows}) WHERE {where} GROUP BY status", values
        ).fetchall()
        # First which, then what: sorting ids costs a third of sorting whole rows.
        chosen = cursor.execute(
            f"SELECT id FROM ({rows}) WHERE {where} ORDER BY {_sorted_by(sort)} {way}, id LIMIT ? OFFSET ?",
            [*values, limit, offset],
        ).fetchall()
        wanted = [row[0] for row in chosen]
        found = cursor.execute(f"{_ALL} WHERE d.id IN (SELECT unnest(?::VARCHAR[]))", [wanted])
        names = [column[0] for column in found.description]
        items = {row[0]: _shown(dict(zip(names, row, strict=True))) for row in found.fetchall()}
    finally:
        cursor.close()
    by_status = dict.fromkeys(NAMES, 0) | {NAMES[code]: count for code, count in counts}
    return {"items": [items[ident] for ident in wanted], "total": sum(by_status.values()), "counts": by_status}


def ids(register: DeviceRegister, heard: pa.Table, filters: Sequence[Mapping[str, object]]) -> list[str]:
    """Ids of the devices that filters mean, ascending."""
    where, values = _where(filters, register.clock)
    cursor = register.db.cursor()
    try:
        cursor.register("presence", heard)
        return [
            row[0]
            for row in cursor.execute(
                f"SELECT id FROM ({_from(filters, 'id')}) WHERE {where} ORDER BY id", values
            ).fetchall()
        ]
    finally:
        cursor.close()


def facets(register: DeviceRegister) -> dict[str, list[str]]:
    """Values that filters can be chosen from: kind, model, maker, tag, parent, storey (gid and name), of devices in service."""
    found: dict[str, Any] = {}
    for name in ("kind", "model", "maker", "parent"):
        rows = register.db.rows(
            f"SELECT DISTINCT {name} AS value FROM device WHERE state = 'active' AND {name} <> '' ORDER BY 1 LIMIT 500"
        )
        found[name] = [row["value"] for row in rows]
    rows = register.db.rows(
        "SELECT DISTINCT unnest(tags) AS value FROM device WHERE state = 'active' ORDER BY 1 LIMIT 500"
    )
    found["tag"] = [row["value"] for row in rows]
    found["storey"] = register.db.rows(
        "SELECT DISTINCT s.gid, s.name FROM device d JOIN object o ON o.gid = d.gid JOIN object s ON s.gid = o.storey"
        " WHERE d.state = 'active' ORDER BY s.name, s.gid LIMIT 500"
    )
    return found


def _where(filters: Sequence[Mapping[str, object]], clock: Clock) -> tuple[str, list[object]]:
    clauses: list[str] = []
    values: list[object] = []
    for one in filters:
        more, given = conditions(one, clock)
        clauses += more
        values += given
    return " AND ".join(clauses) or "true", values


def _from(filters: Sequence[Mapping[str, object]], sort: str) -> str:
    """The rows to choose from; objects are joined only where something asks for them."""
    asked = {sort, *(name for one in filters for name, value in one.items() if value not in (None, ""))}
    return _ALL if asked & _OF_OBJECTS else _OWN + _HEARD


def _sorted_by(sort: str) -> str:
    # What is not heard comes first where it is sorted by status: it is what people look for.
    return "list_position([2, 3, 0, 1], status)" if sort == "status" else f'"{sort}"'


def _days(value: object) -> int:
    try:
        days = int(str(value))
    except ValueError:
        days = -1
    if not 0 <= days <= 36_500:
        raise Invalid(
            f"Devices due within {value!r} days: expected a whole number from 0 to 36500", code="device-filter"
        )
    return days


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    days = {
        name: None if row[name] is None else row[name].isoformat()[:10] for name in ("installed", "maintained", "due")
    }
    return {
        **row,
        **days,
        "status": NAMES[row["status"]],
        "heard_at": row["heard_at"] or None,
        "groups": list(row["groups"] or ()),
        "tags": list(row["tags"] or ()),
    }
