"""The tables of a layer version on disk: `tables/NAME.parquet`, one file per table of `twin/graph/schema.py`.

An earlier parktwin kept them in one DuckDB file, `layer.duckdb`; such versions are read as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from twin.errors import Invalid, NotFound
from twin.graph.schema import GRAPH_TABLES, VERSION_TABLES

TABLES = "tables"
DATABASE = "layer.duckdb"
ROWS = 200_000
"""Rows of a row group, and of what is read at once."""


def table_path(folder: Path, name: str) -> Path:
    """Where a table of the version in `folder` stands."""
    return folder / TABLES / f"{name}.parquet"


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
        with duckdb.connect(str(folder / DATABASE), read_only=True) as con:
            yield from con.execute(f'SELECT * FROM "{name}"').to_arrow_reader(rows)
    else:
        with _opened(folder, name) as file:
            yield from file.iter_batches(rows, use_threads=False)


def read_table(folder: Path, name: str) -> pa.Table:
    """A whole table of a version. Raises as `read_batches`."""
    if (folder / DATABASE).exists():
        with duckdb.connect(str(folder / DATABASE), read_only=True) as con:
            return con.execute(f'SELECT * FROM "{name}"').to_arrow_table()
    with _opened(folder, name) as file:
        return file.read(use_threads=False)


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
            views.append(f'CREATE VIEW {alias}."{name}" AS FROM read_parquet({_quoted(path)})')
        elif name in GRAPH_TABLES:
            raise _no_version(folder, path)
    con.execute("; ".join([f"CREATE SCHEMA {alias}", *views]))


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _no_version(folder: Path, path: Path) -> NotFound:
    return NotFound(f"{folder} is no built layer version: {path.relative_to(folder)} is missing", code="no-version")
