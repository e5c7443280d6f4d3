"""A selection of objects: by id, by subtree, by the filters of the search; one definition for every door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import pyarrow as pa

from twin.errors import Conflict, Invalid, NotFound
from twin.graph.objects import conditions
from twin.ids import split_gid


@dataclass(frozen=True)
class Selection:
    """Which objects. All that is given must hold; nothing given is everything that is published.

    gids: exactly these; spans: (layer, first ordinal, last ordinal), as `spans_of` makes them; under: this object and
    all below it in the spatial tree; layer, type, storey, building, discipline and q (text in name, tag or gid) as in
    `GET /objects`.
    """

    gids: tuple[str, ...] = ()
    under: str = ""
    layer: str = ""
    type: str = ""
    storey: str = ""
    building: str = ""
    discipline: str = ""
    q: str = ""
    spans: tuple[tuple[str, int, int], ...] = ()

    @classmethod
    def from_dict(cls, row: dict[str, Any]) -> Selection:
        """Read back what `as_dict` wrote."""
        spans = tuple((str(layer), int(first), int(last)) for layer, first, last in row.get("spans") or ())
        return cls(**{**row, "gids": tuple(row.get("gids") or ()), "spans": spans})

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON: only what is given."""
        return {name: value for name, value in asdict(self).items() if value}

    def layers(self) -> set[str] | None:
        """Layers in which something can match; None where any can. Raises Invalid on an id without a layer."""
        named = [{split_gid(gid)[0] for gid in self.gids}] if self.gids else []
        named += [{layer for layer, _, _ in self.spans}] if self.spans else []
        named += [{split_gid(gid)[0]} for gid in (self.under, self.storey, self.building) if gid]
        named += [{self.layer}] if self.layer else []
        return set.intersection(*named) if named else None

    def named(self) -> list[str]:
        """The ids that must exist for the selection to make sense."""
        return [*self.gids, *(gid for gid in (self.under, self.storey, self.building) if gid)]

    def words(self) -> str:
        """The selection in words of the command line, for messages and logs."""
        given = [(item.name, getattr(self, item.name)) for item in fields(self)]
        shown = [
            f"{len(value)} {name}" if isinstance(value, tuple) else f"{name}={value}" for name, value in given if value
        ]
        return ", ".join(shown) or "everything"


def spans_of(
    states: Sequence[tuple[int, int]], published: Sequence[dict[str, Any]], *, seen: int | None, revision: int
) -> tuple[tuple[str, int, int], ...]:
    """(layer, first, last ordinal) of inclusive ranges of state indices.

    published: rows of `GraphStore.layers`; seen: the scene's revision that the indices were read from; revision: the
    present one, read after `published`, so that equal numbers mean equal scenes. Raises Conflict where they differ:
    the indices stand for other objects now; Invalid where a range ends before it begins or holds no object.
    """
    if seen != revision:
        raise Conflict(
            f"The state indices are of scene revision {seen}, and the park is at {revision}: read the scene again",
            code="scene-changed",
        )
    found = []
    for first, last in states:
        parts = [
            (
                str(row["layer"]),
                max(first, row["base"]) - row["base"],
                min(last, row["base"] + row["count"] - 1) - row["base"],
            )
            for row in published
            if first < row["base"] + row["count"] and last >= row["base"] and row["count"]
        ]
        if last < first or not parts:
            raise Invalid(
                f"The states {first} to {last} hold no object: expected inclusive ranges of state indices of the scene",
                code="states",
            )
        found += parts
    return tuple(sorted(found))


def layers_of(selection: Selection, published: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of `published` (`GraphStore.layers`) in which the selection may match; models under review only by name.

    Raises NotFound where a named layer is not published.
    """
    rows = {str(row["layer"]): row for row in published}
    for gid in selection.named():
        if split_gid(gid)[0] not in rows:
            raise NotFound(f"No published object has the id {gid!r}", code="no-object")
    if selection.layer and selection.layer not in rows:
        raise NotFound(
            f"Layer {selection.layer!r} is not published: known are {', '.join(sorted(rows)) or 'none'}",
            code="no-layer",
        )
    wanted = selection.layers()
    if wanted is None:
        return [row for _, row in sorted(rows.items()) if row["group"] != "submission"]
    return [rows[name] for name in sorted(wanted)]


def select_objects(cursor: Any, selection: Selection, layer: str) -> pa.Table:
    """gid, id, ordinal, ifc_class of the layer's objects that match, by ordinal. cursor: on any database with graph tables.

    Raises NotFound where an id that the selection names in this layer does not exist.
    """
    own = [gid for gid in selection.named() if split_gid(gid)[0] == layer]
    missing = cursor.execute(
        "SELECT gid FROM (SELECT unnest(CAST(? AS VARCHAR[])) AS gid) WHERE gid NOT IN"
        " (SELECT gid FROM object WHERE layer = ?) LIMIT 1",
        [own, layer],
    ).fetchone()
    if missing:
        raise NotFound(f"No published object has the id {missing[0]!r}", code="no-object")
    filters: dict[str, str | None] = {
        name: getattr(selection, name) for name in ("type", "storey", "building", "discipline")
    }
    clauses, values = conditions({**filters, "layer": layer}, selection.q or None)
    if selection.gids:
        clauses.append("o.gid IN (SELECT unnest(CAST(? AS VARCHAR[])))")
        values.append(list(selection.gids))
    if selection.spans:
        own_spans = [(first, last) for name, first, last in selection.spans if name == layer]
        clauses.append(
            "o.gid IN (SELECT x.gid FROM object x JOIN (SELECT unnest(CAST(? AS BIGINT[])) AS a, unnest(CAST(? AS BIGINT[])) AS b)"
            " ON x.ordinal BETWEEN a AND b WHERE x.layer = ?)"
        )
        values += [[first for first, _ in own_spans], [last for _, last in own_spans], layer]
    if selection.under:
        clauses.append(
            "o.gid IN (WITH RECURSIVE down(gid) AS (SELECT CAST(? AS VARCHAR) UNION"
            " SELECT k.gid FROM object k JOIN down ON k.parent = down.gid) SELECT gid FROM down)"
        )
        values.append(selection.under)
    query = f"SELECT o.gid, o.id, o.ordinal, o.ifc_class FROM object o WHERE {' AND '.join(clauses)} ORDER BY o.ordinal"
    return cursor.execute(query, values).to_arrow_table()


def nothing_selected(selection: Selection) -> Invalid:
    """The error of a selection that matches no object."""
    return Invalid(
        f"No object matches the selection ({selection.words()}): expected at least one", code="empty-selection"
    )
