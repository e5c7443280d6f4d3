"""Texture coordinates brought near 0..1, so that images can stand side by side in one atlas."""

from __future__ import annotations

import numpy as np

from scenes.tiles.arrays import F64, I64, Flags

SLACK = 1e-4
"""Coordinates this near to 0 or 1 are meant to be on the image's edge."""


def settle(uv: F64, material: I64, group: I64, period: F64) -> F64:
    """Take whole periods from the coordinates (m, 3, 2) of faces' corners, where the image repeats.

    material, group (m,); period (materials, 2) as in `Palette`. Face by face where that brings all faces of a
    material into the image; else all faces of a group by the same, so that their vertices stay together. Faces of
    plain materials get zeros.
    """
    every = period[material]
    plain = np.isnan(every[:, 0])
    uv = np.where(plain[:, None, None], 0.0, np.nan_to_num(uv))
    low = uv.min(axis=1)
    alone = uv - _whole(low, every)[:, None]
    outside = ~within(alone)
    tiled = np.bincount(material, outside, minlength=len(period)) > 0
    kind, which = np.unique(np.column_stack((group, material)), axis=0, return_inverse=True)
    least = np.full((len(kind), 2), np.inf)
    np.minimum.at(least, which.ravel(), low)
    together = uv - _whole(least[which.ravel()], every)[:, None]
    settled = np.where(tiled[material][:, None, None], together, alone)
    edge = np.clip(settled, 0.0, 1.0)
    return np.asarray(np.where(np.abs(settled - edge) <= SLACK, edge, settled))


def within(uv: F64) -> Flags:
    """Which faces (m, 3, 2) stay inside the image."""
    return np.asarray(((uv >= -SLACK) & (uv <= 1 + SLACK)).all(axis=(1, 2)))


def _whole(low: F64, period: F64) -> F64:
    """The largest whole number of periods below `low`; 0 where the image does not repeat."""
    repeats = period > 0
    step = np.where(repeats, period, 1.0)
    return np.where(repeats, np.floor(low / step + SLACK) * step, 0.0)
