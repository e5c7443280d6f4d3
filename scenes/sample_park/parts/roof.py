"""Roofs: slab with parapets, planting, solar panels, skylights, plant screens; canopies."""

from __future__ import annotations

from collections.abc import Sequence

from scenes.sample_park.model.file import Model, Storey
from scenes.sample_park.model.solids import Point2, Solid, box, prism, rectangle, side_prism
from scenes.sample_park.parts.facade import TURNS, convex_end
from scenes.sample_park.parts.sensors import add_point
from scenes.sample_park.parts.slabs import slab
from scenes.sample_park.plan.walls import DIRECTION, Rect, outline

PARAPET = 0.25


def flat_roof(
    model: Model, storey: Storey, plates: Sequence[Rect], *, parapet: float = 1.1, colour: str = "white",
    surface: str = "roof", holes: Sequence[Rect] = (),
) -> None:  # fmt: skip
    """An IfcRoof of slabs with an insulation layer on top, and parapet walls along the outline."""
    roof = model.element("IfcRoof", storey, "平屋面", (0.0, 0.0, 0.0), tail=("FLAT_ROOF",))
    model.properties.give(
        roof,
        "Pset_RoofCommon",
        {"IsExternal": True, "FireRating": "1.50h", "ThermalTransmittance": ("IfcThermalTransmittanceMeasure", 0.4)},
    )
    projected = 0.0
    for x0, y0, x1, y1 in plates:
        cut = [rectangle(*h) for h in holes if x0 < h[0] and h[2] < x1 and y0 < h[1] and h[3] < y1]
        slab(
            model, storey, rectangle(x0, y0, x1, y1), holes=cut, predefined="ROOF", thickness=0.28, top=0.08,
            colour=surface, whole=roof,
        )  # fmt: skip
        projected += (x1 - x0) * (y1 - y0)
    model.properties.measure(roof, "Qto_RoofBaseQuantities", {"GrossArea:m2": projected, "ProjectedArea:m2": projected})
    if parapet:
        parapets(model, storey, plates, parapet, colour)


def parapets(model: Model, storey: Storey, plates: Sequence[Rect], height: float, colour: str) -> None:
    """Walls along the outline of a roof."""
    runs = outline(plates)
    for run in runs:
        size = round(run.length - (PARAPET if convex_end(run, runs) else 0.0), 4)
        wall = model.element(
            "IfcWall", storey, "女儿墙", (run.x, run.y, 0.0),
            [box(0, 0, -0.2, size, PARAPET, height + 0.2, colour)], turn=TURNS[run.side], tail=("PARAPET",),
        )  # fmt: skip
        model.properties.give(wall, "Pset_WallCommon", {"IsExternal": True, "LoadBearing": False})
        model.properties.measure(
            wall, "Qto_WallBaseQuantities", {"Length:m": size, "Height:m": height, "Width:m": PARAPET}
        )


def solar_field(model: Model, storey: Storey, area: Rect, *, pitch: float = 2.6, base: float = 0.1) -> int:
    """Rows of tilted photovoltaic panels facing south. Returns how many."""
    x0, y0, x1, y1 = area
    width = 4.4
    kind = model.kind(
        "IfcSolarDevice",
        "光伏组件 4×550 W",
        [
            Solid(
                ("poly", ((0.32, 0.0), (0.36, 0.0), (0.94, 1.75), (0.90, 1.75)), ()),
                (0.0, 0.0, 0.0),
                "x",
                width - 0.1,
                "solar",
            )
        ],
        "SOLARPANEL",
        {"Park_Solar": {"PeakPower": ("IfcPowerMeasure", 2200.0), "Tilt_deg": 18.0}},
    )
    made = []
    y = y0
    while y + 2.0 <= y1:
        x = x0
        while x + width <= x1:
            made.append(model.place(kind, storey, (round(x, 3), round(y, 3), base), system="power"))
            x += width
        y += pitch
    if made:
        # One inverter reports for the whole field; its first panel shows the value.
        shows = f"{model.title.key}/{made[0].GlobalId}"
        add_point(
            model, storey, "pv-1", "solar_power", shows=shows, device=made[0], name=f"{model.title.zh} 光伏",
            maximum=round(2.2 * len(made), 1),
        )  # fmt: skip
    return len(made)


def green_roof(model: Model, storey: Storey, area: Rect, *, base: float = 0.08) -> None:
    """A planted bed on a roof."""
    x0, y0, x1, y1 = area
    entity = model.element(
        "IfcCovering", storey, "种植屋面", (0.0, 0.0, 0.0),
        [prism(rectangle(x0, y0, x1, y1), base, 0.35, "roof_green")], tail=("ROOFING",),
    )  # fmt: skip
    model.properties.give(entity, "Pset_CoveringCommon", {"IsExternal": True, "FlammabilityRating": "A"})
    model.properties.measure(entity, "Qto_CoveringBaseQuantities", {"GrossArea:m2": (x1 - x0) * (y1 - y0)})


def skylight(model: Model, storey: Storey, area: Rect, *, rise: float = 1.4) -> None:
    """A ridge of glass over an atrium: two slopes, gables and ribs, ridge along the longer side."""
    x0, y0, x1, y1 = area
    long_x = x1 - x0 >= y1 - y0
    length, span = (x1 - x0, y1 - y0) if long_x else (y1 - y0, x1 - x0)
    thin = 0.06
    section: tuple[Point2, ...] = (
        (0.0, 0.0), (thin, 0.0), (span / 2, rise - thin), (span - thin, 0.0), (span, 0.0), (span / 2, rise)
    )  # fmt: skip
    glass = Solid(("poly", section, ()), (0.0, 0.0, 0.4), "x", length, "glass_blue")
    kerb = [
        box(0, 0, 0, length, 0.2, 0.4, "white"), box(0, span - 0.2, 0, length, 0.2, 0.4, "white"),
        box(0, 0.2, 0, 0.2, span - 0.4, 0.4, "white"), box(length - 0.2, 0.2, 0, 0.2, span - 0.4, 0.4, "white"),
    ]  # fmt: skip
    ribs = [
        Solid(("poly", tuple((a, b + 0.05) for a, b in section), ()), (x, 0.0, 0.4), "x", 0.07, "metal")
        for x in _steps(length, 3.0)
    ]
    at, turn = ((x0, y0, 0.0), None) if long_x else ((x1, y0, 0.0), (0.0, 1.0))
    solids = [glass, *kerb, *ribs]
    model.element("IfcRoof", storey, "采光天窗", at, solids, turn=turn, tail=("GABLE_ROOF",))


def _steps(length: float, spacing: float) -> list[float]:
    count = max(1, round(length / spacing))
    return [round(index * (length - 0.07) / count, 4) for index in range(count + 1)]


def plant_screen(model: Model, storey: Storey, area: Rect, height: float, colour: str = "light_grey") -> None:
    """A louvred screen around rooftop plant: posts and horizontal blades, one element per side."""
    for run in outline([area]):
        blades = [box(0, 0, z, run.length, 0.06, 0.22, colour) for z in _steps(height - 0.3, 0.42)]
        posts = [box(x, 0.06, 0, 0.08, 0.12, height, "metal") for x in _steps(run.length, 3.0)]
        model.element(
            "IfcShadingDevice", storey, "屋面设备格栅", (run.x, run.y, 0.08), blades + posts, turn=TURNS[run.side],
            tail=("JALOUSIE",),
        )  # fmt: skip


def canopy(
    model: Model, storey: Storey, area: Rect, height: float, *, columns: Sequence[tuple[float, float]] = (),
    thickness: float = 0.3, colour: str = "white", soffit: str = "wood",
) -> None:  # fmt: skip
    """An entrance canopy: a thin roof with a wooden soffit on slender columns."""
    x0, y0, x1, y1 = area
    model.element(
        "IfcSlab", storey, "入口雨篷", (0.0, 0.0, 0.0),
        [
            prism(rectangle(x0, y0, x1, y1), height, thickness, colour),
            prism(rectangle(x0 + 0.25, y0 + 0.25, x1 - 0.25, y1 - 0.25), height - 0.04, 0.04, soffit),
        ],
        tail=("ROOF",),
    )  # fmt: skip
    kind = model.kind(
        "IfcColumn",
        f"雨篷钢柱 H{height * 1000:.0f}",
        [box(-0.11, -0.11, 0.0, 0.22, 0.22, height, "charcoal")],
        "COLUMN",
        material="钢 Q355",
    )
    for x, y in columns:
        model.place(kind, storey, (x, y, 0.0))


def balustrade(
    model: Model, storey: Storey, start: tuple[float, float], length: float, side: str, *, z: float = 0.0,
    glass: bool = True,
) -> None:  # fmt: skip
    """A guard of 1.10 m along a straight edge (runs as the façade of that side does)."""
    body = box(0, 0.02, 0.1, length, 0.02, 0.9, "glass_inner" if glass else "metal")
    posts = [box(x, 0, 0, 0.05, 0.06, 1.05, "metal") for x in _steps(length, 1.8)]
    turn = TURNS[side]  # type: ignore[index]
    dx, dy = DIRECTION[side]  # type: ignore[index]
    made = model.element(
        "IfcRailing", storey, "栏杆", (*start, z), [body, box(0, 0, 1.05, length, 0.06, 0.05, "metal"), *posts],
        turn=turn, tail=("GUARDRAIL",),
    )  # fmt: skip
    model.properties.give(made, "Pset_RailingCommon", {"Height": ("IfcPositiveLengthMeasure", 1.1), "IsExternal": True})
    model.properties.measure(made, "Qto_RailingBaseQuantities", {"Length:m": round(length * (abs(dx) + abs(dy)), 3)})


def gable_section(span: float, rise: float, thick: float) -> tuple[Point2, ...]:
    """The section of a saddle roof (x across, z up)."""
    return ((0.0, 0.0), (span / 2, rise), (span, 0.0), (span, thick), (span / 2, rise + thick), (0.0, thick))


def folded_roof(model: Model, storey: Storey, area: Rect, *, folds: int, rise: float, colour: str = "white") -> None:
    """A roof of equal saddles side by side along x, each an IfcSlab, wooden below."""
    x0, y0, x1, y1 = area
    span = (x1 - x0) / folds
    roof = model.element("IfcRoof", storey, "折板屋面", (0.0, 0.0, 0.0), tail=("USERDEFINED",), object_type="折板屋面")
    for index in range(folds):
        upper = side_prism(gable_section(span, rise, 0.28), 0.0, y1 - y0, colour)
        lower = side_prism(gable_section(span, rise, 0.05), 0.02, y1 - y0 - 0.04, "wood_light")
        model.element(
            "IfcSlab", storey, "折板屋面板", (x0 + index * span, y0, 0.0),
            [Solid(upper.profile, (0.0, 0.0, 0.05), "y", upper.depth, colour), lower],
            tail=("ROOF",), whole=roof,
        )  # fmt: skip
