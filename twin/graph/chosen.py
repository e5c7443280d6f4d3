"""The rows of selected objects, read from the tables of their layer versions: nothing of the park is locked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from twin.graph.schema import GRAPH_TABLES
from twin.graph.selection import Selection, nothing_selected, select_objects
from twin.graph.tablefile import attach

MEMORY_LIMIT = "1GB"

VIEWS = {
    "objects": """
        SELECT o.*, s.name AS storey_name, b.name AS building_name
        FROM object o JOIN chosen c ON c.gid = o.gid
        LEFT JOIN object s ON s.gid = o.storey AND s.layer = o.layer
        LEFT JOIN object b ON b.gid = o.building AND b.layer = o.layer
        ORDER BY c.place
    """,
    "properties": """
        SELECT p.gid, p."set", p.name, p.value, p.number, p.unit, p.origin
        FROM property p JOIN chosen c ON c.gid = p.gid ORDER BY c.place, p."set", p.name, p.origin, p.value
    """,
    "quantities": """
        SELECT q.gid, q."set", q.name, q.value, q.unit, q.origin
        FROM quantity q JOIN chosen c ON c.gid = q.gid ORDER BY c.place, q."set", q.name, q.origin, q.value
    """,
    "relations": """
        SELECT r.source, r.kind, r.target, coalesce(so.name, sc.name) AS source_name,
               coalesce(t.name, tc.name) AS target_name
        FROM relation r
        LEFT JOIN object so ON so.gid = r.source LEFT JOIN concept sc ON sc.gid = r.source
        LEFT JOIN object t ON t.gid = r.target LEFT JOIN concept tc ON tc.gid = r.target
        WHERE r.source IN (SELECT gid FROM chosen) OR r.target IN (SELECT gid FROM chosen)
           OR (r.source IN (SELECT gid FROM reached) AND r.target IN (SELECT gid FROM reached))
        ORDER BY r.source, r.kind, r.target
    """,
    "concepts": """
        SELECT c.gid, c.layer, c.kind, c.ifc_class, c.name, c.description FROM concept c
        WHERE c.gid IN (SELECT gid FROM reached) ORDER BY c.gid
    """,
}
"""The tables of an export, each in a fixed order.

relations: those with a selected object at one end, and those among the concepts that are reached; concepts: what the
objects are related to, and what that consists of (material sets and their materials).
"""

REACHED = """
    CREATE TEMP TABLE reached AS
    WITH RECURSIVE found(gid) AS (
        SELECT target FROM relation WHERE source IN (SELECT gid FROM chosen)
        UNION SELECT source FROM relation WHERE target IN (SELECT gid FROM chosen)
        UNION SELECT r.target FROM relation r JOIN found ON r.source = found.gid JOIN concept c ON c.gid = found.gid
    )
    SELECT gid FROM found WHERE gid IN (SELECT gid FROM concept)
"""

FACTS = """
    CREATE TEMP TABLE fact AS
    SELECT c.place, 0 AS kind, p."set", p.name, p.value AS text, p.number, p.unit, p.origin = 'type' AS inherited,
           p.number IS NOT NULL AND p.value NOT IN ('true', 'false') AS numeric
    FROM property p JOIN chosen c ON c.gid = p.gid
    UNION ALL
    SELECT c.place, 1, q."set", q.name, NULL, q.value, q.unit, false, true
    FROM quantity q JOIN chosen c ON c.gid = q.gid;
    CREATE TEMP TABLE facet AS
    SELECT kind, "set", name, count(*) AS filled, bool_and(numeric) AND count(DISTINCT coalesce(unit, '')) = 1 AS numeric,
           max(unit) AS unit
    FROM fact GROUP BY ALL;
"""
"""All property and quantity values, and the columns that they would make: numbers where all are, in one unit."""


@contextmanager
def open_chosen(layers: Sequence[tuple[str, Path]], selection: Selection, scratch: Path) -> Iterator[Chosen]:
    """The selected objects of these (layer, version folder). Raises NotFound, or Invalid where none matches.

    scratch: a folder for what does not fit into memory.
    """
    config = {"memory_limit": MEMORY_LIMIT, "threads": 2, "temp_directory": str(scratch)}
    with duckdb.connect(config=config) as connection:
        parts, attached = [], []
        for number, (layer, folder) in enumerate(layers):
            name = f"l{number}"
            attach(connection, folder, name)
            with connection.cursor() as own:
                own.execute(f"USE {name}")
                found = select_objects(own, selection, layer)
            if len(found):
                parts.append((layer, folder, found))
                attached.append(name)
        if not parts:
            raise nothing_selected(selection)
        table = pa.concat_tables([found for _, _, found in parts])
        connection.register("incoming", table.append_column("place", pa.array(range(len(table)), pa.int64())))
        connection.execute("CREATE TEMP TABLE chosen AS SELECT gid, place FROM incoming")
        for name in GRAPH_TABLES:
            union = " UNION ALL ".join(f'SELECT * FROM {one}."{name}"' for one in attached)
            connection.execute(f'CREATE TEMP VIEW "{name}" AS {union}')
        yield Chosen(connection, {layer: (folder, found) for layer, folder, found in parts})


class Chosen:
    """Selected objects. layers: by layer its version folder and the table of gid, id, ordinal, ifc_class."""

    def __init__(self, connection: Any, layers: dict[str, tuple[Path, pa.Table]]) -> None:
        self.connection = connection
        self.layers = layers
        self._reached = False

    def __len__(self) -> int:
        return sum(len(found) for _, found in self.layers.values())

    def query(self, table: str) -> str:
        """The query of one of VIEWS."""
        if table in ("relations", "concepts") and not self._reached:
            self.connection.execute(REACHED)
            self._reached = True
        return VIEWS[table]

    def columns(self, query: str) -> list[tuple[str, str]]:
        """(name, DuckDB type) of a query's columns."""
        return [(str(row[0]), str(row[1])) for row in self.connection.execute(f"DESCRIBE {query}").fetchall()]

    def wide(self, limit: int) -> tuple[list[tuple[str, str, str]], int, str]:
        """One row per object with a column for each property and quantity.

        Returns (set, name, unit) of the columns, how many were left out, and the query; its columns are those of
        `objects`, then w0, w1, … in that order. The `limit` fullest columns are taken; a value of the object comes
        before its type's; numbers are SI.
        """
        self.connection.execute(FACTS)
        self.connection.execute(
            """
            CREATE TEMP TABLE facet_column AS
            SELECT *, row_number() OVER (ORDER BY kind, "set", name) - 1 AS number
            FROM (SELECT * FROM facet ORDER BY filled DESC, kind, "set", name LIMIT ?)
            """,
            [limit],
        )
        rows = self.connection.execute('SELECT "set", name, unit, numeric FROM facet_column ORDER BY number').fetchall()
        total = int(self.connection.execute("SELECT count(*) FROM facet").fetchone()[0])
        found = [(str(row[0] or ""), str(row[1] or ""), str(row[2] or "") if row[3] else "") for row in rows]
        if not rows:
            return [], total, VIEWS["objects"]
        self.connection.execute(
            f"""
            CREATE TEMP TABLE pivoted AS PIVOT (
                SELECT f.place, k.number,
                       arg_min(CASE WHEN k.numeric THEN CAST(f.number AS VARCHAR) ELSE coalesce(f.text, CAST(f.number AS VARCHAR)) END,
                               (f.inherited, f.text, f.number)) AS value
                FROM fact f JOIN facet_column k
                  ON k.kind = f.kind AND k."set" IS NOT DISTINCT FROM f."set" AND k.name IS NOT DISTINCT FROM f.name
                GROUP BY ALL
            ) ON number IN ({", ".join(str(number) for number in range(len(rows)))}) USING first(value) GROUP BY place
            """
        )
        cells = ", ".join(
            f'CAST(w."{number}" AS DOUBLE) AS w{number}' if row[3] else f'w."{number}" AS w{number}'
            for number, row in enumerate(rows)
        )
        query = f"""
            SELECT o.*, {cells} FROM ({VIEWS["objects"]}) o JOIN chosen c ON c.gid = o.gid
            LEFT JOIN pivoted w ON w.place = c.place ORDER BY c.place
        """
        return found, total - len(rows), query
