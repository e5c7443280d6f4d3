"""Storeys: names against heights, equal and contradicting heights, storeys with nothing in them."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise

import numpy as np

from bim.geometry.placements import Placements
from bim.graph.elevations import written_elevation
from bim.order.bands import Bands
from bim.order.storey_names import storey_number
from bim.order.subject import Subject
from twin.fault import Fault
from twin.finding import Finding, Severity

EQUAL_M = 0.01
"""Storeys nearer than a centimetre stand at one height: exporters round to millimetres."""

ORDER = Fault(
    code="ifc-storey-order",
    severity=Severity.MINOR,
    zh="{n} 个楼层的编号顺序与标高顺序不一致",
    en="{n} storeys are numbered in another order than their heights",
    fix_zh="核对楼层名称与标高，使编号自下而上递增",
    fix_en="Check names and elevations so that the numbers rise from bottom to top",
)
EQUAL = Fault(
    code="ifc-storey-equal",
    severity=Severity.MINOR,
    zh="{n} 个楼层与同一建筑的另一楼层标高相同",
    en="{n} storeys have the same elevation as another storey of their building",
    fix_zh="删除重复的楼层，或修正标高",
    fix_en="Delete the storey that stands twice, or mend its elevation",
)
SUNKEN = Fault(
    code="ifc-storey-sunken",
    severity=Severity.MINOR,
    zh="{n} 个地上楼层（编号 2 及以上）低于建筑的首层标高",
    en="{n} storeys numbered 2 or higher lie below the height of the building's own ground",
    fix_zh="核对楼层标高的正负号与基准",
    fix_en="Check sign and datum of the storeys' elevations",
)
CONTRADICTION = Fault(
    code="ifc-storey-elevation",
    severity=Severity.MINOR,
    zh="{n} 个楼层的 Elevation 与其定位高度不一致，已采用定位高度",
    en="{n} storeys give an Elevation that is not the height they are placed at; the placement was taken",
    fix_zh="在建模软件中使楼层标高与其放置高度一致",
    fix_en="Make Elevation and placement of the storeys agree in the authoring tool",
)
FLAT = Fault(
    code="ifc-storey-flat",
    severity=Severity.NOTICE,
    zh="{n} 个楼层全部放置在同一高度，已按 Elevation 抬升",
    en="All {n} storeys are placed at one height; they were raised by their Elevation",
    fix_zh="导出时让楼层的定位包含标高",
    fix_en="Let the export place each storey at its elevation",
    repaired=True,
)
EMPTY = Fault(
    code="ifc-empty-storey",
    severity=Severity.NOTICE,
    zh="{n} 个楼层中没有任何构件或空间",
    en="{n} storeys hold no element and no space",
    fix_zh="删除多余的楼层，或将构件归入其中；仅作参照的标高不必导出为楼层",
    fix_en="Delete the storeys or assign elements to them; levels for reference only need no export as storeys",
)
NO_STOREYS = Fault(
    code="ifc-no-storeys",
    severity=Severity.MINOR,
    zh="建筑没有楼层，{n} 个构件无法按楼层查看",
    en="The building has no storeys, so its {n} elements cannot be shown by storey",
    fix_zh="在建模软件中建立楼层并将构件归入其中",
    fix_en="Make storeys in the authoring tool and assign the elements to them",
)


def check(subject: Subject, bands: Bands, placements: Placements) -> list[Finding]:
    """What is out of order with the storeys."""
    found: list[Finding] = []
    storeys = np.flatnonzero(subject.is_a("IfcBuildingStorey"))
    if not len(storeys):
        has_building = bool(subject.is_a("IfcBuilding").any())
        return NO_STOREYS.found(count=int(subject.is_a("IfcElement").sum()) if has_building else 0)
    names = subject.texts("name")
    disordered, equal, sunken = [], [], []
    for building in np.unique(bands.building):
        own = bands.of_building(int(building))
        rows, floors = bands.row[own].tolist(), bands.floor[own].tolist()
        for (lower, low), (upper, high) in pairwise(zip(rows, floors, strict=True)):
            if high - low < EQUAL_M:
                equal += [lower, upper]
        numbers = [storey_number(names[row]) for row in rows]
        disordered += _out_of_order(rows, numbers, floors)
        sunken += _sunken(rows, numbers, floors)
    found += ORDER.found(subject.ids_at(disordered))
    found += EQUAL.found(subject.ids_at(dict.fromkeys(equal)))
    found += SUNKEN.found(subject.ids_at(sunken))
    found += _placed(subject, placements)
    used = np.zeros(len(subject.ids), np.bool_)
    used[subject.storey[subject.storey >= 0]] = True
    used[subject.parent[subject.parent >= 0]] = True
    return found + EMPTY.found(subject.ids_at(storeys[~used[storeys]]))


def _out_of_order(rows: list[int], numbers: list[int | None], floors: list[float]) -> list[int]:
    """The fewest storeys whose removal lets the numbers rise with the heights; equal heights never break the order."""
    known = [(round(z / EQUAL_M), n, row) for row, n, z in zip(rows, numbers, floors, strict=True) if n is not None]
    known.sort()
    ends: list[int] = []  # the lowest number that a rising run of each length ends with
    places: list[int] = []  # and the storey it ends at
    before: list[int] = []  # each storey's predecessor in the longest run that ends at it
    for at, (_z, number, _row) in enumerate(known):
        length = bisect_right(ends, number)
        before.append(places[length - 1] if length else -1)
        ends[length : length + 1], places[length : length + 1] = [number], [at]
    kept, node = set(), places[-1] if places else -1
    while node >= 0:
        kept.add(node)
        node = before[node]
    return [row for at, (_z, _n, row) in enumerate(known) if at not in kept]


def _sunken(rows: list[int], numbers: list[int | None], floors: list[float]) -> list[int]:
    """Storeys numbered 2 or more below every storey numbered 1 or 0."""
    ground = [z for z, n in zip(floors, numbers, strict=True) if n in {0, 1}]
    if not ground:
        return []
    return [
        row
        for row, z, n in zip(rows, floors, numbers, strict=True)
        if n is not None and n >= 2 and z < min(ground) - EQUAL_M
    ]


def _placed(subject: Subject, placements: Placements) -> list[Finding]:
    """Elevation against placement: they may differ by one constant (the building's datum), no more."""
    steps, placed, written = [], [], []
    every = subject.products.steps
    for row in np.flatnonzero(subject.is_a("IfcBuildingStorey")).tolist():
        entity = subject.products.by_step[every[row]]
        steps.append(every[row])
        placed.append(float(placements.matrix(entity)[2, 3]))
        written.append(written_elevation(entity, subject.units))
    low, high = np.array(placed, np.float64), np.array(written, np.float64)  # None becomes NaN
    told = np.isfinite(high)
    if told.sum() < 2:
        return []
    ids = [subject.ids[subject.row_of_step[step]] for step in steps]
    if np.ptp(low) < 1e-3:
        return FLAT.found(ids) if np.ptp(high[told]) > 1e-3 else []
    shift = low - high
    off = told & (np.abs(shift - np.median(shift[told])) > EQUAL_M)
    return CONTRADICTION.found([one for one, bad in zip(ids, off.tolist(), strict=True) if bad])
