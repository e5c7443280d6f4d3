"""A made-up site of any number of building parts, for the viewer's race: synthetic, but of the shapes that offices are made of.

Bays of six metres hold a column, beams, a slab, walls with openings, windows, doors, partitions, ducts, pipes, sprinklers, desks and
chairs. Walls, beams, ducts and pipes all differ in size; columns, windows, doors and furniture repeat, as in real models.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from scenes.tiles.build import build
from tests.support.layers import FRAME
from twin.geometry.spool import MeshSpool
from twin.layer import OBJECTS, LayerKind

BAY, STOREY, GAP = 6.0, 3.6, 30.0
LONG, DEEP = 8, 3
"""Bays of a storey along and across."""
Mesh = tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]
CUBE = np.array([[x, y, z] for z in (0, 1) for y in (0, 1) for x in (0, 1)], float)
CUBE_FACES = np.array(
    [[0, 3, 1], [0, 2, 3], [4, 5, 7], [4, 7, 6], [0, 1, 5], [0, 5, 4], [2, 6, 7], [2, 7, 3], [0, 4, 6], [0, 6, 2], [1, 3, 7], [1, 7, 5]]
)  # fmt: skip
COLOURS = {
    "IfcColumn": (0.6, 0.6, 0.62), "IfcBeam": (0.55, 0.55, 0.58), "IfcSlab": (0.72, 0.72, 0.7), "IfcWall": (0.88, 0.86, 0.82),
    "IfcWindow": (0.5, 0.68, 0.8), "IfcDoor": (0.55, 0.4, 0.28), "IfcDuctSegment": (0.7, 0.75, 0.78), "IfcPipeSegment": (0.75, 0.3, 0.25),
    "IfcFireSuppressionTerminal": (0.8, 0.2, 0.2), "IfcFurniture": (0.45, 0.5, 0.55), "IfcLightFixture": (0.95, 0.94, 0.85),
}  # fmt: skip


def boxes(*parts: tuple[tuple[float, float, float], tuple[float, float, float]]) -> Mesh:
    """Boxes by their low and high corners, as one mesh."""
    points = [np.array(low) + CUBE * (np.array(high) - np.array(low)) for low, high in parts]
    return np.concatenate(points), np.concatenate([CUBE_FACES + 8 * i for i in range(len(parts))])


def cylinder(radius: float, length: float, sides: int, axis: int) -> Mesh:
    """A closed cylinder along an axis, from its start."""
    turn = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    ring = np.column_stack((radius * np.cos(turn), radius * np.sin(turn)))
    ends = [np.column_stack((ring, np.full(sides, z))) for z in (0.0, length)]
    points = np.roll(np.concatenate((*ends, [[0, 0, 0], [0, 0, length]])), axis + 1, axis=1)
    k, n = np.arange(sides), (np.arange(sides) + 1) % sides
    faces = [np.column_stack(cols) for cols in ((k, n, n + sides), (k, n + sides, k + sides), (n, k, 0 * k + 2 * sides), (k + sides, n + sides, 0 * k + 2 * sides + 1))]  # fmt: skip
    return points, np.concatenate(faces)


def opening(width: float, height: float, thick: float, at: tuple[float, float, float, float]) -> Mesh:
    """A wall along x with a rectangular opening: x, z, width, height."""
    x, z, w, h = at
    return boxes(
        ((0, 0, 0), (x, thick, height)),
        ((x + w, 0, 0), (width, thick, height)),
        ((x, 0, z + h), (x + w, thick, height)),
        *([((x, 0, 0), (x + w, thick, z))] if z > 0 else []),
    )


REPEATED: dict[str, tuple[str, Mesh]] = {
    "column": ("IfcColumn", boxes(((-0.15, -0.15, 0), (0.15, -0.13, STOREY)), ((-0.15, 0.13, 0), (0.15, 0.15, STOREY)), ((-0.01, -0.13, 0), (0.01, 0.13, STOREY)))),
    "window": ("IfcWindow", boxes(((0, 0, 0), (0.06, 0.1, 1.6)), ((1.74, 0, 0), (1.8, 0.1, 1.6)), ((0.06, 0, 0), (1.74, 0.1, 0.06)), ((0.06, 0, 1.54), (1.74, 0.1, 1.6)), ((0.06, 0.04, 0.06), (1.74, 0.06, 1.54)))),
    "door": ("IfcDoor", boxes(((0, 0, 0), (0.9, 0.05, 2.1)), ((0.8, -0.05, 1.0), (0.88, 0.1, 1.04)))),
    "desk": ("IfcFurniture", boxes(((0, 0, 0.7), (1.6, 0.8, 0.74)), *(((x, y, 0), (x + 0.05, y + 0.05, 0.7)) for x in (0.05, 1.5) for y in (0.05, 0.7)))),
    "chair": ("IfcFurniture", boxes(((0, 0, 0.42), (0.45, 0.45, 0.47)), ((0, 0.42, 0.47), (0.45, 0.45, 0.9)), *(((x, y, 0), (x + 0.04, y + 0.04, 0.42)) for x in (0, 0.41) for y in (0, 0.41)))),
    "sprinkler": ("IfcFireSuppressionTerminal", cylinder(0.03, 0.12, 8, 2)),
    "lamp": ("IfcLightFixture", boxes(((0, 0, 0), (1.2, 0.2, 0.06)))),
}  # fmt: skip
Part = tuple[str, str | None, Mesh | None, tuple[float, float, float]]
"""(class, name of a repeated shape or None, its own mesh or None, where)."""


def bay(rng: np.random.Generator, outer: bool) -> Iterator[Part]:
    """The parts of one bay, from its low corner."""
    yield "IfcSlab", None, boxes(((0, 0, -0.25), (BAY, BAY, 0))), (0, 0, 0)
    yield "IfcColumn", "column", None, (0, 0, 0)
    deep = rng.uniform(0.3, 0.6)
    yield "IfcBeam", None, boxes(((0.15, -0.1, STOREY - 0.25 - deep), (BAY - 0.15, 0.1, STOREY - 0.25))), (0, 0, 0)
    if outer:
        left, sill = rng.uniform(0.6, 3.4), rng.uniform(0.7, 1.0)
        yield "IfcWall", None, opening(BAY, STOREY - 0.25, 0.3, (left, sill, 1.8, 1.6)), (0, -0.15, 0)
        yield "IfcWindow", "window", None, (left, -0.05, sill)
    at, door = rng.uniform(2.0, 4.5), rng.uniform(0.5, 3.5)
    yield "IfcWall", None, opening(BAY - 0.4, 2.9, 0.12, (door, 0.0, 0.9, 2.1)), (0.2, at, 0)
    yield "IfcDoor", "door", None, (0.2 + door, at + 0.04, 0)
    wide = rng.uniform(0.3, 0.7)
    yield "IfcDuctSegment", None, boxes(((0, 0, 0), (BAY - 0.02, wide, 0.35))), (0, rng.uniform(0.5, 4.5), 2.95)
    yield (
        "IfcPipeSegment",
        None,
        cylinder(rng.uniform(0.02, 0.06), rng.uniform(3, 5.9), 12, 0),
        (0, rng.uniform(0.3, 5.5), 2.8),
    )
    for _ in range(2):
        x, y = rng.uniform(0.4, 4.0), rng.uniform(0.4, 4.8)
        yield "IfcFurniture", "desk", None, (x, y, 0)
        yield "IfcFurniture", "chair", None, (x + 0.5, y - 0.4, 0)
        yield "IfcFireSuppressionTerminal", "sprinkler", None, (x, y, 2.7)
        yield "IfcLightFixture", "lamp", None, (x, y + 0.3, 2.85)


@dataclass
class Site:
    """A layer being made: table rows, spool, and for the peers each object's shape and place."""

    spool: MeshSpool
    rows: list[dict[str, object]] = field(default_factory=list)
    meshes: list[tuple[Mesh, str]] = field(default_factory=list)
    placed: list[tuple[str, int, tuple[float, float, float]]] = field(default_factory=list)

    def row(self, id_: str, class_: str, **more: object) -> None:
        """A row of the table of objects."""
        known = {"id": id_, "type": class_.removeprefix("Ifc"), "ifc_class": class_, "name": id_, "cim_level": 4}
        self.rows.append({**dict.fromkeys(OBJECTS.names), **known, "discipline": "architecture", **more})

    def shape(self, mesh: Mesh, class_: str) -> int:
        """Store a mesh; shapes are numbered alike here and in the spool."""
        self.meshes.append((mesh, class_))
        return self.spool.shape(*mesh, self.spool.material((*COLOURS[class_], 1.0)))


def site(folder: Path, objects: int, seed: int = 11) -> Site:
    """So many objects with triangles, in as many buildings as they need."""
    made, rng = Site(MeshSpool(folder)), np.random.default_rng(seed)
    shared = {name: made.shape(mesh, class_) for name, (class_, mesh) in REPEATED.items()}
    side = max(1, round((objects / 2800) ** 0.5))
    for building in range(objects):
        corner = np.array([(building % side) * (LONG * BAY + GAP), (building // side) * (DEEP * BAY + GAP), 0.0])
        made.row(f"b{building}", "IfcBuilding")
        for storey in range(int(rng.integers(5, 11))):
            level = f"b{building}s{storey}"
            made.row(
                level, "IfcBuildingStorey", building=f"b{building}", parent=f"b{building}", elevation=storey * STOREY
            )
            for cell in range(LONG * DEEP):
                x, y = cell % LONG, cell // LONG
                for class_, name, mesh, at in bay(rng, outer=y == 0):
                    if len(made.placed) == objects:
                        return made
                    place = corner + np.array((x * BAY, y * BAY, storey * STOREY)) + np.array(at)
                    index = shared[name] if name else made.shape(mesh, class_)  # type: ignore[arg-type]
                    id_ = f"e{len(made.placed)}"
                    made.row(id_, class_, storey=level, building=f"b{building}", parent=level)
                    matrix = np.eye(4)
                    matrix[:3, 3] = place
                    made.spool.place(id_, index, matrix)
                    made.placed.append((id_, index, (float(place[0]), float(place[1]), float(place[2]))))
    return made


def write_tiles(made: Site, out: Path) -> dict:
    """The layer through the real tile builder; its `scene.json`."""
    table = pa.Table.from_pylist(made.rows, schema=OBJECTS)
    result = build(made.spool.close(), table, FRAME, LayerKind.BIM, "made", out / "tiles")
    known = result.boxes[np.isfinite(result.boxes[:, 0])]
    low, high = known[:, :3].min(axis=0).tolist(), known[:, 3:].max(axis=0).tolist()
    origin = {"longitude": FRAME.longitude, "latitude": FRAME.latitude, "height": FRAME.height}
    count = int(result.ordinal.max()) + 1
    layer = {
        "layer": "made", "version": "1", "kind": "bim", "title": "made", "title_en": "made", "group": "building", "visible": True,
        "scheme": None, "base": 0, "count": count, "tileset": "tiles/tileset.json", "box": [*low, *high], "building": None, "storeys": [],
    }  # fmt: skip
    park = {"id": "made", "name": "made", "name_en": "made", "origin": origin, "globe": FRAME.globe_transform()}
    return {"park": park, "revision": 1, "states": count, "layers": [layer], "schemes": []}
