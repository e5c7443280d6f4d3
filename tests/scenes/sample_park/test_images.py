"""Pictures on surfaces of the sample park, from the generator to a tile."""

from __future__ import annotations

import ifcopenshell
import numpy as np

from scenes.sample_park.model.images import PICTURES, SIDE, picture, pixels
from scenes.sample_park.palette import PALETTE


def test_pictures_keep_their_colour_and_meet_at_their_borders():
    for colour in PICTURES:
        rgb = picture(colour).astype(float)
        assert rgb.shape == (SIDE, SIDE, 3)
        assert np.abs(rgb.mean(axis=(0, 1)) / 255 - PALETTE[colour][:3]).max() < 0.02
        inside = np.abs(np.diff(rgb, axis=1)).mean()
        assert np.abs(rgb[:, 0] - rgb[:, -1]).mean() < 2 * inside
        assert rgb.std() > 5, "a flat colour is no picture"
        assert np.array_equal(picture(colour), picture(colour))


def test_pixels_begin_at_the_lower_left():
    first = picture("gravel")[-1, 0]
    assert pixels("gravel")[0] == "".join(f"{value:08b}" for value in first)
    assert len(pixels("gravel")) == SIDE * SIDE


def test_gravel_roofs_of_the_park_are_textured(sample):
    (tower,) = (source.path for source in sample.sources if source.layer == "a1")
    (texture,) = ifcopenshell.open(tower).by_type("IfcPixelTexture")
    assert (texture.Width, texture.Height, texture.RepeatS, texture.RepeatT) == (SIDE, SIDE, True, True)
