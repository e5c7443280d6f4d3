"""Figures of one scheme, computed from the geometry of its objects.

Areas follow GB 55031-2022 3.1: each storey's area is the horizontal projection inside the outer
surface of its envelope; storeys lower than 2.20 m do not count; above and below ground are summed
apart. A storey's area is that of its GFA spaces; where it has none, of all its spaces; else of its
slabs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

MIN_STOREY_HEIGHT = 2.20
"""Metres; GB 55031-2022 3.1.4: lower storeys count nothing."""
BELOW_GROUND = -0.3
"""Metres: a storey whose floor lies deeper than this under the scheme's ground counts as below it."""


@dataclass(frozen=True)
class StoreyArea:
    """One storey's counted area in square metres and the objects it was measured on."""

    storey: str
    elevation: float
    height: float
    area: float
    factor: float
    objects: tuple[str, ...]
    basis: str  # gfa | spaces | slabs


@dataclass(frozen=True)
class SchemeFigures:
    """What a scheme's geometry says. Areas m2, volumes m3, heights m above the scheme's ground."""

    above: float = 0.0
    below: float = 0.0
    footprint: float = 0.0
    height: float = 0.0
    storeys: int = 0
    volume: float = 0.0
    green: float | None = None
    blocks: tuple[StoreyArea, ...] = ()
    footprint_objects: tuple[str, ...] = ()
    top_objects: tuple[str, ...] = ()
    green_objects: tuple[str, ...] = field(default=())


def _basis(rows: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    spaces = [row for row in rows if row["type"] == "Space" and row["area"]]
    gfa = [row for row in spaces if row["predefined_type"] == "GFA"]
    slabs = [row for row in rows if row["type"] == "Slab" and row["area"] and row["predefined_type"] != "ROOF"]
    for name, found in (("gfa", gfa), ("spaces", spaces), ("slabs", slabs)):
        if found:
            return name, found
    return "none", []


def _blocks(rows: Iterable[dict[str, Any]]) -> list[StoreyArea]:
    by_storey: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row["storey"] and row["storey_elevation"] is not None:
            by_storey.setdefault(row["storey"], []).append(row)
    floors = sorted({found[0]["storey_elevation"] for found in by_storey.values()})
    blocks = []
    for storey, found in by_storey.items():
        basis, chosen = _basis(found)
        if not chosen:
            continue
        elevation = float(found[0]["storey_elevation"])
        above = [floor for floor in floors if floor > elevation + 0.01]
        height = (above[0] - elevation) if above else max(float(row["height"] or 0.0) for row in chosen)
        blocks.append(
            StoreyArea(
                storey=storey,
                elevation=elevation,
                height=height,
                area=round(sum(float(row["area"]) for row in chosen), 2),
                factor=1.0 if height >= MIN_STOREY_HEIGHT - 1e-6 else 0.0,
                objects=tuple(row["gid"] for row in chosen),
                basis=basis,
            )
        )
    return sorted(blocks, key=lambda block: (block.elevation, block.storey))


def figures(rows: list[dict[str, Any]]) -> SchemeFigures:
    """Figures from the rows of `twin.graph.measures.measured` of a scheme's layers.

    Ground is the floor of the storey that people call the first (`_ground`); storeys deeper than
    `BELOW_GROUND` under it are below ground. Printed areas are rounded to 2 decimals
    per storey and the rounded ones are summed, so that the table foots (`standards.md` 1.1).
    """
    blocks = _blocks(rows)
    solids = [
        row for row in rows if row["max_z"] is not None and row["type"] not in {"Site", "Building", "BuildingStorey"}
    ]
    if not blocks:
        return SchemeFigures(volume=sum(float(row["volume"] or 0.0) for row in solids))
    ground = _ground(rows, blocks)
    above = [block for block in blocks if block.elevation >= ground + BELOW_GROUND]
    below = [block for block in blocks if block.elevation < ground + BELOW_GROUND]
    lowest = min((block.elevation for block in above), default=ground)
    base = [block for block in above if block.elevation <= lowest + 0.5]
    top = max((float(row["max_z"]) for row in solids), default=ground)
    green = [row for row in rows if row["type"] == "GreenArea" and row["area"]]
    spaces = [row for row in rows if row["type"] == "Space"]
    return SchemeFigures(
        above=round(sum(block.area * block.factor for block in above), 2),
        below=round(sum(block.area * block.factor for block in below), 2),
        footprint=round(sum(block.area for block in base), 2),
        height=round(top - lowest, 2),
        storeys=len({round(block.elevation, 1) for block in above}),
        volume=round(sum(float(row["volume"] or 0.0) for row in spaces), 2),
        green=round(sum(float(row["area"]) for row in green), 2) if green else None,
        blocks=tuple(blocks),
        footprint_objects=tuple(gid for block in base for gid in block.objects),
        top_objects=tuple(row["gid"] for row in solids if float(row["max_z"]) >= top - 0.01),
        green_objects=tuple(row["gid"] for row in green),
    )


def _ground(rows: list[dict[str, Any]], blocks: list[StoreyArea]) -> float:
    """The ground's height: the floor of the storey that people call the first, else the lowest one."""
    names = {row["gid"]: str(row["name"] or "") for row in rows if row["type"] == "BuildingStorey"}
    first = [
        block.elevation
        for block in blocks
        if names.get(block.storey, "").strip().upper().replace(" ", "")
        in {"1F", "F1", "L1", "首层", "一层", "1层", "01"}
    ]
    return min(first) if first else min(block.elevation for block in blocks)
