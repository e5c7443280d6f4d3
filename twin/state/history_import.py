"""Years of samples from CSV or Parquet files, in bounded memory; the same file twice adds nothing.

Rows are read some megabytes at a time, understood in SQL, and moved into the archive like any samples. What
cannot be used is listed with its line and the reason; the rest is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from twin.errors import Invalid
from twin.state.history_files import Source, open_source
from twin.state.history_seal import seal
from twin.state.history_source import transaction
from twin.state.history_tables import HOUR_MS

FLUSH_ROWS = 2_000_000
BAD_LISTED = 1000
NAMES = {
    "point": ("point_id", "point", "id"),
    "time": ("t", "time", "timestamp", "datetime", "date", "ts"),
    "value": ("value", "v"),
    "quality": ("quality", "q"),
}


@dataclass(frozen=True, slots=True)
class Target:
    """A point that values may be for: value · factor + offset is in its unit; outside low … high a sample is bad."""

    key: int
    factor: float = 1.0
    offset: float = 0.0
    low: float = float("-inf")
    high: float = float("inf")


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of a file's columns; empty ones are found by their usual names.

    wide: a column per point; `points` gives the point of a column whose title is no point id. Without a
    point column and with one entry in `points`, that column's values are meant.
    """

    point: str = ""
    time: str = ""
    value: str = ""
    quality: str = ""
    points: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Imported:
    """What an import did. added + repeated + empty + bad = values read. first, last: epoch ms, None where nothing was."""

    rows: int = 0
    added: int = 0
    repeated: int = 0
    empty: int = 0
    bad: int = 0
    bad_rows: list[dict[str, object]] = field(default_factory=list)
    points: int = 0
    first: int | None = None
    last: int | None = None


def import_file(
    cursor: duckdb.DuckDBPyConnection,
    path: str,
    columns: Columns,
    targets: Mapping[str, Target],
    now: int,
    *,
    timezone: str = "UTC",
    progress: Callable[[float], None] = lambda _share: None,
) -> Imported:
    """Take a file's samples. timezone: of times without an offset; targets: by point id.

    Raises Invalid where the file or its columns cannot be used, NotFound where it is missing.
    """
    done = Imported()
    seen: set[str] = set()
    with open_source(path) as source:
        form = _Form(source, columns, targets, timezone)
        cursor.execute("CREATE OR REPLACE TEMP TABLE staged(point INTEGER, t BIGINT, value DOUBLE, quality UTINYINT)")
        waiting = 0
        try:
            for line, batch in source.batches():
                waiting += form.take(cursor, batch, line, now, done, seen)
                if waiting >= FLUSH_ROWS:
                    _flush(cursor, now, done)
                    waiting = 0
                progress(source.share)
            _flush(cursor, now, done)
        finally:
            cursor.execute("DROP TABLE staged")
        for line, reason in source.broken:
            _note(done, line, reason)
    done.points = len(seen)
    done.bad_rows.sort(key=lambda row: int(str(row["line"])))
    return done


class _Form:
    """How to read a file's rows."""

    def __init__(self, source: Source, columns: Columns, targets: Mapping[str, Target], timezone: str) -> None:
        self.targets = targets
        self.zone = timezone.replace("'", "''")
        titles = {title.strip().lower(): title for title in source.titles}

        def named(role: str) -> str:
            given = getattr(columns, role)
            if given and given not in source.titles:
                raise Invalid(
                    f"{source.path} has no column {given!r}: it has {', '.join(source.titles)}", code="history-columns"
                )
            return given or next((titles[name] for name in NAMES[role] if name in titles), "")

        self.time = named("time")
        if not self.time:
            raise Invalid(
                f"{source.path} has no column of times among {', '.join(source.titles)}: name it",
                code="history-columns",
            )
        self.point, self.value, self.quality = named("point"), named("value"), named("quality")
        rest = [title for title in source.titles if title != self.time]
        self.wide: dict[str, str] = {}
        if not (self.point and self.value):
            self.wide = {title: columns.points.get(title, title) for title in rest}
            self.wide = {title: point for title, point in self.wide.items() if point in targets}
            if not self.wide:
                raise Invalid(
                    f"{source.path} has neither columns of point and value, nor a column named like a point: it has"
                    f" {', '.join(source.titles)}; say which column is which point",
                    code="history-columns",
                )

    def take(
        self, cursor: duckdb.DuckDBPyConnection, batch: pa.Table, line: int, now: int, done: Imported, seen: set[str]
    ) -> int:
        """Stage a batch; returns how many samples."""
        batch = batch.append_column("__line", pa.array(range(line, line + len(batch)), pa.int64()))
        cursor.register("batch", batch)
        cursor.register("target", _target_table(self.targets))
        try:
            cursor.execute(f"CREATE OR REPLACE TEMP TABLE understood AS {self._query(now)}")
        finally:
            cursor.unregister("batch")
            cursor.unregister("target")
        done.rows += len(batch)
        row = cursor.execute(
            "SELECT count(*) FILTER (reason = 'empty'), count(*) FILTER (reason = ''), min(t) FILTER (reason = ''),"
            " max(t) FILTER (reason = '') FROM understood"
        ).fetchone()
        empty, good, first, last = row or (0, 0, 0, 0)
        done.empty += int(empty)
        if good:
            done.first = int(first) if done.first is None else min(done.first, int(first))
            done.last = int(last) if done.last is None else max(done.last, int(last))
        seen.update(
            str(one[0]) for one in cursor.execute("SELECT DISTINCT name FROM understood WHERE reason = ''").fetchall()
        )
        wrong = cursor.execute(
            "SELECT line, reason, count(*) OVER () FROM understood WHERE reason NOT IN ('', 'empty') ORDER BY line LIMIT ?",
            [BAD_LISTED],
        ).fetchall()
        for number, reason, _ in wrong:
            _note(done, int(number), str(reason))
        done.bad += (int(wrong[0][2]) if wrong else 0) - len(wrong)
        cursor.execute("INSERT INTO staged SELECT key, t, value, quality FROM understood WHERE reason = ''")
        cursor.execute("DROP TABLE understood")
        return int(good)

    def _query(self, now: int) -> str:
        time, line = _quoted(self.time), "__line"
        quality = f"CAST({_quoted(self.quality)} AS VARCHAR)" if self.quality else "'0'"
        if self.wide:
            parts = [
                f"SELECT {line} AS line, CAST({time} AS VARCHAR) AS time, {_text(point)} AS name,"
                f" CAST({_quoted(title)} AS VARCHAR) AS text, {quality} AS q FROM batch"
                for title, point in self.wide.items()
            ]
            rows = " UNION ALL ".join(parts)
        else:
            rows = (
                f"SELECT {line} AS line, CAST({time} AS VARCHAR) AS time, CAST({_quoted(self.point)} AS VARCHAR) AS name,"
                f" CAST({_quoted(self.value)} AS VARCHAR) AS text, {quality} AS q FROM batch"
            )
        moment = (
            "CASE WHEN regexp_full_match(time, '\\s*\\d+(\\.\\d+)?\\s*') THEN (CASE WHEN CAST(time AS DOUBLE) > 1e11"
            " THEN CAST(CAST(time AS DOUBLE) AS BIGINT) ELSE CAST(round(CAST(time AS DOUBLE) * 1000) AS BIGINT) END)"
            " WHEN regexp_matches(time, '\\d:\\d\\d.*([zZ]|[+-]\\d\\d(:?\\d\\d)?)\\s*$')"
            " THEN epoch_ms(TRY_CAST(time AS TIMESTAMPTZ))"
            f" ELSE epoch_ms(timezone('{self.zone}', coalesce(TRY_CAST(time AS TIMESTAMP), try_strptime(time, ["
            "'%Y/%m/%d %H:%M:%S', '%Y/%m/%d %H:%M', '%Y-%m-%d %H:%M', '%d/%m/%Y %H:%M:%S', '%d/%m/%Y %H:%M',"
            " '%Y%m%d%H%M%S', '%Y年%m月%d日 %H:%M'])))) END"
        )
        return (
            f"WITH r AS ({rows}), u AS (SELECT r.*, {moment} AS t, TRY_CAST(text AS DOUBLE) AS number,"
            " TRY_CAST(q AS UTINYINT) AS code FROM r)"
            ' SELECT line, u.name, k.key, t, number * k.factor + k."offset" AS value,'
            ' CASE WHEN code < 2 AND number * k.factor + k."offset" NOT BETWEEN k.low AND k.high THEN 2'
            " ELSE least(code, 2) END AS quality,"
            " CASE WHEN text IS NULL OR trim(text) = '' THEN 'empty'"
            " WHEN k.key IS NULL THEN 'point ' || coalesce(u.name, '') || ' is unknown'"
            " WHEN t IS NULL THEN 'time ' || coalesce(time, '') || ' cannot be read'"
            f" WHEN t <= 0 OR t > {now} THEN 'time ' || time || ' lies before 1970 or in the future'"
            " WHEN number IS NULL OR NOT isfinite(number) THEN 'value ' || text || ' is no finite number'"
            " WHEN code IS NULL OR code > 2 THEN 'quality ' || q || ' is none of 0, 1, 2'"
            " WHEN t < k.raw_from THEN 'samples of that time have become summaries' ELSE '' END AS reason"
            " FROM u LEFT JOIN (SELECT target.*, coalesce(x.raw_from, 0) AS raw_from FROM target LEFT JOIN"
            " (SELECT point, max(t + width) AS raw_from FROM rollup GROUP BY point) x ON x.point = target.key) k"
            " ON k.name = u.name"
        )


def _flush(cursor: duckdb.DuckDBPyConnection, now: int, done: Imported) -> None:
    """Move what is staged into the history: what is there already is left out."""
    cutoff = (now - HOUR_MS) // HOUR_MS * HOUR_MS
    with transaction(cursor):
        repeated = cursor.execute(
            "DELETE FROM staged s WHERE EXISTS (SELECT 1 FROM fresh f WHERE f.point = s.point AND f.t = s.t"
            " AND f.value IS NOT DISTINCT FROM s.value)"
        ).fetchone()
        young = cursor.execute(
            "INSERT INTO fresh SELECT point, t, value, min(quality) FROM staged WHERE t >= ? GROUP BY point, t, value",
            [cutoff],
        ).fetchone()
        gone = cursor.execute("DELETE FROM staged WHERE t >= ?", [cutoff]).fetchone()
    done.added += int(young[0]) if young else 0
    done.repeated += (
        (int(repeated[0]) if repeated else 0) + (int(gone[0]) if gone else 0) - (int(young[0]) if young else 0)
    )
    more = True
    while more:
        step = seal(cursor, cutoff, source="staged")
        done.added, done.repeated = done.added + step.kept, done.repeated + step.rows - step.kept
        more = step.more


def _target_table(targets: Mapping[str, Target]) -> pa.Table:
    names = ("key", "factor", "offset", "low", "high")
    rows = {name: [getattr(target, name) for target in targets.values()] for name in names}
    return pa.table({"name": list(targets), **rows})


def _note(done: Imported, line: int, reason: str) -> None:
    done.bad += 1
    if len(done.bad_rows) < BAD_LISTED:
        done.bad_rows.append({"line": line, "reason": reason})


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
