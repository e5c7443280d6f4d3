"""The tileset checker: 3D Tiles 1.1, metadata, implicit tiling, glTF extensions, packages."""

from scenes.tiles.check.check import check_path
from scenes.tiles.check.issues import CheckReport, Issue
from scenes.tiles.check.run import Context

__all__ = ["CheckReport", "Context", "Issue", "check_path"]
