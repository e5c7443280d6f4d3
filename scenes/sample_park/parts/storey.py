"""One whole storey from its plan: slab, spaces, walls, façade, structure, fittings, services."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from scenes.sample_park.model.file import Model, Storey
from scenes.sample_park.parts.facade import Entrance, Facade, facade_walls
from scenes.sample_park.parts.frame import Grid, frame
from scenes.sample_park.parts.furnish import furnish
from scenes.sample_park.parts.interior import interior_walls
from scenes.sample_park.parts.lifts import lift_void
from scenes.sample_park.parts.placed import Placed
from scenes.sample_park.parts.roof import balustrade
from scenes.sample_park.parts.services import serve
from scenes.sample_park.parts.slabs import floor
from scenes.sample_park.parts.spaces import Spaces
from scenes.sample_park.parts.stairs import stair, stair_void
from scenes.sample_park.parts.storey_kit import exit_doors, storey_services
from scenes.sample_park.plan.rooms import Room
from scenes.sample_park.plan.walls import Rect, Run, between, door_walls, outline


@dataclass
class Plan:
    """A storey as drawn: plates (slabs and outline), rooms, façade by run, structure.

    voids: further holes in this storey's slab (atria). stairs: whether stairs lead up from here.
    """

    plates: Sequence[Rect]
    rooms: Sequence[Room]
    facade: Callable[[Run], Facade]
    grids: Sequence[Grid] = ()
    voids: Sequence[Rect] = ()
    entrances: Sequence[Entrance] = ()
    base: bool = False
    stairs: bool = True
    column: float = 0.6
    beams: bool = True
    round_columns: bool = False
    no_columns: Sequence[Rect] = ()
    floor_colour: str = "screed"
    top: float = 0.0
    load_kw: float = 60.0
    water: float = 6.0
    dense: bool = True
    facade_plates: Sequence[Rect] | None = None  # where the façade follows other plates than the slab
    runs: list[Run] = field(default_factory=list)


def build_storey(model: Model, storey: Storey, plan: Plan, spaces: Spaces) -> list[Placed]:
    """Write a storey. Returns its spaces."""
    walls = between(plan.rooms)
    doors = door_walls(walls)
    by_room = {room: wall.side_of(room) for wall, room in doors.items()}
    holes: list[Rect] = list(plan.voids)
    if not plan.base:
        holes += [stair_void(room, by_room.get(room)) for room in plan.rooms if room.usage == "stair"]
        holes += [lift_void(room) for room in plan.rooms if room.usage == "lift"]
    floor(model, storey, plan.plates, holes, base=plan.base, colour=plan.floor_colour)
    gross = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in plan.plates)
    model.gross_area += gross
    model.properties.measure(
        storey.entity,
        "Qto_BuildingStoreyBaseQuantities",
        {"GrossHeight:m": storey.height, "GrossFloorArea:m2": gross},
    )
    placed = spaces.write(storey, plan.rooms, doors)
    interior_walls(model, storey, walls, doors)
    runs = outline(plan.facade_plates or plan.plates)
    facade_walls(model, storey, runs, plan.facade, plan.entrances, plan.top)
    skip = [(r.x0, r.y0, r.x1, r.y1) for r in plan.rooms if r.usage in ("stair", "lift")]
    for grid in plan.grids:
        frame(
            model, storey, grid, column=plan.column, skip=[*skip, *plan.voids, *plan.no_columns], beams=plan.beams,
            round_columns=plan.round_columns,
        )  # fmt: skip
    for space in placed:
        if space.room.usage == "stair" and plan.stairs:
            stair(model, space)
        x, y = space.room.centre
        if any(x0 < x < x1 and y0 < y < y1 for x0, y0, x1, y1 in plan.voids):
            continue
        furnish(model, space, dense=plan.dense)
        serve(model, space)
    for void in plan.voids:
        for run in outline([void]):
            balustrade(model, storey, (run.x, run.y), run.length, run.side)
    storey_services(model, placed, load_kw=plan.load_kw, water=plan.water)
    exit_doors(model, placed)
    return placed
