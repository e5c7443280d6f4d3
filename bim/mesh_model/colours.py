"""Colours between linear light and sRGB, and textures brought down to one colour a face."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from bim.mesh_model.limits import MAX_IMAGE_PIXELS
from bim.mesh_model.model import F64

_SIDE = 128
"""Pixels a side to which a texture is averaged down before it is looked at."""


def to_srgb(linear: npt.ArrayLike) -> F64:
    """Linear light 0..1 to sRGB (IEC 61966-2-1)."""
    value = np.clip(np.asarray(linear, np.float64), 0, 1)
    return np.asarray(np.where(value <= 0.0031308, value * 12.92, 1.055 * value ** (1 / 2.4) - 0.055))


def to_linear(srgb: npt.ArrayLike) -> F64:
    """SRGB 0..1 to linear light (IEC 61966-2-1)."""
    value = np.clip(np.asarray(srgb, np.float64), 0, 1)
    return np.asarray(np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4))


@dataclass(frozen=True)
class Texture:
    """An image averaged down. pixels (h, w, 4): linear light and alpha, first row on top."""

    pixels: F64

    @property
    def mean(self) -> F64:
        """(4,) the average, transparent pixels counting less."""
        weight = self.pixels[..., 3:] + 1e-6
        colour = (self.pixels[..., :3] * weight).sum(axis=(0, 1)) / weight.sum()
        return np.append(colour, self.pixels[..., 3].mean())

    def by_face(self, uv: F64) -> F64:
        """(m, 4) a colour for each triangle. uv (m, 3, 2): texture coordinates of the corners, v downwards.

        The mean of samples inside the triangle; triangles that span half of the image or more, as tiled
        surfaces do, get the average of the whole.
        """
        uv = np.nan_to_num(uv)
        inside = np.array([[1, 1, 1], [4, 1, 1], [1, 4, 1], [1, 1, 4]]) / np.array([[3.0], [6], [6], [6]])
        at = np.einsum("sc,mcd->msd", inside, uv)
        height, width = self.pixels.shape[:2]
        x = np.floor((at[..., 0] % 1.0) * width).astype(np.int64).clip(0, width - 1)
        y = np.floor((at[..., 1] % 1.0) * height).astype(np.int64).clip(0, height - 1)
        colour = self.pixels[y, x].mean(axis=1)
        wide = (uv.max(axis=1) - uv.min(axis=1)).max(axis=1) >= 0.5
        colour[wide] = self.mean
        return np.asarray(colour)


def texture(data: bytes) -> Texture | None:
    """An image's texture; None where it is too big or no image that Pillow reads."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP", "BMP", "TGA", "TIFF", "GIF")) as image:
                if image.width * image.height > MAX_IMAGE_PIXELS or not image.width or not image.height:
                    return None
                image.draft("RGB", (_SIDE * 2, _SIDE * 2))
                small = image.convert("RGBA")
                if max(small.size) > _SIDE:
                    size = (min(small.width, _SIDE), min(small.height, _SIDE))
                    small = small.resize(size, Image.Resampling.BOX)
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError):
        return None
    pixels = np.asarray(small, np.float64) / 255
    return Texture(np.concatenate((to_linear(pixels[..., :3]), pixels[..., 3:]), axis=2))
