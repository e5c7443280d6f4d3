"""Two planning schemes for the empty plot: a tower on a podium, and three mid-rises round a court."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import Polygon, box

from scenes.sample_park import ground, site
from scenes.sample_park.buildings.catalogue import Written, counts_of
from scenes.sample_park.gis.feature import Feature
from scenes.sample_park.model import solids
from scenes.sample_park.model.file import Model, Storey, Title
from scenes.sample_park.model.solids import Solid
from scenes.sample_park.parts.facade import TURNS
from scenes.sample_park.parts.roof import flat_roof, green_roof
from scenes.sample_park.parts.slabs import floor
from scenes.sample_park.plan.walls import Rect, outline

LIMITS = {"far": 2.5, "coverage": 35.0, "height": 60.0, "green": 30.0}
"""Floor area ratio, coverage %, height m, green %: invented for the sample."""


@dataclass(frozen=True)
class Scheme:
    """A scheme: storey heights from below, and the plates of each storey in the plot's frame."""

    key: str
    zh: str
    en: str
    colour: str
    heights: tuple[float, ...]
    plates: tuple[tuple[Rect, ...], ...]
    usage: tuple[str, ...]
    gardens: tuple[Rect, ...]  # roof gardens on the podium
    green_margin: float


_PODIUM: Rect = (14.0, 22.0, 72.0, 62.0)
_TOWER: Rect = (38.0, 27.0, 67.0, 57.0)
_BARS: tuple[Rect, ...] = ((10.0, 12.0, 27.0, 64.0), (35.0, 49.0, 82.0, 66.0), (35.0, 12.0, 82.0, 28.0))
_LOW = _BARS

SCHEMES = (
    Scheme(
        "a", "方案 A 高塔", "Scheme A Tower", "#4DA3FF",
        (5.4, 5.1, *[4.1] * 13),
        ((_PODIUM,), (_PODIUM,), *[(_TOWER,)] * 13),
        ("商业", "会议", *["办公"] * 13),
        ((16.0, 24.0, 36.0, 60.0),),
        7.0,
    ),
    Scheme(
        "b", "方案 B 围院", "Scheme B Court", "#37C98B",
        (5.1, *[4.2] * 6),
        (_LOW, _LOW, _LOW, _LOW, _LOW, (_BARS[0], _BARS[1]), (_BARS[0], _BARS[1])),
        ("展示", *["研发"] * 6),
        (),
        3.0,
    ),
)  # fmt: skip


def _envelope(length: float, height: float, ground_floor: bool) -> list[Solid]:
    """Glass, a light spandrel and fins, as one body."""
    count = max(2, round(length / 3.0))
    step = length / count
    low = 0.0 if ground_floor else -0.35
    fins = [solids.box(i * step - 0.05, -0.35, low, 0.1, 0.4, height - low - 0.35, "white") for i in range(count + 1)]
    return [
        solids.box(0.0, -0.05, 0.3, length, 0.08, height - 0.65, "glass_blue"),
        solids.box(0.0, -0.08, low, length, 0.12, 0.3 - low, "warm_white"),
        *fins,
    ]


def _storey(model: Model, storey: Storey, plates: Sequence[Rect], usage: str, *, base: bool) -> None:
    floor(model, storey, plates, base=base)
    for run in outline(plates):
        wall = model.element(
            "IfcCurtainWall", storey, "外围护幕墙", (run.x, run.y, 0.0), _envelope(run.length, storey.height, base),
            turn=TURNS[run.side], tail=("NOTDEFINED",),
        )  # fmt: skip
        model.properties.give(wall, "Pset_CurtainWallCommon", {"IsExternal": True})
    for index, (x0, y0, x1, y1) in enumerate(plates, start=1):
        dx, dy = x1 - x0, y1 - y0
        model.gross_area += dx * dy
        space: Any = model.element(
            "IfcSpace", storey, f"{storey.key.upper()}-{index}", (x0, y0, 0.0),
            [solids.box(0, 0, 0, dx, dy, storey.height, "space")], tail=(), whole=storey.entity, object_type=usage,
        )  # fmt: skip
        space.LongName, space.CompositionType, space.PredefinedType = f"{usage}面积块", "ELEMENT", "GFA"
        model.properties.measure(
            space,
            "Qto_SpaceBaseQuantities",
            {"GrossFloorArea:m2": dx * dy, "NetFloorArea:m2": dx * dy * 0.86, "Height:m": storey.height},
        )
        model.properties.give(
            space,
            "GB_AreaBlock",
            {"使用功能": usage, "面积块名称": "建筑物主体", "面积系数": 1.0, "是否计容": True, "计容系数": 1.0},
        )


def write_scheme(scheme: Scheme, path: Path, seed: int) -> Written:
    """Write a scheme's IFC file."""
    x0, y0 = site.SCHEME_PLOT.bounds[:2]
    lot = site.Lot(f"scheme-{scheme.key}", x0, y0, 92.0, 80.0)
    title = Title(lot.key, scheme.zh, scheme.en, "办公")
    model = Model(title, seed, site.anchor(lot, ground.pads()["scheme"]), site.to_lonlat(x0, y0))
    level = 0.0
    storeys = []
    for index, height in enumerate(scheme.heights):
        storeys.append(model.storey(f"f{index + 1:02d}", f"{index + 1}F", round(level, 3), height))
        level += height
    storeys.append(model.storey("rf", "屋面层", round(level, 3), 3.0))
    for index, storey in enumerate(storeys[:-1]):
        _storey(model, storey, scheme.plates[index], scheme.usage[index], base=index == 0)
    for index, storey in enumerate(storeys[1:], start=1):
        below = scheme.plates[index - 1]
        above = scheme.plates[index] if index < len(scheme.plates) else ()
        open_roofs = _uncovered(below, above)
        if open_roofs:
            flat_roof(model, storey, open_roofs, parapet=1.2 if not above or len(above) < len(below) else 0.0)
        if scheme.gardens and below != above and above:
            for garden in scheme.gardens:
                green_roof(model, storey, garden)
    model.properties.give(
        model.building,
        "Pset_BuildingCommon",
        {
            "NumberOfStoreys": len(scheme.heights),
            "GrossPlannedArea": ("IfcAreaMeasure", round(model.gross_area, 2)),
            "OccupancyType": "办公",
        },
    )
    counts = counts_of(model)
    model.write(path)
    return Written([], counts)


def _uncovered(below: Sequence[Rect], above: Sequence[Rect]) -> list[Rect]:
    """What of a storey's plates is roof: plates that end here, or the frame around a smaller plate."""
    made: list[Rect] = []
    for plate in below:
        if plate in above:
            continue
        x0, y0, x1, y1 = plate
        inner = [p for p in above if p[0] >= x0 and p[2] <= x1 and p[1] >= y0 and p[3] <= y1]
        if not inner:
            made.append(plate)
        for a0, b0, a1, b1 in inner:
            made += [(x0, y0, a0, y1), (a1, y0, x1, y1), (a0, y0, a1, b0), (a0, b1, a1, y1)]
    return made


def scheme_green(scheme: Scheme) -> list[Feature]:
    """The scheme's green areas on the plot."""
    x0, y0 = site.SCHEME_PLOT.bounds[:2]
    built = shapely.union_all([box(a + x0, b + y0, c + x0, d + y0) for a, b, c, d in scheme.plates[0]])
    entrance = (
        box(x0 + 40.0, y0, x0 + 52.0, y0 + 80.0) if scheme.key == "a" else box(x0 + 27.0, y0, x0 + 35.0, y0 + 80.0)
    )
    drive = site.SCHEME_PLOT.difference(site.SCHEME_PLOT.buffer(-2.0))
    rest = site.SCHEME_PLOT.difference(
        shapely.union_all([built.buffer(scheme.green_margin, join_style="mitre"), entrance, drive])
    )
    parts = [part for part in getattr(rest, "geoms", [rest]) if isinstance(part, Polygon) and part.area > 20]
    return [
        Feature(
            f"green-{scheme.key}-{index}", f"{scheme.zh}绿地 {index}", f"{scheme.en} green {index}", "green", part,
            {"area_m2": round(part.area, 1)},
        )
        for index, part in enumerate(parts, start=1)
    ]  # fmt: skip
