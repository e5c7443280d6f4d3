"""Green areas, water and sports ground, cut free of roads, buildings and water."""

from __future__ import annotations

from functools import cache

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from scenes.sample_park import site
from scenes.sample_park.gis.feature import Feature
from scenes.sample_park.gis.parking import bays
from scenes.sample_park.gis.roads import paths, roads

_RING = site.ring()
_INSIDE = shapely.difference(_RING, shapely.union_all([site.lawn().buffer(1.2), site.SCHEME_PLOT]))
_OUTSIDE = shapely.difference(site.PLOT, _RING)


def _part(whole: BaseGeometry, x0: float, y0: float, x1: float, y1: float) -> BaseGeometry:
    return shapely.intersection(whole, shapely.box(x0, y0, x1, y1))


_AREAS: tuple[tuple[str, str, str, BaseGeometry], ...] = (
    ("lawn", "中央草坪", "Central Lawn", site.lawn()),
    ("lakeside", "湖滨绿地", "Lakeside Green", _part(_INSIDE, -56, -130, 58, -30)),
    ("axis", "中轴绿地", "Axis Green", _part(_INSIDE, -56, -30, 58, 110)),
    ("west-garden", "西花园", "West Garden", _part(_INSIDE, -165, -46, -56, 110)),
    ("exhibition-garden", "展馆花园", "Exhibition Garden", _part(_INSIDE, -165, -130, -56, -46)),
    ("east-garden", "东花园", "East Garden", _part(_INSIDE, 58, -36, 165, 110)),
    ("plot-edge", "C 地块周边绿地", "Green around plot C", _part(_INSIDE, 58, -130, 165, -36)),
    ("west-belt", "西侧林带", "West Belt", _part(_OUTSIDE, -230, -190, -165, 190)),
    ("north-belt", "北侧林带", "North Belt", _part(_OUTSIDE, -165, 60, 165, 190)),
    ("south-belt", "南侧林带", "South Belt", _part(_OUTSIDE, -165, -190, 165, -100)),
    ("east-belt", "东侧林带", "East Belt", _part(_OUTSIDE, 165, -190, 230, 190)),
    ("street-s", "示范大道绿带", "Avenue Verge", shapely.box(-248, -206, 250, -191)),
    ("street-n", "光电北路绿带", "North Road Verge", shapely.box(-248, 191, 250, 210)),
    ("street-w", "求索路绿带", "West Road Verge", shapely.box(-248, -191, -231, 191)),
    (
        "street-e",
        "晨光路绿带",
        "East Road Verge",
        shapely.difference(shapely.box(186, -191, 250, 191), site.PLOT.buffer(1.0)),
    ),
    ("plot-c", "C 地块临时绿地", "Plot C Temporary Green", site.SCHEME_PLOT.buffer(-1.0)),
)


@cache
def paved() -> BaseGeometry:
    """Everything that is no green: roads, paths, bays, water, building lots."""
    hard: list[BaseGeometry] = []
    for feature in [*roads(), *paths()]:
        width = feature.fields.get("width")
        hard.append(feature.geometry.buffer(float(width) / 2, cap_style="flat") if width else feature.geometry)
    hard += [bay.geometry for bay in bays()]
    hard += [lot.footprint.buffer(1.2, join_style="mitre") for lot in site.LOTS.values()]
    hard.append(site.lake())
    return shapely.union_all(hard)


@cache
def greens() -> tuple[Feature, ...]:
    """Green areas as simple polygons; a belt that roads cut comes in numbered parts."""
    made = []
    for key, zh, en, area in _AREAS:
        # The temporary green of the empty plot goes when a scheme is shown; the others stay.
        rest = shapely.difference(area, paved() if key != "plot-c" else shapely.union_all([]))
        parts = [part for part in getattr(rest, "geoms", [rest]) if isinstance(part, Polygon) and part.area > 25]
        parts.sort(key=lambda part: (-round(part.area, 1), round(part.centroid.x, 2)))
        for index, part in enumerate(parts, start=1):
            suffix = f"-{index}" if len(parts) > 1 else ""
            shape = shapely.set_precision(part.simplify(0.1), 0.01)
            for piece in getattr(shape, "geoms", [shape]):
                if isinstance(piece, Polygon) and not piece.is_empty:
                    made.append(
                        Feature(f"green-{key}{suffix}", zh, en, "green", piece, {"area_m2": round(piece.area, 1)})
                    )
                    break
    return tuple(made)


def waters() -> list[Feature]:
    """The lake on the axis, and the reflecting pool before the tower."""
    pool = Polygon([(-34, 35.6), (-8, 35.6), (-8, 39.6), (-34, 39.6)])
    east = Polygon([(8, 35.6), (34, 35.6), (34, 39.6), (8, 39.6)])
    return [
        Feature("water-lake", "芯湖", "Xin Lake", "water", site.lake(), {"area_m2": round(site.lake().area, 1)}),
        Feature("water-pool-w", "塔前镜池西", "Reflecting Pool West", "water", pool, {"area_m2": pool.area}),
        Feature("water-pool-e", "塔前镜池东", "Reflecting Pool East", "water", east, {"area_m2": east.area}),
    ]
