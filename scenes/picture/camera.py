"""Where to stand: presets, fitted to the boxes of what is drawn. Plain arithmetic in park metres."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from scenes.picture.looks import F64
from twin.errors import Invalid

FOV_DEG = 40.0
"""Vertical field of view, as on the stage of the web application."""
MARGIN = 1.04
ISOMETRIC_DEG = math.degrees(math.atan(1 / math.sqrt(2)))


@dataclass(frozen=True)
class Preset:
    """azimuth_deg: of the eye, clockwise from north; elevation_deg: above the horizon; parallel: no vanishing points."""

    azimuth_deg: float
    elevation_deg: float
    parallel: bool


PRESETS = {
    "home": Preset(152, 32, parallel=False),
    "iso": Preset(135, ISOMETRIC_DEG, parallel=True),
    "top": Preset(180, 90, parallel=True),
    "south": Preset(180, 0, parallel=True),
    "north": Preset(0, 0, parallel=True),
    "east": Preset(90, 0, parallel=True),
    "west": Preset(270, 0, parallel=True),
}
"""home: the web application's first view; iso: isometric from the south-east; top: plan, north up; the rest: elevations."""


@dataclass(frozen=True)
class Pose:
    """position, target, up (3,). half_height: metres from the middle to the upper edge; None with vanishing points."""

    position: F64
    target: F64
    up: F64
    half_height: float | None


def pose(name: str, boxes: F64, aspect: float) -> Pose:
    """The preset's view that all boxes (k, 6) just fill. aspect: width over height. Raises Invalid on an unknown name."""
    preset = PRESETS.get(name)
    if preset is None:
        raise Invalid(f"Camera {name!r} is unknown: expected one of {', '.join(PRESETS)}", code="camera")
    azimuth, elevation = math.radians(preset.azimuth_deg), math.radians(preset.elevation_deg)
    back = np.array(
        [math.sin(azimuth) * math.cos(elevation), math.cos(azimuth) * math.cos(elevation), math.sin(elevation)]
    )
    right = np.array([-math.cos(azimuth), math.sin(azimuth), 0.0])
    up = np.cross(back, right)
    corners = np.unique(
        boxes[:, np.array([[x, y, z] for x in (0, 3) for y in (1, 4) for z in (2, 5)])].reshape(-1, 3), axis=0
    )
    middle = (corners.min(axis=0) + corners.max(axis=0)) / 2
    across, upright, near = ((corners - middle) @ axis * MARGIN for axis in (right, up, back))
    if preset.parallel:
        shift = (across.max() + across.min()) / 2 * right + (upright.max() + upright.min()) / 2 * up
        half = max(upright.max() - upright.min(), (across.max() - across.min()) / aspect, 0.1) / 2
        target = middle + shift
        return Pose(target + back * (near.max() + half + 1), target, up, float(half))
    k = math.tan(math.radians(FOV_DEG) / 2)
    far_across, shift_across = _fit(across, near, k * aspect)
    far_upright, shift_upright = _fit(upright, near, k)
    distance = max(far_across, far_upright, float(near.max()) + 1.5)
    position = middle + right * shift_across + up * shift_upright + back * distance
    return Pose(position, position - back * distance, up, None)


def _fit(at: F64, near: F64, k: float) -> tuple[float, float]:
    """Least distance, and sideways shift, at which points lie within the picture. k: half of it a metre ahead, metres."""
    most, least = float((at + k * near).max()), float((at - k * near).min())
    return (most - least) / (2 * k), (most + least) / 2
