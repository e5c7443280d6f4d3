"""Read a built layer version's tables back as Arrow, without publishing it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from twin.graph.schema import GRAPH_TABLES
from twin.graph.tablefile import attach, read_table


@dataclass(frozen=True)
class LayerTables:
    """Tables as in `twin/graph/schema.py`; ids are gids."""

    object: pa.Table
    concept: pa.Table
    relation: pa.Table
    property: pa.Table
    quantity: pa.Table


def read_tables(folder: Path) -> LayerTables:
    """All tables of the version in `folder`. Raises NotFound."""
    return LayerTables(**{name: read_table(folder, name) for name in GRAPH_TABLES})


def name_objects(folder: Path, ids: Iterable[str]) -> dict[str, dict[str, str | None]]:
    """Local id → `{gid, name, type, storey}` of the objects and concepts of a version; storey is its name. Raises NotFound."""
    wanted = list(dict.fromkeys(ids))
    with duckdb.connect() as con:
        attach(con, folder, "version")
        con.execute("USE version")
        rows = con.execute(
            """
            SELECT o.id, o.gid, o.name, o.type, s.name FROM object o LEFT JOIN object s ON s.gid = o.storey
            WHERE o.id IN (SELECT unnest($ids))
            UNION ALL
            SELECT substr(gid, length(layer) + 2), gid, name, kind, NULL FROM concept
            WHERE substr(gid, length(layer) + 2) IN (SELECT unnest($ids))
            """,
            {"ids": wanted},
        ).fetchall()
    return {
        ident: {"gid": gid, "name": name, "type": kind, "storey": storey} for ident, gid, name, kind, storey in rows
    }
