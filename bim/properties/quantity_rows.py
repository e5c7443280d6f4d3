"""The rows of one IfcElementQuantity, in SI."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from bim.source.attribute import class_of, entities_of, value_at
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
    rows: list[QuantityRow] = []
    _put(rows, quantities, units, "", 0)
    return rows


def _put(rows: list[QuantityRow], quantities: Any, units: UnitTable, prefix: str, depth: int) -> None:
    for item in entities_of(quantities):
        kind = class_of(item)
        unit_type = QUANTITY_UNIT.get(kind)
        if unit_type is None and kind != "IfcPhysicalComplexQuantity":
            continue
        name = prefix + (clean(value_at(item, 0)) or "?")
        if unit_type is None:
            if depth < MAX_DEPTH:
                _put(rows, value_at(item, 2), units, f"{name}.", depth + 1)
            continue
        value = value_at(item, 3)
        if not isinstance(value, int | float) or not math.isfinite(value):
            continue
        own = value_at(item, 2)
        unit = None if own is None else units.of_entity(own)
        unit = unit or (units.of_type(unit_type) if unit_type else PLAIN)
        rows.append(QuantityRow(name, unit.si(float(value)), unit.symbol))
