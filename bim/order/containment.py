"""Where elements belong: storeys that are missing, wrong or named twice."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from bim.geometry.engine import F64
from bim.order.bands import TOP_STOREY_M, Bands
from bim.order.subject import I64, Flags, Subject
from twin.fault import Fault
from twin.finding import Finding, Severity

SLACK_M = 0.3
"""How far an element may reach out of a band: the thickness of a floor with its finish."""
BELOW_M = 1.0
"""Structure, ducts and drains of a storey hang under its floor; what lies wholly more than this below is another storey's."""
ABOVE_M = 0.5
"""Finishes, sills and thresholds of the storey above start at its floor; what starts this far above it is its own."""
CELLS = 1_000_000
"""Elements times storeys compared at once: bounds the memory where a file names storeys by the thousand."""
NO_STOREY_NEEDED = (
    "IfcFeatureElement", "IfcGeographicElement", "IfcCivilElement", "IfcTransportElement",
    "IfcReinforcingElement", "IfcDeepFoundation", "IfcPile", "IfcEarthworksElement", "IfcGeotechnicalElement",
)  # fmt: skip
"""Elements that belong to no storey by nature: voids, ground, lifts, bars inside concrete, piles."""
ANY_HEIGHT = ("IfcFooting", "IfcRoof", "IfcSite", "IfcStair", "IfcRamp", "IfcCurtainWall")
"""Elements that rightly lie outside the storey they are listed in: below the lowest, above the highest, or across several."""

ASSIGNED = Fault(
    code="ifc-storey-assigned",
    severity=Severity.MINOR,
    zh="{n} 个构件没有归属楼层，已按所在高度归入楼层",
    en="{n} elements name no storey; each was assigned to the one in whose height it lies",
    fix_zh="在建模软件中将构件归入楼层，以模型为准",
    fix_en="Assign the elements to their storeys in the authoring tool, so that the model says it",
    repaired=True,
)
UNCONTAINED = Fault(
    code="ifc-uncontained",
    severity=Severity.MINOR,
    zh="{n} 个构件不属于任何空间或构件，也无法按高度判断楼层",
    en="{n} elements belong to no storey, space or other element, and their height does not tell which",
    fix_zh="在建模软件中将构件归入楼层",
    fix_en="Assign the elements to storeys in the authoring tool",
)
IN_BUILDING = Fault(
    code="ifc-in-building",
    severity=Severity.NOTICE,
    zh="{n} 个构件直接归属建筑而非楼层（跨层或高度不明）",
    en="{n} elements belong to the building instead of a storey; they span several or their height is unclear",
    fix_zh="能归入楼层的构件请归入其底部所在楼层",
    fix_en="Assign them to the storey they start in where that makes sense",
)
WRONG_STOREY = Fault(
    code="ifc-wrong-storey",
    severity=Severity.MINOR,
    zh="{n} 个构件完全位于其他楼层的高度内，所属楼层可能有误，未作移动",
    en="{n} elements lie wholly in the height of another storey than the one they belong to; they were left there",
    fix_zh="核对构件的所属楼层与偏移，改归其实际所在楼层",
    fix_en="Check storey and offset of these elements and assign them to the storey they stand in",
)
TWICE = Fault(
    code="ifc-contained-twice",
    severity=Severity.MINOR,
    zh="{n} 个构件同时归属多个空间结构，采用其中第一个",
    en="{n} elements are contained in several spatial structures; the first one counts",
    fix_zh="每个构件只保留一个所属楼层，其余改用引用关系（IfcRelReferencedInSpatialStructure）",
    fix_en="Keep one container per element; use IfcRelReferencedInSpatialStructure for the others",
)


def assign(subject: Subject, bands: Bands) -> tuple[pa.Table, list[Finding]]:
    """Give elements without storey the one they lie in; returns the objects with `storey` and `building` filled in.

    `parent` stays as the file has it: the tree shows what the author wrote, the storey where it stands. An
    element is assigned only where exactly one storey of one building can hold it.
    """
    lost = subject.is_a("IfcElement") & ~subject.is_a(*NO_STOREY_NEEDED) & (subject.storey < 0)
    lost &= ~_within(subject, subject.is_a("IfcSite") | subject.is_a("IfcExternalSpatialStructureElement"))
    if not len(bands.row):
        parentless = lost & (subject.parent < 0)
        return subject.objects, UNCONTAINED.found(subject.ids_at(np.flatnonzero(parentless)))
    whole = _outermost(subject, lost)
    boxes = _boxes_of_wholes(subject, whole, lost)
    rows = np.flatnonzero(lost & (whole == np.arange(len(whole))) & np.isfinite(boxes).all(axis=1))
    home = np.full(len(whole), -1, np.int64)
    home[rows] = _home(subject, bands, rows, boxes[rows])
    home = np.where(lost, home[whole], -1)  # parts go where their whole goes
    names = subject.texts("name")
    told = rows[home[rows] >= 0].tolist()  # the author assigns wholes
    found = ASSIGNED.found(
        subject.ids_at(told), notes={subject.ids[row]: names[home[row]] or subject.ids[home[row]] for row in told}
    )
    open_rows = lost & (home < 0) & (whole == np.arange(len(whole)))
    found += UNCONTAINED.found(subject.ids_at(np.flatnonzero(open_rows & (subject.parent < 0))))
    in_building = open_rows & (subject.parent >= 0) & subject.is_a("IfcBuilding", "IfcFacility")[subject.parent]
    found += IN_BUILDING.found(subject.ids_at(np.flatnonzero(in_building)))
    return _with_homes(subject, home, np.flatnonzero(home >= 0)), found


def check(subject: Subject, bands: Bands) -> list[Finding]:
    """Elements and spaces in a storey that they do not lie in, and elements with several containers."""
    return wrong_storeys(subject, bands) + _contained_twice(subject)


def wrong_storeys(subject: Subject, bands: Bands) -> list[Finding]:
    """Elements and spaces in a storey that they do not lie in."""
    held = (subject.is_a("IfcElement") & ~subject.is_a(*NO_STOREY_NEEDED, *ANY_HEIGHT)) | subject.is_a("IfcSpace")
    direct = held & subject.meshed & (subject.storey >= 0) & (subject.parent == subject.storey)
    place = np.full(len(subject.ids), -1, np.int64)
    place[bands.row] = np.arange(len(bands.row))
    rows = np.flatnonzero(direct)
    rows = rows[place[subject.storey[rows]] >= 0]
    if len(rows):
        own = place[subject.storey[rows]]
        low, high = subject.boxes[rows, 2], subject.boxes[rows, 5]
        outside = (high < bands.floor[own] - BELOW_M) | (low > bands.top[own] + ABOVE_M)
        rows, own = rows[outside], own[outside]
        there = _band_of(bands, bands.building[own], subject.boxes[rows])
        names = subject.texts("name")
        wrong = rows[there >= 0].tolist()
        notes = {
            subject.ids[row]: names[bands.row[at]] or subject.ids[bands.row[at]]
            for row, at in zip(wrong, there[there >= 0].tolist(), strict=True)
        }
        return WRONG_STOREY.found(subject.ids_at(wrong), notes=notes)
    return []


def _within(subject: Subject, wholes: Flags) -> Flags:
    """Whether each object stands somewhere below one of these without a storey or building between, not itself."""
    above = subject.parent.copy()
    inside = np.zeros(len(above), np.bool_)
    stop = subject.is_a("IfcBuilding", "IfcBuildingStorey", "IfcFacility", "IfcFacilityPart") & ~wholes
    for _ in range(64):
        alive = above >= 0
        if not alive.any():
            break
        inside[alive] |= wholes[above[alive]]
        ended = alive.copy()
        ended[alive] = inside[alive] | stop[above[alive]]
        above = np.where(alive & ~ended, subject.parent[above], -1)
    return inside


def _outermost(subject: Subject, lost: Flags) -> I64:
    """For each object the row of the outermost lost whole that it is a part of; itself where there is none."""
    whole = np.arange(len(lost))
    for _ in range(64):
        above = subject.parent[whole]
        higher = (above >= 0) & lost & lost[above]
        if not higher.any():
            break
        whole = np.where(higher, above, whole)
    return whole


def _boxes_of_wholes(subject: Subject, whole: I64, lost: Flags) -> F64:
    """(n, 6) boxes around lost objects with all their parts; NaN where none of them has a shape."""
    low, high = np.full((len(whole), 3), np.inf), np.full((len(whole), 3), -np.inf)
    rows = np.flatnonzero(lost & subject.meshed)
    np.minimum.at(low, whole[rows], subject.boxes[rows, :3])
    np.maximum.at(high, whole[rows], subject.boxes[rows, 3:])
    return np.hstack((low, high))


def _home(subject: Subject, bands: Bands, rows: I64, boxes: F64) -> I64:
    """The storey's row that each of `rows` lies in by its box; -1 where none or several could hold it."""
    building = subject.building[rows]
    every = np.unique(bands.building)
    if len(every) == 1:  # an element that hangs in nothing can only be of the one building there is
        building = np.where(building < 0, every[0], building)
    band = _band_of(bands, building, boxes)
    return np.where(band >= 0, bands.row[band], -1)


def _band_of(bands: Bands, building: I64, boxes: F64) -> I64:
    """For each box (m, 6) the one band of its building (m,) that holds it by its height; -1 where none or several do."""
    band = np.full(len(boxes), -1, np.int64)
    for one in np.unique(building):
        own = bands.of_building(int(one))
        if not len(own):
            continue
        every = np.flatnonzero(building == one)
        floor = bands.floor[own]
        top = np.minimum(bands.top[own], floor.max() + TOP_STOREY_M)
        step = max(CELLS // len(own), 1)
        for mine in (every[at : at + step] for at in range(0, len(every), step)):
            low, high = boxes[mine, 2, None], boxes[mine, 5, None]
            middle = (low + high) / 2
            holds = (low >= floor - SLACK_M) & (high <= top + SLACK_M) & (middle >= floor) & (middle < top)
            # A thin floor hangs below its level: what ends at a floor and is no thicker than a slab is that storey's.
            level = (np.abs(high - floor) < SLACK_M / 2) & (high - low < 2 * SLACK_M)
            holds = np.where(level.any(axis=1, keepdims=True), level, holds)
            band[mine] = np.where(holds.sum(axis=1) == 1, own[holds.argmax(axis=1)], -1)
    return band


def _with_homes(subject: Subject, home: I64, assigned: I64) -> pa.Table:
    """The objects with the assigned storeys and, where they had none, those storeys' buildings."""
    table = subject.objects
    if not len(assigned):
        return table
    storeys, buildings = subject.texts("storey"), subject.texts("building")
    for row in assigned.tolist():
        storeys[row] = subject.ids[home[row]]
        buildings[row] = buildings[row] or buildings[home[row]]
    for name, values in (("storey", storeys), ("building", buildings)):
        table = table.set_column(table.schema.get_field_index(name), name, pa.array(values, pa.string()))
    return table


def _contained_twice(subject: Subject) -> list[Finding]:
    """Elements that several IfcRelContainedInSpatialStructure put into different structures."""
    first: dict[str, str] = {}
    twice: dict[str, None] = {}
    local = subject.book.get_step
    for place, elements in subject.hierarchy.links.fans("IfcRelContainedInSpatialStructure", 5, 4):
        container = local(place)
        if container is None:
            continue
        for name in map(local, elements):
            if name is not None and first.setdefault(name, container) != container:
                twice[name] = None
    return TWICE.found(list(twice))
