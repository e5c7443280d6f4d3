"""Every preset has all boxes in its picture, and no larger one than it takes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from scenes.picture.camera import FOV_DEG, MARGIN, PRESETS, pose
from twin.errors import Invalid

BOXES = np.array([[0.0, 0.0, 0.0, 40.0, 10.0, 30.0], [100.0, -20.0, 0.0, 120.0, 0.0, 5.0]])


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("aspect", [0.5, 1.0, 16 / 9])
def test_boxes_just_fill_the_picture(name, aspect):
    stand = pose(name, BOXES, aspect)
    back = (stand.position - stand.target) / np.linalg.norm(stand.position - stand.target)
    up = stand.up / np.linalg.norm(stand.up)
    right = np.cross(up, back)
    corners = BOXES[:, [[x, y, z] for x in (0, 3) for y in (1, 4) for z in (2, 5)]].reshape(-1, 3) - stand.position
    ahead = -(corners @ back)
    assert (ahead > 0).all()
    half = stand.half_height or ahead * math.tan(math.radians(FOV_DEG) / 2)
    across, upright = (corners @ right) / (half * aspect), (corners @ up) / half
    most = max(np.abs(across).max(), np.abs(upright).max())
    assert 0.9 < most <= 1.0 + 1e-9
    assert most * MARGIN > 0.94


def test_top_has_north_up_and_south_looks_north():
    assert pose("top", BOXES, 1).up == pytest.approx([0, 1, 0])
    south = pose("south", BOXES, 1)
    assert south.target[1] > south.position[1]
    assert south.target[0] == pytest.approx(south.position[0])


def test_an_unknown_camera_is_named():
    with pytest.raises(Invalid, match="'sky' is unknown: expected one of home, iso, top"):
        pose("sky", BOXES, 1)
