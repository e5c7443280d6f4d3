"""Single polygons, lines and points out of any mixture of geometries, each with the row it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

Objects = npt.NDArray[np.object_]
I64 = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Parts:
    """geometry (m,) of one type, ordered by owner; owner (m,) row of the feature."""

    geometry: Objects
    owner: I64

    def __len__(self) -> int:
        return len(self.owner)

    def where(self, mask: npt.NDArray[np.bool_]) -> Parts:
        """The parts for which `mask` is true."""
        return Parts(self.geometry[mask], self.owner[mask])


def parts_of(geometry: Objects) -> tuple[Parts, Parts, Parts]:
    """(polygons, lines, points) of all geometries; collections are opened, nested ones too."""
    single, owner = shapely.get_parts(geometry, return_index=True)
    while (shapely.get_type_id(single) >= 4).any():
        single, index = shapely.get_parts(single, return_index=True)
        owner = owner[index]
    keep = ~shapely.is_empty(single)
    single, owner = single[keep], owner[keep].astype(np.int64)
    kind = shapely.get_type_id(single)
    return (
        Parts(single[kind == 3], owner[kind == 3]),
        Parts(single[(kind == 1) | (kind == 2)], owner[(kind == 1) | (kind == 2)]),
        Parts(single[kind == 0], owner[kind == 0]),
    )


def runs(owner: I64) -> Iterator[tuple[int, int, int]]:
    """(owner, first, end) of each run of equal values in a sorted array."""
    if len(owner) == 0:
        return
    starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
    ends = np.r_[starts[1:], len(owner)]
    yield from zip(owner[starts].tolist(), starts.tolist(), ends.tolist(), strict=True)
