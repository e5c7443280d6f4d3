"""Furniture kinds: few boxes each, shared by all pieces of a kind."""

from __future__ import annotations

from scenes.sample_park.model.file import Kind, Model
from scenes.sample_park.model.solids import Solid, box, centred, cylinder


def _desk(width: float, depth: float, top: str) -> list[Solid]:
    return [
        box(-width / 2, -depth / 2, 0.72, width, depth, 0.03, top),
        box(-width / 2 + 0.04, -depth / 2 + 0.05, 0, 0.04, depth - 0.1, 0.72, "light_grey"),
        box(width / 2 - 0.08, -depth / 2 + 0.05, 0, 0.04, depth - 0.1, 0.72, "light_grey"),
        box(-0.3, depth / 2 - 0.18, 0.75, 0.6, 0.04, 0.38, "screen"),
    ]


def _chair(fabric: str) -> list[Solid]:
    return [
        centred(0.46, 0.44, 0.06, fabric, 0.44),
        box(-0.22, -0.24, 0.5, 0.44, 0.05, 0.42, fabric),
        centred(0.06, 0.06, 0.44, "charcoal"),
        centred(0.5, 0.5, 0.04, "charcoal"),
    ]


def _workstation(colour: str = "fabric_blue") -> list[Solid]:
    """Four places back to back: tops, screens and chairs in one piece."""
    solids = [
        box(-1.4, -0.7, 0.71, 2.8, 1.4, 0.03, "wood_light"),
        box(-1.36, -0.6, 0.0, 0.05, 1.2, 0.71, "light_grey"),
        box(1.31, -0.6, 0.0, 0.05, 1.2, 0.71, "light_grey"),
        box(-1.4, -0.015, 0.74, 2.8, 0.03, 0.36, "fabric_sand"),
    ]
    for x in (-0.7, 0.7):
        for side in (-1.0, 1.0):
            solids.append(box(x - 0.3, side * 0.22 - 0.02, 0.78, 0.6, 0.04, 0.34, "screen"))
            solids.append(box(x - 0.23, side * 1.08 - 0.22, 0.4, 0.46, 0.44, 0.08, colour))
            solids.append(box(x - 0.22, side * 1.3 - 0.03, 0.48, 0.44, 0.06, 0.42, colour))
    return solids


def _meeting_set() -> list[Solid]:
    solids = _table(3.2, 1.3, "wood")
    for x in (-1.1, 0.0, 1.1):
        for side in (-1.0, 1.0):
            solids.append(box(x - 0.23, side * 0.95 - 0.22, 0.4, 0.46, 0.44, 0.08, "fabric_sand"))
            solids.append(box(x - 0.22, side * 1.17 - 0.03, 0.48, 0.44, 0.06, 0.4, "fabric_sand"))
    return solids


def _dining_set() -> list[Solid]:
    solids = _table(1.4, 0.75, "wood_light")
    for side in (-1.0, 1.0):
        solids.append(box(-0.65, side * 0.62 - 0.16, 0.4, 1.3, 0.32, 0.05, "oak"))
    return solids


def _sofa() -> list[Solid]:
    return [
        box(-0.95, -0.42, 0.08, 1.9, 0.84, 0.34, "fabric_sand"),
        box(-0.95, -0.42, 0.42, 1.9, 0.2, 0.36, "fabric_sand"),
        box(-0.95, -0.22, 0.42, 0.16, 0.64, 0.16, "fabric_sand"),
        box(0.79, -0.22, 0.42, 0.16, 0.64, 0.16, "fabric_sand"),
    ]


def _bed() -> list[Solid]:
    return [
        box(-0.5, -1.0, 0.0, 1.0, 2.0, 0.3, "oak"),
        box(-0.47, -0.98, 0.3, 0.94, 1.9, 0.18, "porcelain"),
        box(-0.5, 0.95, 0.0, 1.0, 0.06, 0.95, "oak"),
        box(-0.4, 0.5, 0.48, 0.8, 0.4, 0.1, "fabric_blue"),
    ]


def _bench(length: float) -> list[Solid]:
    return [
        box(-length / 2, -0.4, 0.86, length, 0.8, 0.05, "light_grey"),
        box(-length / 2 + 0.05, -0.36, 0.0, length - 0.1, 0.72, 0.86, "white"),
        box(-length / 2, -0.06, 0.91, length, 0.12, 0.55, "steel"),
    ]


def _table(width: float, depth: float, top: str, height: float = 0.74) -> list[Solid]:
    return [
        box(-width / 2, -depth / 2, height - 0.04, width, depth, 0.04, top),
        box(-width / 2 + 0.2, -0.04, 0.0, 0.08, 0.08, height - 0.04, "metal"),
        box(width / 2 - 0.28, -0.04, 0.0, 0.08, 0.08, height - 0.04, "metal"),
    ]


_KINDS: dict[str, tuple[str, str, list[Solid]]] = {
    "desk": ("办公桌 1400×700", "DESK", _desk(1.4, 0.7, "wood_light")),
    "desk_big": ("班台 1800×900", "DESK", _desk(1.8, 0.9, "wood")),
    "chair": ("办公椅", "CHAIR", _chair("fabric_blue")),
    "cabinet": ("文件柜 900×400", "FILECABINET", [centred(0.9, 0.4, 1.8, "white"), box(-0.01, -0.205, 0.1, 0.02, 0.01, 1.6, "mid_grey")]),
    "sofa": ("三人沙发", "SOFA", _sofa()),
    "workstation": ("四人工位组 2800×1400", "DESK", _workstation()),
    "meeting_set": ("六人会议桌椅 3200×1300", "TABLE", _meeting_set()),
    "dining_set": ("四人餐桌椅 1400×750", "TABLE", _dining_set()),
    "low_table": ("茶几 900×600", "TABLE", _table(0.9, 0.6, "wood", 0.42)),
    "bed": ("单人床 1000×2000", "BED", _bed()),
    "wardrobe": ("衣柜 1200×600", "SHELF", [centred(1.2, 0.58, 2.2, "wood_light"), box(-0.01, -0.3, 0.05, 0.02, 0.01, 2.1, "metal")]),
    "shelf": ("货架 1800×600", "SHELF", [box(-0.9, -0.3, z, 1.8, 0.6, 0.03, "steel") for z in (0.1, 0.7, 1.3, 1.9)] + [box(x, -0.3, 0, 0.04, 0.6, 2.0, "metal") for x in (-0.9, 0.86)]),
    "lab_bench": ("实验台 2400×800", "TABLE", _bench(2.4)),
    "plant": ("绿植", "USERDEFINED", [cylinder(0, 0, 0, 0.22, 0.45, "charcoal"), centred(0.7, 0.7, 0.75, "leaf", 0.5), centred(0.42, 0.42, 0.4, "leaf", 1.2)]),
    "reception": ("接待台 3600", "DESK", [box(-1.8, -0.4, 0, 3.6, 0.8, 1.0, "wood"), box(-1.85, -0.45, 1.0, 3.7, 0.5, 0.06, "white")]),
    "podium": ("讲台", "DESK", [centred(0.8, 0.5, 1.1, "wood")]),
    "seat_row": ("报告厅联排座椅 5", "CHAIR", [box(-1.4, -0.25, 0.4, 2.8, 0.5, 0.1, "fabric_green"), box(-1.4, -0.3, 0.5, 2.8, 0.1, 0.5, "fabric_green"), box(-1.4, -0.1, 0, 0.06, 0.3, 0.4, "charcoal"), box(1.34, -0.1, 0, 0.06, 0.3, 0.4, "charcoal")]),
    "showcase": ("展柜 1500×600", "USERDEFINED", [centred(1.5, 0.6, 0.8, "white"), centred(1.46, 0.56, 0.7, "glass_inner", 0.8)]),
    "exhibit_wall": ("展墙 4000×300", "USERDEFINED", [centred(4.0, 0.3, 2.8, "white"), box(-1.6, -0.17, 0.9, 3.2, 0.02, 1.5, "screen")]),
    "treadmill": ("跑步机", "USERDEFINED", [centred(0.8, 1.8, 0.18, "charcoal"), box(-0.38, 0.75, 0.18, 0.76, 0.08, 1.1, "mid_grey")]),
    "range": ("灶台 1800×900", "USERDEFINED", [centred(1.8, 0.9, 0.85, "steel"), box(-0.9, 0.38, 0.85, 1.8, 0.07, 0.4, "steel")]),
    "counter": ("售餐台 2400×800", "USERDEFINED", [centred(2.4, 0.8, 0.95, "wood"), box(-1.2, -0.2, 1.25, 2.4, 0.5, 0.03, "glass_inner")]),
    "rack": ("机柜 600×1000", "USERDEFINED", [centred(0.6, 1.0, 2.0, "charcoal")]),
    "console": ("监控台 4000", "DESK", [box(-2.0, -0.5, 0, 4.0, 0.9, 0.78, "light_grey"), *[box(-1.8 + i * 0.9, 0.1, 0.78, 0.8, 0.05, 0.45, "screen") for i in range(4)]]),
}  # fmt: skip


def furniture(model: Model, key: str) -> Kind:
    """The IfcFurnitureType of a key, made once per file."""
    name, predefined, solids = _KINDS[key]
    return model.kind("IfcFurniture", name, solids, predefined)
