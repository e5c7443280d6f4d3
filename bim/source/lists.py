"""Lists of lists as two columns: all values one after the other, and where each list begins."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from twin.ranges import ranges

I64 = npt.NDArray[np.int64]


class Lists(NamedTuple):
    """value (m,): of all lists; first, counts (n,): where in it each list stands."""

    value: I64
    first: I64
    counts: I64

    @classmethod
    def of(cls, lists: Sequence[Sequence[int]]) -> Lists:
        """The columns of Python's lists."""
        count = np.fromiter(map(len, lists), np.int64, len(lists))
        value = np.fromiter(chain.from_iterable(lists), np.int64, int(count.sum()))
        return cls.in_turn(value, count)

    @classmethod
    def in_turn(cls, value: I64, count: I64) -> Lists:
        """Lists that stand one after the other in a column, so many values each."""
        return cls(value, np.cumsum(count) - count, count)

    @classmethod
    def none(cls, count: int) -> Lists:
        """So many lists with nothing in them."""
        return cls.in_turn(np.empty(0, np.int64), np.zeros(count, np.int64))

    def lists(self, rows: I64) -> Lists:
        """The lists in these rows."""
        return Lists(self.value, self.first[rows], self.counts[rows])

    def take(self, rows: I64) -> I64:
        """The values of the lists in these rows."""
        return self.value[ranges(self.first[rows], self.counts[rows])]

    def put(self, *parts: tuple[I64, Lists]) -> Lists:
        """The same with other lists in some rows; each part: the rows, and what stands there."""
        first, counts, start = self.first.copy(), self.counts.copy(), len(self.value)
        for rows, lists in parts:
            first[rows], counts[rows] = lists.first + start, lists.counts
            start += len(lists.value)
        return Lists(np.concatenate([self.value, *(lists.value for _, lists in parts)]), first, counts)

    def python(self) -> list[list[int]]:
        """The same as Python's lists."""
        value, ends = self.value.tolist(), (self.first + self.counts).tolist()
        return [value[first:end] for first, end in zip(self.first.tolist(), ends, strict=True)]

    def sums(self, values: npt.NDArray[np.integer | np.bool_]) -> I64:
        """The sum over each list of what belongs to its values."""
        total: I64 = np.append(0, np.cumsum(values, dtype=np.int64))
        return np.asarray(total[self.first + self.counts] - total[self.first], np.int64)


def distinct_numbers(numbers: I64) -> tuple[I64, I64, I64]:
    """The distinct numbers in the order in which they come, where each stands first, and which of them each is."""
    found, first, code = np.unique(numbers, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return found[order], first[order], rank[code]
