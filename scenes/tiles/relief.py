"""How far two terrain meshes are apart, by height."""

from __future__ import annotations

import numpy as np

from scenes.tiles.arrays import F64, I64
from scenes.tiles.soup import Soup
from twin.ranges import ranges

SAMPLES = 400
"""Heights are compared on a grid of this many cells along the longer side."""
CHUNK = 2_000_000


def deviation(one: Soup, other: Soup) -> float:
    """Metres: the largest difference of height where both meshes have one."""
    low = one.position[:, :2].min(axis=0)
    step = max(float(np.ptp(one.position[:, :2], axis=0).max()) / SAMPLES, 1e-6)
    shape = np.ceil(np.ptp(one.position[:, :2], axis=0) / step).astype(int) + 1
    a, b = (_heights(soup, low, step, (int(shape[0]), int(shape[1]))) for soup in (one, other))
    both = np.isfinite(a) & np.isfinite(b)
    return float(np.abs(a[both] - b[both]).max()) if both.any() else 0.0


def _heights(soup: Soup, low: F64, step: float, shape: tuple[int, int]) -> F64:
    """(cells,) highest surface over each grid point, −inf where there is none."""
    result = np.full(shape[0] * shape[1], -np.inf)
    flat = (soup.position[:, :2] - low) / step
    corners = flat[soup.faces]
    first = np.maximum(np.ceil(corners.min(axis=1) - 1e-9).astype(np.int64), 0)
    last = np.minimum(np.floor(corners.max(axis=1) + 1e-9).astype(np.int64), np.array(shape) - 1)
    size = np.maximum(last - first + 1, 0)
    cells = size[:, 0] * size[:, 1]
    begin = 0
    filled = np.cumsum(cells)
    while begin < len(cells):
        limit = (filled[begin - 1] if begin else 0) + CHUNK
        end = max(begin + 1, int(np.searchsorted(filled, limit, "right")))
        _fill(result, soup, flat, np.arange(begin, end), first, size, shape[1])
        begin = end
    return result


def _fill(result: F64, soup: Soup, flat: F64, some: I64, first: I64, size: I64, width: int) -> None:
    count = size[some, 0] * size[some, 1]
    face = np.repeat(some, count)
    place = ranges(np.zeros(len(some), np.int64), count)
    x = first[face, 0] + place // np.maximum(size[face, 1], 1)
    y = first[face, 1] + place % np.maximum(size[face, 1], 1)
    a, b, c = (flat[soup.faces[face, i]] for i in range(3))
    ab, ac = b - a, c - a
    area = ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0]
    steep = np.abs(area) < 1e-12
    area = np.where(steep, 1.0, area)
    px, py = x - a[:, 0], y - a[:, 1]
    v = (px * ac[:, 1] - py * ac[:, 0]) / area
    w = (ab[:, 0] * py - ab[:, 1] * px) / area
    inside = (v >= -1e-9) & (w >= -1e-9) & (v + w <= 1 + 1e-9) & ~steep
    za, zb, zc = (soup.position[soup.faces[face, i], 2] for i in range(3))
    z = za + v * (zb - za) + w * (zc - za)
    np.maximum.at(result, x[inside] * width + y[inside], z[inside])
