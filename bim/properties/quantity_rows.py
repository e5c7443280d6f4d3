"""The rows of one IfcElementQuantity, in SI."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

from bim.source.attribute import entities_of, step_of
from bim.text import clean
from bim.units.measures import QUANTITY_UNIT
from bim.units.unit_table import PLAIN, UnitTable

MAX_DEPTH = 8


class QuantityRow(NamedTuple):
    """One quantity: SI value and SI symbol ('' for a count)."""

    name: str
    value: float
    unit: str


def quantity_rows_of(quantities: Any, units: UnitTable) -> list[QuantityRow]:
    """Rows of an aggregate of IfcPhysicalQuantity; complex quantities unfold to `Outer.Inner`."""
    return list(_rows(quantities, units, "", 0))


def _rows(quantities: Any, units: UnitTable, prefix: str, depth: int) -> Iterator[QuantityRow]:
    for item in entities_of(quantities):
        name = prefix + (clean(item.get_argument(0)) or "?")
        kind = item.is_a()
        if kind == "IfcPhysicalComplexQuantity":
            if depth < MAX_DEPTH:
                yield from _rows(item.get_argument(2), units, f"{name}.", depth + 1)
            continue
        unit_type = QUANTITY_UNIT.get(kind)
        if unit_type is None:
            continue
        value = item.get_argument(3)
        if not isinstance(value, int | float) or not math.isfinite(value):
            continue
        own = item.get_argument(2)
        unit = units.of_entity(own) if step_of(own) else None
        unit = unit or (units.of_type(unit_type) if unit_type else PLAIN)
        yield QuantityRow(name, unit.si(float(value)), unit.symbol)
