"""Extruded solids of polygons, arcs and standard profiles, meshed without a kernel.

Most bodies of real models are such prisms (3,500 of 4,470 in the benchmark files). A kernel builds a boundary representation of
each before it triangulates; here the corners are written down at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from bim.geometry.circle_columns import discs_of
from bim.geometry.curves import Curves
from bim.geometry.engine import F64
from bim.geometry.extrusion_columns import I64, read
from bim.geometry.prism import I32, Prism, prism
from bim.geometry.profile_columns import prisms_of
from bim.geometry.profiles import profile
from bim.source.attribute import UNREADABLE
from bim.source.step_text import StepText

FARTHEST = 1e7
"""Metres: no extrusion of a real model is longer."""
_FLAT = 1e-6
"""Share of a direction across its profile below which nothing is swept."""


class Extrusions:
    """Meshes of IfcExtrudedAreaSolid items; profiles are kept.

    length, angle: metres, radians in the file's units; segments: of a whole circle, 0 for the kernels' rule.
    """

    def __init__(self, length: float, angle: float = 1.0, segments: int = 0) -> None:
        self._length = length
        self._curves = Curves(length, angle, segments)
        self._segments = segments
        self._directions: dict[int, tuple[float, ...]] = {}
        self._profiles: dict[int, Prism | None] = {}

    def mesh(self, item: Any) -> tuple[F64, I32] | None:
        """Vertices (2n, 3) metres and outward faces in the item's representation frame; None where not done here."""
        if item.is_a() != "IfcExtrudedAreaSolid":
            return None
        area, position, direction, depth = map(item.get_argument, range(4))
        if area is None or direction is None or not depth or not 0 < depth * self._length < FARTHEST:
            return None
        found = self.prism_of(area)
        if found is None:
            return None
        ring, faces = found
        x, y, z = self._direction(direction)
        norm = (x * x + y * y + z * z) ** 0.5
        if not norm > 1e-12 or abs(z) < _FLAT * norm:
            return None
        count = len(ring)
        vertices = np.zeros((2 * count, 3))
        vertices[:count, :2] = vertices[count:, :2] = ring
        reach = depth * self._length / norm
        vertices[count:] += (x * reach, y * reach, z * reach)
        if position is not None:
            frame = self._curves.axes.matrix(position)
            vertices = vertices @ frame[:3, :3].T
            vertices += frame[:3, 3]
        return vertices, faces if z > 0 else faces[:, ::-1]

    def meshes(self, model: Any, text: StepText, items: I64) -> dict[int, tuple[F64, I32]]:
        """What `mesh` says of items by their STEP id, at a tenth of its cost; what is not plainly written is left out."""
        solids = read(text, items)
        x, y, z = solids.direction.T
        norm = np.sqrt(x * x + y * y + z * z)
        depth = solids.depth * self._length
        solids = solids.only((depth > 0) & (depth < FARTHEST) & (norm > 1e-12) & (np.abs(z) >= _FLAT * norm))
        self._read_profiles(model, text, solids.profile)
        prisms = [self._profiles[step] for step in solids.profile.tolist()]
        corners = np.array([0 if made is None else len(made[0]) for made in prisms])
        found: dict[int, tuple[F64, I32]] = {}
        for count in np.unique(corners[corners > 0]).tolist():
            mine = np.flatnonzero(corners == count)
            some = solids.only(mine)
            over = [made for n in mine.tolist() if (made := prisms[n]) is not None]
            vertices = np.zeros((len(mine), 2 * count, 3))
            vertices[:, :count, :2] = np.concatenate([ring for ring, _ in over]).reshape(-1, count, 2)
            vertices[:, count:, :2] = vertices[:, :count, :2]
            x, y, z = some.direction.T
            reach = some.depth * self._length / (x * x + y * y + z * z) ** 0.5
            vertices[:, count:] += (some.direction * reach[:, None])[:, None]
            vertices = vertices @ some.turn.transpose(0, 2, 1)
            vertices += some.at[:, None] * self._length
            up = (z > 0).tolist()
            for n, step in enumerate(some.step.tolist()):
                faces = over[n][1]
                found[step] = vertices[n], faces if up[n] else faces[:, ::-1]
        return found

    def _read_profiles(self, model: Any, text: StepText, steps: I64) -> None:
        new = [step for step in dict.fromkeys(steps.tolist()) if step not in self._profiles]
        asked = np.array(new, np.int64)
        self._profiles |= prisms_of(text, asked, self._length)
        self._profiles |= discs_of(text, asked, self._length, self._segments)
        for step in new:
            if step not in self._profiles:
                try:
                    self.prism_of(model.by_id(step))
                except UNREADABLE:
                    self._profiles[step] = None

    def _direction(self, direction: Any) -> tuple[float, ...]:
        """Its ratios; read once, most solids of a model share one."""
        step = int(direction.id())
        if step not in self._directions:
            self._directions[step] = tuple(float(value) for value in (*direction.get_argument(0), 0.0)[:3])
        return self._directions[step]

    def prism_of(self, area: Any) -> Prism | None:
        """The prism over a profile; None where that is not done here."""
        step = int(area.id())
        if step not in self._profiles:
            made = profile(area, self._length, self._curves, self._segments)
            self._profiles[step] = None if made is None else prism(made)
        return self._profiles[step]
