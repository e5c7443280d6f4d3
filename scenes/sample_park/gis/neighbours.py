"""The city around: footprints with heights on the blocks between the city roads."""

from __future__ import annotations

import random

import shapely
from shapely.affinity import rotate
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from scenes.sample_park import site
from scenes.sample_park.gis.feature import Feature
from scenes.sample_park.gis.roads import roads

_USES = (
    ("住宅楼", "Housing", 24.0, 54.0),
    ("写字楼", "Offices", 28.0, 62.0),
    ("厂房", "Factory", 9.0, 20.0),
    ("公建", "Public building", 12.0, 32.0),
)
CELL = 62.0


def _shape(rng: random.Random, x: float, y: float, use: int) -> BaseGeometry:
    shape: BaseGeometry
    if use == 0:
        shape = box(x - 21, y - 7.5, x + 21, y + 7.5)
    elif use == 1:
        size = rng.uniform(24, 34)
        shape = box(x - size / 2, y - size / 2, x + size / 2, y + size / 2)
    elif use == 2:
        shape = box(x - 24, y - rng.uniform(14, 20), x + 24, y + rng.uniform(12, 18))
    else:
        wing = box(x - 20, y - 18, x + 20, y - 4)
        shape = wing.union(box(x - 20, y - 4, x - 6, y + 18))
    return shape


def neighbours(seed: int) -> list[Feature]:
    """About a hundred buildings within 700 m, thinner and lower towards the hills in the north-west."""
    rng = random.Random(seed + 7)
    streets = shapely.union_all([r.geometry.buffer(float(r.fields["width"]) / 2 + 7) for r in roads()])
    keep_off = shapely.union_all([streets, site.PLOT.buffer(16)])
    made: list[Feature] = []
    steps = range(-11, 12)
    for row in steps:
        for column in steps:
            x, y = column * CELL + rng.uniform(-5, 5), row * CELL + rng.uniform(-5, 5)
            if max(abs(x), abs(y)) > 690 or (x < -300 and y > 180) or rng.random() < 0.62:
                continue
            block = (int(x // 280) + 2 * int(y // 250)) % 4
            use = block if rng.random() < 0.75 else rng.randrange(4)
            shape = _shape(rng, x, y, use)
            if rng.random() < 0.2:
                shape = rotate(shape, rng.uniform(-12, 12))
            if shape.intersects(keep_off) or shape.distance(site.PLOT) > 520:
                continue
            zh, en, low, high = _USES[use]
            storeys = round(rng.uniform(low, high) / 3.3)
            number = len(made) + 1
            made.append(
                Feature(
                    f"nb-{number:03d}", f"周边{zh} {number:03d}", f"{en} {number:03d}", "neighbour",
                    shapely.set_precision(shape, 0.01),
                    {"height": round(storeys * 3.3 + 1.2, 1), "levels": storeys},
                )
            )  # fmt: skip
    return made
