"""What every tileset must hold, whatever it shows."""

from __future__ import annotations

import numpy as np

from tests.scenes.tiles.decode import Glb, bounds, read_tiles
from twin.geometry.spool import SpoolReader

TOLERANCE = 1e-3


def sources(reader: SpoolReader, table):
    """Object row → (n, 3) vertices in the park frame, straight from the spool, one placement after another."""
    row_of = {name: row for row, name in enumerate(table.column("id").to_pylist())}
    result: dict[int, list[np.ndarray]] = {}
    for i in range(len(reader.placed_shape)):
        shape = reader.shape(int(reader.placed_shape[i]))
        points = shape.vertices.astype(float) @ reader.matrix[i, :, :3].T + reader.matrix[i, :, 3]
        result.setdefault(row_of[reader.objects[reader.placed_object[i]]], []).append(points)
    return {row: np.vstack(parts) for row, parts in result.items()}


def farthest(points, targets):
    """The largest distance from one of the points to its nearest target."""
    worst = 0.0
    for start in range(0, len(points), 512):
        gap = points[start : start + 512, None] - targets[None]
        worst = max(worst, float(np.sqrt((gap**2).sum(axis=2).min(axis=1)).max()))
    return worst


def check_tileset(folder, table, result, *, layer="a1", replaced=False):
    """Tables, ordinals, boxes and errors; returns the drawn primitives of all tiles, in a list by tile."""
    tileset, tiles = read_tiles(folder)
    assert tileset["asset"]["version"] == "1.1"
    assert tileset["root"]["refine"] == ("REPLACE" if replaced else "ADD")
    assert sorted(result.ordinal.tolist()) == list(range(len(table)))
    row_at = np.argsort(result.ordinal)
    rows = table.to_pylist()
    name_of = {row["id"]: row["name"] for row in rows}
    seen: list[int] = []
    pictures = []
    for tile, glb in tiles:
        low, high = bounds(tile["boundingVolume"])
        for child in tile.get("children", []):
            inner_low, inner_high = bounds(child["boundingVolume"])
            assert (inner_low >= low).all()
            assert (inner_high <= high).all()
            assert (
                child["geometricError"] < tile["geometricError"]
                or child["geometricError"] == tile["geometricError"] > 0
            )
        if not tile.get("children"):
            assert tile["geometricError"] == 0
        if glb is None:
            continue
        columns = glb.table()
        assert 0 < len(columns["ordinal"]) <= 65_535
        if not (replaced and tile.get("children")):
            seen += columns["ordinal"].tolist()
        for i, ordinal in enumerate(columns["ordinal"].tolist()):
            row = rows[row_at[ordinal]]
            assert columns["gid"][i] == f"{layer}/{row['id']}"
            assert columns["name"][i] == (row["name"] or "")
            assert columns["class"][i] == (row["ifc_class"] or row["type"] or "")
            assert columns["storey"][i] == (name_of.get(row["storey"]) or "")
        drawn = glb.drawn()
        if drawn and "boundingVolume" in tile.get("content", {}):
            low, high = bounds(tile["content"]["boundingVolume"])
        for one in drawn:
            assert np.isfinite(one.position).all()
            assert (one.position >= low - 1e-9).all()
            assert (one.position <= high + 1e-9).all()
            assert one.faces.max() < len(one.position)
            corners = one.ordinal[one.faces]
            assert (corners == corners[:, :1]).all()
            if one.normal is not None:
                assert np.abs(np.linalg.norm(one.normal, axis=1) - 1).max() < 0.02
        pictures.append((tile, drawn))
    assert tileset["geometricError"] >= tileset["root"]["geometricError"]
    assert len(seen) == len(set(seen))
    meshed = np.flatnonzero(np.isfinite(result.boxes[:, 0]))
    assert sorted(seen) == sorted(result.ordinal[meshed].tolist())
    assert sorted(seen) == list(range(len(seen)))
    if not replaced:
        in_order = [glb.table()["ordinal"].tolist() for glb in depth_first(tileset["root"], folder)]
        assert [ordinal for tile in in_order for ordinal in tile] == list(range(len(seen)))
    return pictures


def depth_first(tile, folder):
    """The GLBs in tile order: parents first, then each child with all below it."""
    content = tile.get("content")
    if content:
        yield Glb((folder / content["uri"]).read_bytes())
    for child in tile.get("children", []):
        yield from depth_first(child, folder)


def check_positions(reader, table, result, pictures):
    """Every drawn vertex is one of its object's in the spool, and every one of those is drawn, within 1 mm."""
    expected = {int(result.ordinal[row]): points for row, points in sources(reader, table).items()}
    found: dict[int, list[np.ndarray]] = {}
    for _, drawn in pictures:
        for one in drawn:
            for ordinal in np.unique(one.ordinal):
                own = one.position[one.ordinal == ordinal]
                assert farthest(own, expected[int(ordinal)]) < TOLERANCE
                if one.material != "edges":
                    found.setdefault(int(ordinal), []).append(own)
    assert found.keys() == expected.keys()
    for ordinal, parts in found.items():
        assert farthest(expected[ordinal], np.vstack(parts)) < TOLERANCE
    for row, points in sources(reader, table).items():
        assert np.allclose(result.boxes[row], [*points.min(axis=0), *points.max(axis=0)], atol=1e-9)
