"""Solids as plain data: profiles swept along an axis, in metres, in the frame of the object they belong to."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Axis = Literal["x", "y", "z"]
Point2 = tuple[float, float]


@dataclass(frozen=True)
class Solid:
    """A profile swept `depth` metres along `axis` from `at`.

    profile: ("rect", width, height), ("circle", radius) or ("poly", outline, holes); a rectangle and
    a circle are centred on `at`. The profile's plane is (x, y) for axis z, (y, z) for x, (z, x) for y.
    """

    profile: tuple[object, ...]
    at: tuple[float, float, float]
    axis: Axis
    depth: float
    colour: str


def box(x: float, y: float, z: float, dx: float, dy: float, dz: float, colour: str) -> Solid:
    """A box by its lowest corner and its size."""
    return Solid(("rect", round(dx, 4), round(dy, 4)), (x + dx / 2, y + dy / 2, z), "z", dz, colour)


def centred(dx: float, dy: float, dz: float, colour: str, z: float = 0.0) -> Solid:
    """A box standing centred on the origin."""
    return Solid(("rect", round(dx, 4), round(dy, 4)), (0.0, 0.0, z), "z", dz, colour)


def cylinder(x: float, y: float, z: float, radius: float, depth: float, colour: str, axis: Axis = "z") -> Solid:
    """A cylinder that starts at (x, y, z) and runs along `axis`."""
    return Solid(("circle", radius), (x, y, z), axis, depth, colour)


def bar(x: float, y: float, z: float, length: float, a: float, b: float, colour: str, axis: Axis = "x") -> Solid:
    """A rectangular bar along an axis, centred on it; a × b is its section (y × z for x, z × x for y)."""
    return Solid(("rect", round(a, 4), round(b, 4)), (x, y, z), axis, length, colour)


def prism(
    outline: tuple[Point2, ...],
    z: float,
    height: float,
    colour: str,
    holes: tuple[tuple[Point2, ...], ...] = (),
) -> Solid:
    """A polygon, with holes or not, swept upwards."""
    return Solid(("poly", outline, holes), (0.0, 0.0, z), "z", height, colour)


def side_prism(outline: tuple[Point2, ...], y: float, width: float, colour: str) -> Solid:
    """A polygon given as (x, z) swept along y from `y` by `width`."""
    return Solid(("poly", tuple((z, x) for x, z in outline), ()), (0.0, y, 0.0), "y", width, colour)


def rectangle(x0: float, y0: float, x1: float, y1: float) -> tuple[Point2, ...]:
    """The outline of a rectangle, counter-clockwise."""
    return ((x0, y0), (x1, y0), (x1, y1), (x0, y1))


def ellipse(cx: float, cy: float, rx: float, ry: float, count: int = 32) -> tuple[Point2, ...]:
    """The outline of an ellipse as a polygon, counter-clockwise."""
    step = 2 * math.pi / count
    return tuple((round(cx + rx * math.cos(i * step), 4), round(cy + ry * math.sin(i * step), 4)) for i in range(count))


def area(outline: tuple[Point2, ...]) -> float:
    """Area of a simple polygon, square metres."""
    pairs = zip(outline, outline[1:] + outline[:1], strict=True)
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs)) / 2


def perimeter(outline: tuple[Point2, ...]) -> float:
    """Perimeter of a polygon, metres."""
    pairs = zip(outline, outline[1:] + outline[:1], strict=True)
    return sum(math.hypot(bx - ax, by - ay) for (ax, ay), (bx, by) in pairs)
