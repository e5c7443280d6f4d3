"""The candidate of a model whose own coordinates are a map's: large numbers in placements or vertices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from bim.georef.candidate import Candidate, GeorefKind
from bim.georef.extent import HUGE_M, Extent
from bim.georef.landing import land, plausible
from bim.georef.map_conversion import axis_unit
from bim.georef.zones import ZONES, cgcs2000, prefix_of, sibling, zone_of
from twin.errors import Invalid
from twin.geometry.frame import Frame


def coordinate_candidates(
    extent: Extent, park: Frame | None, site: tuple[float, float] | None, named: Iterable[str]
) -> list[Candidate]:
    """At most one candidate: the first system in which the model's middle lands near the park, or near its site.

    named: systems that the file names; site: its longitude and latitude, which alone prove nothing but confirm
    a system where there is no park. Nothing where the model stands near its own origin.
    """
    x, y, _z = (float(value) for value in extent.middle)
    if float(np.hypot(x, y)) <= HUGE_M or extent.outside(np.zeros(3)) <= HUGE_M:
        return []
    known = tuple(dict.fromkeys(name for name in named if name))
    near = park or (None if site is None else Frame(*site))
    for crs in _systems(x, park, near, known):
        item = Candidate(
            GeorefKind.COORDINATES, crs, (0.0, 0.0, 0.0), unit=axis_unit(crs), source="placements and vertices"
        )
        try:
            landing = land(item, extent, near or Frame(0.0, 0.0))
        except Invalid:
            continue
        if plausible(item, landing, near):
            return [item]
    return []


def _systems(x: float, park: Frame | None, near: Frame | None, named: tuple[str, ...]) -> Iterator[str]:
    """Systems to try, likeliest first; without anything to confirm them only those that the file itself names or numbers."""
    zone = prefix_of(x)
    yield from named
    for name in named:
        if zone is not None and sibling(name, zone=zone, prefixed=True):
            yield sibling(name, zone=zone, prefixed=True)
    if zone is not None:
        yield cgcs2000(3.0 * zone, prefixed=True)
    if park is not None and park.crs:
        yield park.crs
    if near is not None:
        own = cgcs2000(near.longitude)
        if own:
            zone = zone_of(own) or 0
            yield own
            yield from (sibling(own, zone=other, prefixed=False) for other in (zone - 1, zone + 1) if other in ZONES)
