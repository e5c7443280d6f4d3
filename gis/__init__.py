"""Geographic data in: vectors become extruded, draped and placed objects, elevation becomes terrain."""

from gis.terrain.read import read_terrain
from gis.vector import read_vector

__all__ = ["read_terrain", "read_vector"]
