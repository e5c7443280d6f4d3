"""The tables of a version as those of an earlier one and what differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bim.changes import Reread, Whole
from bim.changes.rows import Rows
from scenes.build.tables import rows_of_objects
from scenes.diff.hashes import hashes
from twin.encoded import codes
from twin.graph.delta import Delta, Group
from twin.graph.schema import FINGERPRINT, columns
from twin.graph.tablefile import delta_path, read_table, table_path
from twin.layer import QUANTITIES

I64 = npt.NDArray[np.int64]
TOLD = ("name", "description", "tag", "predefined_type")
"""Columns of objects that an element's own attributes fill."""
HELD = ("type", "ifc_class", "discipline", "cim_level", *TOLD)
MOST_GROUPS = 2_000
"""Objects in one delta; a version with more is built whole, which makes its tables plain again."""


@dataclass(frozen=True)
class Spliced:
    """deltas: by table; renamed: names by ordinal; properties, quantities: rows more than before (fewer: negative)."""

    deltas: dict[str, Delta]
    renamed: dict[int, str]
    properties: int
    quantities: int


def splice(folder: Path, layer: str, changed: Reread) -> Spliced:
    """What the earlier version's tables in `folder` give way to.

    Raises Whole where the part that was read does not tell what the version holds of the same objects, or where the
    tables cannot be told apart by object.
    """
    if changed.before is None or changed.after is None:
        return Spliced({}, {}, 0, 0)
    return _Splice(folder, layer, changed.before, changed.after).made()


class _Splice:
    def __init__(self, folder: Path, layer: str, before: Rows, after: Rows) -> None:
        self._folder, self._layer, self._before, self._after = folder, layer, before, after
        self._ids = before.objects.column("id").combine_chunks()
        self._gids = pc.binary_join_element_wise(f"{layer}/", self._ids, "")
        told = any(before.objects.column(name) != after.objects.column(name) for name in TOLD)
        said = not (before.properties.equals(after.properties) and before.quantities.equals(after.quantities))
        objects = read_table(folder, "object", None if told else ["gid", *HELD])
        place = pc.index_in(self._gids, value_set=objects.column("gid").combine_chunks())
        if place.null_count:
            raise Whole("an object that the version does not hold")
        self._rows: I64 = place.to_numpy().astype(np.int64)
        """Where the objects stand in the tables of objects and fingerprints, which is their ordinal."""
        self._held = objects.take(pa.array(self._rows))
        hashed = read_table(folder, FINGERPRINT, None if said else ["properties", "quantities"])
        self._hashed = hashed.take(pa.array(self._rows))
        """Of both all columns where some of their rows are others now."""

    def made(self) -> Spliced:
        self._check()
        deltas = {}
        objects, renamed = self._changed_objects()
        deltas["object"] = objects
        more = {}
        for name, before, after in (
            ("property", self._before.properties, self._after.properties),
            ("quantity", self._before.quantities, self._after.quantities),
        ):
            deltas[name], more[name] = self._changed_rows(name, before, after)
        deltas[FINGERPRINT] = self._changed_fingerprints()
        made = {name: delta for name, delta in deltas.items() if delta.groups}
        for name, delta in made.items():
            made[name] = delta.over(Delta.read(delta_path(self._folder, name)))
            if len(made[name].groups) > MOST_GROUPS:
                raise Whole(f"more than {MOST_GROUPS:,} objects have changed since the version was built whole")
        return Spliced(made, renamed, more["property"], more["quantity"])

    def _check(self) -> None:
        """The part of the old text gives the rows that the version holds: so will that of the new one."""
        for name in HELD:
            if self._held.column(name).to_pylist() != self._before.objects.column(name).to_pylist():
                raise Whole(f"objects whose {name.replace('_', ' ')} the part does not tell")
        for name, rows in (("properties", self._before.properties), ("quantities", self._before.quantities)):
            if self._hashed.column(name).to_pylist() != self._hashes(rows).to_pylist():
                raise Whole(f"objects whose {name} the part does not tell")

    def _hashes(self, rows: pa.Table) -> pa.Array:
        return hashes(rows, self._ids)

    def _groups(self, table: pa.Table, columns: dict[str, pa.Array], different: npt.NDArray[np.bool_]) -> Delta:
        """One row for each of the objects that differ. table: their rows in a table with a row per object; columns: those that are others."""
        if not different.any():
            return Delta(())
        for title, column in columns.items():
            place = table.schema.get_field_index(title)
            table = table.set_column(place, title, column.cast(table.schema.field(title).type))
        gids = self._gids.to_pylist()
        groups = [
            Group(row, row + 1, gids[number], table.slice(number, 1))
            for number, row in enumerate(self._rows.tolist())
            if different[number]
        ]
        return Delta(tuple(sorted(groups, key=lambda group: group.start)))

    def _changed_objects(self) -> tuple[Delta, dict[int, str]]:
        different = np.zeros(len(self._rows), np.bool_)
        renamed: dict[int, str] = {}
        columns: dict[str, pa.Array] = {}
        for name in TOLD:
            old, new = (rows.objects.column(name).to_pylist() for rows in (self._before, self._after))
            other = np.array([a != b for a, b in zip(old, new, strict=True)], np.bool_)
            if name == "name":
                renamed = {int(self._rows[number]): new[number] for number in np.flatnonzero(other)}
            different |= other
            columns[name] = pa.array(new, pa.string())
        return self._groups(self._held, columns, different), renamed

    def _changed_fingerprints(self) -> Delta:
        columns: dict[str, pa.Array] = {}
        different = np.zeros(len(self._rows), np.bool_)
        for name, before, after in (
            ("properties", self._before.properties, self._after.properties),
            ("quantities", self._before.quantities, self._after.quantities),
        ):
            if before.equals(after):  # the version's are theirs: that was checked
                continue
            column = columns[name] = self._hashes(after)
            held = self._hashed.column(name).to_pylist()
            different |= np.array([a != b for a, b in zip(held, column.to_pylist(), strict=True)], np.bool_)
        return self._groups(self._hashed, columns, different)

    def _changed_rows(self, name: str, before: pa.Table, after: pa.Table) -> tuple[Delta, int]:
        """The rows of the objects of which they differ, and how many more these are; what was measured stays."""
        if before.equals(after):
            return Delta(()), 0
        if name == "quantity":
            measured = self._measured()
            before, after = pa.concat_tables([before, measured]), pa.concat_tables([after, measured])
        old, new = (dict(self._by_object(name, rows)) for rows in (before, after))
        concepts = [f"{self._layer}/{local}" for local in self._before.concepts]
        objects = self._gids.to_pylist()
        gids = [gid for gid in (*objects, *concepts) if not _equal(old.get(gid), new.get(gid))]
        places = places_of(table_path(self._folder, name), gids)
        if not set(gids) <= set(places):
            raise Whole(f"an object that had no {name}")
        earlier = Delta.read(delta_path(self._folder, name))
        held = {} if earlier is None else {group.gid: len(group.rows) for group in earlier.groups}
        groups, more = [], 0
        for gid in set(gids).intersection(objects):
            start, end = int(places[gid][0]), int(places[gid][-1]) + 1
            count = held.get(gid, end - start)
            if count != (len(old[gid]) if gid in old else 0) or end - start != len(places[gid]):
                raise Whole(f"objects of which the part does not tell every {name}")
            rows = new[gid] if gid in new else old[gid].slice(0, 0)
            groups.append(Group(start, end, gid, rows))
            more += len(rows) - count
        groups += self._of_concepts(name, places, old, new, [gid for gid in gids if gid in set(concepts)])
        return Delta(tuple(sorted(groups, key=lambda group: group.start))), more

    def _of_concepts(
        self, name: str, places: dict[str, I64], old: dict[str, pa.Table], new: dict[str, pa.Table], gids: list[str]
    ) -> list[Group]:
        """Rows of types and openings, which stand by set and name among those of all concepts: each stays at its place."""
        if not gids:
            return []
        held = read_table(self._folder, name)
        groups: list[Group] = []
        for gid in gids:
            mine = held.filter(pc.equal(held.column("gid"), gid))
            if gid not in old or gid not in new or not mine.equals(old[gid]) or len(mine) != len(places[gid]):
                raise Whole(f"a type or an opening of which the part does not tell every {name}")
            if any(old[gid].column(key) != new[gid].column(key) for key in ("set", "name")):
                raise Whole(f"a type or an opening with another {name}")
            groups += [
                Group(place, place + 1, gid, new[gid].slice(number, 1))
                for number, place in enumerate(places[gid].tolist())
            ]
        return groups

    def _measured(self) -> pa.Table:
        """The quantities that the version holds of the objects and no file declares, by local id."""
        held = read_table(self._folder, "quantity")
        place = pc.index_in(held.column("gid"), value_set=self._gids)
        own = pc.and_(pc.is_valid(place), pc.equal(held.column("origin"), "measured"))
        ids = self._ids.take(place.filter(own).combine_chunks())
        return held.filter(own).add_column(0, "id", ids).select(QUANTITIES.names).cast(QUANTITIES)

    def _by_object(self, name: str, rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
        """The rows of each object that has any, as they stand in the table: sorted, plain text."""
        table = rows_of_objects(self._layer, rows, self._before.objects, self._rows).select(columns(name))
        kinds = [
            pa.field(field.name, field.type.value_type if pa.types.is_dictionary(field.type) else field.type)
            for field in table.schema
        ]
        table = table.cast(pa.schema(kinds))
        owner, gids = codes(table.column("gid"))
        for number, gid in enumerate(gids.to_pylist()):
            yield gid, table.take(pa.array(np.flatnonzero(owner == number)))


def _equal(a: pa.Table | None, b: pa.Table | None) -> bool:
    return a is b if a is None or b is None else a.equals(b)


def places_of(path: Path, gids: list[str]) -> dict[str, I64]:
    """The rows of some objects in a file, ascending; only those that have any."""
    wanted = pa.array(gids, pa.string())
    at, places, owners = 0, [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    with pq.ParquetFile(path, read_dictionary=["gid"]) as file:
        for chunk in file.read(["gid"], use_threads=False).column("gid").chunks:
            mine = pc.index_in(chunk.dictionary, value_set=wanted).fill_null(-1).to_numpy().astype(np.int64)
            word = chunk.indices.to_numpy()
            found = np.flatnonzero((mine >= 0)[word])
            places.append(found + at)
            owners.append(mine[word[found]])
            at += len(chunk)
    rows, owner = np.concatenate(places), np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    rows = rows[order]
    numbers, first = np.unique(owner[order], return_index=True)
    parts = np.split(rows, first[1:])  # of nothing one part is made
    return {gids[number]: part for number, part in zip(numbers.tolist(), parts, strict=False)}
