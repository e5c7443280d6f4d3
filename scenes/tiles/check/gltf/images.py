"""The images that materials show: whole, of the format they say, at a size that a client can hold."""

from __future__ import annotations

import io
import warnings
from typing import Any

from PIL import Image

from scenes.tiles.check.gltf.document import Document
from scenes.tiles.check.issues import Issues
from scenes.tiles.check.shape import mapping, objects

WEBP = "EXT_texture_webp"
READ = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
MAX_PIXELS = 1 << 26
COLOURS = ("baseColorTexture", "metallicRoughnessTexture")
OTHERS = ("normalTexture", "occlusionTexture", "emissiveTexture")


def check_images(issues: Issues, document: Document) -> None:
    """Judge images of PNG, JPEG and WebP that textures of materials name; KTX2 and AVIF are left to their readers."""
    shown: set[int] = set()
    for material in objects(document.json.get("materials")):
        parts = [mapping(material.get("pbrMetallicRoughness")).get(name) for name in COLOURS]
        parts += [material.get(name) for name in OTHERS]
        shown.update(part["index"] for part in map(mapping, parts) if isinstance(part.get("index"), int))
    textures = document.json.get("textures") or []
    for number in sorted(shown):
        if not 0 <= number < len(textures):
            continue  # the glTF validator tells of it
        path = f"/textures/{number}"
        texture = mapping(textures[number])
        source: Any = mapping(mapping(texture.get("extensions")).get(WEBP)).get("source")
        if source is None:
            source = texture.get("source")
        elif not 0 <= source < document.count("images"):
            message = f"{WEBP} names image {source} of {document.count('images')}"
            issues.add("VALUE_NOT_IN_RANGE", f"{path}/extensions/{WEBP}/source", message)
            continue
        if isinstance(source, int) and 0 <= source < document.count("images"):
            _image(issues, document, source)


def _image(issues: Issues, document: Document, number: int) -> None:
    path, item = f"/images/{number}", document.json["images"][number]
    data = document.place.read(item["uri"])[0] if item.get("uri") else document.view(item["bufferView"])
    if data[:12] == b"\xabKTX 20\xbb\r\n\x1a\n" or item.get("mimeType") in {"image/ktx2", "image/avif"}:
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=tuple(READ.values())) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    size = f"{picture.width} × {picture.height}"
                    issues.add("IMAGE_TOO_LARGE", path, f"{size} pixels: expected at most {MAX_PIXELS >> 20} million")
                    return
                picture.load()
                found = picture.format
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError) as error:
        issues.add("IMAGE_UNREADABLE", path, f"the image cannot be read: {error!s:.100}")
        return
    said = item.get("mimeType")
    if said is not None and READ.get(said) != found:
        issues.add("IMAGE_TYPE_MISMATCH", path, f"mimeType is {said}, but the image is {found}")
