"""IfcOpenShell's geometry iterator, one element after the other, with one set of settings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import ifcopenshell.geom
import numpy as np
import numpy.typing as npt

from bim.geometry.engine import F64, Look, Mesh
from bim.geometry.native_output import NativeOutput
from bim.geometry.texture_style import TextureStyle, generators_of, texture_of
from bim.text import clean

HYBRID = "hybrid-cgal-simple-opencascade"
OPEN_CASCADE = "opencascade"
"""Slower, and complete where the hybrid comes back with nothing."""
StyleNames = dict[int, tuple[str, TextureStyle | None]]
CGAL_SIMPLE = "cgal-simple"
"""Several times faster; knows no booleans and few curved solids."""


def settings(**more: object) -> Any:
    """Local coordinates (equal shapes are one), welded, without normals, no made-up colours. more: `a_b` is `a-b`."""
    made = ifcopenshell.geom.settings()
    made.set("use-world-coords", False)
    made.set("apply-default-materials", False)
    made.set("weld-vertices", True)
    made.set("no-normals", True)
    for name, value in more.items():
        made.set(name.replace("_", "-"), value)
    return made


def elements(model: Any, products: Sequence[Any], kernel: str, chosen: Any) -> Iterator[Any]:
    """The iterator's elements on one thread (more are slower: the work is bound by memory)."""
    if not products:
        return
    iterator = ifcopenshell.geom.iterator(chosen, model, 1, include=list(products), geometry_library=kernel)
    output = NativeOutput()
    try:
        with output.silenced():
            more = iterator.initialize()
        while more:
            yield iterator.get()
            with output.silenced():
                more = iterator.next()
    finally:
        output.close()


def arrays(geometry: Any) -> tuple[F64, npt.NDArray[np.int32]]:
    """Views of a triangulation: vertices (n, 3) metres, faces (m, 3)."""
    return (
        np.frombuffer(geometry.verts_buffer, np.float64).reshape(-1, 3),
        np.frombuffer(geometry.faces_buffer, np.int32).reshape(-1, 3),
    )


def matrix_of(element: Any) -> F64:
    """(4, 4) from the shape's frame to the model's, metres (a view)."""
    return np.frombuffer(element.transformation_buffer, np.float64).reshape(4, 4).T


def mesh_of(element: Any, names: StyleNames) -> Mesh | None:
    """The element as a Mesh of views; None where it is empty."""
    geometry = element.geometry
    vertices, faces = arrays(geometry)
    if not len(faces):
        return None
    look = np.frombuffer(geometry.material_ids_buffer, np.int32)
    return Mesh(
        step=int(element.id),
        matrix=matrix_of(element),
        key=str(geometry.id),
        vertices=vertices,
        faces=faces,
        look=look if len(look) == len(faces) else np.full(len(faces), -1, np.int32),
        looks=[_look(style, names) for style in geometry.materials],
    )


def _look(style: Any, names: StyleNames) -> Look:
    name, texture = names.get(style.instance_id(), ("", None))
    r, g, b = style.get_color().components
    transparency = float(style.transparency) if style.has_transparency() else 0.0
    return Look((float(r), float(g), float(b), 1.0 - min(max(transparency, 0.0), 1.0)), name, texture)


def style_names(model: Any) -> StyleNames:
    """STEP id of a surface style and of its shading → the style's name and texture, where it has one of them."""
    names: StyleNames = {}
    generators = generators_of(model)
    for style in model.by_type("IfcSurfaceStyle"):
        known = clean(style.Name) or "", texture_of(style, generators)
        if any(known):
            for part in (style, *(style.Styles or ())):
                names[int(part.id())] = known
    return names
