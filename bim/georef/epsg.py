"""EPSG codes as the buildingSMART rules take them: `EPSG:` and a number of the dataset that is still in force."""

from __future__ import annotations

import re
from functools import lru_cache

import pyproj
from pyproj.exceptions import CRSError

PREFIX = "EPSG:"
_CODE = re.compile(r"EPSG:(\d{4,6})")


@lru_cache(maxsize=256)
def epsg(text: str) -> pyproj.CRS | None:
    """The system of a code in force; None for other texts, unknown codes and deprecated ones."""
    match = _CODE.fullmatch(text)
    if match is None:
        return None
    try:
        found = pyproj.CRS.from_epsg(int(match.group(1)))
    except CRSError:
        return None
    return None if found.is_deprecated else found


@lru_cache(maxsize=256)
def is_vertical_datum(text: str) -> bool:
    """Whether a code names a vertical datum (EPSG keeps datums and systems in tables of their own)."""
    match = _CODE.fullmatch(text)
    if match is None:
        return False
    try:
        return str(pyproj.crs.Datum.from_epsg(int(match.group(1))).type_name).startswith("Vertical")
    except CRSError:
        return False
