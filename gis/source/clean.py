"""Mends what can be mended: rings that cross themselves, coordinates that are no numbers, empty shapes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

Objects = npt.NDArray[np.object_]
Mask = npt.NDArray[np.bool_]
_POLYGONAL = (3, 6, 7)


@dataclass(frozen=True)
class Cleaned:
    """geometry (n,) with None where nothing could be kept; empty, repaired, lost: (n,) what happened to which."""

    geometry: Objects
    empty: Mask
    repaired: Mask
    lost: Mask


def clean(geometry: Objects) -> Cleaned:
    """Valid, finite geometries. M values are dropped; Z stays."""
    kept = geometry.copy()
    empty = shapely.is_missing(kept) | shapely.is_empty(kept)
    kept[empty] = None
    points, owner = shapely.get_coordinates(kept, return_index=True)
    infinite = np.zeros(len(kept), bool)
    infinite[owner[~np.isfinite(points).all(axis=1)]] = True
    kept[infinite] = None
    polygonal = np.isin(shapely.get_type_id(kept), _POLYGONAL)
    wrong = polygonal & ~shapely.is_valid(kept)
    if wrong.any():
        before = shapely.get_dimensions(kept[wrong])
        mended = shapely.make_valid(kept[wrong], method="structure", keep_collapsed=False)
        mended[shapely.is_empty(mended) | (before < 2)] = None
        kept[wrong] = mended
    lost = infinite | (wrong & shapely.is_missing(kept))
    return Cleaned(kept, empty, wrong & ~lost, lost)
