"""Light and shade of the web application's stage, computed for each corner: matte faces, a sky, one sun, no shadows.

Mirrors `web/src/viewer/{stage,sun,patch-material}.ts` with the drawing's sun. A coloured object keeps its colour: light
only shades it between `SHADE_MIN` and 1, so that a lit face has exactly the colour of the legend.
"""

from __future__ import annotations

import numpy as np

from scenes.picture.looks import F64, U8, looks, rgb
from twin.geometry.images import linear, srgb

SUN = np.array([0.86, 1.05, 0.48]) / np.linalg.norm([0.86, 1.05, 0.48])
"""Towards the sun, glTF axes: east-south-east, 47 degrees high."""
SUN_COLOUR = (1.0, 0.96, 0.9)
MOON_COLOUR = "#9db8e8"
SHADE_MIN, SHADE_MIN_NIGHT = 0.72, 0.85
LUMINANCE = (0.2126, 0.7152, 0.0722)


def _of(colour: str) -> F64:
    return np.asarray(linear(np.array([rgb(colour)]) / 255.0)[0])


def light(normal: F64, look: str) -> F64:
    """(n, 3) linear light that a white matte face sends back. normal (n, 3): glTF axes."""
    values = looks()["looks"][look]
    night = bool(values["night"])
    sky, ground = _of(values["skyLight"]), _of(values["groundLight"])
    up = (0.5 + 0.5 * normal[:, 1])[:, None]
    sun = _of(MOON_COLOUR) if night else np.array(SUN_COLOUR)
    facing = np.maximum(0.0, normal @ SUN)[:, None]
    sent = (ground + (sky - ground) * up) * values["ambient"] + 0.12 * values["ambient"] + sun * facing * values["sun"]
    return np.asarray(sent / np.pi * values["exposure"])


def drawn(albedo: F64, normal: F64, look: str) -> F64:
    """(n, 3) linear colour of plain faces. albedo (n, 3) linear."""
    return np.asarray(np.clip(albedo * light(normal, look), 0, 1))


def shaded(state: U8, normal: F64, look: str) -> F64:
    """(n, 3) linear colour of faces with a state colour (n, 3), sRGB."""
    least = SHADE_MIN_NIGHT if looks()["looks"][look]["night"] else SHADE_MIN
    lit = np.clip((light(normal, look) @ np.array(LUMINANCE) - 0.16) / (0.8 - 0.16), 0, 1)
    lit = lit * lit * (3 - 2 * lit)
    return np.asarray(linear(state / 255.0) * (least + (1 - least) * lit)[:, None])


def encoded(colour: F64) -> U8:
    """(n, 3) sRGB bytes of linear colours."""
    return np.rint(srgb(np.clip(colour, 0, 1)) * 255).astype(np.uint8)
