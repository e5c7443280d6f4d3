"""Selected objects as tables: CSV for spreadsheets, Parquet for programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pyarrow import csv

from scenes.export.cells import BOM, header, safe_sql, title
from scenes.export.request import WIDE, Format
from twin.graph.chosen import Chosen

BATCH_ROWS = 50_000
MAX_WIDE_COLUMNS = 1_000
"""Columns of properties in a wide table; a spreadsheet holds 16,384, and people look at far fewer."""


def write_table(
    chosen: Chosen, table: str, form: Format, target: Path, *, language: str, asset: dict[str, Any]
) -> dict[str, int]:
    """Write one table; returns figures: rows, and for the wide one its columns and those left out.

    CSV: UTF-8 with byte order mark, numbers as numbers, lines in the fixed order of the table. Parquet: typed
    columns, `asset` in the file's metadata.
    """
    figures: dict[str, int] = {}
    if table == WIDE:
        facets, left_out, query = chosen.wide(MAX_WIDE_COLUMNS)
        figures = {"columns": len(facets), "columns_left_out": left_out}
        names = chosen.columns(query)
        base = [title(name, language) for name, _ in names[: len(names) - len(facets)]]
        titles = [*base, *(f"{group}.{name} [{unit}]" if unit else f"{group}.{name}" for group, name, unit in facets)]
    else:
        query = chosen.query(table)
        names = chosen.columns(query)
        titles = [title(name, language) for name, _ in names]
    if form is Format.CSV:
        rows = _write_csv(chosen, query, names, titles, target)
    else:
        rows = _write_parquet(chosen, query, names, titles, target, {**asset, "table": table})
    return {"rows": rows, **figures}


def _write_csv(chosen: Chosen, query: str, names: list[tuple[str, str]], titles: list[str], target: Path) -> int:
    cells = [
        f"{safe_sql(_quoted(name))} AS {_quoted(name)}" if kind == "VARCHAR" else _quoted(name) for name, kind in names
    ]
    reader = chosen.connection.execute(f"SELECT {', '.join(cells)} FROM ({query})").to_arrow_reader(BATCH_ROWS)
    rows = 0
    with target.open("wb") as stream:
        stream.write((BOM + header(titles)).encode())
        options = csv.WriteOptions(include_header=False)
        with csv.CSVWriter(stream, reader.schema, write_options=options) as writer:
            for batch in reader:
                writer.write_batch(batch)
                rows += len(batch)
    return rows


def _write_parquet(
    chosen: Chosen, query: str, names: list[tuple[str, str]], titles: list[str], target: Path, asset: dict[str, Any]
) -> int:
    taken: set[str] = set()
    cells = []
    for (name, _), text in zip(names, titles, strict=True):
        cells.append(f"{_quoted(name)} AS {_quoted(_unused(text, taken))}")
    metadata = ", ".join(
        f"{_literal(f'parktwin.{key}')}: {_literal(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))}"
        for key, value in asset.items()
    )
    done = chosen.connection.execute(
        f"COPY (SELECT {', '.join(cells)} FROM ({query})) TO {_literal(str(target))}"
        f" (FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{metadata}}})"
    ).fetchone()
    return int(done[0])


def _unused(name: str, taken: set[str]) -> str:
    """A column name that differs from the others also without regard to case, as many readers want it."""
    found, number = name, 2
    while found.lower() in taken:
        found, number = f"{name}~{number}", number + 1
    taken.add(found.lower())
    return found


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
