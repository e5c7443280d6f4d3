"""Make a small park of a few hundred objects for the viewer's browser checks, through the real tile builder.

Run from the checkout's root: `python web/test-scenes/make.py OUT`. Writes OUT/tiles/scene.json and one
tileset per layer; serve OUT beside the built web application. Seeded: the same bytes every time.
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
from PIL import Image

from scenes.tiles.build import build
from twin.geometry.frame import Frame
from twin.geometry.spool import MeshSpool, Texture
from twin.layer import OBJECTS, LayerKind

FRAME = Frame(114.4, 30.5, 22.0)
STOREY = 4.0
WALL, SLAB, GLASS, ROOM, DOOR, ROOF = (
    (0.87, 0.85, 0.81, 1.0),
    (0.72, 0.72, 0.72, 1.0),
    (0.55, 0.72, 0.85, 0.35),
    (0.6, 0.75, 0.95, 0.25),
    (0.55, 0.38, 0.25, 1.0),
    (0.42, 0.45, 0.5, 1.0),
)
FACES = np.array(
    [[0, 2, 1], [0, 3, 2], [4, 5, 6], [4, 6, 7], [0, 1, 5], [0, 5, 4], [1, 2, 6], [1, 6, 5], [2, 3, 7], [2, 7, 6], [3, 0, 4], [3, 4, 7]]
)


def box(low: tuple[float, float, float], high: tuple[float, float, float]) -> np.ndarray:
    (a, b, c), (d, e, f) = low, high
    return np.array([[a, b, c], [d, b, c], [d, e, c], [a, e, c], [a, b, f], [d, b, f], [d, e, f], [a, e, f]])


class Draft:
    """Objects and meshes of one layer."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.spool = MeshSpool(folder / "spool" / name)
        self.rows: list[dict[str, object]] = []

    def add(self, id_: str, class_: str, name: str, storey: str | None = None, **more: object) -> None:
        row = dict.fromkeys(OBJECTS.names)
        row.update(id=id_, type=class_.removeprefix("Ifc"), ifc_class=class_, name=name, storey=storey, cim_level=4, discipline="architecture")
        row.update(more)
        self.rows.append(row)

    def box(self, id_: str, class_: str, name: str, low: tuple, high: tuple, rgba: tuple, storey: str | None = None) -> None:
        self.add(id_, class_, name, storey, building="b")
        self.spool.place(id_, self.spool.shape(box(low, high), FACES, self.spool.material(rgba)))


def tower(draft: Draft, x: float, y: float, width: float, depth: float, storeys: int) -> list[dict[str, object]]:
    """A building of storeys with rooms, walls, windows and doors."""
    names = []
    draft.add("b", "IfcBuilding", "研发楼")
    for level in range(storeys):
        s, z = f"s{level}", level * STOREY
        draft.add(s, "IfcBuildingStorey", f"{level + 1}F", None, building="b", elevation=z)
        names.append({"gid": f"{draft.name}/{s}", "name": f"{level + 1}F", "elevation": z, "top": z + STOREY})
        draft.box(f"slab{level}", "IfcSlab", f"楼板 {level + 1}F", (x, y, z - 0.2), (x + width, y + depth, z), SLAB, s)
        bays = int(width // 6)
        for bay in range(bays):
            x0, x1 = x + bay * width / bays, x + (bay + 1) * width / bays
            for side, y0 in (("s", y), ("n", y + depth - 0.3)):
                i = f"{level}{side}{bay}"
                draft.box(f"sill{i}", "IfcWall", f"外墙 {i}", (x0, y0, z), (x1, y0 + 0.3, z + 0.9), WALL, s)
                draft.box(f"head{i}", "IfcWall", f"外墙 {i}", (x0, y0, z + 2.9), (x1, y0 + 0.3, z + STOREY - 0.2), WALL, s)
                draft.box(f"pier{i}", "IfcWall", f"外墙 {i}", (x0, y0, z + 0.9), (x0 + 0.8, y0 + 0.3, z + 2.9), WALL, s)
                draft.box(f"win{i}", "IfcWindow", f"窗 {i}", (x0 + 0.8, y0 + 0.12, z + 0.9), (x1, y0 + 0.18, z + 2.9), GLASS, s)
            draft.box(f"room{level}{bay}", "IfcSpace", f"房间 {level + 1}0{bay + 1}", (x0 + 0.2, y + 0.4, z + 0.02), (x1 - 0.2, y + depth / 2 - 0.2, z + 3.2), ROOM, s)
            draft.box(f"part{level}{bay}", "IfcWall", f"隔墙 {level}{bay}", (x0, y + 0.3, z), (x0 + 0.15, y + depth / 2, z + 3.4), WALL, s)
            draft.box(f"door{level}{bay}", "IfcDoor", f"门 {level}{bay}", (x0 + 2, y + depth / 2, z), (x0 + 3, y + depth / 2 + 0.08, z + 2.1), DOOR, s)
            draft.box(f"cor{level}{bay}", "IfcWall", f"走廊墙 {level}{bay}", (x0 + 3, y + depth / 2, z), (x1, y + depth / 2 + 0.12, z + 3.4), WALL, s)
        for side, x0 in (("w", x), ("e", x + width - 0.3)):
            draft.box(f"gable{level}{side}", "IfcWall", f"山墙 {level}{side}", (x0, y + 0.3, z), (x0 + 0.3, y + depth - 0.3, z + STOREY - 0.2), WALL, s)
    draft.box("roof", "IfcRoof", "屋面", (x - 0.4, y - 0.4, storeys * STOREY - 0.2), (x + width + 0.4, y + depth + 0.4, storeys * STOREY + 0.3), ROOF, f"s{storeys - 1}")
    poster(draft, x + 2, y - 0.35, f"s{storeys - 1}")
    return names


def poster(draft: Draft, x: float, y: float, storey: str) -> None:
    """A board on the south face, 6 by 6 m: red, green above, blue, yellow below, as an image of 64 by 64 pixels."""
    colours = np.array([[[220, 30, 30], [30, 200, 60]], [[40, 70, 220], [230, 210, 40]]], np.uint8)
    out = io.BytesIO()
    Image.fromarray(np.kron(colours, np.ones((32, 32, 1), np.uint8))).save(out, "PNG")
    picture = draft.spool.image(out.getvalue())
    material = draft.spool.material(picture.mean, "海报", Texture(picture.name))
    corners = [(x, y, 13.0), (x + 6, y, 13.0), (x + 6, y, 19.0), (x, y, 19.0)]
    draft.add("poster", "IfcFurniture", "海报", storey, building="b")
    draft.spool.place("poster", draft.spool.shape(corners, [[0, 1, 2], [0, 2, 3]], material, [(0, 1), (1, 1), (1, 0), (0, 0)]))


def hills(draft: Draft, size: float, step: float) -> None:
    """A terrain that is flat under the park and rises around it."""
    n = int(size / step) + 1
    axis = np.linspace(-size / 2, size / 2, n)
    gx, gy = np.meshgrid(axis, axis)
    away = np.clip((np.hypot(gx, gy) - 130) / 200, 0, 1)
    z = away**2 * (14 + 8 * np.sin(gx / 60) * np.cos(gy / 75)) - 0.3
    points = np.column_stack((gx.ravel(), gy.ravel(), z.ravel()))
    i = (np.arange(n - 1)[:, None] * n + np.arange(n - 1)).ravel()
    faces = np.concatenate((np.column_stack((i, i + 1, i + n + 1)), np.column_stack((i, i + n + 1, i + n))))
    draft.add("ground", "Terrain", "地形", ifc_class=None, discipline="site")
    draft.spool.place("ground", draft.spool.shape(points, faces, draft.spool.material((0.66, 0.7, 0.6, 1.0))))


def roads(draft: Draft) -> None:
    """Two roads and sixty instanced trees."""
    for i, (low, high) in enumerate((((-140, -18, -0.28), (140, -10, -0.15)), ((-60, -120, -0.28), (-52, 120, -0.12)))):
        draft.box(f"road{i}", "Road", f"道路 {i + 1}", low, high, (0.5, 0.52, 0.55, 1.0))
    t = np.linspace(0, 2 * np.pi, 13)[:-1]
    crown = np.concatenate(
        [np.column_stack((2.2 * np.sin(p) * np.cos(t), 2.2 * np.sin(p) * np.sin(t), np.full(12, 4.2 - 2.2 * np.cos(p)))) for p in np.linspace(0.15, np.pi - 0.15, 7)]
    )
    k = np.arange(12)
    faces = np.concatenate(
        [f for r in range(6) for f in (np.column_stack((r * 12 + k, r * 12 + (k + 1) % 12, r * 12 + 12 + k)), np.column_stack((r * 12 + (k + 1) % 12, r * 12 + 12 + (k + 1) % 12, r * 12 + 12 + k)))]
    )
    tree = draft.spool.shape(crown, faces, draft.spool.material((0.42, 0.56, 0.36, 1.0)))
    rng = np.random.default_rng(42)
    for i in range(60):
        matrix = np.eye(4)
        matrix[:3, :3] *= rng.uniform(0.7, 1.2)
        matrix[:2, 3] = (-130 + i * 4.4, -24 + rng.uniform(-1, 1))
        draft.add(f"tree{i}", "Tree", f"树 {i}", ifc_class=None, discipline="site")
        draft.spool.place(f"tree{i}", tree, matrix)


def main(out: Path) -> None:
    layers, base = [], 0
    storeys: dict[str, list[dict[str, object]]] = {}
    spec = [
        ("terrain", LayerKind.TERRAIN, "terrain"),
        ("site", LayerKind.VECTOR, "base"),
        ("a1", LayerKind.BIM, "building"),
        ("city", LayerKind.VECTOR, "neighbour"),
        ("pipes", LayerKind.VECTOR, "underground"),
        ("scheme-a", LayerKind.VECTOR, "scheme"),
        ("scheme-b", LayerKind.VECTOR, "scheme"),
    ]
    for name, kind, group in spec:
        draft = Draft(name, out)
        if name == "terrain":
            hills(draft, 700, 10)
        elif name == "site":
            roads(draft)
        elif name == "a1":
            storeys[name] = tower(draft, -36, 0, 48, 16, 5)
        elif name == "city":
            rng = np.random.default_rng(7)
            for i in range(40):
                x, y = rng.uniform(-240, 240, 2)
                if abs(x) < 120 and abs(y) < 120:
                    continue
                w, d, h = rng.uniform(12, 28), rng.uniform(12, 28), rng.uniform(8, 40)
                draft.box(f"h{i}", "Building", f"周边建筑 {i}", (x, y, -0.5), (x + w, y + d, h), (0.7, 0.66, 0.6, 1.0))
        elif name == "pipes":
            for i in range(12):
                draft.box(f"p{i}", "Pipe", f"给水管 {i}", (-130 + i * 20, -16, -2.4), (-110 + i * 20, -15.4, -1.8), (0.25, 0.5, 0.85, 1.0))
        else:
            height = 30 if name == "scheme-a" else 18
            for i in range(3):
                draft.box(f"t{i}", "Building", f"{name} {i}", (30 + i * 22, 30, -0.3), (44 + i * 22, 52, height + i * 6), (0.93, 0.9, 0.84, 1.0))
        table = pa.Table.from_pylist(draft.rows, schema=OBJECTS)
        folder = out / "tiles" / name / "1"
        result = build(draft.spool.close(), table, FRAME, kind, name, folder)
        count = int(result.ordinal.max()) + 1
        boxes = result.boxes[np.isfinite(result.boxes[:, 0])]
        layers.append(
            {
                "layer": name, "version": "1", "kind": kind.value, "title": name, "title_en": name, "group": group,
                "visible": not name.startswith("scheme"), "scheme": name if group == "scheme" else None,
                "base": base, "count": count, "tileset": f"/tiles/{name}/1/tileset.json",
                "box": [*boxes[:, :3].min(axis=0).tolist(), *boxes[:, 3:].max(axis=0).tolist()],
                "building": f"{name}/b" if name == "a1" else None, "storeys": storeys.get(name, []),
            }
        )
        gids = {f"{name}/{row['id']}": base + int(o) for row, o in zip(draft.rows, result.ordinal, strict=True) if o >= 0}
        (out / f"{name}.gids.json").write_text(json.dumps(gids))
        base += count
    scene = {
        "park": {"id": "test", "name": "测试园区", "name_en": "Test park", "origin": {"longitude": 114.4, "latitude": 30.5, "height": 22.0}, "globe": FRAME.globe_transform()},
        "revision": 1, "states": base, "layers": layers,
        "schemes": [{"id": n, "name": n, "name_en": n, "colour": c, "layers": [n], "hides": []} for n, c in (("scheme-a", "#1766D6"), ("scheme-b", "#FF8A34"))],
    }
    (out / "tiles" / "scene.json").write_text(json.dumps(scene, ensure_ascii=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
