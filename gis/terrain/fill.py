"""Fills gaps in a grid of heights from what surrounds them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]


def fill(z: F64) -> F64:
    """(rows, columns) without NaN: known cells stay, gaps take smooth averages of ever wider surroundings (push-pull)."""
    known = np.isfinite(z)
    if known.all() or not known.any():
        return z
    coarse = _halve(z)
    if coarse.shape == z.shape:
        return np.where(known, z, np.nanmean(z))
    wide = _double(fill(coarse), z.shape)
    return np.where(known, z, wide)


def _halve(z: F64) -> F64:
    """Means of 2 x 2 cells, of those that are known."""
    rows, columns = z.shape
    padded = np.pad(
        z, ((0, rows % 2 if rows > 1 else 0), (0, columns % 2 if columns > 1 else 0)), constant_values=np.nan
    )
    step_r, step_c = (2 if rows > 1 else 1), (2 if columns > 1 else 1)
    blocks = padded.reshape(padded.shape[0] // step_r, step_r, padded.shape[1] // step_c, step_c)
    known = np.isfinite(blocks)
    count = known.sum(axis=(1, 3))
    total = np.where(known, blocks, 0.0).sum(axis=(1, 3))
    return np.asarray(np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0))


def _double(z: F64, shape: tuple[int, int]) -> F64:
    """Bilinear enlargement to `shape`."""
    v = np.clip((np.arange(shape[0]) - 0.5) / 2, 0, z.shape[0] - 1)
    u = np.clip((np.arange(shape[1]) - 0.5) / 2, 0, z.shape[1] - 1)
    j, i = v.astype(int), u.astype(int)
    j1, i1 = np.minimum(j + 1, z.shape[0] - 1), np.minimum(i + 1, z.shape[1] - 1)
    fv, fu = (v - j)[:, None], u - i
    low, high = z[j], z[j1]
    rows = low * (1 - fv) + high * fv
    return np.asarray(rows[:, i] * (1 - fu) + rows[:, i1] * fu)
