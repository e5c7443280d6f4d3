"""Which voxels of a grid can be seen from outside: a flood from the border tells."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Grid = npt.NDArray[np.bool_]
U64 = npt.NDArray[np.uint64]
_STEPS = [np.uint64(1 << number) for number in range(6)]
"""Bits that a word is shifted by, until all of them are passed."""


def seen(filled: Grid) -> Grid:
    """The voxels with a face at one that is reached from the border of the grid without crossing a filled one.

    What lies in a hollow that nothing reaches is not seen. A voxel that is not filled is reached where it is seen.
    """
    return _beside(_flood(~filled))


def _beside(wet: Grid) -> Grid:
    """The voxels with a face at a wet one."""
    near = np.zeros_like(wet)
    for axis in range(3):
        to, of = np.moveaxis(near, axis, 0), np.moveaxis(wet, axis, 0)
        to[1:] |= of[:-1]
        to[:-1] |= of[1:]
    return near


def _flood(free: Grid) -> Grid:
    """The free voxels that hang together with the border of the grid, face to face. Sixty-four of them are one word."""
    long = int(np.argmax(free.shape))
    length = free.shape[long]
    rows = np.zeros((*np.delete(free.shape, long), -(-length // 64) * 64), np.bool_)
    rows[:, :, :length] = np.moveaxis(free, long, 2)
    border = np.zeros_like(rows)
    border[[0, -1]] = border[:, [0, -1]] = border[:, :, [0, length - 1]] = True
    open_, wet = (
        np.ascontiguousarray(np.moveaxis(np.packbits(one, 2, "little").view("<u8"), 2, 0)) for one in (rows, border)
    )
    before = None
    while before is None or not np.array_equal(wet, before):
        before = wet.copy()
        _fill_words(wet, open_)
        for axis in (1, 2):
            along, free_ = np.moveaxis(wet, axis, 0), np.moveaxis(open_, axis, 0)
            for number in range(1, len(along)):
                along[number] |= along[number - 1] & free_[number]
            for number in range(len(along) - 2, -1, -1):
                along[number] |= along[number + 1] & free_[number]
    bits = np.unpackbits(np.ascontiguousarray(np.moveaxis(wet, 0, 2)).view(np.uint8), 2, length, "little")
    return np.ascontiguousarray(np.moveaxis(bits.view(np.bool_), 2, long))


def _fill_words(wet: U64, free: U64) -> None:
    """Spread along the first axis, in each word from bit to bit and over to the next word, both ways."""
    one, last = np.uint64(1), np.uint64(63)
    for number in range(len(wet)):
        if number:
            wet[number] |= (wet[number - 1] >> last) & free[number]
        way = free[number]
        for step in _STEPS:
            wet[number] |= way & (wet[number] << step)
            way = way & (way << step)
    for number in range(len(wet) - 1, -1, -1):
        if number + 1 < len(wet):
            wet[number] |= ((wet[number + 1] & one) << last) & free[number]
        way = free[number]
        for step in _STEPS:
            wet[number] |= way & (wet[number] >> step)
            way = way & (way >> step)
