"""Textures that hold feature ids or properties: the reference and the channels."""

from __future__ import annotations

from typing import Any

from scenes.tiles.check.gltf.document import Array, Document
from scenes.tiles.check.issues import Issues
from scenes.tiles.check.shape import Field, Table

TEXTURE: Table = {
    "index": Field("integer", required=True, low=0),
    "texCoord": Field("integer", low=0),
    "channels": Field("array", length=(1, None), items=Field("integer", low=0), unique=True),
}


def check_texture(
    issues: Issues, document: Document, path: str, raw: dict[str, Any], attributes: dict[str, int]
) -> bool:
    """Whether the texture, its channels and its texture coordinates exist. raw: valid by TEXTURE."""
    fine = check_channels(issues, document, path, raw)
    return check_coordinates(issues, path, raw, attributes) and fine


def check_coordinates(issues: Issues, path: str, raw: dict[str, Any], attributes: dict[str, int]) -> bool:
    """Whether a primitive has the texture coordinates that a texture is read with."""
    name = f"TEXCOORD_{raw.get('texCoord') or 0}"
    return name in attributes or issues.add("IDENTIFIER_NOT_FOUND", f"{path}/texCoord", f"there is no attribute {name}")


def check_channels(issues: Issues, document: Document, path: str, raw: dict[str, Any]) -> bool:
    """Whether a texture and its channels exist."""
    if raw["index"] >= document.count("textures"):
        message = f"there are {document.count('textures')} textures"
        return issues.add("VALUE_NOT_IN_RANGE", f"{path}/index", message)
    there = document.image(raw["index"]).shape[2]
    if max(raw.get("channels") or [0]) >= there:
        return issues.add("TEXTURE_CHANNELS_OUT_OF_RANGE", f"{path}/channels", f"the image has {there} channels")
    return True


def sample(document: Document, raw: dict[str, Any]) -> Array:
    """(height, width, channels) uint8: the channels of a valid reference, in their order."""
    return document.image(raw["index"])[:, :, raw.get("channels") or [0]]
