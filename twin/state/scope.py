"""A subscription's scope → the points it means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from twin.errors import Invalid
from twin.state.facts import Names, PointFacts
from twin.state.kinds import canonical
from twin.state.point import PointSpec
from twin.state.samples import Floats, Ints

LISTS = ("layers", "types", "storeys", "gids", "points", "kinds")
MAX_NAMES = 10_000


def scope_resolver(points: Sequence[PointSpec], facts: PointFacts) -> Callable[[Mapping[str, object]], Ints]:
    """A function from a scope to point indices, ascending.

    A scope holds lists of names under layers, types, storeys, gids (of the object or the device), points
    (ids) and kinds. Names of one list are alternatives, the lists are combined with AND, and an empty or
    missing list asks nothing. `box`, [min x, y, z, max x, y, z] in metres of the park's frame, keeps the points
    whose object's box touches it. The function raises Invalid where the scope has another shape.
    """
    columns: dict[str, tuple[Names, ...]] = {
        "layers": (facts.layer,),
        "types": (facts.type,),
        "storeys": (facts.storey,),
        "gids": (_names(point.gid for point in points), _names(point.device for point in points)),
        "points": (_names(point.point_id for point in points),),
        "kinds": (_names(canonical(point.kind) for point in points),),
    }

    def resolve(scope: Mapping[str, object]) -> Ints:
        chosen = np.ones(len(points), dtype=np.bool_)
        for name, value in scope.items():
            if name == "box":
                chosen &= _touching(facts.boxes, value, len(points))
                continue
            wanted = _wanted(name, value)
            if wanted:
                if name == "kinds":
                    wanted = [canonical(kind) for kind in wanted]
                chosen &= np.any([np.isin(column, wanted) for column in columns[name]], axis=0)
        return np.flatnonzero(chosen)

    return resolve


def _names(values: Iterable[str]) -> Names:
    return np.array(list(values), dtype=np.str_)


def _touching(boxes: Floats | None, value: object, count: int) -> NDArray[np.bool_]:
    if value is None:
        return np.ones(count, dtype=np.bool_)
    numbers = np.array(value, dtype=np.float64) if _is_numbers(value) else np.empty(0)
    if len(numbers) != 6 or not np.isfinite(numbers).all() or (numbers[:3] > numbers[3:]).any():
        raise Invalid(
            f"Scope box is {value!r}: expected [min x, min y, min z, max x, max y, max z] in metres, min ≤ max",
            code="live-scope",
        )
    if boxes is None:
        return np.zeros(count, dtype=np.bool_)
    touching = np.all((boxes[:, :3] <= numbers[3:]) & (boxes[:, 3:] >= numbers[:3]), axis=1)
    return np.asarray(touching, dtype=np.bool_)


def _is_numbers(value: object) -> bool:
    return isinstance(value, list | tuple) and all(
        isinstance(item, int | float) and not isinstance(item, bool) for item in value
    )


def _wanted(name: str, value: object) -> list[str]:
    if name not in LISTS:
        raise Invalid(f"Scope {name!r} is unknown: expected {', '.join(LISTS)}, box", code="live-scope")
    if value is None:
        return []
    if not (isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)):
        raise Invalid(f"Scope {name} is {value!r}: expected a list of texts", code="live-scope")
    if len(value) > MAX_NAMES:
        raise Invalid(f"Scope {name} has {len(value)} names: expected at most {MAX_NAMES}", code="live-scope")
    return list(value)
