"""Door kinds: frame, leaf, glass; with fire ratings."""

from __future__ import annotations

from dataclasses import dataclass

from scenes.sample_park.model.file import Kind, Model
from scenes.sample_park.model.solids import Solid, box


@dataclass(frozen=True)
class DoorSpec:
    """A door: clear size is width less its frames (2 × 50 mm). leaves: 1 or 2."""

    zh: str
    width: float
    height: float
    leaves: int = 1
    colour: str = "wood_light"
    glass: bool = False
    fire: str = ""  # 甲级, 乙级, 丙级
    sliding: bool = False
    lift: bool = False


DOORS: dict[str, DoorSpec] = {
    "wood": DoorSpec("木门 1000×2200", 1.0, 2.2),
    "wood_09": DoorSpec("木门 900×2100", 0.9, 2.1),
    "wood_08": DoorSpec("木门 800×2100", 0.8, 2.1, colour="warm_white"),
    "glass": DoorSpec("玻璃门 1500×2300", 1.5, 2.3, 2, "metal", glass=True),
    "glass2": DoorSpec("玻璃门 1800×2500", 1.8, 2.5, 2, "metal", glass=True),
    "lab": DoorSpec("观察窗双扇门 1500×2200", 1.5, 2.2, 2, "light_grey", glass=True),
    "fire_a": DoorSpec("甲级防火门 1000×2100", 1.0, 2.1, 1, "mid_grey", fire="甲级"),
    "fire_a2": DoorSpec("甲级防火门 1500×2200", 1.5, 2.2, 2, "mid_grey", fire="甲级"),
    "fire_b": DoorSpec("乙级防火门 1200×2100", 1.2, 2.1, 1, "light_grey", fire="乙级"),
    "fire_b1": DoorSpec("乙级防火门 1000×2100", 1.0, 2.1, 1, "oak", fire="乙级"),
    "fire_c": DoorSpec("丙级防火门 800×2000", 0.8, 2.0, 1, "warm_white", fire="丙级"),
    "lift": DoorSpec("电梯层门 1100×2200", 1.1, 2.2, 2, "steel", sliding=True, lift=True),
    "entrance": DoorSpec("入口玻璃自动门 3600×2700", 3.6, 2.7, 2, "dark_grey", glass=True, sliding=True),
    "shutter": DoorSpec("金属卷帘门 4500×3600", 4.5, 3.6, 1, "steel"),
    "exit": DoorSpec("疏散外门 1500×2300", 1.5, 2.3, 2, "dark_grey", glass=True),
}
FRAME = 0.05


def door_solids(spec: DoorSpec) -> list[Solid]:
    """Two jambs, a head, leaves; local frame: x along the wall from the opening's edge, y across, z up."""
    width, height = spec.width, spec.height
    solids = [
        box(0, -0.06, 0, FRAME, 0.12, height, "dark_grey" if spec.glass else spec.colour),
        box(width - FRAME, -0.06, 0, FRAME, 0.12, height, "dark_grey" if spec.glass else spec.colour),
        box(FRAME, -0.06, height - FRAME, width - 2 * FRAME, 0.12, FRAME, "dark_grey" if spec.glass else spec.colour),
    ]
    leaf = (width - 2 * FRAME) / spec.leaves
    for index in range(spec.leaves):
        x = FRAME + index * leaf
        if spec.glass:
            solids.append(box(x + 0.01, -0.015, 0.01, leaf - 0.02, 0.03, height - FRAME - 0.02, "glass_inner"))
            handle = x + leaf - 0.12 if index == 0 else x + 0.09
            solids.append(box(handle, -0.06, 0.85, 0.03, 0.12, 0.6, "metal"))
        else:
            solids.append(box(x + 0.003, -0.025, 0.005, leaf - 0.006, 0.05, height - FRAME - 0.01, spec.colour))
    return solids


def door_kind(model: Model, key: str, *, external: bool = False) -> Kind:
    """The IfcDoorType of a door, made once per file."""
    spec = DOORS[key]
    operation = "DOUBLE_DOOR_SINGLE_SWING" if spec.leaves == 2 else "SINGLE_SWING_LEFT"
    if spec.sliding:
        operation = "DOUBLE_DOOR_SLIDING"
    if key == "shutter":
        operation = "ROLLINGUP"
    common: dict[str, bool | str] = {
        "IsExternal": external,
        "FireExit": key == "fire_b",
        "SelfClosing": bool(spec.fire),
        "SmokeStop": key == "fire_b",
        "HandicapAccessible": spec.width >= 1.0,
    }
    if spec.fire:
        common = {"FireRating": spec.fire, **common}
    return model.kind(
        "IfcDoor", spec.zh + (" 外" if external else ""), door_solids(spec), "DOOR",
        {"Pset_DoorCommon": common}, extra=(operation,),
    )  # fmt: skip


def operation_of(key: str) -> str:
    """IfcDoorTypeOperationEnum of a door, repeated on its occurrences."""
    spec = DOORS[key]
    if key == "shutter":
        return "ROLLINGUP"
    if spec.sliding:
        return "DOUBLE_DOOR_SLIDING"
    return "DOUBLE_DOOR_SINGLE_SWING" if spec.leaves == 2 else "SINGLE_SWING_LEFT"
