"""IfcOpenShell's geometry iterator as an engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import ifcopenshell.geom
import numpy as np

from bim.geometry.engine import Look, Mesh
from bim.geometry.native_output import NativeOutput
from bim.text import clean

HYBRID = "hybrid-cgal-simple-opencascade"
OPEN_CASCADE = "opencascade"
"""Slower, and complete where the hybrid comes back with nothing."""


class KernelEngine:
    """One of IfcOpenShell's kernels, on one thread (more are slower: the work is bound by memory).

    Shapes stay in local coordinates, so that products of equal shape share one; openings are cut;
    colours come per face.
    """

    def __init__(self, kernel: str = HYBRID) -> None:
        self._kernel = kernel

    @property
    def name(self) -> str:
        """The kernel's name."""
        return f"ifcopenshell/{self._kernel}"

    def meshes(self, model: Any, products: Sequence[Any]) -> Iterator[Mesh]:
        """Meshes in the iterator's order: products that share a representation come together."""
        if not products:
            return
        settings = ifcopenshell.geom.settings()
        settings.set("use-world-coords", False)
        settings.set("apply-default-materials", False)
        settings.set("weld-vertices", True)
        settings.set("no-normals", True)
        iterator = ifcopenshell.geom.iterator(settings, model, 1, include=list(products), geometry_library=self._kernel)
        names = style_names(model)
        output = NativeOutput()
        try:
            with output.silenced():
                more = iterator.initialize()
            while more:
                mesh = _mesh(iterator.get(), names)
                if mesh is not None:
                    yield mesh
                with output.silenced():
                    more = iterator.next()
        finally:
            output.close()


def _mesh(element: Any, names: dict[int, str]) -> Mesh | None:
    geometry = element.geometry
    faces = np.frombuffer(geometry.faces_buffer, np.int32).reshape(-1, 3)
    if not len(faces):
        return None
    look = np.frombuffer(geometry.material_ids_buffer, np.int32)
    return Mesh(
        step=int(element.id),
        matrix=np.frombuffer(element.transformation_buffer, np.float64).reshape(4, 4).T,
        key=str(geometry.id),
        vertices=np.frombuffer(geometry.verts_buffer, np.float64).reshape(-1, 3),
        faces=faces,
        look=look if len(look) == len(faces) else np.full(len(faces), -1, np.int32),
        looks=[_look(style, names) for style in geometry.materials],
    )


def _look(style: Any, names: dict[int, str]) -> Look:
    r, g, b = style.get_color().components
    transparency = float(style.transparency) if style.has_transparency() else 0.0
    return Look(
        (float(r), float(g), float(b), 1.0 - min(max(transparency, 0.0), 1.0)), names.get(style.instance_id(), "")
    )


def style_names(model: Any) -> dict[int, str]:
    """STEP id of a surface style and of its shading → the style's name."""
    names: dict[int, str] = {}
    for style in model.by_type("IfcSurfaceStyle"):
        name = clean(style.Name)
        if name:
            for part in (style, *(style.Styles or ())):
                names[int(part.id())] = name
    return names
