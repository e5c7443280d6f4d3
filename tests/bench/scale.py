"""A made-up site of any number of building parts, for the viewer's races: synthetic, but of the shapes that offices are made of.

Bays of six metres hold a column, beams, a slab, walls with openings, windows, doors, partitions, ducts, pipes, sprinklers, desks and
chairs. Walls, beams, ducts and pipes all differ in size; columns, windows, doors and furniture repeat, as in real models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from scenes.tiles.build import build
from scenes.tiles.result import TilesResult
from tests.bench.parts import F64, I64, Shapes, boxes, cylinders, walls
from tests.support.layers import FRAME
from twin.geometry.spool import MeshSpool
from twin.layer import OBJECTS, LayerKind

BAY, STOREY, GAP = 6.0, 3.6, 30.0
LONG, DEEP = 8, 3
"""Bays of a storey along and across."""
Mesh = tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]
COLOURS = {
    "IfcColumn": (0.6, 0.6, 0.62), "IfcBeam": (0.55, 0.55, 0.58), "IfcSlab": (0.72, 0.72, 0.7), "IfcWall": (0.88, 0.86, 0.82),
    "IfcWindow": (0.5, 0.68, 0.8), "IfcDoor": (0.55, 0.4, 0.28), "IfcDuctSegment": (0.7, 0.75, 0.78), "IfcPipeSegment": (0.75, 0.3, 0.25),
    "IfcFireSuppressionTerminal": (0.8, 0.2, 0.2), "IfcFurniture": (0.45, 0.5, 0.55), "IfcLightFixture": (0.95, 0.94, 0.85),
}  # fmt: skip


def _boxes(*parts: tuple[tuple[float, float, float], tuple[float, float, float]]) -> Shapes:
    return boxes([low for low, _ in parts], [high for _, high in parts])


REPEATED: dict[str, tuple[str, Shapes]] = {
    "column": ("IfcColumn", _boxes(((-0.15, -0.15, 0), (0.15, -0.13, STOREY)), ((-0.15, 0.13, 0), (0.15, 0.15, STOREY)), ((-0.01, -0.13, 0), (0.01, 0.13, STOREY)))),
    "window": ("IfcWindow", _boxes(((0, 0, 0), (0.06, 0.1, 1.6)), ((1.74, 0, 0), (1.8, 0.1, 1.6)), ((0.06, 0, 0), (1.74, 0.1, 0.06)), ((0.06, 0, 1.54), (1.74, 0.1, 1.6)), ((0.06, 0.04, 0.06), (1.74, 0.06, 1.54)))),
    "door": ("IfcDoor", _boxes(((0, 0, 0), (0.9, 0.05, 2.1)), ((0.8, -0.05, 1.0), (0.88, 0.1, 1.04)))),
    "desk": ("IfcFurniture", _boxes(((0, 0, 0.7), (1.6, 0.8, 0.74)), *(((x, y, 0), (x + 0.05, y + 0.05, 0.7)) for x in (0.05, 1.5) for y in (0.05, 0.7)))),
    "chair": ("IfcFurniture", _boxes(((0, 0, 0.42), (0.45, 0.45, 0.47)), ((0, 0.42, 0.47), (0.45, 0.45, 0.9)), *(((x, y, 0), (x + 0.04, y + 0.04, 0.42)) for x in (0, 0.41) for y in (0, 0.41)))),
    "sprinkler": ("IfcFireSuppressionTerminal", cylinders(0.03, 0.12, 8, 2)),
    "lamp": ("IfcLightFixture", _boxes(((0, 0, 0), (1.2, 0.2, 0.06)))),
}  # fmt: skip


@dataclass
class Site:
    """A layer being made: table, spool, and for the peers each object's shape and place where they are kept.

    ids, shape (n,), place (n, 3): the objects with triangles, in pieces by building.
    """

    spool: MeshSpool
    keep: bool = True
    tables: list[pa.Table] = field(default_factory=list)
    meshes: list[tuple[Mesh, str]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    shape: list[I64] = field(default_factory=list)
    place: list[F64] = field(default_factory=list)

    def shapes(self, shapes: Shapes, class_: str) -> I64:
        """Store shapes of a class; shapes are numbered alike here and in the spool."""
        points, faces = shapes
        count, vertices = points.shape[:2]
        if self.keep:
            self.meshes += [((one, faces), class_) for one in points]
        material = self.spool.material((*COLOURS[class_], 1.0))
        stored = self.spool.shapes(
            points.reshape(-1, 3), np.full(count, vertices), np.tile(faces, (count, 1)), np.full(count, len(faces)),
            np.full(count * len(faces), material),
        )  # fmt: skip
        return np.arange(stored.start, stored.stop)

    @property
    def placed(self) -> list[tuple[str, int, tuple[float, float, float]]]:
        """(id, shape, place) of every object with triangles."""
        where = np.concatenate(self.place).tolist()
        return [(i, s, (x, y, z)) for i, s, (x, y, z) in zip(self.ids, np.concatenate(self.shape).tolist(), where, strict=True)]  # fmt: skip


@dataclass
class _Parts:
    """Parts of a building before they are put in order: class, shape, place from the bay's corner, bay; and their rank in the bay."""

    classes: list[str] = field(default_factory=list)
    kind: list[I64] = field(default_factory=list)
    shape: list[I64] = field(default_factory=list)
    place: list[F64] = field(default_factory=list)
    bay: list[I64] = field(default_factory=list)

    def add(self, class_: str, shape: I64, bay: I64, x: npt.ArrayLike, y: npt.ArrayLike, z: npt.ArrayLike) -> None:
        self.kind.append(np.full(len(bay), len(self.classes)))
        self.classes.append(class_)
        self.shape.append(np.broadcast_to(shape, bay.shape))
        self.place.append(np.stack([np.broadcast_to(np.asarray(v, float), bay.shape) for v in (x, y, z)], axis=1))
        self.bay.append(bay)


def _building(made: Site, shared: dict[str, int], rng: np.random.Generator, storeys: int) -> _Parts:
    """All parts of all bays of a building."""
    parts, bay = _Parts(), np.arange(storeys * LONG * DEEP)
    n, front = len(bay), bay[bay % (LONG * DEEP) < LONG]

    def some(low: float, high: float, count: int = n) -> F64:
        return rng.uniform(low, high, count)

    def one(name: str, where: I64, x: npt.ArrayLike, y: npt.ArrayLike, z: npt.ArrayLike) -> None:
        parts.add(REPEATED[name][0], np.array(shared[name]), where, x, y, z)

    def own(class_: str, shapes: Shapes, where: I64, x: npt.ArrayLike, y: npt.ArrayLike, z: npt.ArrayLike) -> None:
        parts.add(class_, made.shapes(shapes, class_), where, x, y, z)

    zero = np.zeros(n)
    own("IfcSlab", boxes(np.tile((0, 0, -0.25), (n, 1, 1)), np.tile((BAY, BAY, 0), (n, 1, 1))), bay, 0, 0, 0)
    one("column", bay, 0, 0, 0)
    under = STOREY - 0.25 - some(0.3, 0.6)
    low = np.stack((zero + 0.15, zero - 0.1, under), axis=1)[:, None]
    own("IfcBeam", boxes(low, np.tile((BAY - 0.15, 0.1, STOREY - 0.25), (n, 1, 1))), bay, 0, 0, 0)
    left, sill = some(0.6, 3.4, len(front)), some(0.7, 1.0, len(front))
    own("IfcWall", walls(BAY, STOREY - 0.25, 0.3, left, sill, 1.8, 1.6), front, 0, -0.15, 0)
    one("window", front, left, -0.05, sill)
    at, door = some(2.0, 4.5), some(0.5, 3.5)
    own("IfcWall", walls(BAY - 0.4, 2.9, 0.12, door, zero, 0.9, 2.1), bay, 0.2, at, 0)
    one("door", bay, 0.2 + door, at + 0.04, 0)
    duct = np.stack((zero + BAY - 0.02, some(0.3, 0.7), zero + 0.35), axis=1)[:, None]
    own("IfcDuctSegment", boxes(np.zeros((n, 1, 3)), duct), bay, 0, some(0.5, 4.5), 2.95)
    own("IfcPipeSegment", cylinders(some(0.02, 0.06), some(3, 5.9), 12, 0), bay, 0, some(0.3, 5.5), 2.8)
    for _ in range(2):
        x, y = some(0.4, 4.0), some(0.4, 4.8)
        one("desk", bay, x, y, 0)
        one("chair", bay, x + 0.5, y - 0.4, 0)
        one("sprinkler", bay, x, y, 2.7)
        one("lamp", bay, x, y + 0.3, 2.85)
    return parts


def site(folder: Path, objects: int, seed: int = 11, *, keep: bool = True) -> Site:
    """So many objects with triangles, in as many buildings as they need. keep: hold what the peers' files are made from."""
    made, rng = Site(MeshSpool(folder), keep), np.random.default_rng(seed)
    shared = {name: int(made.shapes(shapes, class_)[0]) for name, (class_, shapes) in REPEATED.items()}
    side = max(1, round((objects / 2800) ** 0.5))
    building = 0
    while len(made.ids) < objects:
        storeys = int(rng.integers(5, 11))
        parts = _building(made, shared, rng, storeys)
        bay, kind = np.concatenate(parts.bay), np.concatenate(parts.kind)
        order = np.lexsort((kind, bay))[: objects - len(made.ids)]
        bay, kind = bay[order], kind[order]
        cell, level = bay % (LONG * DEEP), bay // (LONG * DEEP)
        corner = np.array([(building % side) * (LONG * BAY + GAP), (building // side) * (DEEP * BAY + GAP), 0.0])
        place = np.concatenate(parts.place)[order] + corner
        place += np.stack((cell % LONG * BAY, cell // LONG * BAY, level * STOREY), axis=1)
        shape = np.concatenate(parts.shape)[order]
        ids = [f"e{number}" for number in range(len(made.ids), len(made.ids) + len(order))]
        matrix = np.tile(np.eye(4), (len(order), 1, 1))
        matrix[:, :3, 3] = place
        made.spool.place_all(ids, shape, matrix)
        made.ids += ids
        made.shape.append(shape)
        made.place.append(place)
        made.tables += _rows(f"b{building}", level, np.array(parts.classes)[kind], ids)
        building += 1
    return made


def _rows(building: str, level: I64, classes: npt.NDArray[np.str_], ids: list[str]) -> list[pa.Table]:
    """The building, its storeys and its parts as rows of the table of objects."""
    storeys = [f"{building}s{number}" for number in range(int(level.max()) + 1)]
    of = pa.DictionaryArray.from_arrays(pa.array(level.astype(np.int32)), storeys).cast(pa.string())
    return [
        _table([building], "IfcBuilding"),
        _table(storeys, "IfcBuildingStorey", building=building, parent=building, elevation=pa.array(STOREY * np.arange(len(storeys)))),
        _table(ids, classes.tolist(), storey=of, building=building, parent=of),
    ]  # fmt: skip


def _table(ids: Sequence[str], class_: str | list[str], **more: object) -> pa.Table:
    classes = pa.array([class_] * len(ids) if isinstance(class_, str) else class_)
    known = {"id": pa.array(ids), "type": pc.replace_substring(classes, "Ifc", ""), "ifc_class": classes, "name": pa.array(ids), "cim_level": 4, "discipline": "architecture", **more}  # fmt: skip
    columns = [
        value.cast(field.type) if isinstance(value, pa.Array) else pa.repeat(pa.scalar(value, field.type), len(ids))
        for field in OBJECTS
        for value in [known.get(field.name)]
    ]
    return pa.Table.from_arrays(columns, schema=OBJECTS)


def tiled(made: Site, out: Path) -> tuple[dict, TilesResult]:
    """The layer through the real tile builder: its `scene.json`, and what the builder tells."""
    result = build(made.spool.close(), pa.concat_tables(made.tables).combine_chunks(), FRAME, LayerKind.BIM, "made", out / "tiles")  # fmt: skip
    known = result.boxes[np.isfinite(result.boxes[:, 0])]
    low, high = known[:, :3].min(axis=0).tolist(), known[:, 3:].max(axis=0).tolist()
    return scene(int(result.ordinal.max()) + 1, [*low, *high]), result


def scene(count: int, box: list[float]) -> dict:
    """The manifest of a park of one layer whose tileset stands in `tiles/`. box: (6,) metres in the park frame."""
    origin = {"longitude": FRAME.longitude, "latitude": FRAME.latitude, "height": FRAME.height}
    layer = {
        "layer": "made", "version": "1", "kind": "bim", "title": "made", "title_en": "made", "group": "building", "visible": True,
        "scheme": None, "base": 0, "count": count, "tileset": "tiles/tileset.json", "box": box, "building": None, "storeys": [],
    }  # fmt: skip
    park = {"id": "made", "name": "made", "name_en": "made", "origin": origin, "globe": FRAME.globe_transform()}
    return {"park": park, "revision": 1, "states": count, "layers": [layer], "schemes": []}
