"""Geographic data in: vectors become extruded, draped and placed objects, city models their own, elevation becomes terrain.

The readers are imported when they are first asked for: telling what a file is must not load GDAL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gis.city.read import read_city
    from gis.terrain.read import read_terrain
    from gis.vector import read_vector

__all__ = ["read_city", "read_terrain", "read_vector"]


def __getattr__(name: str) -> Any:
    if name == "read_city":
        from gis.city.read import read_city  # noqa: PLC0415

        return read_city
    if name == "read_terrain":
        from gis.terrain.read import read_terrain  # noqa: PLC0415

        return read_terrain
    if name == "read_vector":
        from gis.vector import read_vector  # noqa: PLC0415

        return read_vector
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
