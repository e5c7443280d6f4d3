"""Colours between linear light and sRGB, and the images that lie on faces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bim.mesh_model.model import F64
from twin.errors import Invalid
from twin.geometry.images import decode

_SIDE = 128
"""Pixels a side to which an image is brought down for its mean."""


def to_srgb(linear: npt.ArrayLike) -> F64:
    """Linear light 0..1 to sRGB (IEC 61966-2-1)."""
    value = np.clip(np.asarray(linear, np.float64), 0, 1)
    return np.asarray(np.where(value <= 0.0031308, value * 12.92, 1.055 * value ** (1 / 2.4) - 0.055))


def to_linear(srgb: npt.ArrayLike) -> F64:
    """SRGB 0..1 to linear light (IEC 61966-2-1)."""
    value = np.clip(np.asarray(srgb, np.float64), 0, 1)
    return np.asarray(np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4))


@dataclass(frozen=True)
class Image:
    """An encoded image. mean (4,): its average in linear light, see-through pixels counting less, and alpha."""

    data: bytes
    mean: F64

    @property
    def cutout(self) -> bool:
        """Whether parts of it are see-through."""
        return bool(self.mean[3] < 0.999)


def image(data: bytes) -> Image | None:
    """An image for textures; None where it is too big or none that is read."""
    try:
        small = decode(data, _SIDE).convert("RGBA")
    except Invalid:
        return None
    pixels = np.asarray(small, np.float64).reshape(-1, 4) / 255
    weight = pixels[:, 3:] + 1e-6
    colour = (to_linear(pixels[:, :3]) * weight).sum(axis=0) / weight.sum()
    return Image(data, np.append(colour, pixels[:, 3].mean()))
