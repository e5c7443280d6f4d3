"""Images, samplers and texture coordinates in a GLB."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from scenes.tiles.arrays import F64
from scenes.tiles.glb.buffers import Buffers
from scenes.tiles.mesh import TEXTURED
from scenes.tiles.textures import Page

WEBP = "EXT_texture_webp"
WRAP = {"repeat": 10497, "clamp": 33071, "mirror": 33648}
LINEAR, TRILINEAR = 9729, 9987
UV_EXPONENT = -12
"""Coordinates beyond 0..1 stand on a grid of 2^-12: half a pixel of the largest image."""


def write_uv(buffers: Buffers, uv: F64) -> int:
    """Texture coordinates (n, 2): 16-bit within the image, else float32 on a grid; the accessor's index."""
    if uv.min() >= 0 and uv.max() <= 1:
        return buffers.vertices(np.rint(uv * 65535).astype(np.uint16), normalized=True)
    exponent = UV_EXPONENT
    while np.abs(uv).max() >= np.ldexp((1 << 23) - 1, exponent):
        exponent += 1
    grid = np.ldexp(np.rint(np.ldexp(uv, -exponent)), exponent).astype(np.float32)
    return buffers.vertices(grid, exponent=exponent)


def textured_material(page: int, shown: Page) -> dict[str, Any]:
    """The material of a page; texture and page have the same number."""
    material: dict[str, Any] = {
        "name": TEXTURED,
        "pbrMetallicRoughness": {"baseColorTexture": {"index": page}, "metallicFactor": 0, "roughnessFactor": 0.9},
        "doubleSided": True,
    }
    if shown.alpha != "opaque":
        material["alphaMode"] = shown.alpha.upper()
    return material


def write_pages(buffers: Buffers, pages: Sequence[Page]) -> dict[str, list[dict[str, Any]]]:
    """The glTF `images`, `samplers` and `textures` of a tile's pages, the bytes in buffer views."""
    wraps = sorted({page.wrap for page in pages})
    return {
        "images": [{"bufferView": buffers.raw(page.data), "mimeType": "image/webp"} for page in pages],
        "samplers": [
            {"magFilter": LINEAR, "minFilter": TRILINEAR, "wrapS": WRAP[u], "wrapT": WRAP[v]} for u, v in wraps
        ],
        "textures": [
            {"sampler": wraps.index(page.wrap), "extensions": {WEBP: {"source": index}}}
            for index, page in enumerate(pages)
        ],
    }
