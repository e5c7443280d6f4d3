"""Pictures on surfaces, made of numbers: what a palette colour looks like from near."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenes.sample_park.palette import PALETTE

SIDE = 40
"""Pixels along each side."""
SIDE_M = 2.0
"""Metres that a picture covers before it comes again."""
GRAIN = 0.22
"""How much lighter and darker the stones are than their colour."""

PICTURES = {"gravel": 11}
"""Palette colours with a picture, and the seed of it."""


def picture(colour: str) -> npt.NDArray[np.uint8]:
    """Pebbles of a palette colour, (SIDE, SIDE, 3) sRGB; its borders meet each other, its mean is the colour."""
    random = np.random.default_rng(PICTURES[colour])
    light = np.zeros((SIDE, SIDE))
    for size in (1, 2, 3):
        noise = random.uniform(-1.0, 1.0, (SIDE, SIDE))
        for axis in (0, 1):
            noise = np.mean([np.roll(noise, shift, axis) for shift in range(size)], axis=0)
        light += noise / np.abs(noise).max()
    light = (light - light.mean()) / np.abs(light - light.mean()).max()
    rgb = np.array(PALETTE[colour][:3]) * (1.0 + GRAIN * light[..., None])
    return np.asarray(np.rint(np.clip(rgb, 0.0, 1.0) * 255), np.uint8)


def pixels(colour: str) -> list[str]:
    """The same for IfcPixelTexture: row by row from the lower left, each pixel as the bits of its red, green and blue."""
    rows = picture(colour)[::-1].reshape(-1, 3)
    return ["".join(f"{value:08b}" for value in pixel) for pixel in rows.tolist()]
