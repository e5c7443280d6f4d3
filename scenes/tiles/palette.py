"""The spool's materials as glTF vertex colours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.tiles.arrays import F64, U8, Flags
from twin.geometry.images import linear
from twin.geometry.spool import Rgba, SpoolReader, Texture

OPAQUE_ALPHA = 0.995
"""A material of at least this alpha is drawn as opaque."""


_PERIOD = {"clamp": 0.0, "repeat": 1.0, "mirror": 2.0}


@dataclass(frozen=True)
class Palette:
    """By material: colour (k, 4) linear RGBA, 0..255, opaque (k,).

    Of textured ones: textures (None for plain ones), tint (k, 4) like colour, period (k, 2): after how much the image
    comes again along u and v, 0 where it does not, NaN for plain materials.
    """

    colour: U8
    opaque: Flags
    textures: tuple[Texture | None, ...]
    tint: U8
    period: F64

    @classmethod
    def of(cls, spool: SpoolReader) -> Palette:
        """The spool's materials."""
        textures = tuple(item.texture for item in spool.materials)
        colour, opaque = plain_colours([item.rgba for item in spool.materials])
        tint, _ = plain_colours([(1.0, 1.0, 1.0, 1.0) if item is None else item.tint for item in textures])
        wraps = [(np.nan, np.nan) if item is None else [_PERIOD[wrap] for wrap in item.wrap] for item in textures]
        return cls(colour, opaque, textures, tint, np.array(wraps, np.float64).reshape(-1, 2))


def plain_colours(colours: list[Rgba]) -> tuple[U8, Flags]:
    """(k, 4) of colours, 0..255, and (k,) which are opaque.

    They are sRGB in the spool and linear in glTF's COLOR_0 (glTF 2.0, 3.9.2; curve of IEC 61966-2-1).
    """
    rgba = np.clip(np.nan_to_num(np.array(colours, np.float64).reshape(-1, 4)), 0, 1)
    opaque = rgba[:, 3] >= OPAQUE_ALPHA
    alpha = np.where(opaque, 1.0, rgba[:, 3])
    return np.rint(np.column_stack((linear(rgba[:, :3]), alpha)) * 255).astype(np.uint8), opaque
