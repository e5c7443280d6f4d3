"""Columns of numbers as JSON, cut by scope: each number is written once, however many scopes tell it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray

from twin.state.choices import Choices

Column = NDArray[Any]

COMMA: Final = ord(",")
REPEATS: Final = 2
"""How often a point must be told on average for its texts to be copied rather than written again."""


class Pool:
    """Texts of the columns of the points that scopes chose.

    Copying a text costs less than writing a float, or than finding where integers end. So what several scopes
    tell is written once, as rows of one width, and gathered.
    """

    def __init__(self, choices: Choices) -> None:
        self._choices = choices
        self._ends, self._counts = choices.ends, choices.counts.tolist()
        among = np.zeros(int(choices.points.max()) + 1, dtype=np.bool_)
        among[choices.points] = True
        self._once = np.flatnonzero(among)
        self._pooled = len(choices.points) >= REPEATS * len(self._once)
        if self._pooled:
            self._place = (np.cumsum(among) - 1)[choices.points]

    def column(self, of: Column) -> list[bytes]:
        """Each scope's numbers, with commas between. of: by point index."""
        numbers = of[self._once]
        if (numbers == numbers[0]).all():  # as the quality mostly is, and the time at which a batch was heard
            return self._constant(_text(numbers[:1])[1:-1] + b",")
        if self._pooled:
            text = np.frombuffer(_text(numbers)[1:-1] + b",", dtype=np.uint8)
            ends = np.flatnonzero(text == COMMA) + 1
            width = int(ends[0])
            if len(text) == width * len(ends) and (ends[1:] - ends[:-1] == width).all():
                return _parts(_gathered(text.view(f"V{width}"), self._place), 0, self._ends * width)
            if of.dtype.kind == "f":
                return self._cut(_gathered(_padded(text, ends), self._place).translate(None, b"\0"), 0)
        return self.cut(of[self._choices.points])

    def _constant(self, text: bytes) -> list[bytes]:
        texts = {count: (text * count)[:-1] for count in set(self._counts)}
        return [texts[count] for count in self._counts]

    def cut(self, column: Column) -> list[bytes]:
        """Each scope's numbers of a column that holds them one after the other."""
        return self._cut(_text(column), 1)

    def _cut(self, text: bytes, start: int) -> list[bytes]:
        commas = np.flatnonzero(np.frombuffer(text, dtype=np.uint8) == COMMA)
        ends = np.append(commas[self._ends[:-1] - 1] + 1, len(text))
        return _parts(text, start, ends)


def _text(column: Column) -> bytes:
    """A list of numbers, with its brackets."""
    return orjson.dumps(column, option=orjson.OPT_SERIALIZE_NUMPY)


def _gathered(rows: Column, places: Column) -> bytes:
    return rows.take(places).tobytes()


def _padded(text: Column, ends: Column) -> Column:
    """Rows of one width, filled with zero bytes. ends: where each row ends in the text."""
    starts = np.concatenate(([0], ends[:-1]))
    width = int((ends - starts).max())
    at = starts[:, None] + np.arange(width)
    rows = np.where(at < ends[:, None], text[np.minimum(at, len(text) - 1)], 0).astype(np.uint8)
    return rows.view(f"V{width}").reshape(-1)


def _parts(text: bytes, start: int, ends: Column) -> list[bytes]:
    """The text from `start` cut at `ends`, each part without its last byte, a comma or bracket."""
    stops = ends.tolist()
    return [text[a : b - 1] for a, b in zip([start, *stops], stops, strict=False)]
