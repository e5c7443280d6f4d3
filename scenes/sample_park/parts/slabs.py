"""Floor slabs, base slabs and roofs' slabs, with holes for stairs, lifts and atria."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scenes.sample_park.model.file import Model, Storey
from scenes.sample_park.model.solids import Point2, area, perimeter, prism, rectangle
from scenes.sample_park.parts.placed import SLAB
from scenes.sample_park.plan.walls import Rect

_LAYERS = {
    "FLOOR": (("地面面层 Floor finish", 0.03), ("找平层 Screed", 0.02), ("钢筋混凝土 Reinforced concrete", 0.15)),
    "BASESLAB": (("地面面层 Floor finish", 0.05), ("钢筋混凝土 Reinforced concrete", 0.45)),
    "ROOF": (("防水保温层 Insulation", 0.08), ("钢筋混凝土 Reinforced concrete", 0.16)),
}
_NAMES = {"FLOOR": "楼板", "BASESLAB": "底板", "ROOF": "屋面板", "LANDING": "休息平台"}


def slab(
    model: Model, storey: Storey, outline: tuple[Point2, ...], *, holes: Sequence[tuple[Point2, ...]] = (),
    predefined: str = "FLOOR", thickness: float = SLAB, top: float = 0.0, colour: str = "screed", name: str = "",
    whole: Any = None,
) -> Any:  # fmt: skip
    """One slab of any outline; its top is at `top` above the storey."""
    entity = model.element(
        "IfcSlab",
        storey,
        name or _NAMES[predefined],
        (0.0, 0.0, 0.0),
        [prism(outline, top - thickness, thickness, colour, tuple(holes))],
        tail=(predefined,),
        whole=whole,
    )
    model.properties.give(
        entity,
        "Pset_SlabCommon",
        {
            "IsExternal": predefined == "ROOF",
            "LoadBearing": True,
            "FireRating": "1.50h",
            "PitchAngle": ("IfcPlaneAngleMeasure", 0.0),
        },
    )
    if predefined in _LAYERS:
        layers = _LAYERS[predefined]
        model.relations.material(model.layers(_NAMES[predefined], layers, "AXIS3"), entity)
    gross = area(outline)
    net = gross - sum(area(hole) for hole in holes)
    model.properties.measure(
        entity,
        "Qto_SlabBaseQuantities",
        {
            "Depth:m": thickness,
            "Perimeter:m": perimeter(outline),
            "GrossArea:m2": gross,
            "NetArea:m2": net,
            "GrossVolume:m3": gross * thickness,
            "NetVolume:m3": net * thickness,
        },
    )
    return entity


def floor(
    model: Model, storey: Storey, plates: Sequence[Rect], voids: Sequence[Rect] = (), *, base: bool = False,
    colour: str = "screed",
) -> None:  # fmt: skip
    """A slab for each plate, with those voids that lie in it."""
    for x0, y0, x1, y1 in plates:
        holes = [
            rectangle(*void) for void in voids if x0 <= void[0] and void[2] <= x1 and y0 <= void[1] and void[3] <= y1
        ]
        slab(
            model, storey, rectangle(x0, y0, x1, y1), holes=[] if base else holes,
            predefined="BASESLAB" if base else "FLOOR", thickness=0.5 if base else SLAB, colour=colour,
        )  # fmt: skip
