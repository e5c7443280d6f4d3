"""A property's value as text for people and as a number in SI."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

from bim.text import clean, number_text
from bim.units.measures import PERCENT
from bim.units.unit_table import PLAIN, Unit, UnitTable


class Value(NamedTuple):
    """Text as a person reads it; number in SI or None; SI symbol or None."""

    text: str | None
    number: float | None = None
    unit: str | None = None


EMPTY = Value(None)


def wrapped_value(wrapped: Any, units: UnitTable, unit: Unit | None = None) -> Value:
    """A typed value (IfcLengthMeasure(200.) …). unit: the property's own unit, else the project's for the type."""
    if wrapped is None:
        return EMPTY
    if not hasattr(wrapped, "wrappedValue"):
        return plain_value(wrapped, unit or PLAIN)
    measure = wrapped.is_a()
    return plain_value(wrapped.wrappedValue, unit or units.of_measure(measure), measure)


def plain_value(raw: Any, unit: Unit = PLAIN, measure: str = "") -> Value:
    """A bare value: text, number, boolean, logical; a list becomes its texts in a row."""
    if raw is None:
        return EMPTY
    if isinstance(raw, bool):
        return Value("true" if raw else "false", float(raw))
    if isinstance(raw, int | float):
        return _number(raw, unit, measure)
    if isinstance(raw, tuple | list):
        return Value(", ".join(filter(None, (plain_value(item, unit, measure).text for item in raw))) or None)
    text = clean(raw)
    if measure in {"IfcBoolean", "IfcLogical"} and text in {"T", "F", "U", "TRUE", "FALSE", "UNKNOWN"}:
        return {"T": Value("true", 1.0), "F": Value("false", 0.0)}.get(text[0], Value("unknown"))
    return Value(text)


def joined(values: Iterable[Value], separator: str = ", ") -> Value:
    """Several values as one text; the number stays where there is only one."""
    found = [value for value in values if value.text is not None]
    if len(found) == 1:
        return found[0]
    return Value(separator.join(value.text or "" for value in found) or None)


def ranged(lower: Value, upper: Value, point: Value) -> Value:
    """A bounded value: `lower … upper (set point)`; the number is the set point, else the only bound."""
    span = " … ".join(value.text or "" for value in (lower, upper)) if lower.text or upper.text else ""
    if lower.text and not upper.text:
        span = f"≥ {lower.text}"
    if upper.text and not lower.text:
        span = f"≤ {upper.text}"
    text = f"{span} ({point.text})" if span and point.text else span or point.text
    bounds = [value for value in (lower, upper) if value.number is not None]
    chosen = point if point.number is not None else bounds[0] if len(bounds) == 1 else EMPTY
    unit = next((value.unit for value in (point, lower, upper) if value.unit), None)
    return Value(text or None, chosen.number, unit)


def _number(raw: float, unit: Unit, measure: str) -> Value:
    if not math.isfinite(raw):
        return Value(str(raw))
    text = number_text(raw)
    label = unit.label or unit.symbol
    if label:
        text = f"{text}{label}" if label == "°" else f"{text} {label}"
    elif measure in PERCENT and 0 < abs(raw) < 1:
        text = f"{text} ({number_text(raw * 100)} %)"
    return Value(text, unit.si(float(raw)), unit.symbol or None)
