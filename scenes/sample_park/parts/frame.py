"""Structure: columns on the grid's crossings, beams between them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from scenes.sample_park.model.file import QUARTER, Model, Storey
from scenes.sample_park.model.solids import box, centred
from scenes.sample_park.parts.placed import SLAB
from scenes.sample_park.plan.walls import Rect

Grid = tuple[Sequence[float], Sequence[float]]
"""x and y coordinates of the grid lines."""


def lines(start: float, end: float, spacing: float, inset: float = 0.0) -> list[float]:
    """Equal grid lines from start to end, the outer ones moved inwards by `inset`."""
    count = max(1, round((end - start) / spacing))
    values = [start + (end - start) * index / count for index in range(count + 1)]
    values[0] += inset
    values[-1] -= inset
    return [round(value, 4) for value in values]


def frame(
    model: Model, storey: Storey, grid: Grid, *, column: float = 0.6, beam: tuple[float, float] = (0.3, 0.6),
    skip: Sequence[Rect] = (), beams: bool = True, colour: str = "concrete", round_columns: bool = False,
) -> None:  # fmt: skip
    """Columns at all crossings outside `skip` and beams along the grid lines under the slab above."""
    xs, ys = grid
    height = round(storey.height - SLAB, 3)

    def free(x: float, y: float) -> bool:
        return not any(x0 < x < x1 and y0 < y < y1 for x0, y0, x1, y1 in skip)

    solids = [centred(column, column, height, colour)]
    name = f"柱 {column * 1000:.0f}×{column * 1000:.0f} H{height * 1000:.0f}"
    if round_columns:
        from scenes.sample_park.model.solids import cylinder  # noqa: PLC0415 - one use

        solids, name = (
            [cylinder(0, 0, 0, column / 2, height, colour)],
            f"圆柱 D{column * 1000:.0f} H{height * 1000:.0f}",
        )
    kind = model.kind(
        "IfcColumn",
        name,
        solids,
        "COLUMN",
        {"Pset_ColumnCommon": {"LoadBearing": True, "IsExternal": False, "FireRating": "3.00h"}},
        material="钢筋混凝土 C40",
    )
    for x in xs:
        for y in ys:
            if free(x, y):
                made = model.place(kind, storey, (x, y, 0.0))
                model.properties.measure(
                    made,
                    "Qto_ColumnBaseQuantities",
                    {"Length:m": height, "CrossSectionArea:m2": column * column},
                )
    if not beams:
        return
    width, depth = beam
    main = [(True, (xs, ys)), (False, (ys, xs))]
    # Main beams span the shorter bays; secondary ones are left to the slab.
    main.sort(key=lambda way: max((b - a for a, b in pairwise(way[1][0])), default=0.0))
    for lengthwise, (mine, other) in main[:1]:
        for a, b in pairwise(mine):
            span = round(b - a - column, 4)
            if span < 0.5:
                continue
            kind = model.kind(
                "IfcBeam",
                f"梁 {width * 1000:.0f}×{depth * 1000:.0f} L{span * 1000:.0f}",
                [box(0, -width / 2, -depth, span, width, depth, colour)],
                "BEAM",
                {"Pset_BeamCommon": {"LoadBearing": True, "IsExternal": False, "FireRating": "2.00h"}},
                material="钢筋混凝土 C30",
            )
            for line in other:
                start = a + column / 2
                ends = ((a, line), (b, line)) if lengthwise else ((line, a), (line, b))
                if not all(free(*end) for end in ends):
                    continue
                at = (start, line, height) if lengthwise else (line, start, height)
                made = model.place(kind, storey, at, None if lengthwise else QUARTER)
                model.properties.measure(
                    made, "Qto_BeamBaseQuantities", {"Length:m": span, "CrossSectionArea:m2": width * depth}
                )
