"""The rows of the products that a change concerns, as they were and as they are, read from small parts of the texts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.compute as pc

from bim.changes.reach import reach
from bim.changes.rows import Rows, read_both
from bim.changes.shape_reach import Shaped, is_geometry, shape_reach
from bim.changes.texts import Texts
from bim.changes.whole import Whole
from bim.order.naming import MANGLED, MEANINGLESS
from bim.source.step_file import step_schema
from bim.source.step_index import StepIndex
from bim.source.step_scan import StepBytes

UNTOUCHED = ("type", "ifc_class", "discipline", "cim_level")
"""Columns of objects that decide on tiles, and on what is asked of an object."""
_TEXTURE = b"IFCIMAGETEXTURE"
_ASCII = 128


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
    before, after, faults = read_both(texts, found, scratch)
    for name in ("id", *UNTOUCHED):
        if before.objects.column(name) != after.objects.column(name):
            raise Whole(f"another {name.replace('_', ' ')} of an object")
    _plain(before, after)
    return Reread(texts, len(change.numbers), texts.still, shaped, before, after, faults=faults)


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
