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

_AREAS: tuple[tuple[str, str, str, Polygon], ...] = (
    ("lawn", "中央草坪", "Central Lawn", site.lawn()),
    ("south-grove", "湖南林地", "Lakeside Grove", Polygon([(-58, -122), (58, -122), (58, -36), (-58, -36)])),
    ("north-garden", "塔北花园", "Tower Garden", Polygon([(-70, 93), (66, 93), (66, 104), (-70, 104)])),
    ("west-garden", "西花园", "West Garden", Polygon([(-84, -34), (-52, -34), (-48, 38), (-84, 38)])),
    ("east-garden", "东花园", "East Garden", Polygon([(52, -32), (154, -32), (154, 14), (60, 24), (52, 36)])),
    ("canteen-garden", "餐厅花园", "Canteen Garden", Polygon([(-158, -4), (-90, -4), (-90, 16), (-158, 16)])),
    ("exhibition-garden", "展馆花园", "Exhibition Garden", Polygon([(-158, -122), (-60, -122), (-60, -46), (-158, -46)])),
    ("west-belt", "西侧林带", "West Belt", Polygon([(-229, -189), (-170, -189), (-170, 189), (-229, 189)])),
    ("north-belt", "北侧林带", "North Belt", Polygon([(-170, 115), (184, 115), (184, 189), (-170, 189)])),
    ("south-belt-w", "南侧林带西", "South Belt West", Polygon([(-170, -189), (-9, -189), (-9, -136), (-170, -136)])),
    ("south-belt-e", "南侧林带东", "South Belt East", Polygon([(9, -189), (229, -189), (229, -136), (9, -136)])),
    ("east-belt", "东侧林带", "East Belt", Polygon([(170, -136), (229, -136), (229, 139), (184, 188), (170, 188)])),
    ("plot-c-green", "C 地块临时绿地", "Plot C Temporary Green", site.SCHEME_PLOT.buffer(-1.0)),
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
        rest = shapely.difference(area, paved() if key != "plot-c-green" else shapely.union_all([]))
        parts = [part for part in getattr(rest, "geoms", [rest]) if isinstance(part, Polygon) and part.area > 30]
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
