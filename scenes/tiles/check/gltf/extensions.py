"""The 3D Tiles extensions of one glTF."""

from __future__ import annotations

from scenes.tiles.check.gltf.document import Document
from scenes.tiles.check.gltf.features import check_features
from scenes.tiles.check.gltf.metadata import check_metadata
from scenes.tiles.check.issues import Issues


def check_extensions(issues: Issues, document: Document) -> None:
    """Judge EXT_structural_metadata, EXT_mesh_features and EXT_instance_features."""
    if check_metadata(issues, document):
        check_features(issues, document)
