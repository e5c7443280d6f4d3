"""Lines of a layer, each turned the way it flows, and how that is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gis.families.swept import medium_of
from gis.words import MEDIUM
from twin.graph import GraphStore
from twin.graph.overlays import axes

GRAVITY = frozenset({"storm", "sewage"})
"""Media that run downhill by themselves."""
FALL_M = 1e-3
MEDIUM_WORDS = (*MEDIUM[:5], "管线类型", "管线种类", "介质")
"""Attributes that name what a pipe carries; `class` and `kind` of other features say other things."""


def lines(graph: GraphStore, layer: str) -> list[dict[str, Any]]:
    """`[{gid, state, name, type, system, medium, direction, points}]`, the points [x, y, z] in the direction of flow.

    direction: `ports`, where relations say what the object feeds; `fall`, for storm and sewage by the line's own fall;
    `drawn`, as the source drew it, for pipes under pressure and roads; `none`, for model segments whose ports say nothing.
    """
    made = []
    for row in axes(graph.db, graph.park, layer, MEDIUM_WORDS):
        points = np.asarray(row.pop("points"), np.float64).reshape(-1, 3)
        medium = medium_of(row["medium"]) if row["medium"] else None
        if row["into"] is not None:
            direction, backwards = "ports", _nearer(points, row["into"])
        elif row["out_of"] is not None:
            direction, backwards = "ports", not _nearer(points, row["out_of"])
        elif row["ifc_class"]:
            direction, backwards = "none", False
        else:
            fall = points[0, 2] - points[-1, 2]
            downhill = medium in GRAVITY and abs(fall) > FALL_M
            direction, backwards = ("fall" if downhill else "drawn"), bool(downhill and fall < 0)
        made.append(
            {
                **{name: row[name] for name in ("gid", "state", "name", "type", "system")},
                "medium": medium,
                "direction": direction,
                "points": np.round(points[::-1] if backwards else points, 2).tolist(),
            }
        )
    return made


def _nearer(points: npt.NDArray[np.float64], place: list[float]) -> bool:
    """Whether the line's start is nearer to a place than its end. points (n, 3)."""
    start, end = (float(np.linalg.norm(points[at] - place)) for at in (0, -1))
    return start < end
