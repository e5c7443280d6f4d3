"""What operators and functions of filters give for values; null in, null out."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from shapely.geometry.base import BaseGeometry

from server.sta.errors import wrong
from server.sta.geometry import RELATIONS, from_json
from server.sta.syntax.tokens import instant
from twin.errors import Invalid

NUMBER = (int, float)


def compare(operator: str, left: Any, right: Any) -> bool | None:
    """A comparison; null equals null, any other one with null, or of things that cannot be compared, is unknown."""
    if operator in ("eq", "ne") and (left is None or right is None):
        return (left is None and right is None) == (operator == "eq")
    left, right = _alike(left, right)
    if left is None or right is None:
        return None
    try:
        match operator:
            case "eq":
                return bool(left == right)
            case "ne":
                return bool(left != right)
            case "gt":
                return bool(left > right)
            case "ge":
                return bool(left >= right)
            case "lt":
                return bool(left < right)
        return bool(left <= right)
    except TypeError:
        return None


def arithmetic(operator: str, left: Any, right: Any) -> Any:
    """A sum, product, remainder, or an instant and a duration; unknown where that makes no sense."""
    left, right = _alike(left, right)
    if isinstance(left, bool) or isinstance(right, bool):
        return None
    try:
        match operator:
            case "add":
                return left + right
            case "sub":
                return left - right
            case "mul":
                return left * right if isinstance(left, NUMBER) and isinstance(right, NUMBER) else None
            case "div":
                return left / right
        return math.fmod(left, right)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None


def call(name: str, arguments: list[Any]) -> Any:
    """A function's value. Raises Invalid only where an instant written as a text cannot be read."""
    if name in RELATIONS or name in ("geo.distance", "geo.length", "st_relate"):
        return _spatial(name, arguments)
    if any(argument is None for argument in arguments):
        return None
    try:
        return FUNCTIONS[name](*arguments)
    except (TypeError, ValueError, AttributeError, OverflowError):
        return None  # a number where a text is needed: nothing can be said


def _spatial(name: str, arguments: list[Any]) -> Any:
    shapes = [one if isinstance(one, BaseGeometry) else from_json(one) for one in arguments[:2]]
    if any(one is None for one in shapes):
        return None
    first: Any = shapes[0]
    if name == "geo.length":
        return float(first.length)
    second: Any = shapes[1]
    if name == "geo.distance":
        return float(first.distance(second))
    if name == "st_relate":
        return bool(first.relate_pattern(second, str(arguments[2]))) if len(str(arguments[2])) == 9 else None
    return RELATIONS[name](first, second)


def moment(value: Any) -> datetime:
    """An instant from an instant, a day or a text. Raises TypeError for anything else."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, str):
        return instant(value.partition("/")[0])
    raise TypeError(value)


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    """Texts that stand beside an instant or a day are read as one."""
    times = (datetime, date)
    if isinstance(left, times) or isinstance(right, times):
        if isinstance(left, str) or isinstance(right, str) or type(left) is not type(right):
            return _moment(left), _moment(right)
    elif isinstance(left, bool) != isinstance(right, bool):
        return (left, right) if isinstance(left, NUMBER) and isinstance(right, NUMBER) else (None, None)
    return left, right


def _moment(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value
    try:
        return moment(value)
    except (TypeError, Invalid):
        return None


def _index(text: str, part: str) -> int:
    return text.index(part) if part in text else -1


def _round(value: float) -> float:
    return math.floor(abs(value) + 0.5) * math.copysign(1, value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _substring(text: str, start: int, length: int | None = None) -> str:
    if start < 0 or (length is not None and length < 0):
        raise wrong(f"substring from {start} of length {length}: expected whole numbers from 0")
    return _text(text)[start:] if length is None else _text(text)[start : start + length]


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "substringof": lambda part, text: _text(part) in _text(text),
    "endswith": lambda text, part: _text(text).endswith(_text(part)),
    "startswith": lambda text, part: _text(text).startswith(_text(part)),
    "length": lambda text: len(_text(text)),
    "indexof": lambda text, part: _index(_text(text), _text(part)),
    "substring": _substring,
    "tolower": lambda text: _text(text).lower(),
    "toupper": lambda text: _text(text).upper(),
    "trim": lambda text: _text(text).strip(),
    "concat": lambda one, two: _text(one) + _text(two),
    "year": lambda value: moment(value).year,
    "month": lambda value: moment(value).month,
    "day": lambda value: moment(value).day,
    "hour": lambda value: value.hour if isinstance(value, time) else moment(value).hour,
    "minute": lambda value: value.minute if isinstance(value, time) else moment(value).minute,
    "second": lambda value: value.second if isinstance(value, time) else moment(value).second,
    "fractionalseconds": lambda value: (value if isinstance(value, time) else moment(value)).microsecond / 1e6,
    "date": lambda value: moment(value).date(),
    "time": lambda value: moment(value).time(),
    "totaloffsetminutes": lambda value: (moment(value).utcoffset() or timedelta()) / timedelta(minutes=1),
    "now": lambda: datetime.now(UTC),
    "mindatetime": lambda: datetime.min.replace(tzinfo=UTC),
    "maxdatetime": lambda: datetime.max.replace(tzinfo=UTC),
    "round": _round,
    "floor": math.floor,
    "ceiling": math.ceil,
}
"""Functions of values; those of geometries are in `geometry.py`."""
