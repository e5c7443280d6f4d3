"""Project Haystack: read as JSON of version 4 (Hayson), Zinc or Trio; written as Hayson or Zinc."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import orjson

from twin.devices.ontology.model import Description, Entity, Sort
from twin.devices.ontology.tables import MEASURED, Word, tables, word_of_point
from twin.devices.ontology.zinc import read_trio, read_zinc, write_zinc
from twin.errors import Invalid

MAX_BYTES = 16 << 20
PLACES = ("site", "space", "floor", "room", "building")
REFS = ("equipRef", "spaceRef", "roomRef", "floorRef", "siteRef")
OURS = "pt_"
"""Names of tags for what Haystack has no word for begin so."""


def read_haystack(data: bytes) -> Description:
    """A description from a grid; what it begins with tells Hayson, Zinc and Trio apart. Raises Invalid."""
    if len(data) > MAX_BYTES:
        raise Invalid(f"The Haystack file has {len(data):,} bytes: expected at most {MAX_BYTES:,}", code="haystack")
    rows = _hayson(data) if data.lstrip()[:1] in (b"{", b"[") else _plain_text(data)
    found: dict[str, Entity] = {}
    skipped: Counter[str] = Counter()
    for number, row in enumerate(rows, 1):
        ident = _ref(row.get("id"))
        markers = frozenset(name for name, value in row.items() if _is(value, "marker"))
        if not ident:
            raise Invalid(f"Row {number} of the grid has no id: expected a Ref", code="haystack")
        sort = _sort(markers)
        if sort is None:
            skipped["-".join(sorted(markers))] += 1
            continue
        found[ident] = _entity(ident, sort, row, markers)
    return Description(found, skipped)


def _hayson(data: bytes) -> list[dict[str, Any]]:
    try:
        grid = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Invalid(f"The file is no JSON: {error}", code="haystack") from error
    rows = grid.get("rows") if isinstance(grid, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Invalid("The file is no Haystack grid: expected an object with a list `rows` of objects", code="haystack")
    return rows


def _plain_text(data: bytes) -> list[dict[str, Any]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(f"The file is no text in UTF-8: {error}", code="haystack") from error
    return read_zinc(text) if text.startswith("ver:") else read_trio(text)


def _entity(ident: str, sort: Sort, row: Mapping[str, Any], markers: frozenset[str]) -> Entity:
    known = tables()
    ours = {
        name.removeprefix(OURS): str(value)
        for name, value in row.items()
        if name.startswith(OURS) and not isinstance(value, dict)
    }
    refs = [_ref(row.get(name)) for name in REFS]
    equip, places = refs[0], [one for one in refs[1:] if one]
    role = ours.pop("role", "")
    if sort == "point" and not role:
        role = next((name for name, word in known.roles.items() if markers.issuperset(word.tags)), "")
    kind = ours.pop("kind", "")
    if not kind:
        kind = known.kind_of_tags(markers) if sort == "point" else _equipment(markers) if sort == "equipment" else ""
    parent = _ref(row.get(f"{OURS}in")) or (equip if sort != "location" else "")
    if not parent and places and sort in {"point", "location"}:
        parent = places[0]
    shown = row.get("dis") or row.get("navName") or _dis(row.get("id"))
    cls = ours.pop("cls", "") or "-".join(sorted(markers))
    return Entity(
        id=ident,
        sort=sort,
        cls=cls,
        name=str(shown or ""),
        kind=kind,
        role=role,
        unit=str(row.get("unit") or ""),
        parent=parent,
        location=_ref(row.get(f"{OURS}at")) or (places[0] if places and sort == "equipment" else ""),
        tags=tuple(part for part in ours.pop("tags", "").split(";") if part),
        refs=ours,
    )


def _equipment(markers: frozenset[str]) -> str:
    fitting = [(len(word.tags), kind) for kind, word in tables().equipment.items() if markers.issuperset(word.tags)]
    return max(fitting)[1] if fitting else ""


def _sort(markers: frozenset[str]) -> Sort | None:
    if "point" in markers:
        return "point"
    if "equip" in markers or "device" in markers:
        return "equipment"
    return "location" if markers.intersection(PLACES) else None


def write_haystack(described: Description) -> bytes:
    """A Hayson grid of a description."""
    rows = [_row(one, described) for one in described.entities.values()]
    names = dict.fromkeys(name for row in rows for name in row)
    grid = {"_kind": "grid", "meta": {"ver": "3.0"}, "cols": [{"name": name} for name in names], "rows": rows}
    return orjson.dumps(grid, option=orjson.OPT_INDENT_2)


def write_haystack_zinc(described: Description) -> bytes:
    """A Zinc grid of a description."""
    return write_zinc([_row(one, described) for one in described.entities.values()])


def _row(one: Entity, described: Description) -> dict[str, Any]:
    row: dict[str, Any] = {"id": _made_ref(one.id, one.name)}
    if one.name:
        row["dis"] = one.name
    for tag in _word(one).tags:
        row[tag] = {"_kind": "marker"}
    if one.sort == "point":
        row["kind"] = "Number"
    if one.unit:
        row["unit"] = one.unit
    for word, target in (("in", one.parent), ("at", one.location)):
        other = described.entities.get(target)
        if other is not None and (word == "in" or other.sort == "location"):
            row[_ref_name(other)] = _made_ref(target, other.name)
        elif target:
            row[f"{OURS}{word}"] = _made_ref(target, "")
    for name, text in {
        "cls": one.cls,
        "kind": one.kind,
        "role": one.role,
        "tags": ";".join(one.tags),
        **one.refs,
    }.items():
        if text:
            row[f"{OURS}{name}"] = text
    return row


def _word(one: Entity) -> Word:
    known = tables()
    if one.sort == "point":
        return word_of_point(one.kind, one.role or MEASURED)
    table = known.equipment if one.sort == "equipment" else known.locations
    return table.get(one.kind, known.other if one.sort == "equipment" else Word("Location", ("space",)))


def _ref_name(other: Entity) -> str:
    if other.sort != "location":
        return "equipRef"
    return {"Site": "siteRef", "BuildingStorey": "floorRef"}.get(other.kind, "spaceRef")


def _made_ref(ident: str, shown: str) -> dict[str, str]:
    return {"_kind": "ref", "val": ident, **({"dis": shown} if shown else {})}


def _ref(value: object) -> str:
    return str(value["val"]) if isinstance(value, dict) and _is(value, "ref") and value.get("val") else ""


def _dis(value: object) -> str:
    return str(value.get("dis", "")) if isinstance(value, dict) else ""


def _is(value: object, kind: str) -> bool:
    return isinstance(value, dict) and str(value.get("_kind", "")).lower() == kind
