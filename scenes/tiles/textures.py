"""The images of one tile: what its faces use of them, at a size that a browser can hold.

Images that lie on their faces once stand side by side on a page (atlas), cut to the part that is used; images that
repeat keep a page each. Everything is WebP (docs/decisions/0008).
"""

from __future__ import annotations

import io
import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from PIL import Image

from scenes.tiles.arrays import F64, I64
from scenes.tiles.atlas import GUTTER, SIDE, arrange, paste
from scenes.tiles.palette import Palette
from scenes.tiles.shade import Shaded
from scenes.tiles.uv import within
from twin.geometry.images import decode, decoded_size
from twin.geometry.spool import Alpha, SpoolReader, Texture, Wrap

PIXELS = 2048 * 2048
"""Pixels of all images of one tile: 22 MB of graphics memory with mipmaps. More are brought down together."""
LARGEST = SIDE - 2 * GUTTER
"""Pixels of one image's longer side in a tile."""
MAX_TILED = 16
"""Repeating images in one tile, each a draw call: those with the largest area; the others show their mean colour."""
QUALITY = 85
"""Of WebP: 34.5 dB and 0.22 bytes a pixel on an aerial picture, where JPEG of this quality has 32.8 dB and 0.26."""
_SOURCE = 4096
"""Pixels a side at which source images are opened."""


@dataclass(frozen=True)
class Page:
    """One image of a tile: WebP bytes, how it goes on beyond its edges, what its alpha does."""

    data: bytes
    wrap: tuple[Wrap, Wrap]
    alpha: Alpha


@dataclass(frozen=True)
class TexturedVertices:
    """Of each vertex: uv (n, 2) on its page, page (n,), -1 where it shows a plain colour."""

    pages: list[Page]
    uv: F64
    page: I64


@dataclass
class _Use:
    """An image in this tile. box: (4,) the used part, u0 v0 u1 v1; materials that show it."""

    texture: Texture
    materials: list[int]
    box: F64
    area: float


class TileTextures:
    """Images for the tiles of one spool; a few opened images are kept between tiles."""

    def __init__(self, spool: SpoolReader, palette: Palette) -> None:
        self._palette = palette
        self._open = lru_cache(maxsize=4)(lambda name: decode(spool.image(name), _SOURCE))
        self._size = lru_cache(maxsize=None)(lambda name: decoded_size(spool.image(name), _SOURCE))

    def of(self, mesh: Shaded) -> TexturedVertices | None:
        """The images for a tile's shapes; None where none is textured."""
        if mesh.uv is None:
            return None
        face_material = mesh.material[mesh.faces[:, 0]]
        corners = mesh.uv[mesh.faces]
        a, b, c = (mesh.position[mesh.faces[:, i]] for i in range(3))
        area = np.bincount(
            face_material, np.linalg.norm(np.cross(b - a, c - a), axis=1), minlength=len(self._palette.colour)
        )
        once: dict[tuple[str, Alpha], _Use] = {}
        tiled: dict[Texture, _Use] = {}
        for material in np.unique(face_material).tolist():
            texture = self._palette.textures[material]
            if texture is None:
                continue
            uv = corners[face_material == material]
            box = np.concatenate((uv.min(axis=(0, 1)), uv.max(axis=(0, 1))))
            use = _Use(replace(texture, tint=(1.0, 1.0, 1.0, 1.0)), [material], box, float(area[material]))
            if within(uv).all():
                _add(once, (texture.image, texture.alpha), use)
            else:
                _add(tiled, use.texture, use)
        kept = sorted(tiled.values(), key=lambda use: (-use.area, use.materials))[:MAX_TILED]
        page = np.full(len(mesh.material), -1, np.int64)
        uv = mesh.uv.copy()
        pages: list[Page] = []
        singles = [once[key] for key in sorted(once)]
        factor = self._factor(singles, kept)
        for alpha in ("opaque", "mask", "blend"):
            self._atlas([use for use in singles if use.texture.alpha == alpha], factor, mesh, uv, page, pages)
        for use in kept:
            image = self._open(use.texture.image)
            page[np.isin(mesh.material, use.materials)] = len(pages)
            pages.append(_page(_scaled(image, factor), use.texture.wrap, use.texture.alpha))
        return TexturedVertices(pages, uv, page)

    def _factor(self, singles: Sequence[_Use], tiled: Sequence[_Use]) -> float:
        """By how much all images are brought down to stay within PIXELS."""
        total = 0.0
        for use in singles:
            x0, y0, x1, y1 = self._part(use)
            total += (x1 - x0) * (y1 - y0)
        for use in tiled:
            total += math.prod(self._size(use.texture.image))
        return min(1.0, math.sqrt(PIXELS / total)) if total else 1.0

    def _part(self, use: _Use) -> tuple[int, int, int, int]:
        """The used part in pixels, one more on each side so that filtering finds its neighbours."""
        width, height = self._size(use.texture.image)
        u0, v0, u1, v1 = np.clip(use.box, 0, 1)
        x0, y0 = max(math.floor(u0 * width) - 1, 0), max(math.floor(v0 * height) - 1, 0)
        x1, y1 = min(math.ceil(u1 * width) + 1, width), min(math.ceil(v1 * height) + 1, height)
        return min(x0, width - 1), min(y0, height - 1), max(x1, 1), max(y1, 1)

    def _atlas(self, uses: Sequence[_Use], factor: float, mesh: Shaded, uv: F64, page: I64, pages: list[Page]) -> None:
        """Put images on pages and point the vertices that show them there."""
        if not uses:
            return
        parts, images = [], []
        for use in uses:
            parts.append(self._part(use))
            images.append(_scaled(self._open(use.texture.image).crop(parts[-1]), factor))
        spots, sizes = arrange([image.size for image in images])
        mode = "RGB" if uses[0].texture.alpha == "opaque" else "RGBA"
        sheets = [Image.new(mode, size) for size in sizes]
        for use, part, image, spot in zip(uses, parts, images, spots, strict=True):
            paste(sheets[spot.page], image, spot)
            mine = np.isin(mesh.material, use.materials)
            size = np.array(self._size(use.texture.image))
            scale = np.array(image.size) / (np.array(part[2:]) - part[:2])
            uv[mine] = ((uv[mine] * size - part[:2]) * scale + (spot.x, spot.y)) / sizes[spot.page]
            page[mine] = len(pages) + spot.page
        pages += [_page(sheet, ("clamp", "clamp"), uses[0].texture.alpha) for sheet in sheets]


def _add(uses: dict[Any, _Use], key: Hashable, use: _Use) -> None:
    known = uses.setdefault(key, use)
    if known is not use:
        known.materials += use.materials
        known.area += use.area
        known.box = np.concatenate((np.minimum(known.box[:2], use.box[:2]), np.maximum(known.box[2:], use.box[2:])))


def _scaled(image: Image.Image, factor: float) -> Image.Image:
    factor = min(factor, LARGEST / max(image.size))
    if factor >= 1:
        return image
    width, height = (max(1, int(side * factor)) for side in image.size)
    return image.resize((width, height), Image.Resampling.BOX)


def _page(image: Image.Image, wrap: tuple[Wrap, Wrap], alpha: Alpha) -> Page:
    out = io.BytesIO()
    image.convert("RGB" if alpha == "opaque" else "RGBA").save(out, "WEBP", quality=QUALITY, method=4)
    return Page(out.getvalue(), wrap, alpha)
