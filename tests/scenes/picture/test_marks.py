"""Pictures that show where objects of a layer stand."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from scenes.picture import Marks, marked
from scenes.picture.looks import rgb
from twin.graph import GraphStore
from twin.graph.layerfile import version_folder

SIZE = (480, 270)
RED = "#d9363e"


@pytest.fixture(scope="module")
def folder(park):
    graph = GraphStore(park)
    try:
        return version_folder(park, "a1", str(graph.layer("a1")["version"]))
    finally:
        graph.close()


def reds(jpeg):
    """How many pixels have the hue of the marks, and the image."""
    image = np.asarray(Image.open(io.BytesIO(jpeg)).convert("RGB"), np.float64)
    red, green, blue = np.moveaxis(image, 2, 0)
    return int(((red > 90) & (red > 2 * green) & (red > 2 * blue)).sum()), image


def drawn(folder, *marks):
    return dict(marked(folder, "a1", marks, SIZE))


def test_a_marked_object_is_seen_and_larger_near_than_in_the_whole(folder, walls):
    gid = walls["a1/-5"][0]
    found = drawn(folder, Marks("whole", {gid: RED}, whole=True), Marks("near", {gid: RED}))
    assert list(found) == ["whole", "near"]
    whole, image = reds(found["whole"])
    near, _ = reds(found["near"])
    assert image.shape == (SIZE[1], SIZE[0], 3)
    assert 20 < whole < near / 4


def test_colours_are_those_asked_for(folder, walls):
    gid, other = walls["a1/-5"][0], walls["a1/+cmd|' /C calc'!A0"][0]
    _, image = reds(drawn(folder, Marks("m", {gid: "#1766d6", other: "#1766d6"}))["m"])
    blue = np.array(rgb("#1766d6"), np.float64)
    lit = image[np.argmin(np.abs(image - blue).sum(axis=2).ravel()) // SIZE[0]]
    assert np.abs(lit - blue).sum(axis=1).min() < 40


def test_what_is_around_is_faint(folder, walls):
    """No pixel but those of the mark is far from the background's pale grey and blue."""
    _, image = reds(drawn(folder, Marks("m", {walls["a1/-5"][0]: RED}, whole=True))["m"])
    red, blue = image[..., 0], image[..., 2]
    assert image[red <= 1.2 * blue].sum(axis=1).min() > 3 * 120
    assert (np.abs(image - image[:1]).max(axis=2)[:, :5] < 120).all()  # the sky is only a gradient


def test_what_has_no_shape_has_no_picture(folder):
    assert drawn(folder, Marks("m", {"a1/nothing": RED})) == {}
