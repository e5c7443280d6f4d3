"""Low models of things that stand in a park by the hundred: made once, placed many times.

Each is a list of painted pieces around its foot, z up. Trees are 1 high with a crown of radius 1,
to be stretched; the others have their usual size in metres.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gis.looks import (
    BARK,
    CONIFER,
    FOLIAGE,
    HYDRANT_RED,
    IRON,
    LAMP_HEAD,
    MARKER,
    POLE,
    SCREEN,
    Look,
)  # fmt: skip
from twin.geometry.spool import MeshSpool

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
Piece = tuple[F64, I64, Look]


@dataclass(frozen=True)
class Model:
    """size: metres of what a placement scales by (height, or a manhole's diameter). stretch: x, y apart from z."""

    name: str
    size: float
    pieces: Callable[[], list[Piece]]
    stretch: bool = False


def lathe(profile: list[tuple[float, float]], sides: int, at: tuple[float, float] = (0.0, 0.0)) -> tuple[F64, I64]:
    """A body turned around the vertical through `at`: profile is (radius, z) from bottom to top, radius 0 closes it."""
    rings = np.array(profile)
    angle = np.arange(sides) * 2 * np.pi / sides
    points = np.stack(
        (
            at[0] + rings[:, :1] * np.cos(angle),
            at[1] + rings[:, :1] * np.sin(angle),
            np.broadcast_to(rings[:, 1:], (len(rings), sides)),
        ),
        axis=-1,
    ).reshape(-1, 3)
    ring, side = np.meshgrid(np.arange(len(rings) - 1), np.arange(sides), indexing="ij")
    here, beside = (ring * sides + side).ravel(), (ring * sides + (side + 1) % sides).ravel()
    faces = np.concatenate(
        (
            np.column_stack((here, beside, beside + sides)),
            np.column_stack((here, beside + sides, here + sides)),
        )
    )
    a, b, c = points[faces[:, 0]], points[faces[:, 1]], points[faces[:, 2]]
    return points, faces[np.linalg.norm(np.cross(b - a, c - a), axis=1) > 1e-12]


def block(low: tuple[float, float, float], high: tuple[float, float, float]) -> tuple[F64, I64]:
    """A box between two corners."""
    corners = np.array([[x, y, z] for z in (low[2], high[2]) for y in (low[1], high[1]) for x in (low[0], high[0])])
    faces = [
        (0, 2, 3), (0, 3, 1), (4, 5, 7), (4, 7, 6), (0, 1, 5), (0, 5, 4),
        (2, 6, 7), (2, 7, 3), (0, 4, 6), (0, 6, 2), (1, 3, 7), (1, 7, 5),
    ]  # fmt: skip
    return corners, np.array(faces, np.int64)


def _rod(radius: float, low: float, high: float, sides: int = 6, top: float | None = None) -> tuple[F64, I64]:
    end = radius if top is None else top
    return lathe([(0, low), (radius, low), (end, high), (0, high)], sides)


def _broadleaf() -> list[Piece]:
    crown = lathe([(0, 0.24), (0.62, 0.34), (1.0, 0.58), (0.86, 0.78), (0.45, 0.94), (0, 1.0)], 8)
    return [(*_rod(0.09, 0.0, 0.4, 5, 0.06), BARK), (*crown, FOLIAGE)]


def _conifer() -> list[Piece]:
    crown = lathe([(0, 0.12), (1.0, 0.14), (0.5, 0.45), (0.72, 0.46), (0.3, 0.75), (0.42, 0.76), (0, 1.0)], 7)
    return [(*_rod(0.1, 0.0, 0.2, 5), BARK), (*crown, CONIFER)]


def _lamp() -> list[Piece]:
    return [
        (*_rod(0.16, 0.0, 0.4), POLE),
        (*_rod(0.08, 0.4, 8.0, 6, 0.045), POLE),
        (*block((0.0, -0.03, 7.9), (1.3, 0.03, 7.97)), POLE),
        (*block((0.9, -0.14, 7.84), (1.6, 0.14, 7.92)), LAMP_HEAD),
    ]


def _smart_pole() -> list[Piece]:
    return [
        (*block((-0.25, -0.2, 0.0), (0.25, 0.2, 1.3)), POLE),
        (*_rod(0.13, 1.3, 10.0, 8, 0.08), POLE),
        (*block((0.0, -0.04, 9.3), (1.8, 0.04, 9.4)), POLE),
        (*block((1.3, -0.18, 9.22), (2.1, 0.18, 9.32)), LAMP_HEAD),
        (*block((0.13, -0.06, 3.0), (0.23, 0.5, 4.4)), SCREEN),
        (*block((-0.6, -0.04, 6.4), (0.0, 0.04, 6.48)), POLE),
        (*block((-0.85, -0.1, 6.3), (-0.55, 0.1, 6.5)), LAMP_HEAD),
        (*lathe([(0, 10.0), (0.2, 10.0), (0.2, 10.5), (0, 10.5)], 8), LAMP_HEAD),
    ]


def _manhole() -> list[Piece]:
    return [(*lathe([(0.5, -0.15), (0.5, 0.0), (0.42, 0.012), (0, 0.012)], 12), IRON)]


def _marker() -> list[Piece]:
    return [(*_rod(0.04, 0.0, 1.7), POLE), (*lathe([(0, 1.6), (0.28, 2.0), (0, 2.4)], 6), MARKER)]


def _hydrant() -> list[Piece]:
    return [(*lathe([(0.16, 0.0), (0.16, 0.08), (0.1, 0.1), (0.1, 0.62), (0.06, 0.74), (0, 0.78)], 8), HYDRANT_RED),
            (*block((-0.19, -0.05, 0.4), (0.19, 0.05, 0.5)), HYDRANT_RED)]  # fmt: skip


def _bollard() -> list[Piece]:
    return [(*lathe([(0.1, 0.0), (0.1, 0.85), (0.06, 0.9), (0, 0.9)], 8), POLE)]


BROADLEAF = Model("broadleaf", 1.0, _broadleaf, stretch=True)
CONIFER_TREE = Model("conifer", 1.0, _conifer, stretch=True)
LAMP = Model("lamp", 8.0, _lamp)
SMART_POLE = Model("multi-function pole", 10.5, _smart_pole)
COVER = Model("manhole cover", 1.0, _manhole)
POST = Model("marker", 2.4, _marker)
HYDRANT = Model("hydrant", 0.78, _hydrant)
BOLLARD = Model("bollard", 0.9, _bollard)


class ModelShapes:
    """The shapes of models in one spool, each stored when first used."""

    def __init__(self, spool: MeshSpool) -> None:
        self._spool = spool
        self._shapes: dict[str, int] = {}

    def shape(self, model: Model) -> int:
        """The index of the model's shape."""
        if model.name not in self._shapes:
            points, faces, paint, start = [], [], [], 0
            for vertices, triangles, look in model.pieces():
                points.append(vertices)
                faces.append(triangles + start)
                paint.append(np.full(len(triangles), self._spool.material(look.rgba, look.name), np.uint16))
                start += len(vertices)
            self._shapes[model.name] = self._spool.shape(
                np.concatenate(points), np.concatenate(faces), np.concatenate(paint)
            )
        return self._shapes[model.name]
