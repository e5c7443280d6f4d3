"""The rows of the products that a change concerns, as they were and as they are, read from small parts of the texts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bim.changes.part import part
from bim.changes.reach import Reach, reach
from bim.changes.shape_reach import Shaped, is_geometry, shape_reach
from bim.changes.texts import Texts
from bim.changes.whole import Whole
from bim.graph.hierarchy import Hierarchy
from bim.graph.id_book import IdBook
from bim.graph.products import Products, distribution_systems, find_products, objects_table
from bim.graph.whole import read_graph
from bim.order.naming import MANGLED, MEANINGLESS
from bim.source.open_model import OpenModel, open_model
from bim.source.step_file import step_schema
from bim.source.step_index import StepIndex
from bim.source.step_scan import StepBytes
from bim.units.unit_table import UnitTable
from twin.errors import ParkError

UNTOUCHED = ("type", "ifc_class", "discipline", "cim_level")
"""Columns of objects that decide on tiles, and on what is asked of an object."""
_TEXTURE = b"IFCIMAGETEXTURE"
_ASCII = 128


@dataclass(frozen=True)
class Rows:
    """Rows of OBJECTS (without tree, elevation and engine) of some products, PROPERTIES and QUANTITIES of these and some concepts.

    concepts: their local ids.
    """

    objects: pa.Table
    properties: pa.Table
    quantities: pa.Table
    concepts: tuple[str, ...]


@dataclass(frozen=True)
class Reread:
    """before, after: rows of the same products in the same order, None where none is concerned.

    texts: both, of which so many instances differ (`changed`); still: up to where in the text nothing differs or moves, 0
    where all moves; shaped: products that may look otherwise, None where none does; faults: of syntax, in the part that
    was read.
    """

    texts: Texts
    changed: int
    still: int
    shaped: Shaped | None
    before: Rows | None = None
    after: Rows | None = None
    faults: bool = False


def reread(old: StepBytes, source: Path, new: StepBytes, scratch: Path, index: StepIndex | None = None) -> Reread:
    """What differs between the old text and the new one, which stands in the file `source` too.

    scratch: a folder to write in; index: of the old text, if it is known.

    Raises Whole where the change is not known to stay local.
    """
    if np.bitwise_or.reduce(np.frombuffer(new, np.uint8)) >= _ASCII:
        raise Whole("text that is not escaped")
    texts = Texts(old, new, step_schema(source, source.name), index)
    change = texts.difference
    header = old[: old.find(b"\n#")]
    if not all(text.isascii() for text in (header, *change.old.values())):  # the rest is that of the new text
        raise Whole("text that is not escaped")
    if change.numbers and texts.scan.of_class(_TEXTURE):
        raise Whole("images beside the file")
    if change.removed and texts.scan.naming(change.removed):
        raise Whole("something that was removed is still named")
    geometry = {number for number in change.numbers if is_geometry(texts, number)}
    found = reach(texts, change.numbers - geometry) if change.numbers - geometry else None
    shaped = shape_reach(texts, geometry) if geometry else None
    if shaped is not None and not shaped.products:
        shaped = None
    if found is None or not (found.products or found.concepts):
        return Reread(texts, len(change.numbers), texts.still, shaped)
    before, after = (_read(texts, found, scratch, old=old) for old in (True, False))
    if before.signs != after.signs:
        raise Whole("units or references that are out of order")
    for name in ("id", *UNTOUCHED):
        if before.rows.objects.column(name) != after.rows.objects.column(name):
            raise Whole(f"another {name.replace('_', ' ')} of an object")
    _plain(before.rows, after.rows)
    return Reread(
        texts, len(change.numbers), texts.still, shaped, before.rows, after.rows, faults=bool(before.signs[0])
    )


@dataclass(frozen=True)
class _Part:
    """signs: what is out of order in it: faults of syntax, units, ids, references."""

    rows: Rows
    signs: tuple[object, ...]


def _read(texts: Texts, found: Reach, scratch: Path, *, old: bool) -> _Part:
    path = scratch / ("before.ifc" if old else "after.ifc")
    path.write_bytes(part(texts, found.products | found.concepts, old=old))
    try:
        opened = open_model(path, scratch=scratch)
    except ParkError as error:
        raise Whole(f"the part that changed cannot be read: {error.message}") from error
    if opened.texts or any(finding.code != "ifc-syntax" for finding in opened.findings):
        raise Whole("text that was mangled")
    return _rows(opened, found)


def _rows(opened: OpenModel, wanted: Reach) -> _Part:
    model = opened.file
    units, book = UnitTable.of_model(model), IdBook()
    products = find_products(model, book)
    hierarchy = Hierarchy(model, products.by_step)
    graph = read_graph(opened, units, book, hierarchy, products, lambda _done: None)
    hierarchy.links.check(hierarchy.misfits, {})
    objects = objects_table(products, hierarchy, book, opened.schema, {}, {}, distribution_systems(model))
    concepts = [local for local in map(book.get_step, sorted(wanted.concepts)) if local is not None]
    if len(concepts) != len(wanted.concepts):
        raise Whole("types or openings without a GlobalId")
    ids = pa.array([*_ids(products, wanted.products), *concepts], pa.string())
    properties, quantities = graph.collector.tables()
    objects, properties, quantities = (
        table.filter(pc.is_in(table.column("id"), ids)) for table in (objects, properties, quantities)
    )
    faults = [finding.value for finding in opened.findings]
    return _Part(
        Rows(objects, properties, quantities, tuple(concepts)),
        (faults, units.problems, book.repeated, dict(hierarchy.misfits.found)),
    )


def _ids(products: Products, wanted: set[int]) -> list[str]:
    found = [local for step, local in zip(products.by_step, products.ids, strict=True) if step in wanted]
    if len(found) != len(wanted):
        raise Whole("products without a GlobalId")
    return found


def _plain(before: Rows, after: Rows) -> None:
    """Names and values that no check of order remarks on, or on both: which objects it lists is a matter of the whole file."""
    for rows in (before, after):
        for column in (rows.objects.column("name"), rows.properties.column("value")):
            if pc.any(pc.match_substring_regex(column, MANGLED)).as_py():
                raise Whole("text that was mangled")
    if _nameless(before) != _nameless(after):
        raise Whole("an object that got or lost its name")


def _nameless(rows: Rows) -> list[bool]:
    return [name is None or MEANINGLESS.match(name) is not None for name in rows.objects.column("name").to_pylist()]
