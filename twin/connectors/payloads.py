"""Many payloads at once → columns: as `payload.decode`, of which these are the same rules, at a fraction of its cost."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from twin.connectors.payload import MAX_PAYLOAD, MAX_TIME_MS, Reading, decode, reading_of
from twin.errors import Invalid
from twin.state.quality import BAD
from twin.state.samples import Floats, Ints

MARK = 7_203_941_856_113
"""Stands between the payloads of one text: where it divides them all, and only them, each is one JSON value."""
_BETWEEN = b",%d," % MARK
NUMBERS = frozenset({int, float, bool})
VALUES = NUMBERS | {type(None)}
_VALUE, _TIME = itemgetter("v"), itemgetter("t")


class Decoded(NamedTuple):
    """Columns as of `Readings`, one row a payload. undecodable: how many could not be read; they are NaN and bad."""

    values: Floats
    times: Ints
    quality: Ints
    simulated: NDArray[np.bool_]
    undecodable: int


def decode_all(payloads: Sequence[bytes]) -> Decoded:
    """Read payloads of single values; none is refused, what cannot be read is bad."""
    documents = _documents(payloads)
    if documents is None:
        return _one_by_one([_tried(decode, payload) for payload in payloads])
    found = _numbers(documents) or _dated(documents)
    return found or _one_by_one([_tried(reading_of, document) for document in documents])


def _documents(payloads: Sequence[bytes]) -> list[Any] | None:
    """What all payloads say; None where one of them is no JSON value, or may not be."""
    if not payloads or max(map(len, payloads)) > MAX_PAYLOAD:
        return None
    text = _BETWEEN.join(payloads)
    marks = len(payloads) - 1
    if text.count(b"%d" % MARK) != marks:
        return None
    try:
        found = orjson.loads(b"[" + text + b"]")
    except orjson.JSONDecodeError:
        return None
    # A payload like `1,2` or `[1`, which is none, would shift or swallow the marks.
    if len(found) != 2 * marks + 1 or found[1::2].count(MARK) != marks:
        return None
    return list(found[::2])


def _numbers(documents: list[Any]) -> Decoded | None:
    """Of documents that are all plain numbers, or true and false."""
    if not set(map(type, documents)) <= NUMBERS:
        return None
    return _columns(documents, np.zeros(len(documents), dtype=np.int64))


def _dated(documents: list[Any]) -> Decoded | None:
    """Of documents that all are `{"v": …, "t": …}` and no more, or `{"v": …}`."""
    if set(map(type, documents)) != {dict}:
        return None
    sizes = set(map(len, documents))
    try:
        values = list(map(_VALUE, documents))
        if sizes == {1}:
            times = np.zeros(len(documents), dtype=np.int64)
        elif sizes == {2}:
            given = list(map(_TIME, documents))
            if set(map(type, given)) != {int}:
                return None
            times = np.array(given, dtype=np.int64)
            if np.abs(times).max() > MAX_TIME_MS:
                return None
        else:
            return None
    except (KeyError, OverflowError):
        return None
    return _columns(values, times) if set(map(type, values)) <= VALUES else None


def _columns(values: list[Any], times: Ints) -> Decoded:
    count = len(values)
    return Decoded(
        np.array(values, dtype=np.float64), times, np.zeros(count, np.int64), np.zeros(count, np.bool_), 0
    )  # a null becomes NaN


def _tried(read: Any, given: Any) -> Reading | None:
    try:
        found: Reading = read(given)
    except Invalid:
        return None
    return found


def _one_by_one(found: Sequence[Reading | None]) -> Decoded:
    failed = found.count(None)
    bad = Reading(np.nan, quality=BAD)  # seen as bad on its point, not lost in a log
    rows = [bad if one is None else one for one in found]
    return Decoded(
        np.array([one.value for one in rows], dtype=np.float64),
        np.array([one.time for one in rows], dtype=np.int64),
        np.array([one.quality for one in rows], dtype=np.int64),
        np.array([one.simulated for one in rows], dtype=np.bool_),
        failed,
    )
