"""Many images on few pages: shelves, filled from the tallest image down."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

GUTTER = 8
"""Pixels around each image, filled with its own edge: three mipmap levels without a neighbour's colour."""
SIDE = 2048
"""Pixels a side of a page at most."""


@dataclass(frozen=True)
class Spot:
    """Where an image stands: the page, and its own upper left pixel there."""

    page: int
    x: int
    y: int


def arrange(sizes: Sequence[tuple[int, int]]) -> tuple[list[Spot], list[tuple[int, int]]]:
    """Spots of images of (width, height) pixels, and the pages' sizes. None is larger than SIDE less two gutters."""
    wide = [width + 2 * GUTTER for width, _ in sizes]
    high = [height + 2 * GUTTER for _, height in sizes]
    area = sum(w * h for w, h in zip(wide, high, strict=True))
    width = min(SIDE, max(*wide, math.ceil(math.sqrt(area))))
    spots = [Spot(0, 0, 0)] * len(sizes)
    pages: list[tuple[int, int]] = []
    x = y = shelf = widest = 0
    for index in sorted(range(len(sizes)), key=lambda i: (-high[i], -wide[i], i)):
        if x + wide[index] > width:
            x, y, shelf = 0, y + shelf, 0
        if y + high[index] > SIDE:
            pages.append((widest, y))
            x = y = shelf = widest = 0
        spots[index] = Spot(len(pages), x + GUTTER, y + GUTTER)
        x, shelf = x + wide[index], max(shelf, high[index])
        widest = max(widest, x)
    return spots, [*pages, (widest, y + shelf)]


def paste(page: Image.Image, image: Image.Image, spot: Spot) -> None:
    """Put an image on its spot, its edge pixels repeated into the gutter."""
    pixels = np.asarray(image.convert(page.mode))
    framed = np.pad(pixels, ((GUTTER, GUTTER), (GUTTER, GUTTER), (0, 0)), mode="edge")
    page.paste(Image.fromarray(framed), (spot.x - GUTTER, spot.y - GUTTER))
