"""What objects say about themselves: properties, quantities, relations of pairs, compared in SQL."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import duckdb
import pyarrow as pa

from scenes.diff.difference import Change
from scenes.diff.georeference import COVERED
from scenes.diff.moments import I64
from scenes.diff.side import Side
from twin.graph.schema import FINGERPRINT
from twin.graph.tablefile import attach

RELATIVE, ABSOLUTE = 1e-6, 1e-9
"""Numbers that differ by less are one number written twice; whole numbers must be equal."""
ROOTED = ("project", "library", "type", "zone", "system", "group", "actor", "process", "control", "resource")
"""Concepts whose id is a GlobalId; the ids of the others are made of what they say."""
RELATION_KINDS = {  # relation → kind of change
    "typed_by": "retyped",
    "made_of": "material-changed",
    "classified_as": "classification-changed",
    "member_of": "group-changed",
    **dict.fromkeys(
        (
            "assigned_to", "bounds", "connects", "covers", "documents", "feeds", "fills", "located_in", "monitors",
            "occupies", "serves", "voids",
        ),
        "relation-changed",
    ),
}  # fmt: skip
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_SAME_NUMBER = (
    "o.{n} IS NOT NULL AND n.{n} IS NOT NULL AND o.unit IS NOT DISTINCT FROM n.unit AND (o.{n} = n.{n}"
    " OR ((o.{n} <> round(o.{n}) OR n.{n} <> round(n.{n}))"
    f" AND abs(o.{{n}} - n.{{n}}) <= {RELATIVE} * greatest(abs(o.{{n}}), abs(n.{{n}})) + {ABSOLUTE}))"
)


class Facets:
    """The tables of both sides and the pairs; answers per pair number."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con

    @classmethod
    @contextmanager
    def of(cls, old: Side, new: Side, i: I64, j: I64) -> Iterator[Facets]:
        """Open both versions for pairs (i[k], j[k])."""
        with duckdb.connect(config={"memory_limit": "1GB", "threads": 2, "temp_directory": gettempdir()}) as con:
            for name, side in (("old", old), ("new", new)):
                attach(con, side.folder, name)
            con.register(
                "matched",
                pa.table(
                    {
                        "k": pa.array(range(len(i)), pa.int64()),
                        "old_gid": pa.array(old.gid[i].tolist(), pa.string()),
                        "new_gid": pa.array(new.gid[j].tolist(), pa.string()),
                    }
                ),
            )
            con.execute("CREATE TEMP TABLE pair AS SELECT * FROM matched")
            for name, side in (
                ("old", old),
                ("new", new),
            ):  # features' attributes stand in a set named after their file
                own = "" if side.version.kind == "bim" else Path(side.version.source).stem
                con.execute(f"SET VARIABLE {name}_file = $own", {"own": own})
            cls._tokens(con)
            yield cls(con)

    @staticmethod
    def _tokens(con: duckdb.DuckDBPyConnection) -> None:
        """What a node of the graph is called on both sides: the number of its pair, its id, or what it says it is.

        A type or system whose GlobalId is not on both sides, or stands for several, is known by kind, class and name.
        """
        rooted = ", ".join(f"'{kind}'" for kind in ROOTED)
        for side, other in (("old", "new"), ("new", "old")):
            con.execute(
                f"""
                CREATE TEMP TABLE {side}_token AS
                SELECT {side}_gid AS gid, 'object:' || k AS token FROM pair
                UNION ALL
                SELECT c.gid, CASE WHEN c.kind NOT IN ({rooted}) OR (t.local IS NOT NULL AND s.stem IS NULL)
                    THEN 'id:' || c.local ELSE concat_ws('|', 'named:', c.kind, c.ifc_class, c.name) END
                FROM (SELECT *, substr(gid, length(layer) + 2) AS local FROM {side}.concept) c
                LEFT JOIN (SELECT DISTINCT substr(gid, length(layer) + 2) AS local FROM {other}.concept) t USING (local)
                LEFT JOIN (
                    SELECT DISTINCT regexp_replace(substr(gid, length(layer) + 2), '~\\d+$', '') AS stem
                    FROM (SELECT gid, layer FROM old.concept UNION ALL SELECT gid, layer FROM new.concept)
                    WHERE regexp_matches(substr(gid, length(layer) + 2), '~\\d+$')
                ) s ON s.stem = regexp_replace(c.local, '~\\d+$', '')
                """
            )

    def properties(self) -> dict[int, list[Change]]:
        """Changed properties by pair; only pairs whose fingerprints differ are looked at."""
        self._differing("properties")
        return self._values("property", "number", "property-changed")

    def quantities(self) -> dict[int, list[Change]]:
        """Changed declared quantities; measured ones follow from the shape."""
        self._differing("quantities")
        return self._values("quantity", "value", "quantity-changed", "AND q.origin = 'declared'")

    def _differing(self, column: str) -> None:
        self._con.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE want AS SELECT k, old_gid, new_gid FROM pair
            LEFT JOIN old.{FINGERPRINT} a ON a.gid = old_gid LEFT JOIN new.{FINGERPRINT} b ON b.gid = new_gid
            WHERE a.{column} IS DISTINCT FROM b.{column}
            """
        )

    def _values(self, table: str, number: str, kind: str, also: str = "") -> dict[int, list[Change]]:
        """Rows of `want` that differ: by set and name, several values of one name in their order."""
        text = "value::VARCHAR" if table == "quantity" else "value"
        sides = ", ".join(
            f"""{side[0]} AS (
                SELECT w.k, coalesce(nullif(q."set", getvariable('{side}_file')), '') AS s, coalesce(q.name, '') AS name, q.{text} AS told,
                    q.{number}::DOUBLE AS number, q.unit,
                    row_number() OVER (PARTITION BY w.k, s, q.name ORDER BY q.{number}, told) AS r
                FROM want w JOIN {side}."{table}" q ON q.gid = w.{side}_gid {also})"""
            for side in ("old", "new")
        )
        rows = self._con.execute(
            f"""
            WITH {sides}
            SELECT k, s, name, o.told, n.told, o.number, n.number, coalesce(n.unit, o.unit, '')
            FROM o FULL JOIN n USING (k, s, name, r)
            WHERE NOT (o.k IS NOT NULL AND n.k IS NOT NULL
                AND ((o.told IS NOT DISTINCT FROM n.told AND o.unit IS NOT DISTINCT FROM n.unit)
                    OR ({_SAME_NUMBER.format(n="number")})))
            ORDER BY k, s, name, r
            """
        ).fetchall()
        found: dict[int, list[Change]] = defaultdict(list)
        for k, group, name, a, b, x, y, unit in rows:
            if group.lower() in COVERED or (x is None and y is None and same_text(a, b)):
                continue
            by = None if x is None or y is None else y - x
            found[k].append(Change(kind, name, a, b, group, by, unit))
        return found

    def relations(self) -> dict[int, list[Change]]:
        """Changed relations by pair; a relation to something added or deleted is that thing's own news."""
        kinds = ", ".join(f"'{kind}'" for kind in RELATION_KINDS)
        sides = ", ".join(
            f"""{side[0]} AS (
                SELECT DISTINCT p.k, r.kind, t.token, coalesce(x.name, x.gid) AS name, x.gid FROM pair p
                JOIN (
                    SELECT source AS subject, kind, target AS object FROM {side}.relation WHERE kind <> 'documents'
                    UNION ALL SELECT target, kind, source FROM {side}.relation WHERE kind = 'documents'
                ) r ON r.subject = p.{side}_gid AND r.kind IN ({kinds})
                JOIN {side}_token t ON t.gid = r.object
                JOIN (SELECT gid, name FROM {side}.object UNION ALL SELECT gid, name FROM {side}.concept) x
                    ON x.gid = r.object)"""
            for side in ("old", "new")
        )
        rows = self._con.execute(
            f"""
            WITH {sides}
            SELECT k, kind, o.name, n.name, o.gid, n.gid FROM o FULL JOIN n USING (k, kind, token)
            WHERE o.token IS NULL OR n.token IS NULL ORDER BY k, kind, o.name, n.name
            """
        ).fetchall()
        grouped: dict[tuple[int, str], tuple[list[Any], list[Any]]] = defaultdict(lambda: ([], []))
        for k, kind, a, b, gid_a, gid_b in rows:
            before, after = grouped[k, kind]
            if gid_a is not None:
                before.append((gid_a, a))
            if gid_b is not None:
                after.append((gid_b, b))
        same = self._same_contents(
            {(x[0], y[0]) for (_, kind), (a, b) in grouped.items() if kind == "made_of" for x in a for y in b}
        )
        found: dict[int, list[Change]] = defaultdict(list)
        for (k, kind), (before, after) in grouped.items():
            if (
                kind == "made_of"
                and len(before) == len(after)
                and all(any((x[0], y[0]) in same for y in after) for x in before)
            ):
                continue
            found[k].append(Change(RELATION_KINDS[kind], kind, _named(before), _named(after)))
        return found

    def _same_contents(self, pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
        """Which material definitions say the same, their numbers compared with tolerance: their ids are hashes of text."""
        if not pairs:
            return set()
        told = []
        for side, gids in (("old", {a for a, _ in pairs}), ("new", {b for _, b in pairs})):
            rows = self._con.execute(
                f"""
                SELECT c.gid, c.kind, c.ifc_class, c.name, list((p."set", p.name, p.value, p.number, p.unit)
                    ORDER BY p."set", p.name, p.value) FILTER (p.gid IS NOT NULL)
                FROM {side}.concept c LEFT JOIN {side}.property p USING (gid)
                WHERE list_contains($gids, c.gid) GROUP BY ALL
                """,
                {"gids": sorted(gids)},
            ).fetchall()
            told.append({row[0]: row[1:] for row in rows})
        return {(a, b) for a, b in pairs if a in told[0] and b in told[1] and _same_concept(told[0][a], told[1][b])}

    def contained_both_ways(self) -> set[tuple[str, str]]:
        """(object, container) by new gids that both versions name: an object in two containers is in either of them."""
        return set(
            self._con.execute(
                """
                SELECT c.new_gid, p.new_gid FROM old.relation r JOIN pair p ON p.old_gid = r.source
                JOIN pair c ON c.old_gid = r.target
                JOIN new.relation s ON s.source = p.new_gid AND s.target = c.new_gid
                WHERE r.kind IN ('contains', 'aggregates', 'nests') AND s.kind IN ('contains', 'aggregates', 'nests')
                """
            ).fetchall()
        )

    def concepts(self) -> list[tuple[str | None, str | None, tuple[Any, ...], list[Change]]]:
        """Concepts that are new, gone or changed: old gid, new gid, (kind, class, name, old name), changed properties."""
        rooted = ", ".join(f"'{kind}'" for kind in ROOTED)
        self._con.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE idea AS
            WITH o AS (SELECT t.token, c.*, row_number() OVER (PARTITION BY t.token ORDER BY c.gid) AS r
                    FROM old.concept c JOIN old_token t USING (gid)),
                n AS (SELECT t.token, c.*, row_number() OVER (PARTITION BY t.token ORDER BY c.gid) AS r
                    FROM new.concept c JOIN new_token t USING (gid))
            SELECT row_number() OVER () AS k, o.gid AS old_gid, n.gid AS new_gid, coalesce(n.kind, o.kind) AS kind,
                coalesce(n.ifc_class, o.ifc_class) AS ifc_class, n.name AS name, o.name AS old_name
            FROM o FULL JOIN n USING (token, r)
            WHERE (o.gid IS NOT NULL AND n.gid IS NOT NULL) OR coalesce(n.kind, o.kind) IN ({rooted})
            """
        )
        self._con.execute(
            "CREATE OR REPLACE TEMP TABLE want AS SELECT k, old_gid, new_gid FROM idea WHERE old_gid || new_gid IS NOT NULL"
        )
        properties = self._values("property", "number", "property-changed")
        for k, changes in self._values("quantity", "value", "quantity-changed", "AND q.origin = 'declared'").items():
            properties.setdefault(k, []).extend(changes)
        rows = self._con.execute(
            "SELECT k, old_gid, new_gid, kind, ifc_class, name, old_name FROM idea ORDER BY kind, name, k"
        )
        return [
            (old, new, tuple(rest), properties.get(k, []))
            for k, old, new, *rest in rows.fetchall()
            if old is None or new is None or rest[2] != rest[3] or k in properties
        ]


def _named(ends: list[tuple[str, str]]) -> str | None:
    return ", ".join(sorted(name for _, name in ends)) or None


def same_text(a: str | None, b: str | None) -> bool:
    """Whether two texts say the same but for the writing of their numbers."""
    if a == b:
        return True
    if a is None or b is None or _NUMBER.sub("#", a) != _NUMBER.sub("#", b):
        return False
    pairs = zip(_NUMBER.findall(a), _NUMBER.findall(b), strict=True)
    return all(x == y or (not (_whole(x) and _whole(y)) and _close(float(x), float(y))) for x, y in pairs)


def _whole(text: str) -> bool:
    return float(text).is_integer()


def _close(x: float, y: float) -> bool:
    return abs(x - y) <= RELATIVE * max(abs(x), abs(y)) + ABSOLUTE


def _same_concept(a: tuple[Any, ...], b: tuple[Any, ...]) -> bool:
    """Equal but for the writing of numbers: kind, class, name, and rows of set, name, value, number, unit."""
    rows_a, rows_b = ([_row(row) for row in side[3] or ()] for side in (a, b))
    if a[:3] != b[:3] or [row[:2] for row in rows_a] != [row[:2] for row in rows_b]:
        return False
    return all(
        same_text(one[2], other[2]) or (None not in {one[3], other[3]} and _close(one[3], other[3]))
        for one, other in zip(rows_a, rows_b, strict=True)
    )


def _row(struct: Any) -> tuple[Any, ...]:
    """A struct of DuckDB: a tuple where its fields have no names."""
    return tuple(struct.values()) if isinstance(struct, dict) else tuple(struct)
