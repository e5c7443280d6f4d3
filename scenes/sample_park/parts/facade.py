"""Façades: which system closes which stretch of a storey's outline."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from scenes.sample_park.model.file import HALF, NO_TURN, QUARTER, THREE_QUARTERS, Turn
from scenes.sample_park.plan.rooms import Side
from scenes.sample_park.plan.walls import DIRECTION, Run

TURNS: dict[Side, Turn] = {"s": NO_TURN, "e": QUARTER, "n": HALF, "w": THREE_QUARTERS}
EXTERIOR = 0.3
"""Thickness of exterior walls, metres; the outer face is on the outline."""


@dataclass(frozen=True)
class Facade:
    """A façade system and its rhythm. module: metres between mullions, or the bay of a wall.

    sill, head: the window's lower and upper edge above the floor (walls with windows).
    fin: depth of mullions or blades in front of the façade; ledge: depth of the horizontal blade.
    """

    system: Literal["curtain", "band", "louvre", "solid", "none"]
    module: float = 1.5
    sill: float = 0.9
    head: float = 3.0
    pier: float = 0.6
    fin: float = 0.18
    ledge: float = 0.0
    colour: str = "white"
    glass: str = "glass"
    metal: str = "metal"
    spandrel: str = "light_grey"
    spandrel_low: float = -0.35
    spandrel_high: float = 0.25
    panes: int = 3
    sub: int = 1  # curtain walls: fields of one unit panel, with thin fins between them


@dataclass(frozen=True)
class Entrance:
    """A door in a façade: a place on the outline, and the door's kind; `drive` leaves a louvred bay open."""

    x: float
    y: float
    key: str = "entrance"

    def on(self, run: Run) -> float | None:
        """Distance along the run to the door's middle, or None where it is not on it."""
        dx, dy = DIRECTION[run.side]
        along = (self.x - run.x) * dx + (self.y - run.y) * dy
        across = (self.x - run.x) * dy - (self.y - run.y) * dx
        return along if abs(across) < 1e-6 and -1e-6 <= along <= run.length + 1e-6 else None


Choice = Callable[[Run], Facade]


def convex_end(run: Run, runs: Sequence[Run]) -> bool:
    """Whether the outline turns left (an outer corner) where the run ends."""
    left: dict[Side, Side] = {"s": "e", "e": "n", "n": "w", "w": "s"}
    x, y = run.end
    return any(abs(o.x - x) < 1e-6 and abs(o.y - y) < 1e-6 and o.side == left[run.side] for o in runs)


def facade_walls(
    model: Any, storey: Any, runs: Sequence[Run], choose: Choice, entrances: Sequence[Entrance] = (), top: float = 0.0
) -> None:
    """Close a storey. `top`: how far the façade rises above the storey's height (parapet by the façade)."""
    # Imported here because both systems need this module's types.
    from scenes.sample_park.parts.curtain import curtain_wall  # noqa: PLC0415
    from scenes.sample_park.parts.wall_bays import wall_bays  # noqa: PLC0415

    for run in runs:
        style = choose(run)
        doors = [(at, entrance.key) for entrance in entrances if (at := entrance.on(run)) is not None]
        if style.system == "curtain":
            curtain_wall(model, storey, run, style, doors, top)
        elif style.system != "none":
            wall_bays(model, storey, run, style, doors, trim=EXTERIOR if convex_end(run, runs) else 0.0)
