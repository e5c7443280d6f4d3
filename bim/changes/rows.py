"""The rows of some products and concepts as they were and as they are, read from one small file, else from two."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from bim.changes.beside import MARK, beside
from bim.changes.part import in_order, part, project, text_of
from bim.changes.reach import Reach
from bim.changes.texts import Texts
from bim.changes.whole import Whole
from bim.graph.hierarchy import Hierarchy
from bim.graph.id_book import IdBook
from bim.graph.products import Products, distribution_systems, find_products, objects_table
from bim.graph.whole import read_graph
from bim.source.open_model import OpenModel, open_model
from bim.units.unit_table import UnitTable
from twin.errors import ParkError
from twin.finding import Finding

_OFFSET = re.compile(r"at offset (\d+)")
_DEFINES = re.compile(rb"^#(\d+)\s*=", re.MULTILINE)


class Rows(NamedTuple):
    """Rows of OBJECTS (without tree, elevation and engine) of some products, PROPERTIES and QUANTITIES of these and some concepts.

    concepts: their local ids.
    """

    objects: pa.Table
    properties: pa.Table
    quantities: pa.Table
    concepts: tuple[str, ...]


class Both(NamedTuple):
    """The same products and concepts in the same order. faults: of syntax, in what was read."""

    before: Rows
    after: Rows
    faults: bool


def read_both(texts: Texts, found: Reach, scratch: Path) -> Both:
    """The rows of what a change reaches. scratch: a folder to write in. Raises Whole."""
    wanted = found.products | found.concepts
    old, new = (part(texts, wanted, old=old) for old in (True, False))
    copies = beside(new, in_order(texts, old), wanted, project(texts, old=False))
    if copies is not None:
        text = text_of(texts, new, copies.copies)
        read = _Read(_opened(scratch / "both.ifc", text))
        faults, *others = read.signs
        if not any(others) and (not faults or _of_both(read.findings, text, copies.shared)):
            return Both(_unmarked(read.rows(found, copies.shift)), read.rows(found), faults=bool(faults))
    # What is out of order cannot be told apart in one file.
    before = _Read(_opened(scratch / "before.ifc", text_of(texts, old)))
    after = _Read(_opened(scratch / "after.ifc", text_of(texts, new)))
    if before.signs != after.signs:
        raise Whole("units or references that are out of order")
    return Both(before.rows(found), after.rows(found), faults=bool(before.signs[0]))


def _opened(path: Path, text: bytes) -> OpenModel:
    path.write_bytes(text)
    try:
        opened = open_model(path, scratch=path.parent)
    except ParkError as error:
        raise Whole(f"the part that changed cannot be read: {error.message}") from error
    if opened.texts or any(finding.code != "ifc-syntax" for finding in opened.findings):
        raise Whole("text that was mangled")
    return opened


def _of_both(findings: list[Finding], text: bytes, shared: set[int]) -> bool:
    """Whether the parser found one fault, in an instance that both parts hold: each by itself has it too, and no other."""
    place = _OFFSET.search(findings[0].en) if [one.value for one in findings] == [1.0] else None
    if place is None:
        return False
    begun = _DEFINES.findall(text, 0, int(place[1]))
    return bool(begun) and int(begun[-1]) in shared


class _Read:
    """A part that was read. signs: what is out of order in it: faults of syntax, units, ids, references."""

    def __init__(self, opened: OpenModel) -> None:
        model = opened.file
        units, book = UnitTable.of_model(model), IdBook()
        products = find_products(model, book)
        hierarchy = Hierarchy(model, products.by_step)
        graph = read_graph(opened, units, book, hierarchy, products, lambda _done: None)
        hierarchy.links.check(hierarchy.misfits, {})
        objects = objects_table(products, hierarchy, book, opened.schema, {}, {}, distribution_systems(model))
        self._book, self._products = book, products
        self._tables = (objects, *graph.collector.tables())
        self.findings = opened.findings
        faults = [finding.value for finding in opened.findings]
        self.signs = (faults, units.problems, book.repeated, dict(hierarchy.misfits.found))

    def rows(self, wanted: Reach, shift: int = 0) -> Rows:
        """Of these products and concepts. shift: what their STEP ids are larger by. Raises Whole where some have no GlobalId."""
        concepts = [self._book.get_step(step + shift) for step in sorted(wanted.concepts)]
        if None in concepts:
            raise Whole("types or openings without a GlobalId")
        ids = pa.array([*_ids(self._products, {step + shift for step in wanted.products}), *concepts], pa.string())
        objects, properties, quantities = (table.filter(pc.is_in(table.column("id"), ids)) for table in self._tables)
        return Rows(objects, properties, quantities, tuple(filter(None, concepts)))


def _ids(products: Products, wanted: set[int]) -> list[str]:
    found = [local for step, local in zip(products.by_step, products.ids, strict=True) if step in wanted]
    if len(found) != len(wanted):
        raise Whole("products without a GlobalId")
    return found


def _unmarked(rows: Rows) -> Rows:
    """The rows of copies as those of what they are copies of."""
    if not all(local.startswith(MARK) for local in rows.concepts):
        raise Whole("a type or an opening whose GlobalId is no plain text")
    objects, properties, quantities = map(_unmarked_table, rows[:3])
    return Rows(objects, properties, quantities, tuple(local.removeprefix(MARK) for local in rows.concepts))


def _unmarked_table(table: pa.Table) -> pa.Table:
    place, ids = table.schema.get_field_index("id"), table.column("id")
    plain = ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids
    if pa.types.is_dictionary(plain.type):
        made = pa.DictionaryArray.from_arrays(plain.indices, _without_mark(plain.dictionary))
    else:
        made = _without_mark(plain)
    return table.set_column(place, table.schema.field(place), made)


def _without_mark(ids: pa.Array) -> pa.Array:
    if not pc.all(pc.starts_with(ids, MARK), min_count=0).as_py():
        raise Whole("an object whose GlobalId is no plain text")
    return pc.utf8_slice_codeunits(ids, len(MARK))
