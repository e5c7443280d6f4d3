"""The tables of a layer version on disk: `tables/NAME.parquet`, one file per table of `twin/graph/schema.py`.

A version that was made from an earlier one in which little changed shares that one's files and has
`tables/NAME.delta.parquet` beside them (`twin/graph/delta.py`); whoever reads here sees one table. An earlier parktwin kept them in one DuckDB file, `layer.duckdb`; such versions are read as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from twin.errors import Invalid, NotFound
from twin.graph.delta import Delta
from twin.graph.schema import GRAPH_TABLES, VERSION_TABLES, columns

if TYPE_CHECKING:
    import duckdb

TABLES = "tables"
DATABASE = "layer.duckdb"
ROWS = 200_000
"""Rows of a row group, and of what is read at once."""


def table_path(folder: Path, name: str) -> Path:
    """Where a table of the version in `folder` stands."""
    return folder / TABLES / f"{name}.parquet"


def delta_path(folder: Path, name: str) -> Path:
    """Where the changes of a table stand, if the version in `folder` shares that table with an earlier one."""
    return folder / TABLES / f"{name}.delta.parquet"


def write_table(folder: Path, name: str, table: pa.Table) -> None:
    """Write one table of a version, its columns as in the schema. Dictionary-encoded columns are written as plain text.

    Without statistics: no query of ours can skip a row group by them, and they cost a quarter of the writing.
    """
    path = table_path(folder, name)
    path.parent.mkdir(exist_ok=True)
    pq.write_table(table, path, row_group_size=ROWS, write_statistics=False, store_schema=False)


def read_batches(folder: Path, name: str, rows: int = ROWS) -> Iterator[pa.RecordBatch]:
    """A table of a version, at most so many rows at a time. Raises NotFound where it has none, Invalid where it is broken."""
    if (folder / DATABASE).exists():
        with _database(folder) as con:
            yield from con.execute(f'SELECT * FROM "{name}"').to_arrow_reader(rows)
    else:
        with _opened(folder, name) as file:
            shared = file.iter_batches(rows, use_threads=False)
            delta = Delta.read(delta_path(folder, name))
            yield from shared if delta is None else delta.splice(shared)


def read_table(folder: Path, name: str, only: list[str] | None = None) -> pa.Table:
    """A whole table of a version. only: these of its columns, in this order. Raises as `read_batches`."""
    if (folder / DATABASE).exists():
        with _database(folder) as con:
            table = con.execute(f'SELECT * FROM "{name}"').to_arrow_table()
        return table if only is None else table.select(only)
    with _opened(folder, name) as file:
        shared, delta = file.read(only, use_threads=False), Delta.read(delta_path(folder, name), only)
        shared = shared if only is None else shared.select(only)
        return shared if delta is None else pa.Table.from_batches(delta.splice(shared.to_batches()), shared.schema)


def changes(before: Path, after: Path) -> dict[str, Delta] | None:
    """By table, the objects whose rows in the version `after` may differ from those in `before`, with their rows.

    None where the two do not share their tables, or where `before` has changed what `after` has not.
    """
    found: dict[str, Delta] = {}
    for name in GRAPH_TABLES:
        paths = [table_path(folder, name) for folder in (before, after)]
        if not all(path.exists() for path in paths) or not paths[0].samefile(paths[1]):
            return None
        old, new = (Delta.read(delta_path(folder, name)) for folder in (before, after))
        if old is not None and (new is None or not {g.gid for g in old.groups} <= {g.gid for g in new.groups}):
            return None
        if new is not None:
            found[name] = new
    return found


def _database(folder: Path) -> duckdb.DuckDBPyConnection:
    """The tables of a version of an earlier parktwin."""
    import duckdb  # noqa: PLC0415 - a build only writes tables, and does without

    return duckdb.connect(str(folder / DATABASE), read_only=True)


@contextmanager
def _opened(folder: Path, name: str) -> Iterator[pq.ParquetFile]:
    path = table_path(folder, name)
    try:
        with pq.ParquetFile(path) as file:
            yield file
    except FileNotFoundError as error:
        raise _no_version(folder, path) from error
    except (pa.ArrowInvalid, OSError) as error:
        raise Invalid(
            f"{path} is broken: {error}; build the layer again with: parktwin ingest", code="layer-file"
        ) from error


def attach(con: duckdb.DuckDBPyConnection, folder: Path, alias: str) -> None:
    """Make the tables of the version in `folder` known as `alias.NAME`, to be read only. Raises NotFound."""
    if (folder / DATABASE).exists():
        con.execute(f"ATTACH {_quoted(folder / DATABASE)} AS {alias} (READ_ONLY)")
        return
    views = []
    for name in (*GRAPH_TABLES, *VERSION_TABLES):
        path = table_path(folder, name)
        if path.exists():
            views.append(f'CREATE VIEW {alias}."{name}" AS {_selected(folder, name)}')
        elif name in GRAPH_TABLES:
            raise _no_version(folder, path)
    con.execute("; ".join([f"CREATE SCHEMA {alias}", *views]))


def _selected(folder: Path, name: str) -> str:
    """The query for a table; rows of a delta come last."""
    path, changes = table_path(folder, name), delta_path(folder, name)
    delta = Delta.read(changes)
    if delta is None:
        return f"FROM read_parquet({_quoted(path)})"
    chosen = ", ".join(f'"{column}"' for column in columns(name))
    ranges = ", ".join(f"({start}, {end})" for start, end in delta.cut) or "(0, 0)"
    return (
        f"SELECT {chosen} FROM read_parquet({_quoted(path)}, file_row_number = true) WHERE file_row_number NOT IN"
        f" (SELECT unnest(range(a, b)) FROM (VALUES {ranges}) AS gone(a, b))"
        f" UNION ALL SELECT {chosen} FROM read_parquet({_quoted(changes)})"
    )


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _no_version(folder: Path, path: Path) -> NotFound:
    return NotFound(f"{folder} is no built layer version: {path.relative_to(folder)} is missing", code="no-version")
