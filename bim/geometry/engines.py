"""The engines in the order in which they are asked: the fastest exact one first, a box last."""

from __future__ import annotations

from typing import Any

import numpy.ma  # noqa: F401 - np.unique asks for it at its first call: loaded here, once for all workers

from bim.geometry.box_engine import BoxEngine
from bim.geometry.carrying_engine import CarryingEngine
from bim.geometry.cgal_engine import CgalEngine
from bim.geometry.csg_engine import CsgEngine
from bim.geometry.direct_engine import DirectEngine
from bim.geometry.engine import GeometryEngine
from bim.geometry.kernel_engine import KernelEngine
from bim.geometry.native_iterator import HYBRID, OPEN_CASCADE
from bim.geometry.placements import Placements
from bim.geometry.shared import Shared
from bim.geometry.texture_maps import TextureMaps
from bim.geometry.textured_engine import TexturedEngine
from bim.source.step_text import StepText


def engines_of(
    model: Any, placements: Placements, length: float, text: StepText | None = None, *, kernels: bool = True
) -> list[GeometryEngine]:
    """All engines for one model; without `kernels` the first ones, as far as they need none of IfcOpenShell's.

    length: metres in its length unit; text: its file, which is read many times as fast.
    """
    shared = Shared(model, placements, length, text, kernels=kernels)
    maps = TextureMaps(model)
    engines: list[GeometryEngine] = [DirectEngine(shared), CsgEngine(shared)]
    if kernels:
        engines += [CgalEngine(shared), KernelEngine(shared, HYBRID), KernelEngine(shared, OPEN_CASCADE)]
    if maps:
        engines = [TexturedEngine(shared, maps), *(CarryingEngine(engine, shared, maps) for engine in engines)]
    return [*engines, BoxEngine(placements, length)] if kernels else engines


def exact_engines_of(
    model: Any, placements: Placements, length: float, text: StepText | None = None
) -> list[GeometryEngine]:
    """The engines that make each product by itself: what comes out does not hang on what else a file holds."""
    shared = Shared(model, placements, length, text)
    return [DirectEngine(shared), CsgEngine(shared)]
