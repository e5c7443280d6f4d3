"""A small building with deliberate faults for the review screen, and the list of what must be found."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from scenes.sample_park import site
from scenes.sample_park.buildings.catalogue import Written, counts_of
from scenes.sample_park.buildings.common import everywhere, stack
from scenes.sample_park.model.file import Model, Storey, Title
from scenes.sample_park.model.solids import box, centred, side_prism
from scenes.sample_park.parts.doors import DoorSpec, door_solids
from scenes.sample_park.parts.facade import Entrance, Facade, facade_walls
from scenes.sample_park.parts.frame import lines
from scenes.sample_park.parts.openings import opening
from scenes.sample_park.parts.roof import flat_roof
from scenes.sample_park.parts.slabs import floor
from scenes.sample_park.parts.spaces import Spaces
from scenes.sample_park.parts.storey import Plan, build_storey
from scenes.sample_park.plan.rooms import Room
from scenes.sample_park.plan.walls import Rect, outline
from scenes.sample_park.plan.wing import Wing

BODY: Rect = (0.0, 0.0, 28.8, 16.2)
BAND = Facade("band", module=4.8, sill=0.9, head=2.8, pier=1.0, colour="white", glass="glass_blue", panes=3)


@dataclass(frozen=True)
class Fault:
    """A deliberate fault: the review rule that must find it, and on which elements."""

    rule: str
    global_ids: tuple[str, ...]
    zh: str
    en: str


def _door(model: Model, storey: Storey, at: tuple[float, float], spec: DoorSpec, common: dict[str, Any]) -> str:
    """A short wall with one door of its own type. Returns the door's GlobalId."""
    x, y = at
    wall = model.element(
        "IfcWall",
        storey,
        "隔墙 100",
        (x, y, 0.0),
        [box(0, -0.05, 0, 1.8, 0.1, 2.8, "warm_white")],
        tail=("PARTITIONING",),
    )
    model.properties.give(wall, "Pset_WallCommon", {"IsExternal": False, "LoadBearing": False})
    hole = opening(model, storey, wall, (0.4, 0.0, 0.0), (spec.width, 0.1, spec.height), -0.05)
    kind = model.kind(
        "IfcDoor", spec.zh, door_solids(spec), "DOOR", {"Pset_DoorCommon": common}, extra=("SINGLE_SWING_LEFT",)
    )
    door = model.element(
        "IfcDoor", storey, spec.zh, (0.0, 0.0, 0.0), kind=kind, parent=hole.ObjectPlacement,
        tail=(model.shapes.size(spec.height), model.shapes.size(spec.width), "DOOR", "SINGLE_SWING_LEFT", None),
    )  # fmt: skip
    model.relations.fill(hole, door)
    return str(door.GlobalId)


def _flight(model: Model, storey: Storey, at: tuple[float, float], riser: float, width: float, name: str) -> str:
    """A straight flight of ten risers. Returns its GlobalId."""
    steps = 10
    top = [p for i in range(steps) for p in ((i * 0.28, i * riser), (i * 0.28, (i + 1) * riser))]
    end = ((steps - 1) * 0.28 + 0.28, steps * riser)
    outline_ = (*top, end, (end[0], end[1] - 0.3), (0.3, 0.0))
    flight = model.element(
        "IfcStairFlight", storey, name, (*at, 0.0), [side_prism(outline_, 0.0, width, "concrete")],
        tail=(steps, steps - 1, model.shapes.size(riser), model.shapes.size(0.28), "STRAIGHT"),
    )  # fmt: skip
    model.properties.give(
        flight,
        "Pset_StairFlightCommon",
        {"RiserHeight": ("IfcPositiveLengthMeasure", riser), "TreadLength": ("IfcPositiveLengthMeasure", 0.28)},
    )
    model.properties.give(flight, "GB_StairFlight", {"ClearWidth": ("IfcPositiveLengthMeasure", width)})
    return str(flight.GlobalId)


def _loose_wall(model: Model, storey: Storey, at: tuple[float, float], common: dict[str, Any]) -> Any:
    wall = model.element(
        "IfcWall",
        storey,
        "内隔墙 150",
        (*at, 0.0),
        [box(0, 0, 0, 2.4, 0.15, 2.6, "light_grey")],
        tail=("PARTITIONING",),
    )
    model.properties.give(wall, "Pset_WallCommon", common)
    return wall


def _faults(model: Model, levels: list[Storey], low_corridor: str) -> list[Fault]:
    first, second = levels[0], levels[1]
    plain = {"IsExternal": False, "LoadBearing": False}
    unrated = DoorSpec("乙级防火门 1100×2100 (未填耐火等级)", 1.1, 2.1, colour="mid_grey")
    faults = [
        Fault(
            "door-fire-rating",
            (_door(model, first, (1.0, 2.0), unrated, {"IsExternal": False, "FireExit": True}),),
            "防火门未填写耐火等级",
            "A fire door gives no fire rating",
        )
    ]
    narrow = [
        _door(
            model,
            first,
            (x, 4.5),
            DoorSpec(f"木门 {w * 1000:.0f}×2100", w, 2.1),
            {"IsExternal": False, "FireExit": False},
        )
        for x, w in ((5.0, 0.70), (8.5, 0.75))
    ]
    faults.append(Fault("door-width", tuple(narrow), "门宽 0.70 m 与 0.75 m", "Doors of 0.70 m and 0.75 m"))
    faults.append(Fault("clear-height", (low_corridor,), "走道净高 1.95 m", "A corridor of 1.95 m clear height"))
    steep = _flight(model, first, (12.0, 1.0), 0.19, 1.3, "室内台阶 踏步 190")
    faults.append(Fault("stair-riser", (steep,), "踏步高 0.19 m", "Risers of 0.19 m"))
    thin = _flight(model, first, (12.0, 4.0), 0.16, 1.0, "疏散楼梯 净宽 1000")
    faults.append(Fault("stair-width", (thin,), "疏散楼梯净宽 1.00 m", "An escape stair 1.00 m wide"))
    rail = model.element(
        "IfcRailing",
        second,
        "低栏杆 900",
        (4.0, 1.0, 0.0),
        [box(0, 0, 0, 4.0, 0.05, 0.9, "metal")],
        tail=("GUARDRAIL",),
    )
    model.properties.give(rail, "Pset_RailingCommon", {"Height": ("IfcPositiveLengthMeasure", 0.9)})
    faults.append(Fault("railing-height", (rail.GlobalId,), "栏杆高 0.90 m", "A railing 0.90 m high"))
    ramp = model.element(
        "IfcRampFlight", first, "无障碍坡道 1:8", (2.0, 5.6, 0.0),
        [side_prism(((0.0, 0.0), (2.4, 0.0), (2.4, 0.3)), 0.0, 1.3, "concrete")], tail=("STRAIGHT",),
    )  # fmt: skip
    model.properties.give(ramp, "Pset_RampFlightCommon", {"Slope": ("IfcPlaneAngleMeasure", 0.1244)})
    faults.append(Fault("ramp-slope", (ramp.GlobalId,), "坡道坡度 1:8", "A ramp of 1 in 8"))
    lone = model.file.create_entity(
        "IfcWall", model.guid("fault/lone"), None, "未归属楼层的墙", None, None,
        model.file.create_entity("IfcLocalPlacement", second.placement, model.shapes.axes(18.0, 3.0, 0.0)),
        model.shapes.product([box(0, 0, 0, 2.0, 0.2, 2.6, "warm_white")]), "fault-lone", "PARTITIONING",
    )  # fmt: skip
    model.properties.give(lone, "Pset_WallCommon", plain)
    faults.append(Fault("storey-containment", (lone.GlobalId,), "墙未归属楼层", "A wall belongs to no storey"))
    twin_kind = model.kind("IfcColumn", "重复柱 400", [centred(0.4, 0.4, 3.2, "concrete")], "COLUMN")
    twins = [model.place(twin_kind, second, (20.0, 4.0, 0.0)).GlobalId for _ in range(2)]
    faults.append(Fault("element-duplicate", tuple(twins), "两根柱位置重合", "Two columns at one place"))
    faults.append(
        Fault("space-present", (levels[3].entity.GlobalId,), "四层没有空间", "The fourth storey has no space")
    )
    poor = _loose_wall(model, second, (10.0, 5.5), {"IsExternal": False})
    faults.append(Fault("wall-properties", (poor.GlobalId,), "墙缺少 LoadBearing", "A wall lacks LoadBearing"))
    one = _loose_wall(model, second, (13.0, 5.5), plain)
    other = _loose_wall(model, second, (16.5, 5.5), plain)
    other.GlobalId = one.GlobalId
    faults.append(Fault("guid-unique", (one.GlobalId,), "两面墙共用一个 GlobalId", "Two walls share one GlobalId"))
    return faults


def write_review_sample(path: Path, seed: int) -> tuple[Written, list[Fault]]:
    """Write the building and, beside it, `<stem>.faults.json`."""
    lot = site.Lot("review-sample", 70.0, -100.0, 28.8, 16.2)
    model = Model(
        Title("review-sample", "审查示例楼", "Review sample", "办公"),
        seed,
        site.anchor(lot, 24.0),
        site.to_lonlat(70.0, -100.0),
    )
    spaces = Spaces(model, (("示例租户甲", "Sample tenant A"), ("示例租户乙", "Sample tenant B")))
    levels = stack(model, [3.6] * 4)
    low_corridor = ""
    for number, storey in enumerate(levels[:3], start=1):
        rooms = Wing(
            0.0, 0.0, (6.9, 2.4, 6.9),
            [("stair", 3.6), ("office", 7.2), ("meeting", 7.2), ("office", 7.2), ("electrical", 3.6)],
            [("wc_m", 3.6), ("wc_f", 3.6), ("office", 7.2), ("open_office", 10.8), ("stair", 3.6)],
        ).rooms(f"{number}")  # fmt: skip
        plan = Plan(
            [BODY], rooms, everywhere(BAND), [(lines(0.4, 28.4, 7.0), [0.4, 6.9, 9.3, 15.8])], base=number == 1,
            entrances=[Entrance(0.0, 8.1, "exit")] if number == 1 else [], load_kw=30.0, water=3.0, column=0.4,
        )  # fmt: skip
        build_storey(model, storey, plan, spaces)
        if number == 2:
            low_corridor = _low_corridor(model, spaces, storey)
    top = levels[3]
    floor(model, top, [BODY])
    facade_walls(model, top, outline([BODY]), everywhere(BAND))
    flat_roof(model, levels[4], [BODY], parapet=1.2)
    faults = _faults(model, levels, low_corridor)
    counts = counts_of(model)
    model.write(path)
    listed = {"file": path.name, "faults": [asdict(fault) for fault in faults]}
    text = json.dumps(listed, ensure_ascii=False, indent=1) + "\n"
    path.with_name(f"{path.stem}.faults.json").write_text(text, encoding="utf-8")
    return Written([], counts), faults


def _low_corridor(model: Model, spaces: Spaces, storey: Storey) -> str:
    """A by-passage beside the building with 1.95 m clear height."""
    room = Room(28.8, 6.9, 33.6, 9.3, "corridor", "2X", "连廊走道")
    placed = spaces.write(storey, [room], {}, slab=storey.height - 1.95)[0]
    model.element(
        "IfcSlab", storey, "连廊板", (28.8, 6.9, 0.0), [box(0, 0, -0.2, 4.8, 2.4, 0.2, "screed")], tail=("FLOOR",)
    )
    return placed.guid
