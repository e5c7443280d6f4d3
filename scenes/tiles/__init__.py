"""The tile builder: from a layer's objects and meshes to 3D Tiles 1.1."""

from scenes.tiles.build import build
from scenes.tiles.result import TilesResult, TileStatistics

__all__ = ["TileStatistics", "TilesResult", "build"]
