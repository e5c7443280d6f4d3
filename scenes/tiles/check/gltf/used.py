"""What only extensions use, so that the glTF validator takes it for unused."""

from __future__ import annotations

from typing import Any

from scenes.tiles.check.shape import mapping, objects


def used_pointers(document: dict[str, Any]) -> frozenset[str]:
    """JSON pointers of objects that the extensions of 3D Tiles, meshopt and instancing refer to."""
    found: set[str] = set()
    metadata = mapping(mapping(document.get("extensions")).get("EXT_structural_metadata"))
    for table in objects(metadata.get("propertyTables")):
        for column in mapping(table.get("properties")).values():
            for key in ("values", "arrayOffsets", "stringOffsets"):
                found.add(f"/bufferViews/{mapping(column).get(key)}")
    for texture in objects(metadata.get("propertyTextures")):
        for prop in mapping(texture.get("properties")).values():
            found.add(f"/textures/{mapping(prop).get('index')}")
    for i, mesh in enumerate(objects(document.get("meshes"))):
        for j, primitive in enumerate(objects(mesh.get("primitives"))):
            _primitive(found, f"/meshes/{i}/primitives/{j}", primitive)
    for node in objects(document.get("nodes")):
        instancing = mapping(mapping(node.get("extensions")).get("EXT_mesh_gpu_instancing"))
        found.update(f"/accessors/{index}" for index in mapping(instancing.get("attributes")).values())
    for view in objects(document.get("bufferViews")):
        packed = mapping(mapping(view.get("extensions")).get("EXT_meshopt_compression"))
        found.add(f"/buffers/{packed.get('buffer')}")
    _behind(found, document)
    return frozenset(found)


def _primitive(found: set[str], path: str, primitive: dict[str, Any]) -> None:
    extensions = mapping(primitive.get("extensions"))
    outline = mapping(extensions.get("CESIUM_primitive_outline"))
    found.add(f"/accessors/{outline.get('indices')}")
    if not extensions:
        return
    for name in mapping(primitive.get("attributes")):
        # Texture coordinates and attributes that feature ids and property textures are read with.
        found.add(f"{path}/attributes/{name}")
    for feature in objects(mapping(extensions.get("EXT_mesh_features")).get("featureIds")):
        found.add(f"/textures/{mapping(feature.get('texture')).get('index')}")


def _behind(found: set[str], document: dict[str, Any]) -> None:
    """Images and samplers of the textures found, buffer views of the accessors."""
    for index, texture in enumerate(objects(document.get("textures"))):
        if f"/textures/{index}" in found:
            found.update((f"/images/{texture.get('source')}", f"/samplers/{texture.get('sampler')}"))
    for name in ("accessors", "images"):
        for index, item in enumerate(objects(document.get(name))):
            if f"/{name}/{index}" in found:
                found.add(f"/bufferViews/{item.get('bufferView')}")
    for index, view in enumerate(objects(document.get("bufferViews"))):
        if f"/bufferViews/{index}" in found:
            found.add(f"/buffers/{view.get('buffer')}")
