"""Where samples stand: new ones as they arrive, older ones in order of time and point, the oldest as summaries.

- `fresh`: as they arrived. `archive`: moved there in blocks (`history_seal`), each ordered by point and time, so that
  a point's samples of a block stand in one row group or two. View `sample`: both.
- `block`: the spans of time that the archive is cut in, disjoint, on whole hours. Every sample of the archive lies in
  one. `mark`: the last sample of each point in each block, after corrections; what as-of reads instead of samples.
- `rollup`: what retention leaves of samples (`history_rollup`).
- `correction`: what a person says of a span of a point's samples. The samples themselves are never changed.
"""

from __future__ import annotations

import duckdb

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS

SAMPLE = "point INTEGER, t BIGINT, value DOUBLE, quality UTINYINT"
TABLES = (
    f"CREATE TABLE IF NOT EXISTS fresh({SAMPLE})",
    f"CREATE TABLE IF NOT EXISTS archive({SAMPLE})",
    'CREATE TABLE IF NOT EXISTS block(start BIGINT, stop BIGINT, "rows" BIGINT)',
    (
        "CREATE TABLE IF NOT EXISTS mark(stop BIGINT, point INTEGER, t BIGINT, value DOUBLE, quality UTINYINT,"
        " heard BIGINT)"
    ),
    (
        "CREATE TABLE IF NOT EXISTS rollup(point INTEGER, t BIGINT, width INTEGER, n INTEGER, bad INTEGER,"
        " corrected INTEGER, low DOUBLE, high DOUBLE, total DOUBLE, first_t BIGINT, first DOUBLE, last_t BIGINT,"
        " last DOUBLE, rise DOUBLE, area DOUBLE, held BIGINT, on_ms BIGINT)"
    ),
    (
        "CREATE TABLE IF NOT EXISTS correction(id BIGINT, point INTEGER, start BIGINT, stop BIGINT, action VARCHAR,"
        ' value DOUBLE, factor DOUBLE, "offset" DOUBLE, author VARCHAR, reason VARCHAR, made_at BIGINT,'
        " undone_at BIGINT, undone_by VARCHAR, samples BIGINT)"
    ),
    "CREATE OR REPLACE VIEW sample AS SELECT * FROM archive UNION ALL SELECT * FROM fresh",
    (
        "CREATE OR REPLACE VIEW samples AS SELECT point_id, epoch_ms(t) AS t, value, quality"
        " FROM sample JOIN point_key ON key = point"
    ),
)


def make_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make what is missing. A file from before blocks has its samples in a table `sample`: it becomes `fresh`."""
    connection.execute("BEGIN")
    old = connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'sample'").fetchone()
    if old:
        connection.execute("DROP VIEW IF EXISTS samples")
        connection.execute("ALTER TABLE sample RENAME TO fresh")
    for statement in TABLES:
        connection.execute(statement)
    connection.execute("COMMIT")
