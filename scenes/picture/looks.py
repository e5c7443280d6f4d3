"""Colours of values and states, from the file that the web application reads too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from twin.errors import Invalid, NotFound

F64 = npt.NDArray[np.float64]
U8 = npt.NDArray[np.uint8]
STEPS = 256
FILE = Path(__file__).with_name("looks.json")


@dataclass(frozen=True)
class Theme:
    """Which kinds of points colour the objects, and how.

    limits: the ramp's range; None takes that of the values. states: the token's colour of each whole value, for
    values that are one of few states; empty for measures.
    """

    id: str
    kinds: tuple[str, ...]
    ramp: str
    limits: tuple[float, float] | None
    states: tuple[str, ...]


@cache
def looks() -> Mapping[str, Any]:
    """The file: ramps, kinds, themes, tokens, looks."""
    return dict(json.loads(FILE.read_text(encoding="utf-8")))


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green, blue (sRGB) of `#rrggbb`. Raises Invalid."""
    digits = colour.removeprefix("#")
    try:
        value = int(digits, 16) if len(digits) == len("rrggbb") else -1
    except ValueError:
        value = -1
    if value < 0:
        raise Invalid(f"Colour {colour!r} cannot be read: expected #rrggbb, such as #ff8a34", code="colour")
    return value >> 16, value >> 8 & 255, value & 255


def token(name: str) -> tuple[int, int, int]:
    """Red, green, blue (sRGB) of a colour token, such as `--severity-stale`."""
    return rgb(looks()["tokens"][name])


@cache
def ramp_table(name: str) -> U8:
    """(256, 3) sRGB of a ramp from its low to its high end."""
    stops = np.array([rgb(stop) for stop in looks()["ramps"][name]], np.float64)
    place = np.arange(STEPS) / (STEPS - 1) * (len(stops) - 1)
    lower = np.minimum(len(stops) - 2, np.floor(place)).astype(np.int64)
    share = (place - lower)[:, None]
    # Halves go up, as in the browser.
    return np.asarray(np.floor(stops[lower] + (stops[lower + 1] - stops[lower]) * share + 0.5), np.uint8)


def ramp_colours(name: str, values: F64, low: float, high: float) -> U8:
    """(n, 3) sRGB of values (n,) within [low, high]; those outside take the ends; NaN is the caller's to leave out."""
    share = np.clip((values - low) / (high - low), 0, 1) if high > low else np.full(len(values), 0.5)
    return np.asarray(ramp_table(name)[np.floor(np.nan_to_num(share) * (STEPS - 1) + 0.5).astype(np.int64)])


def theme(name: str) -> Theme:
    """A theme by its id. Raises NotFound naming the known ones."""
    kinds = looks()["kinds"]
    for row in looks()["themes"]:
        if row["id"] == name and row["kinds"]:
            limits = None if row["range"] is None else (float(row["range"][0]), float(row["range"][1]))
            states = tuple(state["color"] for state in row.get("states", ()))
            return Theme(name, tuple(kinds[row["kinds"]]), row["ramp"], limits, states)
    known = ", ".join(row["id"] for row in looks()["themes"] if row["kinds"])
    raise NotFound(f"Theme {name!r} is unknown: expected one of {known}", code="no-theme")
