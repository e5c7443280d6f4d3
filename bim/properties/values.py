"""A property's value as text for people and as a number in SI."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from ifcopenshell import entity_instance

from bim.source.attribute import class_of, id_of, value_at
from bim.text import clean, number_text
from bim.units.measures import PERCENT
from bim.units.unit_table import PLAIN, Unit, UnitTable

F64 = npt.NDArray[np.float64]
_DURATION = re.compile(
    r"(-)?P(?:([\d.,]+)W)?(?:([\d.,]+)D)?(?:T(?:([\d.,]+)H)?(?:([\d.,]+)M)?(?:([\d.,]+)S)?)?", re.ASCII
)
COMPOUND_ANGLE = "IfcCompoundPlaneAngleMeasure"
_LOGICAL = frozenset({"IfcBoolean", "IfcLogical"})
TOLD_BY_TEXT = _LOGICAL | {"IfcDuration"}
"""Types whose text is more than a text."""
_TRUTH = {"T": ("true", 1.0), "F": ("false", 0.0), "U": ("unknown", None)}


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
    if not isinstance(wrapped, entity_instance):  # a bare value where the schema asks for a typed one
        return plain_value(wrapped, unit or PLAIN)
    if id_of(wrapped):  # an entity is no value
        return EMPTY
    measure = class_of(wrapped)
    raw = value_at(wrapped, 0)
    kind = type(raw)
    if kind is float:
        return _number(raw, unit or units.of_measure(measure), measure)
    if kind is str and measure not in TOLD_BY_TEXT:
        return Value(clean(raw))
    return plain_value(raw, unit or units.of_measure(measure), measure)


def any_value(raw: Any, units: UnitTable, measure: str) -> Value:
    """The value of a plain attribute: bare, or typed where the schema leaves a choice; a list of either."""
    if isinstance(raw, tuple | list) and raw and hasattr(type(raw[0]), "is_a"):
        return joined(wrapped_value(item, units) for item in raw)
    if hasattr(type(raw), "is_a"):
        return wrapped_value(raw, units)
    return plain_value(raw, units.of_measure(measure), measure)


def plain_value(raw: Any, unit: Unit = PLAIN, measure: str = "") -> Value:
    """A bare value: text, number, boolean, logical; a list becomes its texts in a row."""
    if raw is None:
        return EMPTY
    if isinstance(raw, str):
        if measure in _LOGICAL and raw in {"T", "F", "U", "TRUE", "FALSE", "UNKNOWN"}:
            return Value(*_TRUTH[raw[0]])
        if measure == "IfcDuration":
            return duration(raw)
        return Value(clean(raw))
    if isinstance(raw, bool):
        return Value("true" if raw else "false", float(raw))
    if isinstance(raw, int | float):
        return _number(raw, unit, measure)
    if isinstance(raw, tuple | list):
        if measure == COMPOUND_ANGLE and all(isinstance(part, int | float) and math.isfinite(part) for part in raw):
            return compound_angle(raw)
        return joined(plain_value(item, unit, measure) for item in raw)
    return Value(clean(raw))


def duration(text: str) -> Value:
    """An ISO 8601 duration; the number in seconds, none where it counts years or months, which have no length."""
    match = _DURATION.fullmatch(text.strip())
    if match is None or not any(match.groups()[1:]):
        return Value(clean(text))
    sizes = (604_800.0, 86_400.0, 3_600.0, 60.0, 1.0)
    try:
        parts = [float((part or "0").replace(",", ".")) for part in match.groups()[1:]]
    except ValueError:  # two points in one number
        return Value(clean(text))
    seconds = math.fsum(part * size for part, size in zip(parts, sizes, strict=True))
    return Value(clean(text), -seconds if match.group(1) else seconds, "s")


def compound_angle(parts: Iterable[int]) -> Value:
    """Degrees, minutes, seconds and millionths of a second as one angle; the number in radians."""
    sizes = [int(part) for part in parts]
    if not sizes:
        return EMPTY
    degrees = math.fsum(part / scale for part, scale in zip(sizes, (1, 60, 3600, 3.6e9), strict=False))
    return Value(f"{degrees:.9f}".rstrip("0").rstrip(".") + "°", math.radians(degrees), "rad")


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


def numbers(raw: F64, unit: Unit, measure: str) -> tuple[list[str], F64]:
    """The texts of many finite numbers of one measure, and the numbers in SI."""
    label = unit.label or unit.symbol
    if not label and measure in PERCENT:
        return [_number(each, unit, measure).text or "" for each in raw.tolist()], (raw + unit.shift) * unit.factor
    behind = label if label in {"", "°"} else f" {label}"
    return [f"{each:.10g}{behind}" for each in raw.tolist()], (raw + unit.shift) * unit.factor


def _number(raw: float, unit: Unit, measure: str) -> Value:
    if not math.isfinite(raw):
        return Value(str(raw))
    text = f"{raw:.10g}" if type(raw) is float else number_text(raw)
    label = unit.label or unit.symbol
    if label:
        text = f"{text}{label}" if label == "°" else f"{text} {label}"
    elif measure in PERCENT and 0 < abs(raw) < 1:
        text = f"{text} ({number_text(raw * 100)} %)"
    return Value(text, (raw + unit.shift) * unit.factor, unit.symbol or None)
