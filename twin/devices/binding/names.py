"""An index of names: equal ones, and ones that are nearly alike."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_DIGITS = re.compile(r"\d+")


class NameIndex:
    """Plain names, several for one target allowed. Likeness is Dice's, of sets of three signs.

    Two names whose numbers differ are never alike: room 101 is not room 102, however little differs.
    """

    def __init__(self, names: Sequence[str], targets: Sequence[int]) -> None:
        self._targets = np.array(targets, dtype=np.int64)
        self._equal: dict[str, set[int]] = defaultdict(set)
        for name, target in zip(names, targets, strict=True):
            self._equal[name].add(target)
        self._sizes = np.array([len(_grams(name)) for name in names], dtype=np.float64)
        self._numbers: dict[tuple[str, ...], list[int]] = defaultdict(list)
        postings: dict[str, list[int]] = defaultdict(list)
        for row, name in enumerate(names):
            self._numbers[_numbers(name)].append(row)
            for gram in _grams(name):
                postings[gram].append(row)
        self._postings = {gram: np.array(rows, dtype=np.int64) for gram, rows in postings.items()}

    def equal(self, name: str) -> list[int]:
        """Targets of this very name."""
        return sorted(self._equal.get(name, ()))

    def like(self, name: str, least: float) -> list[tuple[int, float]]:
        """(target, likeness from `least` to 1), the most alike first, each target once."""
        grams = _grams(name)
        lists = [self._postings[gram] for gram in grams if gram in self._postings]
        rows = self._numbers.get(_numbers(name))
        if not lists or rows is None:
            return []
        shared = np.bincount(np.concatenate(lists), minlength=len(self._targets))
        among: NDArray[np.int64] = np.array(rows, dtype=np.int64)
        likeness = 2 * shared[among] / (self._sizes[among] + len(grams))
        best: dict[int, float] = {}
        for place in np.flatnonzero(likeness >= least).tolist():
            target = int(self._targets[among[place]])
            best[target] = max(best.get(target, 0.0), float(likeness[place]))
        return sorted(best.items(), key=lambda entry: (-entry[1], entry[0]))


def _grams(name: str) -> set[str]:
    padded = f"  {name} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}


def _numbers(name: str) -> tuple[str, ...]:
    return tuple(sorted(found.lstrip("0") or "0" for found in _DIGITS.findall(name)))
