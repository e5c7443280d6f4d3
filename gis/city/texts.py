"""Values of attributes as a person reads them, and as numbers: many at once, by their types."""

from __future__ import annotations

from itertools import compress
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gis.columns import float_texts
from gis.tables import text_numbers


def text_of(value: object) -> str | None:
    """As a person reads it; None for nothing."""
    kind = type(value)
    if kind is str:
        return str(value).strip() or None
    if kind is float:
        number = float(value)  # type: ignore[arg-type]
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    if kind is bool:
        return "true" if value else "false"
    return str(value) if kind is int else None


def as_read(values: list[Any], period: int = 1) -> tuple[pa.Array, pa.Array]:
    """(texts, numbers) of values, each as `text_of` reads it; numbers also of texts that are plain numbers, 0 and 1 of bools.

    period: values that far apart are probably of one type.
    """
    parts = [_mixed(values[start::period]) for start in range(period)]
    if period == 1:
        return parts[0]
    place = pa.array(np.arange(len(values)).reshape(period, -1).T.ravel())
    texts, numbers = (pa.concat_arrays(list(column)).take(place) for column in zip(*parts, strict=True))
    return texts, numbers


def _mixed(values: list[Any]) -> tuple[pa.Array, pa.Array]:
    """As `as_read`, of values of any types."""
    kinds = {kind: number for number, kind in enumerate(set(map(type, values)))}
    if len(kinds) == 1:
        return _of_kind(next(iter(kinds)), values)
    kind_of = np.fromiter(map(kinds.__getitem__, map(type, values)), np.int64, len(values))
    texts, numbers = [pa.array([], pa.string())], [pa.array([], pa.float64())]
    for kind, number in kinds.items():
        text, value = _of_kind(kind, list(compress(values, (kind_of == number).tolist())))
        texts.append(text)
        numbers.append(value)
    place = np.empty(len(values), np.int64)
    place[np.argsort(kind_of, kind="stable")] = np.arange(len(values))
    return pa.concat_arrays(texts).take(pa.array(place)), pa.concat_arrays(numbers).take(pa.array(place))


def _of_kind(kind: type, values: list[Any]) -> tuple[pa.Array, pa.Array]:
    """Texts and numbers of values of one type."""
    if kind is str:
        trimmed = pc.utf8_trim_whitespace(pa.array(values, pa.string())).dictionary_encode()
        unique = pc.if_else(pc.equal(trimmed.dictionary, ""), pa.scalar(None, pa.string()), trimmed.dictionary)
        return unique.take(trimmed.indices), text_numbers(unique).take(trimmed.indices)
    if kind is float:
        number = np.array(values, np.float64)
        return float_texts(number), pa.array(number, from_pandas=True)
    try:
        if kind is int:
            whole = pa.array(values, pa.int64())
            return whole.cast(pa.string()), whole.cast(pa.float64(), safe=False)
    except (OverflowError, pa.ArrowInvalid):  # beyond 64 bits
        return pa.array(map(str, values), pa.string()), pa.array(map(float, values), pa.float64())
    if kind is bool:
        flag = pa.array(values, pa.bool_())
        return flag.cast(pa.string()), flag.cast(pa.int8()).cast(pa.float64())
    return pa.nulls(len(values), pa.string()), pa.nulls(len(values), pa.float64())
