"""Devices that the park's points name: the first register of a park whose sensors stand in its models."""

from __future__ import annotations

import re

from twin.devices.sheet import Line
from twin.graph.database import Database

_OTHER = re.compile(r"[^A-Za-z0-9_-]+")
_MOST = 64


def lines_of_points(db: Database) -> list[Line]:
    """A row per object that is the device of some point: id, name, gid and kind, as an import takes them.

    The id is the object's tag where it has one of its own, else layer and id; other signs become hyphens.
    """
    rows = db.rows(
        "SELECT o.gid, o.layer, o.id, o.tag, o.name, coalesce(o.type, '') AS type FROM object AS o"
        " WHERE o.gid IN (SELECT DISTINCT device FROM point WHERE device <> '') ORDER BY o.gid"
    )
    lines, taken = [], set[str]()
    for number, row in enumerate(rows, 1):
        named = (row["tag"], f"{row['layer']}-{row['id']}", f"{row['layer']}-{number}")
        ids = (_OTHER.sub("-", str(text)).strip("-_")[:_MOST] for text in named if text)
        ident = next(one for one in ids if one and one not in taken)
        taken.add(ident)
        values = {"id": ident, "name": row["name"] or "", "gid": row["gid"], "kind": row["type"]}
        lines.append(Line(number, values))
    return lines
