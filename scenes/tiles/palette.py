"""The spool's materials as glTF vertex colours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.tiles.arrays import U8, Flags
from twin.geometry.spool import SpoolReader

OPAQUE_ALPHA = 0.995
"""A material of at least this alpha is drawn as opaque."""


@dataclass(frozen=True)
class Palette:
    """colour: (materials, 4) linear RGBA, 0..255; opaque: (materials,)."""

    colour: U8
    opaque: Flags

    @classmethod
    def of(cls, spool: SpoolReader) -> Palette:
        """Colours are sRGB in the spool and linear in glTF's COLOR_0 (glTF 2.0, 3.9.2; curve of IEC 61966-2-1)."""
        rgba = np.clip(
            np.nan_to_num(np.array([item.rgba for item in spool.materials], np.float64).reshape(-1, 4)), 0, 1
        )
        rgb = rgba[:, :3]
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        opaque = rgba[:, 3] >= OPAQUE_ALPHA
        alpha = np.where(opaque, 1.0, rgba[:, 3])
        return cls(np.rint(np.column_stack((linear, alpha)) * 255).astype(np.uint8), opaque)
