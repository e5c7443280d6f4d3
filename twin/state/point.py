"""A point: one measured or commanded value of an object, as bound in `points.csv`."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from twin.errors import Invalid, NotFound

REQUIRED = ("point_id", "gid", "kind")
TEXTS = ("point_id", "gid", "device", "kind", "unit", "role", "name")


@dataclass(frozen=True, slots=True)
class PointSpec:
    """What is known of a point before any value arrives.

    gid: the object that shows the value (the room); device: the object that measures it (the
    sensor), empty where they are one. min, max: what the sensor can measure, in `unit`; None is
    unbounded. source: its address, `<connector kind>:<address>`, as `mqtt:park/a1/room-101/co2`.
    """

    point_id: str
    gid: str
    device: str = ""
    kind: str = ""
    unit: str = ""
    min: float | None = None
    max: float | None = None
    role: str = ""
    name: str = ""
    source: str = ""


def read_points(path: Path) -> list[PointSpec]:
    """Points of a `points.csv` in file order. Raises NotFound, or Invalid naming the line and what was expected."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise NotFound(f"{path} is missing: expected a CSV file of points", code="no-points") from error
    except UnicodeDecodeError as error:
        raise Invalid(f"{path} is not UTF-8 text: save the points file as UTF-8", code="points-file") from error
    reader = csv.DictReader(text.splitlines())
    missing = [name for name in REQUIRED if name not in (reader.fieldnames or ())]
    if missing:
        raise Invalid(
            f"{path} lacks the columns {', '.join(missing)}: expected at least {', '.join(REQUIRED)}",
            code="points-file",
        )
    return _specs((f"{path}, line {reader.line_num}", row) for row in reader)


def points_from_rows(rows: Iterable[Mapping[str, object]]) -> list[PointSpec]:
    """Points of table rows (`twin.graph.points.rows`): the address stands in `source` or `address`. Raises Invalid."""
    return _specs((f"Point row {number}", row) for number, row in enumerate(rows))


def _specs(rows: Iterable[tuple[str, Mapping[str, object]]]) -> list[PointSpec]:
    points: list[PointSpec] = []
    seen: dict[str, str] = {}
    for where, row in rows:
        spec = _spec(where, row)
        if spec.point_id in seen:
            raise Invalid(
                f"{where}: point id {spec.point_id!r} stands already at {seen[spec.point_id]}; "
                "expected one row per point",
                code="points-twice",
            )
        seen[spec.point_id] = where
        points.append(spec)
    return points


def _spec(where: str, row: Mapping[str, object]) -> PointSpec:
    texts = {name: str(row.get(name) or "").strip() for name in TEXTS}
    for name in REQUIRED:
        if not texts[name]:
            raise Invalid(f"{where}: {name} is empty; expected a text", code="points-file")
    low, high = _bound(where, row, "min"), _bound(where, row, "max")
    if low is not None and high is not None and low > high:
        raise Invalid(f"{where}: min {low} is above max {high}; expected min ≤ max", code="points-file")
    source = str(row.get("source") or row.get("address") or "").strip()
    return PointSpec(
        point_id=texts["point_id"],
        gid=texts["gid"],
        device=texts["device"],
        kind=texts["kind"],
        unit=texts["unit"],
        min=low,
        max=high,
        role=texts["role"],
        name=texts["name"],
        source=source,
    )


def _bound(where: str, row: Mapping[str, object], name: str) -> float | None:
    value = row.get(name)
    if value is None or value == "":
        return None
    try:
        number = float(str(value))
    except ValueError as error:
        raise Invalid(f"{where}: {name} is {value!r}; expected a number or nothing", code="points-file") from error
    return None if math.isnan(number) else number
