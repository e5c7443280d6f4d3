"""Corrections: what a person says of a span of a point's samples. The samples stay; every reading applies it.

A correction sets a value, scales (value · factor + offset) or excludes. Spans of one point do not overlap while
they are in force, so that there is never a question which holds. Undoing keeps the row.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import duckdb

from twin.errors import Conflict, Invalid, NotFound
from twin.state.history_source import USABLE, readings, transaction

ACTIONS = ("value", "scale", "exclude")
COLUMNS = (
    "id", "point_id", "start", "stop", "action", "value", "factor", "offset", "author", "reason", "made_at", "undone_at",
    "undone_by", "samples",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """A correction to make: samples of [start, stop), epoch ms. Checked when made."""

    start: int
    stop: int
    action: str
    author: str
    reason: str
    value: float | None = None
    factor: float = 1.0
    offset: float = 0.0

    def check(self) -> None:
        """Raise Invalid naming what is wrong."""
        if not 0 <= self.start < self.stop:
            raise Invalid(f"A correction of {self.start} … {self.stop}: expected from < to", code="history-span")
        if self.action not in ACTIONS:
            raise Invalid(f"Action {self.action!r} is unknown: expected {', '.join(ACTIONS)}", code="correction-action")
        if not self.reason.strip():
            raise Invalid("A correction needs a reason: say why the samples are wrong", code="correction-reason")
        numbers = (self.value,) if self.action == "value" else (self.factor, self.offset)
        if any(number is None or not math.isfinite(number) for number in numbers):
            raise Invalid(f"A correction to {numbers}: expected finite numbers", code="correction-value")


def correct(cursor: duckdb.DuckDBPyConnection, key: int, wish: Wish, now: int) -> dict[str, Any]:
    """Make a correction; returns its row.

    Raises Invalid, NotFound where no sample is in the span, Conflict where another correction is in force there
    or the samples have become summaries.
    """
    wish.check()
    span = {"key": key, "start": wish.start, "stop": wish.stop}
    with transaction(cursor):
        other = cursor.execute(
            "SELECT id FROM correction WHERE point = $key AND undone_at IS NULL AND start < $stop AND stop > $start LIMIT 1",
            span,
        ).fetchone()
        if other:
            raise Conflict(
                f"Correction {other[0]} is in force in that span: undo it first, or choose another span",
                code="corrected",
            )
        _demand_raw(cursor, span)
        count = _one(cursor, "SELECT count(*) FROM sample WHERE point = $key AND t >= $start AND t < $stop", span)
        if not count:
            raise NotFound(
                f"No sample lies in {wish.start} … {wish.stop}: nothing is there to correct", code="no-samples"
            )
        number = _one(cursor, "SELECT coalesce(max(id), 0) + 1 FROM correction", {})
        cursor.execute(
            "INSERT INTO correction VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, ?)",
            [
                number, key, wish.start, wish.stop, wish.action, wish.value if wish.action == "value" else None,
                wish.factor if wish.action == "scale" else None, wish.offset if wish.action == "scale" else None,
                wish.author, wish.reason.strip(), now, count,
            ],
        )  # fmt: skip
        _mark_again(cursor, span)
    return found(cursor, number)


def undo(cursor: duckdb.DuckDBPyConnection, number: int, user: str, now: int) -> dict[str, Any]:
    """End a correction; returns its row. Raises NotFound, Conflict where it ended before or the samples are summaries."""
    with transaction(cursor):
        row = cursor.execute("SELECT point, start, stop, undone_by FROM correction WHERE id = ?", [number]).fetchone()
        if row is None:
            raise NotFound(f"There is no correction {number}", code="no-correction")
        if row[3] is not None:
            raise Conflict(f"Correction {number} was undone by {row[3]!r} already", code="correction-undone")
        span = {"key": row[0], "start": row[1], "stop": row[2]}
        _demand_raw(cursor, span)
        cursor.execute("UPDATE correction SET undone_at = ?, undone_by = ? WHERE id = ?", [now, user, number])
        _mark_again(cursor, span)
    return found(cursor, number)


def found(cursor: duckdb.DuckDBPyConnection, number: int) -> dict[str, Any]:
    """One correction."""
    return _rows(cursor, "WHERE c.id = ?", [number])[0]


def corrections(
    cursor: duckdb.DuckDBPyConnection, key: int | None, start: int, end: int, limit: int, offset: int
) -> tuple[list[dict[str, Any]], int]:
    """Corrections that touch [start, end), of one point or all, newest first, undone ones too; and how many there are."""
    where = "WHERE start < ? AND stop > ?" + ("" if key is None else " AND point = ?")
    values: list[object] = [end, start, *([] if key is None else [key])]
    row = cursor.execute(f"SELECT count(*) FROM correction {where}", values).fetchone()
    rows = _rows(cursor, f"{where} ORDER BY c.id DESC LIMIT ? OFFSET ?", [*values, limit, offset])
    return rows, int(row[0]) if row else 0


def _rows(cursor: duckdb.DuckDBPyConnection, rest: str, values: list[object]) -> list[dict[str, Any]]:
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    query = f"SELECT {names} FROM correction c JOIN point_key ON key = c.point {rest}"
    return [dict(zip(COLUMNS, row, strict=True)) for row in cursor.execute(query, values).fetchall()]


def _demand_raw(cursor: duckdb.DuckDBPyConnection, span: dict[str, Any]) -> None:
    gone = cursor.execute(
        "SELECT 1 FROM rollup WHERE point = $key AND t < $stop AND t + width > $start LIMIT 1", span
    ).fetchone()
    if gone:
        raise Conflict(
            "Samples of that span have become summaries: they cannot be corrected any more", code="summarised"
        )


def _mark_again(cursor: duckdb.DuckDBPyConnection, span: dict[str, Any]) -> None:
    """Marks are of corrected samples: those of the point are made anew in the blocks that the span touches."""
    bounds = cursor.execute(
        "SELECT min(start), max(stop) FROM block WHERE start < ? AND stop > ?", [span["stop"], span["start"]]
    ).fetchone()
    if not bounds or bounds[0] is None:
        return
    low, high = bounds
    key = int(span["key"])
    cursor.execute(f"DELETE FROM mark WHERE point = {key} AND stop > {low} AND stop <= {high}")
    usable = f"FILTER (quality < {USABLE})"
    cursor.execute(
        f"INSERT INTO mark SELECT stop, point, max(t) {usable}, arg_max(value, t) {usable}, arg_max(quality, t) {usable},"
        f" max(t) FROM {readings(cursor, f'point = {key} AND t >= {low} AND t < {high}', 'archive')} r"
        " ASOF JOIN block b ON r.t >= b.start GROUP BY stop, point"
    )


def _one(cursor: duckdb.DuckDBPyConnection, query: str, values: dict[str, Any]) -> int:
    row = cursor.execute(query, values or None).fetchone()
    return int(row[0]) if row else 0
