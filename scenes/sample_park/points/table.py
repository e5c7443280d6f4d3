"""Write points.csv."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

from scenes.sample_park.points.row import COLUMNS, PointRow
from twin.errors import Conflict


def write_points(path: Path, rows: Sequence[PointRow]) -> int:
    """All points in order of their ids. Returns how many; raises Conflict where two share an id."""
    ordered = sorted(rows, key=lambda row: row.point_id)
    for before, after in pairwise(ordered):
        if before.point_id == after.point_id:
            raise Conflict(
                f"Point id {after.point_id!r} was made twice: expected one row per point", code="points-twice"
            )
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for row in ordered:
            values = asdict(row)
            writer.writerow({**values, "min": f"{row.min:g}", "max": f"{row.max:.10g}"})
    return len(ordered)
