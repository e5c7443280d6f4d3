"""Synthetic spools: boxes, trees, terrain."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
from PIL import Image

from twin.geometry.frame import Frame, placement
from twin.geometry.spool import MeshSpool, Texture
from twin.layer import OBJECTS

FRAME = Frame(114.4, 30.5, 20.0)
BOX_FACES = np.array(
    [
        [0, 2, 1], [0, 3, 2], [4, 5, 6], [4, 6, 7], [0, 1, 5], [0, 5, 4],
        [1, 2, 6], [1, 6, 5], [2, 3, 7], [2, 7, 6], [3, 0, 4], [3, 4, 7],
    ]
)  # fmt: skip


def box_vertices(size):
    x, y, z = np.asarray(size, float) / 2
    low = [[-x, -y, -z], [x, -y, -z], [x, y, -z], [-x, y, -z]]
    return np.array([*low, *[[a, b, -c] for a, b, c in low]])


def cone(segments=16, radius=1.0, height=3.0):
    angle = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    ring = np.column_stack((radius * np.cos(angle), radius * np.sin(angle), np.zeros(segments)))
    vertices = np.vstack((ring, [[0, 0, 0], [0, 0, height]]))
    i = np.arange(segments)
    j = (i + 1) % segments
    faces = np.vstack(
        (np.column_stack((i, j, np.full(segments, segments + 1))), np.column_stack((j, i, np.full(segments, segments))))
    )
    return vertices, faces


WHOLE = np.array([[0, 1], [1, 1], [1, 0], [0, 0]], float)


def image_of(colours, size=64, form="PNG"):
    """Encoded stripes, one for each colour from left to right, each `size` pixels wide."""
    pixels = np.repeat(np.array([colours], np.uint8), size, axis=1).repeat(size, axis=0)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, form)
    return out.getvalue()


@dataclass
class Scene:
    """A spool in the making and its object rows."""

    folder: Path
    rows: list[dict] = field(default_factory=list)

    def __post_init__(self):
        self.spool = MeshSpool(self.folder)
        self.grey = self.spool.material((0.5, 0.5, 0.5, 1.0), "concrete")
        self.glass = self.spool.material((0.2, 0.6, 0.9, 0.4), "glass")

    def row(self, name, **values):
        self.rows.append({"id": name, "type": "Wall", "ifc_class": "IfcWall", "name": f"name {name}", **values})
        return name

    def box(self, name, at, size, material=None, rotation=0.0, **values):
        shape = self.spool.shape(box_vertices(size), BOX_FACES, self.grey if material is None else material)
        self.spool.place(self.row(name, **values), shape, placement(at, rotation))

    def textured(self, colours, wrap="repeat", alpha="opaque", tint=(1, 1, 1, 1), size=64):
        """A material whose image is a row of colours (0..255)."""
        picture = self.spool.image(image_of(colours, size))
        return self.spool.material(picture.mean, "", Texture(picture.name, tint, (wrap, wrap), alpha))

    def card(self, name, at, material, uv, size=2.0):
        """A square in the east-up plane with uv (4, 2) at its corners: low left, low right, high right, high left."""
        corners = np.array([[-1, 0, -1], [1, 0, -1], [1, 0, 1], [-1, 0, 1]]) * size / 2
        shape = self.spool.shape(corners, [[0, 1, 2], [0, 2, 3]], material, uv)
        self.spool.place(self.row(name), shape, placement(at, 0.0))

    def table(self):
        return pa.Table.from_pylist(self.rows, schema=OBJECTS)


def building(folder, storeys=4, per_storey=200, seed=1):
    """A building: slabs and walls, small fittings, panes, storeys and an object without mesh."""
    scene = Scene(folder)
    random = np.random.default_rng(seed)
    for level in range(storeys):
        storey = scene.row(f"storey{level}", type="BuildingStorey", ifc_class=None, elevation=4.0 * level)
        scene.rows[-1]["name"] = f"{level + 1}F 楼层"
        scene.box(f"slab{level}", (0, 0, 4.0 * level), (40, 30, 0.3), storey=storey, discipline="structure")
        for i in range(per_storey):
            at = random.uniform((-19, -14, 4.0 * level + 0.2), (19, 14, 4.0 * level + 3.5))
            size = random.uniform(0.05, 2.0, 3)
            material = scene.glass if i % 5 == 0 else scene.grey
            discipline = "hvac" if i % 2 else "architecture"
            scene.box(
                f"part{level}-{i}", at, size, material, random.uniform(0, 6), storey=storey, discipline=discipline
            )
    return scene


def forest(folder, count=300, seed=2):
    """Instanced trees (turned and scaled) and one mirrored one."""
    scene = Scene(folder)
    random = np.random.default_rng(seed)
    crown = scene.spool.shape(*cone(), scene.spool.material((0.1, 0.5, 0.1, 1.0)))
    trunk = scene.spool.shape(box_vertices((0.3, 0.3, 2.0)), BOX_FACES, scene.grey)
    for i in range(count):
        matrix = placement(random.uniform((-200, -200, 0), (200, 200, 5)), random.uniform(0, 6))
        matrix[:3, :3] *= random.uniform(0.5, 2.0)
        name = scene.row(f"tree{i}", type="Tree", ifc_class=None)
        scene.spool.place(name, crown, matrix)
        scene.spool.place(name, trunk, matrix)
    name = scene.row("mirrored", type="Tree", ifc_class=None)
    scene.spool.place(name, crown, np.diag([-1.0, 1.0, 1.0, 1.0]))
    return scene


def terrain(folder, chunks=3, cells=120, step=5.0):
    """A hilly grid cut into chunks of `cells` x `cells` cells that share their border heights."""
    scene = Scene(folder)
    earth = scene.spool.material((0.4, 0.5, 0.3, 1.0))
    n = cells + 1
    i = np.arange(n * n).reshape(n, n)
    quads = (i[:-1, :-1], i[1:, :-1], i[1:, 1:], i[:-1, 1:])
    a, b, c, d = (quad.ravel() for quad in quads)
    faces = np.vstack((np.column_stack((a, b, c)), np.column_stack((a, c, d))))
    for row in range(chunks):
        for column in range(chunks):
            x, y = np.meshgrid(
                (row * cells + np.arange(n)) * step, (column * cells + np.arange(n)) * step, indexing="ij"
            )
            z = 40 * np.sin(x / 300) * np.cos(y / 220) + 1.5 * np.sin(x / 17) * np.sin(y / 23)
            shape = scene.spool.shape(np.column_stack((x.ravel(), y.ravel(), z.ravel())), faces, earth)
            scene.spool.place(scene.row(f"chunk{row}-{column}", type="Terrain", ifc_class=None), shape)
    return scene


def textured(folder):
    """Cards: several images shown once, one repeated, one clamped, one mirrored, one cut out, one tinted and glassy."""
    scene = Scene(folder)
    for index in range(12):
        material = scene.textured([(20 * index, 40, 200), (250, 20 * index, 30)])
        scene.card(f"once{index}", (3 * index, 0, 0), material, WHOLE)
    for wrap in ("repeat", "clamp", "mirror"):
        material = scene.textured([(255, 0, 0), (0, 255, 0), (0, 0, 255)], wrap)
        scene.card(wrap, (0, 5, 0), material, WHOLE * 3.5 + 7.25)
    scene.card("mask", (5, 5, 0), scene.textured([(9, 9, 9, 255), (9, 9, 9, 0)], alpha="mask"), WHOLE)
    scene.card("blend", (9, 5, 0), scene.textured([(9, 99, 9)], alpha="blend", tint=(1, 0.5, 1, 0.4)), WHOLE)
    scene.box("plain", (0, 9, 0), (1, 1, 1))
    return scene
