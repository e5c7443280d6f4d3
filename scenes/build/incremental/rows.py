"""The rows that other shapes and places of some objects change: boxes, measures, fingerprints, middle lines."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bim.changes import Whole
from scenes.build.axes import SEGMENTS, segment_axes
from scenes.build.incremental.kept import F64, I64
from scenes.build.incremental.splice import places_of
from scenes.build.tables import rows_of_objects
from scenes.diff.fingerprint import geometry_columns
from twin.encoded import encoded
from twin.geometry.spool import SpoolReader
from twin.graph.delta import Delta, Group
from twin.graph.schema import AXIS, FINGERPRINT, columns
from twin.graph.tablefile import delta_path, read_table, table_path
from twin.layer import QUANTITIES

BOX = ("min_x", "min_y", "min_z", "max_x", "max_y", "max_z")
_SHAPED = ("area", "volume", "centre", "second", "third")


class Rows:
    """Writes deltas beside the tables in a folder, over those that stand there.

    table: the version's table of objects; objects: rows of OBJECTS in file order; ordinal (n,): their rows in the tables;
    mine: rows of the objects that are drawn anew.
    """

    def __init__(self, folder: Path, layer: str, table: pa.Table, objects: pa.Table, ordinal: I64, mine: I64) -> None:
        self._folder, self._layer, self._table = folder, layer, table
        self._objects, self._ordinal, self._mine = objects, ordinal, mine
        self._ids = objects.column("id").take(pa.array(mine)).combine_chunks()

    def write(
        self,
        boxes: F64,
        measured: pa.Table,
        placements: pa.Table,
        meshes: SpoolReader,
        part: SpoolReader | None,
        source_matrix: F64,
    ) -> int:
        """Write what differs. Returns how many quantities the version has.

        boxes (n, 6): of all objects, in the park's frame; measured: QUANTITIES of the objects that are drawn anew,
        placements: PLACEMENTS of these, part: their meshes, if they have any; source_matrix (4, 4): the source's own frame
        → the park's. Raises Whole where a row would stand elsewhere.
        """
        self._boxes(boxes)
        self._fingerprints(placements, part, source_matrix)
        self._axes(meshes)
        return self._quantities(measured)

    def _put(self, name: str, groups: list[Group]) -> None:
        if groups:
            path = delta_path(self._folder, name)
            made = Delta(tuple(sorted(groups, key=lambda group: group.start))).over(Delta.read(path))
            path.unlink(missing_ok=True)  # it may be the earlier version's too
            made.write(path)

    def _boxes(self, boxes: F64) -> None:
        table, held = self._table, boxes_of(self._table)
        by_ordinal = boxes[np.argsort(self._ordinal)]
        different = ~((held == by_ordinal) | (np.isnan(held) & np.isnan(by_ordinal))).all(axis=1)
        rows = np.flatnonzero(different)
        some = table.take(pa.array(rows))
        for number, name in enumerate(BOX):
            values = by_ordinal[rows, number]
            column = pa.array(values, pa.float64(), mask=~np.isfinite(values))
            some = some.set_column(some.schema.get_field_index(name), some.schema.field(name), column)
        self._put("object", self._groups(some, rows))

    def _fingerprints(self, placements: pa.Table, part: SpoolReader | None, source_matrix: F64) -> None:
        mine = self._ordinal[self._mine]
        held = read_table(self._folder, FINGERPRINT).take(pa.array(mine))
        made = geometry_columns(self._ids, placements, part, source_matrix)
        for name, column in made.items():
            kind = held.schema.field(name)
            held = held.set_column(held.schema.get_field_index(name), kind, column.cast(kind.type))
        order = np.argsort(mine)
        self._put(FINGERPRINT, self._groups(held.take(pa.array(order)), mine[order]))

    def _groups(self, table: pa.Table, rows: I64) -> list[Group]:
        gids = table.column("gid").to_pylist()
        return [Group(row, row + 1, gids[at], table.slice(at, 1)) for at, row in enumerate(rows.tolist())]

    def _axes(self, meshes: SpoolReader) -> None:
        kinds = self._objects.column("type").take(pa.array(self._mine)).to_pylist()
        if not set(kinds).intersection(SEGMENTS):
            return
        held = read_table(self._folder, AXIS)
        made = segment_axes(self._objects, meshes)
        gids = pc.binary_join_element_wise(f"{self._layer}/", made.column("id"), "")
        if held.column("gid").to_pylist() != gids.to_pylist():
            raise Whole("middle lines of other objects")
        own = np.asarray(pc.is_in(made.column("id"), value_set=self._ids).to_numpy(zero_copy_only=False))
        held = held.set_column(2, held.schema.field(2), made.column("points").cast(held.schema.field(2).type))
        rows = np.flatnonzero(own)
        self._put(AXIS, self._groups(held.take(pa.array(rows)), rows))

    def _quantities(self, measured: pa.Table) -> int:
        """Measures anew, what is declared as it stands."""
        held = read_table(self._folder, "quantity")
        gids = pc.binary_join_element_wise(f"{self._layer}/", self._ids, "")
        place = pc.index_in(held.column("gid"), value_set=gids)
        mine = held.filter(pc.is_valid(place))
        ids = self._ids.take(place.drop_null().combine_chunks())
        local = mine.append_column("id", ids).select(QUANTITIES.names).cast(QUANTITIES)
        declared = local.filter(pc.not_equal(local.column("origin"), "measured"))
        rows = encoded(pa.concat_tables([declared, measured]))
        made = (
            rows_of_objects(self._layer, rows, self._objects, self._ordinal)
            .select(columns("quantity"))
            .cast(held.schema)
        )
        places = places_of(table_path(self._folder, "quantity"), gids.to_pylist())
        groups, more = [], 0
        for gid in gids.to_pylist():
            old, new = (table.filter(pc.equal(table.column("gid"), gid)) for table in (mine, made))
            if old.equals(new):
                continue
            if gid not in places or len(places[gid]) != int(places[gid][-1]) + 1 - int(places[gid][0]):
                raise Whole("an object that had no quantity")
            groups.append(Group(int(places[gid][0]), int(places[gid][-1]) + 1, gid, new))
            more += len(new) - len(old)
        self._put("quantity", groups)
        return len(held) + more


def boxes_of(table: pa.Table) -> F64:
    """(n, 6) by row of a version's table of objects, NaN where one has none."""
    return np.column_stack([table.column(name).to_numpy(zero_copy_only=False) for name in BOX])


def part_of(meshes: SpoolReader, ids: list[str]) -> SpoolReader | None:
    """The placements of some objects as a spool of their own, of shapes that stand where they stood."""
    wanted = set(ids)
    chosen = np.array([name in wanted for name in meshes.objects], np.bool_)
    placed = np.flatnonzero(chosen[meshes.placed_object]) if len(chosen) else np.empty(0, np.int64)
    return meshes.part(placed) if len(placed) else None
