"""Lamps, multi-function poles, trees and manholes."""

from __future__ import annotations

import math
import random
from functools import cache

import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from scenes.sample_park import site
from scenes.sample_park.gis.feature import Feature
from scenes.sample_park.gis.open_space import greens, paved
from scenes.sample_park.gis.parking import bays
from scenes.sample_park.gis.pipes import manhole_places
from scenes.sample_park.gis.roads import AVENUE_WIDTH, RING_WIDTH, paths, ring_line, roads

_SPECIES = (
    ("香樟", "Camphor tree", 11.0, 7.5),
    ("银杏", "Ginkgo", 12.0, 5.5),
    ("桂花", "Osmanthus", 5.0, 3.6),
    ("樱花", "Flowering cherry", 5.5, 4.6),
    ("栾树", "Goldenrain tree", 10.0, 6.0),
    ("垂柳", "Weeping willow", 9.0, 7.0),
    ("水杉", "Metasequoia", 15.0, 4.2),
)
LAMPS_EVERY = 25.0


def _along(line: LineString, every: float, offset: float, start: float = 0.0) -> list[tuple[float, float]]:
    """Places beside a line, `offset` metres to its left."""
    side = line.parallel_offset(abs(offset), "left" if offset > 0 else "right", join_style="mitre")
    count = int((side.length - start) // every)
    return [
        (round(p.x, 2), round(p.y, 2)) for p in (side.interpolate(start + index * every) for index in range(count + 1))
    ]


@cache
def lamps() -> tuple[Feature, ...]:
    """Road lamps, garden lamps and multi-function poles (every second place of the ring's inside)."""
    made: list[Feature] = []
    _, y0, x1, _ = site.RING
    bad = _hard_roads()

    def add(x: float, y: float, kind: str, height: float, zh: str, en: str, watts: float) -> None:
        if bad.distance(Point(x, y)) < 0.4:
            return
        number = sum(1 for f in made if f.kind == kind) + 1
        made.append(
            Feature(f"{kind}-{number:03d}", f"{zh} {number:03d}", f"{en} {number:03d}", kind, Point(x, y),
                    {"height": height, "power_w": watts})
        )  # fmt: skip

    for index, (x, y) in enumerate(_along(ring_line(), LAMPS_EVERY, RING_WIDTH / 2 + 1.2)):
        if index % 2 == 0:
            add(x, y, "pole", 9.0, "多功能杆", "Multi-function pole", 150.0)
        else:
            add(x, y, "lamp", 7.5, "路灯", "Road lamp", 90.0)
    for index, y in enumerate(range(-200, int(y0), 22)):
        for side in (-1, 1):
            kind = "pole" if index % 2 == 0 else "lamp"
            zh, en = ("多功能杆", "Multi-function pole") if kind == "pole" else ("路灯", "Road lamp")
            add(side * (AVENUE_WIDTH / 2 + 1.2), y, kind, 9.0, zh, en, 150.0)
    for y in range(-100, 90, 24):
        add(x1 + 40.0, y, "lamp", 7.5, "路灯", "Road lamp", 90.0)
    for path in paths():
        if isinstance(path.geometry, LineString) and float(path.fields["width"] or 0) >= 2.5:
            for x, y in _along(path.geometry, 22.0, float(path.fields["width"]) / 2 + 0.7, start=6.0):
                if site.lake().distance(Point(x, y)) > 1.0 and not _near_lot(x, y, 1.0):
                    add(x, y, "lamp", 4.0, "庭院灯", "Garden lamp", 40.0)
    return tuple(made)


@cache
def _hard_roads() -> BaseGeometry:
    shapes = [r.geometry.buffer(float(r.fields["width"]) / 2) for r in roads()]
    return shapely.union_all([*shapes, *(bay.geometry for bay in bays()), site.lake()])


def _near_lot(x: float, y: float, margin: float) -> bool:
    point = Point(x, y)
    return any(lot.footprint.distance(point) < margin for lot in site.LOTS.values())


def trees(seed: int) -> list[Feature]:
    """Street trees, an avenue of ginkgos, willows at the lake, groves in the green areas."""
    rng = random.Random(seed)
    made: list[Feature] = []
    taken: list[tuple[float, float, float]] = []
    lamps_at = [f.geometry.coords[0] for f in lamps()]
    hard = paved()

    def add(x: float, y: float, species: int, *, spacing: float = 4.0) -> None:
        zh, en, height, crown = _SPECIES[species]
        scale = rng.uniform(0.8, 1.15)
        point = Point(x, y)
        if (
            hard.distance(point) < 0.9
            or site.SCHEME_PLOT.buffer(-3).contains(point)
            or _near_lot(x, y, crown * scale * 0.5 + 0.6)
        ):
            return
        if any(abs(x - a) + abs(y - b) < 3.0 for a, b in lamps_at):
            return
        if any(math.hypot(x - a, y - b) < (spacing + c) / 2 for a, b, c in taken):
            return
        taken.append((x, y, spacing))
        made.append(
            Feature(
                f"tree-{len(made) + 1:04d}", zh, en, "tree", Point(round(x, 2), round(y, 2)),
                {"species": zh, "species_en": en, "height": round(height * scale, 1), "crown": round(crown * scale, 1)},
            )
        )  # fmt: skip

    for offset, species in ((RING_WIDTH / 2 + 2.6, 0), (-(RING_WIDTH / 2 + 2.6), 4)):
        for x, y in _along(ring_line(), 8.0, offset, start=4.0):
            add(x, y, species, spacing=6.0)
    for side in (-1, 1):
        for row, offset in enumerate((10.5, 17.0)):
            for y in range(-184, -136, 7):
                add(side * offset, y + row * 3.0, 1, spacing=5.0)
    for x, y in _along(LineString(site.lake().buffer(8.5).exterior.coords), 9.0, 0.01):
        add(x, y, 5, spacing=7.0)
    for x, y in _along(LineString(site.lawn().buffer(7.0).exterior.coords), 8.5, 0.01):
        add(x, y, 3, spacing=6.0)
    _groves(rng, add)
    _streets(add)
    return made


def _groves(rng: random.Random, add: object) -> None:
    densities = {
        "west-belt": 0.0075,
        "north-belt": 0.006,
        "south-belt": 0.007,
        "east-belt": 0.006,
        "exhibition": 0.007,
        "axis": 0.003,
        "street": 0.0,
    }
    for green in greens():
        key = green.id.removeprefix("green-")
        if key.startswith(("lawn", "plot-c", "street")):
            continue
        density = next((d for name, d in densities.items() if key.startswith(name)), 0.0055)
        x0, y0, x1, y1 = green.geometry.bounds
        for _ in range(int(green.geometry.area * density * 1.6)):
            x, y = rng.uniform(x0, x1), rng.uniform(y0, y1)
            species = rng.choice((0, 0, 1, 2, 2, 3, 4, 6, 6) if "belt" in key else (1, 2, 3, 3, 2, 4))
            if green.geometry.contains(Point(x, y)):
                add(x, y, species, spacing=5.5)  # type: ignore[operator]


def _streets(add: object) -> None:
    """Street trees of the city roads next to the park."""
    for x in range(-240, 241, 11):
        add(x, -202.0, 0, spacing=7.0)  # type: ignore[operator]
        add(x, 206.5, 0, spacing=7.0)  # type: ignore[operator]
        add(x, -250.0, 0, spacing=7.0)  # type: ignore[operator]
    for y in range(-195, 200, 11):
        add(-244.0, y, 4, spacing=7.0)  # type: ignore[operator]
        add(246.0, y, 4, spacing=7.0)  # type: ignore[operator]


def manholes() -> list[Feature]:
    """Covers at the nodes of the underground networks."""
    return [
        Feature(
            f"mh-{network}-{index:03d}", f"{zh}井 {index:03d}", f"{en} manhole {index:03d}", "manhole",
            Point(round(x, 2), round(y, 2)), {"network": network, "depth": depth, "diameter": 0.7},
        )
        for network, zh, en, index, x, y, depth in manhole_places()
    ]  # fmt: skip
