"""Meshes by our engines and by plain IfcOpenShell, measured the same way; the oracle shares no code with the product."""

from __future__ import annotations

from typing import NamedTuple

import ifcopenshell.geom
import numpy as np

from bim.geometry.engine import Mesh
from bim.geometry.engines import engines_of
from bim.geometry.isolation import Isolated
from bim.geometry.mesher import has_body
from bim.geometry.placements import Placements
from bim.units.unit_table import UnitTable

HYBRID, EXACT = "hybrid-cgal-simple-opencascade", "opencascade"


class Measured(NamedTuple):
    """volume m3 (NaN where open), centre and size (3,) of the box in the model's frame, metres, colours, engine."""

    volume: float
    centre: np.ndarray
    size: np.ndarray
    colours: frozenset
    engine: str


def measured(vertices, faces, colours, engine):
    used = np.unique(faces)
    low, high = vertices[used].min(axis=0), vertices[used].max(axis=0)
    edges = np.concatenate((faces[:, :2], faces[:, 1:], faces[:, [2, 0]])).astype(np.int64)
    forth, back = (np.sort(edges @ np.array(key)) for key in ([len(vertices), 1], [1, len(vertices)]))
    volume = np.nan
    if np.array_equal(forth, back):  # closed: each edge is walked both ways
        a, b, c = ((vertices - low)[faces[:, n]] for n in range(3))
        volume = abs(float(np.einsum("ij,ij->", a, np.cross(b, c)))) / 6
    return Measured(volume, (low + high) / 2, high - low, frozenset(colours), engine)


def meshes_of(batches):
    """What batches hold, product by product: (engine, Mesh); the key is the body's number."""
    bodies = []
    for batch in batches:
        vertices = np.split(batch.vertices, np.cumsum(batch.vertex_count)[:-1])
        faces, look = (np.split(array, np.cumsum(batch.face_count)[:-1]) for array in (batch.faces, batch.look))
        finishes = [batch.finishes[index] for index in batch.finish]
        uv = iter(np.split(batch.uv, np.cumsum(batch.face_count[batch.mapped])[:-1]))
        given = [next(uv) if mapped else None for mapped in batch.mapped]
        bodies += zip(vertices, faces, look, finishes, given, strict=False)  # an empty batch splits into one empty part
        for engine, step, body, matrix in zip(batch.engine, batch.step, batch.body, batch.matrix, strict=True):
            *arrays, finish, coordinates = bodies[body]
            yield int(engine), Mesh(int(step), matrix, int(body), *arrays, finish.looks, coordinates)


def ours(model, schema="IFC4", text=None):
    """By STEP id, through the whole chain of engines in its child."""
    units = UnitTable.of_model(model)
    engines = engines_of(model, Placements(units.length), units.length, text)
    bodies = [
        product
        for product in model.by_type("IfcProduct")
        if not product.is_a("IfcOpeningElement") and has_body(product, schema)
    ]
    found = {}
    job = Isolated(engines, model, bodies)
    for engine, mesh in meshes_of(job.batches()):
        points = mesh.vertices @ mesh.matrix[:3, :3].T + mesh.matrix[:3, 3]
        found[mesh.step] = measured(points, mesh.faces, {look.rgba for look in mesh.looks}, engines[engine].name)
    assert not job.culprits
    return found


def theirs(model, kernel=HYBRID, only=None):
    """By STEP id, by the geometry iterator in world coordinates."""
    settings = ifcopenshell.geom.settings()
    settings.set("use-world-coords", True)
    settings.set("weld-vertices", True)
    settings.set("apply-default-materials", False)
    every = [p for p in model.by_type("IfcProduct") if p.Representation and not p.is_a("IfcOpeningElement")]
    include = every if only is None else [model.by_id(step) for step in only]
    found = {}
    if not include:
        return found
    iterator = ifcopenshell.geom.iterator(settings, model, 1, include=include, geometry_library=kernel)
    more = iterator.initialize()
    while more:
        element = iterator.get()
        faces = np.frombuffer(element.geometry.faces_buffer, np.int32).reshape(-1, 3)
        if len(faces) and element.id not in found:
            vertices = np.frombuffer(element.geometry.verts_buffer, np.float64).reshape(-1, 3)
            colours = {
                (*style.get_color().components, 1.0 - (style.transparency if style.has_transparency() else 0.0))
                for style in element.geometry.materials
            }
            found[element.id] = measured(vertices, faces, colours, kernel)
        more = iterator.next()
    return found


def differs(mine, other):
    """What two measurements of one product disagree on; empty where they are the same within the gate."""
    if np.isfinite(other.volume) and np.isfinite(mine.volume):
        if abs(mine.volume - other.volume) > 1e-3 * other.volume + 1e-9:
            return f"volume {mine.volume} instead of {other.volume}"
    elif np.isfinite(other.volume):
        return "open instead of closed"
    if np.abs(mine.centre - other.centre).max() > 1e-3:
        return f"box centre off by {np.abs(mine.centre - other.centre).max()} m"
    return ""
