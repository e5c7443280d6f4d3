"""What a binding found, and what follows from it: devices to register, points to add."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from twin.devices.binding.bind import Bound, Target
from twin.devices.ontology.model import Description
from twin.devices.sheet import GUARD, Line
from twin.graph.store import GraphStore

COLUMNS = ("sort", "id", "class", "name", "result", "target", "how", "likeness", "why", "candidates")
_UNUSABLE = re.compile(r"[^A-Za-z0-9_-]+")


def targets_of(graph: GraphStore) -> list[Target]:
    """Every published object by which a name may be meant; models under review are nobody's park."""
    rows = graph.db.rows(
        """
        SELECT o.gid, o.type, o.layer, o.name, o.tag, max(p.value) AS long_name, o.storey, o.building
        FROM object o LEFT JOIN property p ON p.gid = o.gid AND p.name = 'LongName'
        WHERE o.layer NOT IN (SELECT layer FROM layer WHERE "group" = 'submission')
        GROUP BY ALL ORDER BY o.gid
        """
    )
    return [Target(**{name: value or "" for name, value in row.items()}) for row in rows]


def report(described: Description, bound: Bound) -> dict[str, Any]:
    """`{counts, skipped, rows, devices, points}`: plain data for JSON."""
    return {
        "counts": bound.counts(),
        "skipped": dict(described.skipped),
        "rows": [
            {
                "sort": one.entity.sort,
                "id": one.entity.id,
                "class": one.entity.cls,
                "name": one.entity.name,
                "result": one.result,
                "target": one.target,
                "how": one.how,
                "likeness": round(one.likeness, 3),
                "why": one.why,
                "candidates": [
                    {"id": ident, "name": name, "likeness": likeness} for ident, name, likeness in one.candidates
                ],
            }
            for one in bound.bindings
        ],
        "devices": [line.values for line in device_lines(bound)],
        "points": proposals(described, bound),
    }


def report_csv(rows: list[dict[str, Any]]) -> bytes:
    """The rows of a report as CSV; no text runs as a formula in a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        candidates = "; ".join(str(one["id"]) for one in row["candidates"])
        cells = [str(candidates if name == "candidates" else row[name]) for name in COLUMNS]
        writer.writerow([f"'{cell}" if cell[:1] and cell[0] in GUARD else cell for cell in cells])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def device_id(ident: str) -> str:
    """A usable device id made from a description's."""
    return _UNUSABLE.sub("-", ident.removeprefix("device:")).strip("-_")[:64]


def device_lines(bound: Bound) -> list[Line]:
    """Equipment that is bound to an object, as rows of a list of devices to import."""
    lines = []
    for number, one in enumerate(bound.bindings, 1):
        if one.entity.sort != "equipment" or one.result != "bound":
            continue
        refs = one.entity.refs
        values: dict[str, object] = {
            "id": refs.get("device") or device_id(one.entity.id),
            "name": one.entity.name or one.entity.id,
            "gid": one.target,
            "kind": one.entity.kind or one.entity.cls.lower(),
        }
        for name in ("model", "maker", "serial", "firmware", "installed"):
            if refs.get(name):
                values[name] = refs[name]
        if one.entity.tags:
            values["tags"] = list(one.entity.tags)
        lines.append(Line(number, values))
    return lines


def proposals(described: Description, bound: Bound) -> list[dict[str, str]]:
    """Points that the park lacks at objects that are bound, as rows of points.csv without an address."""
    placed = {one.entity.id: one for one in bound.bindings if one.result == "bound"}
    rows = []
    for one in bound.bindings:
        entity = one.entity
        if entity.sort != "point" or one.result != "unmatched" or not entity.kind:
            continue
        owner = placed.get(entity.parent)
        above = described.entities.get(entity.parent)
        place = placed.get(above.location) if above is not None and above.location else None
        at = owner or place
        if at is None:
            continue
        rows.append(
            {
                "point_id": entity.id,
                "gid": at.target,
                "device": device_id(entity.parent) if owner and owner.entity.sort == "equipment" else "",
                "kind": entity.kind,
                "unit": entity.unit,
                "role": entity.role,
                "name": entity.name or entity.id,
            }
        )
    return rows
