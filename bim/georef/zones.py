"""Chinese 3-degree Gauss-Kruger zones: which system of a datum has or lacks the zone's number before its eastings."""

from __future__ import annotations

import re

ZONES = range(25, 46)
"""3-degree zones of China; zone n has its central meridian at 3·n degrees east."""
_FAMILIES = ((4513, 4534), (2349, 2370), (2401, 2422))
"""EPSG codes of zone 25 with and without the prefix: CGCS2000, Xian 1980, Beijing 1954; the others follow in order."""
PREFIX_M = 1_000_000.0
_CODE = re.compile(r"EPSG:(\d+)")


def prefix_of(easting: float) -> int | None:
    """The zone's number before an 8-digit easting, metres (38 528 770 → 38); None where there is none."""
    zone = int(easting // PREFIX_M)
    return zone if zone in ZONES else None


def sibling(crs: str, *, zone: int | None = None, prefixed: bool) -> str:
    """The system of the same datum for a zone (its own by default) with or without prefix; '' for other systems."""
    place = _place(crs)
    if place is None:
        return ""
    family, own = place
    return f"EPSG:{_FAMILIES[family][0 if prefixed else 1] + (zone or own) - ZONES.start}"


def zone_of(crs: str) -> int | None:
    """The zone's number of a 3-degree Chinese system; None for other systems."""
    place = _place(crs)
    return None if place is None else place[1]


def is_prefixed(crs: str) -> bool:
    """Whether a system writes the zone's number before its eastings."""
    place, match = _place(crs), _CODE.fullmatch(crs)
    return (
        place is not None
        and match is not None
        and int(match.group(1)) in range(_FAMILIES[place[0]][0], _FAMILIES[place[0]][0] + len(ZONES))
    )


def cgcs2000(longitude: float, *, prefixed: bool = False) -> str:
    """The CGCS2000 system of the zone that a longitude lies in, degrees; '' outside China's zones."""
    zone = round(longitude / 3)
    return f"EPSG:{_FAMILIES[0][0 if prefixed else 1] + zone - ZONES.start}" if zone in ZONES else ""


def _place(crs: str) -> tuple[int, int] | None:
    match = _CODE.fullmatch(crs)
    if match is None:
        return None
    code = int(match.group(1))
    for family, firsts in enumerate(_FAMILIES):
        for first in firsts:
            if first <= code < first + len(ZONES):
                return family, code - first + ZONES.start
    return None
