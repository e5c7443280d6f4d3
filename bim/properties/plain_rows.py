"""Rows of many single values and quantities at once, from the file's text.

Equal texts say equal things: the parser is asked once for each distinct text that is not written in the plainest way,
and once for each kind of value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bim.properties.property_rows import single_value
from bim.properties.quantity_rows import quantity_rows_of
from bim.properties.schema_attributes import attribute_count, defined_type
from bim.properties.values import TOLD_BY_TEXT, numbers
from bim.source.attribute import value_at
from bim.source.lists import I64
from bim.source.step_arguments import Arguments, arguments
from bim.source.step_columns import Flags
from bim.source.step_text import StepText
from bim.source.whole_model import entity_of
from bim.text import clean
from bim.units.measures import QUANTITY_UNIT
from bim.units.unit_table import PLAIN, UnitTable

SINGLE = "IfcPropertySingleValue"
AT_ONCE = 1 << 13
"""Instances looked at together: a megabyte of text."""
_LETTER = r"[ -&(-\[\]-~]"  # printable, neither a quote nor the backslash of an escape
_REAL = r"(?P<number>-?[0-9]+\.[0-9]*(?:E[-+]?[0-9]+)?)"
_TEXT = f"^'{_LETTER}*'$"
_VALUE = rf"^(?P<kind>IFC[A-Z]+)\((?:'(?P<text>{_LETTER}*)'|{_REAL})\),\$$"
_AMOUNT = rf"^(?P<kind>\$|#[0-9]+),{_REAL}$"
Entity = Callable[[int], Any]
"""The entity in a row."""


class _Piece(NamedTuple):
    """Some of the distinct texts, and the columns of what they say."""

    rows: I64
    columns: list[pa.Array]


class PlainRows(NamedTuple):
    """rows (m,): which of the entities asked for these are; columns: the row of each; told (m,): 1, or 0 where it says nothing."""

    rows: I64
    columns: list[pa.Array]
    told: I64


class Distinct(NamedTuple):
    """The distinct ones of n texts: which of them each is (n,), and where each stands first."""

    texts: pa.StringArray
    code: I64
    first: I64


def distinct(texts: pa.StringArray) -> Distinct:
    """Texts by their distinct ones, in the order in which these come."""
    found = texts.dictionary_encode()
    code = found.indices.to_numpy().astype(np.int64)
    seen = np.maximum.accumulate(code) if len(code) else code
    return Distinct(found.dictionary, code, np.flatnonzero(np.diff(seen, prepend=-1)))


def entities(model: Any, steps: I64) -> Entity:
    """The entities of STEP ids."""
    return lambda row: entity_of(model, int(steps[row]))


def plain_texts(quoted: Distinct, entity: Entity, index: int) -> list[str | None]:
    """What distinct quoted texts say, made clean. entity, index: where each stands, for what only the parser can tell."""
    odd = ~_flags(pc.match_substring_regex(quoted.texts, _TEXT))
    found = pc.ascii_trim_whitespace(pc.utf8_slice_codeunits(quoted.texts, 1, -1)).to_pylist()
    for number in np.flatnonzero(odd).tolist():
        found[number] = clean(value_at(entity(int(quoted.first[number])), index))
    return [text or None for text in found]


class Instances(NamedTuple):
    """Plain ones among the entities asked for: which (m,), the number of the class of each, and its row in the arguments."""

    asked: I64
    of_class: I64
    arguments: Arguments
    row: I64


def instances_of(text: StepText, schema: str, classes: Sequence[str], steps: I64) -> Iterator[Instances]:
    """Those of the entities that are plainly of these classes, some at a time. classes: with equally many attributes."""
    rows = text.rows(steps)
    of_class = np.full(len(rows), -1, np.int64)
    for number, ifc_class in enumerate(classes):
        of_class[text.are(rows, ifc_class)] = number
    known = np.flatnonzero(of_class >= 0)
    known = known[text.alone(rows[known])]
    opens = np.array([len(ifc_class) - 1 for ifc_class in classes])
    for start in range(0, len(known), AT_ONCE):
        part = known[start : start + AT_ONCE]
        lines = text.lines(rows[part], "", opens[of_class[part]])
        found = arguments(lines, attribute_count(schema, classes[of_class[part[0]]]))
        plain = np.flatnonzero(found.plain)
        if len(plain):
            yield Instances(part[plain], of_class[part[plain]], found, plain)


def single_values(model: Any, schema: str, text: StepText, units: UnitTable, steps: I64) -> Iterator[PlainRows]:
    """Rows (name, value, number, unit) of those of the entities that are plain IfcPropertySingleValue."""
    for found in instances_of(text, schema, (SINGLE,), steps):
        entity = entities(model, steps[found.asked])
        columns = _values(distinct(found.arguments.texts(found.row, 2, 3)), entity, schema, units)
        yield PlainRows(found.asked, [_names(found, entity), *columns], np.ones(len(found.asked), np.int64))


def quantities(model: Any, schema: str, text: StepText, units: UnitTable, steps: I64) -> Iterator[PlainRows]:
    """Rows (name, value, unit) of those of the entities that are plain simple quantities."""
    for found in instances_of(text, schema, tuple(QUANTITY_UNIT), steps):
        entity = entities(model, steps[found.asked])
        columns = _amounts(found, model, entity, units)
        told = np.isfinite(columns[0].to_numpy()).astype(np.int64)
        yield PlainRows(found.asked, [_names(found, entity), *columns], told)


def _names(found: Instances, entity: Entity) -> pa.StringArray:
    names = distinct(found.arguments.texts(found.row, 0, 0))
    told = [text or "?" for text in plain_texts(names, entity, 0)]
    return pa.array(told, pa.string()).take(pa.array(names.code))


def _values(given: Distinct, entity: Entity, schema: str, units: UnitTable) -> list[pa.Array]:
    parts = pc.extract_regex(given.texts, _VALUE)
    number, text = parts.field("number"), pc.ascii_trim_whitespace(parts.field("text"))
    is_number = _flags(pc.not_equal(number, ""))
    pieces: list[_Piece] = []
    for mine in _groups(parts, is_number.astype(np.int64), 2):
        measure = defined_type(schema, parts.field("kind")[int(mine[0])].as_py())
        if measure is None:
            continue
        if is_number[mine[0]]:
            values = pc.cast(number.take(pa.array(mine)), pa.float64()).to_numpy()
            if np.isfinite(values).all():
                unit = units.of_measure(measure)
                texts, si = numbers(values, unit, measure)
                symbol = pa.scalar(unit.symbol or None, pa.string())
                pieces.append(_Piece(mine, [pa.array(texts, pa.string()), pa.array(si), pa.repeat(symbol, len(mine))]))
        elif measure not in TOLD_BY_TEXT:
            told = text.take(pa.array(mine))
            told = pc.if_else(pc.equal(told, ""), pa.scalar(None, pa.string()), told)
            pieces.append(_Piece(mine, [told, *(pa.nulls(len(mine), kind) for kind in (pa.float64(), pa.string()))]))
    odd = _left(given, pieces)
    told_by_parser = [single_value(entity(row), units) for row in given.first[odd].tolist()]
    pieces.append(_Piece(odd, _columns(told_by_parser, (pa.string(), pa.float64(), pa.string()))))
    return _joined(pieces, given)


def _amounts(found: Instances, model: Any, entity: Entity, units: UnitTable) -> list[pa.Array]:
    """Numbers and units; NaN for a quantity without a value. Most values stand once, so that each is looked at."""
    every = np.arange(len(found.asked))
    given = Distinct(found.arguments.texts(found.row, 2, 3), every, every)
    parts = pc.extract_regex(given.texts, _AMOUNT)
    unit_types = tuple(QUANTITY_UNIT.values())
    pieces: list[_Piece] = []
    for mine in _groups(parts, found.of_class, len(unit_types)):
        own, unit_type = parts.field("kind")[int(mine[0])].as_py(), unit_types[found.of_class[mine[0]]]
        values = pc.cast(parts.field("number").take(pa.array(mine)), pa.float64()).to_numpy()
        if np.isfinite(values).all():
            unit = None if own == "$" else units.of_entity(entity_of(model, int(own[1:])))
            unit = unit or (units.of_type(unit_type) if unit_type else PLAIN)
            si = (values + unit.shift) * unit.factor
            pieces.append(_Piece(mine, [pa.array(si), pa.repeat(pa.scalar(unit.symbol, pa.string()), len(mine))]))
    odd = _left(given, pieces)
    rows = [quantity_rows_of((entity(row),), units) for row in odd.tolist()]
    told_by_parser = [row[0][1:] if row else (np.nan, "") for row in rows]
    pieces.append(_Piece(odd, _columns(told_by_parser, (pa.float64(), pa.string()))))
    return _joined(pieces, given)


def _groups(parts: pa.StructArray, sort: I64, sorts: int) -> Iterator[I64]:
    """The rows of each kind and sort of value, in the order in which these come; not those that are written otherwise."""
    kind = parts.field("kind").dictionary_encode().indices.to_numpy().astype(np.int64) * sorts + sort
    kind[~_flags(parts.is_valid())] = -1
    kinds, first = np.unique(kind, return_index=True)
    for found in kinds[np.argsort(first)].tolist():
        if found >= 0:
            yield np.flatnonzero(kind == found)


def _left(given: Distinct, pieces: Sequence[_Piece]) -> I64:
    """The rows that are in none of the pieces."""
    left = np.ones(len(given.texts), np.bool_)
    for piece in pieces:
        left[piece.rows] = False
    return np.flatnonzero(left)


def _joined(pieces: Sequence[_Piece], given: Distinct) -> list[pa.Array]:
    """The columns of all distinct texts from those of the pieces, given to each that has the text."""
    place = np.empty(len(given.texts), np.int64)
    rows = np.concatenate([piece.rows for piece in pieces])
    place[rows] = np.arange(len(rows))
    index = pa.array(place[given.code])
    return [pa.concat_arrays(column).take(index) for column in zip(*(piece.columns for piece in pieces), strict=True)]


def _columns(rows: Sequence[tuple[Any, ...]], kinds: Sequence[pa.DataType]) -> list[pa.Array]:
    return [pa.array([row[number] for row in rows], kind) for number, kind in enumerate(kinds)]


def _flags(found: pa.BooleanArray) -> Flags:
    return np.asarray(found.to_numpy(zero_copy_only=False), np.bool_)
