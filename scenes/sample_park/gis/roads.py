"""Roads, footpaths and the plot: where people and cars go."""

from __future__ import annotations

import math

import shapely
from shapely.geometry import LineString, Polygon

from scenes.sample_park import site
from scenes.sample_park.gis.feature import Feature

RING_WIDTH = 8.0
AVENUE_WIDTH = 14.0
_CITY: tuple[tuple[str, str, str, float, tuple[tuple[float, float], ...]], ...] = (
    ("示范大道", "Demonstration Avenue", "primary", 40.0, ((-790, -226), (-300, -226), (300, -226), (790, -226))),
    ("光电北路", "Photonics North Road", "secondary", 24.0, ((-790, 222), (0, 222), (790, 222))),
    ("求索路", "Qiusuo Road", "secondary", 28.0, ((-262, -790), (-262, 0), (-262, 790))),
    ("晨光路", "Chenguang Road", "secondary", 24.0, ((262, -790), (262, 0), (262, 790))),
    ("科苑南路", "Keyuan South Road", "tertiary", 18.0, ((-790, -520), (790, -520))),
    ("科苑北路", "Keyuan North Road", "tertiary", 18.0, ((-250, 500), (790, 500))),
    ("流芳路", "Liufang Road", "tertiary", 18.0, ((540, -790), (540, 790))),
    ("豹澥路", "Baoxie Road", "tertiary", 18.0, ((-540, -790), (-540, 222))),
)


def ring_line() -> LineString:
    """The ring road's centre line, closed."""
    return LineString(site.ring().exterior.coords)


def roads() -> list[Feature]:
    """City roads around, the ring road, the avenue, gates and access lanes."""
    made = [
        Feature(
            f"road-city-{index:02d}", zh, en, "road", LineString(line), {"class": cls, "width": width, "owner": "市政"}
        )
        for index, (zh, en, cls, width, line) in enumerate(_CITY, start=1)
    ]
    x0, y0, x1, y1 = site.RING
    park: list[tuple[str, str, str, float, LineString]] = [
        ("园区环路", "Ring Road", "collector", RING_WIDTH, ring_line()),
        ("迎宾大道", "Welcome Avenue", "collector", AVENUE_WIDTH, LineString([(0, -206), (0, y0)])),
        ("东门路", "East Gate Road", "local", 9.0, LineString([(x1, 6), (250, 6)])),
        ("北门路", "North Gate Road", "local", 8.0, LineString([(-58, y1), (-58, 210)])),
        ("停车楼通道", "Garage Lane", "lane", 6.5, LineString([(-114, y1), (-114, 129.4)])),
        ("公寓通道", "Residence Lane", "lane", 5.0, LineString([(40, y1), (40, 172), (150, 172), (150, y1)])),
        ("能源站通道", "Energy Station Lane", "lane", 5.0, LineString([(18, y1), (18, 178), (-58, 178)])),
        ("东区停车场通道", "East Car Park Lane", "lane", 6.0, LineString([(198, -120), (198, 84)])),
        ("东区停车场入口", "East Car Park Entry", "lane", 6.0, LineString([(x1, -60), (198, -60)])),
        ("后勤通道", "Service Lane", "lane", 5.0, LineString([(x0, -20), (-150.5, -20)])),
        ("实验楼消防通道", "Laboratory Fire Lane", "fire", 4.5, LineString([(78, y1), (78, 20), (x1, 20)])),
    ]
    made += [
        Feature(f"road-{index:02d}", zh, en, "road", line, {"class": cls, "width": width, "owner": "园区"})
        for index, (zh, en, cls, width, line) in enumerate(park, start=1)
    ]
    return made


def _arc(
    cx: float, cy: float, rx: float, ry: float, start: float, end: float, count: int = 24
) -> list[tuple[float, float]]:
    step = (end - start) / count
    angles = [math.radians(start + index * step) for index in range(count + 1)]
    return [(round(cx + rx * math.cos(a), 3), round(cy + ry * math.sin(a), 3)) for a in angles]


def paths() -> list[Feature]:
    """Footpaths: the axis, loops round lawn and lake, links to every front door."""
    lake = Polygon(shapely.get_exterior_ring(site.lake().buffer(5.0).simplify(0.4)))
    lawn = Polygon(site.lawn().buffer(3.0))
    door = {key: lot.door for key, lot in site.LOTS.items()}
    lines: list[tuple[str, str, float, LineString]] = [
        ("南入口步道", "South Axis", 5.0, LineString([(0, -125), (0, -96)])),
        ("环湖步道", "Lake Loop", 3.0, LineString(lake.exterior.coords)),
        ("草坪环道", "Lawn Loop", 3.5, LineString(lawn.exterior.coords)),
        ("湖畔连桥", "Lakeside Link", 4.0, LineString([(0, -44), (0, -31)])),
        ("塔前广场步道", "Tower Approach", 8.0, LineString([(0, 27), (0, 34)])),
        ("西轴步道", "West Walk", 4.0, LineString([(-49, 0), (-78, 2), (-96, -24)])),
        ("研发楼步道", "A2 Walk", 4.0, LineString([(-46, 14), (-84, 40), (-85, 54.4), (-131, 54.4)])),
        ("东轴步道", "East Walk", 4.0, LineString([(49, 0), (70, 8), (76, 56), (104, 56)])),
        ("餐厅步道", "Canteen Walk", 4.0, LineString([(-96, -24), door["c1"]])),
        ("展馆步道", "Exhibition Walk", 4.0, LineString([(-47, -62), (-70, -62), door["x1"]])),
        ("展馆西径", "Exhibition West Path", 3.0, LineString([(-96, -26), (-110, -52), door["x1"]])),
        ("方案地块步道", "Plot Walk", 3.0, LineString([(50, -62), (61, -70)])),
        ("公寓步道", "Residence Walk", 4.0, LineString([(99.2, 114), (99.2, 134)])),
        ("停车楼步道", "Garage Walk", 3.0, LineString([(-85.2, 114), (-85.2, 129.5)])),
        ("门卫步道", "Gatehouse Walk", 2.5, LineString([(9.5, -190), (9.5, -134)])),
        ("西侧跑道", "West Running Path", 2.5, LineString([(-178, -176), (-178, 176)])),
        ("北侧跑道", "North Running Path", 2.5, LineString([(-178, 183), (178, 183)])),
        ("南侧跑道", "South Running Path", 2.5, LineString([(-178, -182), (-10, -182)])),
        ("东南跑道", "South-east Running Path", 2.5, LineString([(30, -182), (214, -182), (214, -130)])),
        (
            "林间小径",
            "Grove Path",
            2.0,
            LineString([(-215, -150), (-200, -90), (-212, -20), (-196, 50), (-210, 120), (-190, 170)]),
        ),
        ("球场小径", "Court Path", 2.5, LineString([(49, -6), (90, -12), (90, 22)])),
    ]
    plaza = [
        ("入口广场", "Entrance Plaza", Polygon([*_arc(0, -108, 26, 15, 0, 360, 36)])),
        ("塔前广场", "Tower Plaza", Polygon([(-40, 34), (40, 34), (40, 41.5), (-40, 41.5)])),
        ("塔西广场", "Tower West Plaza", Polygon([(-84, 44), (-40, 44), (-40, 60), (-84, 60)])),
        ("塔东广场", "Tower East Plaza", Polygon([(40, 44), (75, 44), (75, 60), (40, 60)])),
        ("餐厅前广场", "Canteen Plaza", Polygon([(-95.5, -42), (-86, -42), (-86, -6), (-95.5, -6)])),
        ("公寓前广场", "Residence Forecourt", Polygon([(80, 121), (118, 121), (118, 134.5), (80, 134.5)])),
        ("1 号球场", "Court 1", Polygon([(96, -30), (124, -30), (124, -15), (96, -15)])),
        ("2 号球场", "Court 2", Polygon([(127, -30), (155, -30), (155, -15), (127, -15)])),
        ("3 号球场", "Court 3", Polygon([(127, -12), (155, -12), (155, 3), (127, 3)])),
        ("研发楼庭院", "A2 Court", Polygon([(-131.5, 41), (-86, 41), (-86, 68), (-131.5, 68)])),
    ]
    made = [
        Feature(f"path-{index:02d}", zh, en, "footpath", line, {"width": width, "class": "footway"})
        for index, (zh, en, width, line) in enumerate(lines, start=1)
    ]
    made += [
        Feature(f"plaza-{index:02d}", zh, en, "footpath", shape, {"width": None, "class": "plaza"})
        for index, (zh, en, shape) in enumerate(plaza, start=1)
    ]
    return made


def plots() -> list[Feature]:
    """The park's plot and the empty plot that schemes compete for."""
    return [
        Feature(
            "plot-park", "光谷示范科技园用地", "Park plot", "plot", site.PLOT,
            {"land_use": "科研用地 A35 (示例)", "area_m2": round(site.PLOT.area, 1)},
        ),
        Feature(
            "plot-c", "C 地块(待建)", "Plot C (to be built)", "plot", site.SCHEME_PLOT,
            {"land_use": "科研用地 A35 (示例)", "area_m2": round(site.SCHEME_PLOT.area, 1)},
        ),
    ]  # fmt: skip
