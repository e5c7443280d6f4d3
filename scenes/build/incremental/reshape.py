"""A version in which some products are drawn otherwise: their tiles, rows and findings; all else is the earlier one's."""

from __future__ import annotations

import filecmp
import json
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bim.changes import Whole
from bim.changes.reshaped import drawn_alone, reshaped
from bim.changes.shape_reach import Shaped
from bim.changes.texts import Texts
from bim.order import shape_findings
from bim.order.by_box import CODES, box_findings
from bim.order.shapes import FAULTS, SPACE_OVERLAP
from scenes.build.digest import digest, tile_files
from scenes.build.incremental.afar import Afar
from scenes.build.incremental.kept import F64, I64, Kept
from scenes.build.incremental.redraw import redrawn, same_shapes, spool_of
from scenes.build.incremental.rows import Rows, boxes_of, part_of
from scenes.build.measure import measure
from scenes.build.packing import pack
from scenes.build.tables import union_boxes
from scenes.tiles import build as build_tiles
from scenes.tiles.glb.names_apart import names_file
from scenes.tiles.result import DrawnTile, Far
from scenes.tiles.tint import Tints, tinted, tints
from twin.geometry.frame import Frame
from twin.geometry.measure import shape_measures
from twin.geometry.spool import SpoolReader
from twin.graph.layerfile import TILES, LayerVersion
from twin.graph.tablefile import read_table
from twin.layer import OBJECTS, QUANTITIES, LayerKind


@dataclass(frozen=True)
class Reshaped:
    """What the manifest says of the new version otherwise than of the earlier one. objects: how many were drawn again."""

    objects: int
    box: tuple[float, ...] | None
    findings: list[dict[str, Any]]
    stats: dict[str, Any]


def reshape(
    earlier: LayerVersion, folder: Path, staging: Path, scratch: Path, texts: Texts, shaped: Shaped
) -> Reshaped:
    """Draw the products anew that may look otherwise.

    folder: of the earlier version; staging: holds its tables and tiles already, with what else changed. Raises Whole.
    """
    kept = Kept.read(folder)
    table = read_table(staging, "object")
    objects = local_objects(table, kept.ordinal, earlier.layer)
    ids = objects.column("id").to_pylist()
    before, after = reshaped(texts, shaped, kept.materials, kept.frame, scratch)
    row = {name: number for number, name in enumerate(ids)}
    if not row.keys() >= set(before.ids):
        raise Whole("an object that the version does not hold")
    mine = np.array(sorted(row[name] for name in before.ids), np.int64)
    engines = objects.column("engine").take(pa.array(mine)).to_pylist()
    if engines != [before.engines.get(ids[number]) for number in mine.tolist()]:
        raise Whole("objects that another engine has made")
    made, around = redrawn(
        kept, ids, before, after, lambda names: drawn_alone(texts, names, kept.materials, kept.frame, scratch)
    )
    _same_place(earlier, objects, texts.schema, kept, made, mine)
    meshes = spool_of(made, ids, scratch / "spool")
    reuse = _Reuse(kept, made, boxes_of(table)[kept.ordinal], mine, around, staging / TILES, scratch / TILES)
    frame = Frame(**earlier.frame)
    tiles = build_tiles(meshes, objects, frame, LayerKind.BIM, earlier.layer, staging / TILES, reuse=reuse)
    if not np.array_equal(tiles.ordinal, kept.ordinal) or len(tiles.drawn) != len(kept.tiles):
        raise Whole("objects that go into other tiles")
    boxes = union_boxes(objects, tiles.boxes)
    part = part_of(meshes, before.ids)
    measured = QUANTITIES.empty_table() if part is None else measure(part, objects.take(mine), tiles.boxes[mine])[0]
    quantities = Rows(staging, earlier.layer, table, objects, tiles.ordinal, mine).write(
        boxes, measured, after.placements, meshes, part, kept.frame
    )
    replace(made, tiles=tiles.drawn, afar=Afar.of(tiles.coarse, tiles.far)).write(staging)
    solids = frozenset(ids[number] for number in made.solids.tolist())
    finite = boxes[np.isfinite(boxes).all(axis=1)]
    reuse.pack()
    raw, packed = pack(staging / TILES)
    return Reshaped(
        objects=len(mine),
        box=None if not len(finite) else (*finite[:, :3].min(axis=0).tolist(), *finite[:, 3:].max(axis=0).tolist()),
        findings=_findings(earlier, objects, meshes, tiles.boxes, solids, mine),
        stats={
            **tiles.statistics,
            "quantities": quantities,
            "bytes": raw,
            "bytes_gzip": packed,
            "digest": digest(staging / TILES),
        },
    )


def _findings(
    earlier: LayerVersion, objects: pa.Table, meshes: SpoolReader, boxes: F64, solids: frozenset[str], mine: I64
) -> list[dict[str, Any]]:
    """Those of the version. That spaces overlap is told of spaces alone: with the same ones it is the same."""
    spaces = "Space" in objects.column("type").take(pa.array(mine)).to_pylist()
    again = {fault.code for fault in FAULTS if spaces or fault is not SPACE_OVERLAP}
    told = shape_findings(objects, meshes, shape_measures(meshes), boxes, solids, overlaps=spaces)
    before = [finding for finding in earlier.findings if finding["code"] not in again]
    last = [finding for finding in before if finding["code"] == SPACE_OVERLAP.code]
    return [*(one for one in before if one not in last), *(finding.as_dict() for finding in told), *last]


def local_objects(table: pa.Table, ordinal: I64, layer: str) -> pa.Table:
    """A version's table of objects as its reader gave it: in the order of the file, with local ids."""
    table = table.take(pa.array(ordinal))
    for name in ("parent", "storey", "building"):
        local = pc.utf8_slice_codeunits(table.column(name), len(layer) + 1)
        table = table.set_column(table.schema.get_field_index(name), name, local)
    return table.select(OBJECTS.names).cast(OBJECTS)


def _same_place(earlier: LayerVersion, objects: pa.Table, schema: str, kept: Kept, made: Kept, mine: I64) -> None:
    """Nothing that is told from heights and distances is another: storeys of elements that name none, and findings."""
    parent = pc.index_in(objects.column("parent"), value_set=objects.column("id").combine_chunks())
    above = parent.fill_null(-1).to_numpy().astype(np.int64)
    storey = np.asarray(pc.equal(objects.column("ifc_class"), "IfcBuildingStorey").to_numpy(zero_copy_only=False))
    node, home = mine.copy(), np.zeros(len(mine), np.bool_)
    for _ in range(64):
        node = np.where(node >= 0, above[node], -1)
        home |= (node >= 0) & storey[node]
    if not home.all():
        raise Whole("objects whose storey may be told by their height")
    told = box_findings(objects, schema, _boxes(made))
    held = [finding for finding in earlier.findings if finding["code"] in CODES]
    if json.loads(json.dumps([finding.as_dict() for finding in told])) == held:
        return
    if told != box_findings(objects, schema, _boxes(kept)):
        raise Whole("findings about places and sizes")


def _boxes(kept: Kept) -> F64:
    """(n, 6) by row in the model's axes with heights of the park frame, NaN without mesh."""
    count = len(kept.ordinal)
    low, high = np.full((count, 3), np.inf), np.full((count, 3), -np.inf)
    rows = kept.object[kept.placed_object]
    np.minimum.at(low, rows, kept.boxes[:, :3])
    np.maximum.at(high, rows, kept.boxes[:, 3:])
    boxes = np.hstack((low, high))
    boxes[:, [2, 5]] += float(kept.frame[2, 3])
    boxes[~np.isfinite(boxes).all(axis=1)] = np.nan
    return boxes


class _Reuse:
    """Puts the files of tiles that hold none of the objects `mine` and `around` (rows) back where they stood.

    kept, made: of the earlier version and of the new one; mine: those that look otherwise; around: those that their tile only
    holds in another order; boxes (n, 6): of the version's objects by row; those of containers are not asked for.
    """

    def __init__(self, kept: Kept, made: Kept, boxes: F64, mine: I64, around: I64, tiles: Path, aside: Path) -> None:
        tiles.rename(aside)
        self._tiles, self._aside, self._known = tiles, aside, kept.tiles
        self._tints: Tints | None = tints(kept.materials, made.materials) if same_shapes(kept, made) else None
        if self._tints is not None:  # what is drawn is what it was, but for colours
            mine, around = mine[:0], around[:0]
        self._mine = np.zeros(len(kept.ordinal), np.bool_)
        self._mine[mine] = True
        self._again = self._mine.copy()
        self._again[around] = True
        self._looks = made.materials == kept.materials
        by_ordinal = np.argsort(kept.ordinal)
        ends = np.cumsum([tile.statistics.features for tile in kept.tiles])
        self._rows = np.split(by_ordinal, ends)
        boxes[mine] = np.nan
        self.boxes = boxes
        self.coarse, self.far = made.afar.coarse(), made.afar.views()

    def tile(self, number: int, rows: I64) -> DrawnTile | None:
        """The tile of this number and of these objects; None where it must be drawn. Raises Whole where it has others."""
        if number >= len(self._known) or not np.array_equal(rows, self._rows[number]):
            raise Whole("objects that go into other tiles")
        return None if self._again[rows].any() else self._put(self._known[number])

    def alike(self, rows: I64) -> bool:
        """Whether none of these objects looks otherwise."""
        return not self._mine[rows].any()

    def stand_in(self, far: Far) -> DrawnTile | None:
        """The file of a far view, where looks are what they were, or colours alone are others."""
        return self._put(far.tile) if (self._looks or self._tints is not None) and far.tile is not None else None

    def _put(self, known: DrawnTile) -> DrawnTile:
        """Put a file back, with what stands beside it."""
        name, size = known.statistics.uri, 0
        for plain in (name, names_file(name)):
            source, target = self._aside / plain, self._tiles / plain
            if not source.exists():
                continue
            if self._tints and plain == name:
                target.write_bytes(tinted(source.read_bytes(), self._tints))  # `pack` sees where it is what it was
            else:
                for file in (plain, f"{plain}.gz"):
                    os.link(self._aside / file, self._tiles / file)
            size += target.stat().st_size  # that of the one before, but where an object has another name
        return replace(known, statistics=replace(known.statistics, bytes=size))

    def pack(self) -> None:
        """Take what was packed already of files that were written anew and are what they were."""
        for path in tile_files(self._tiles):
            packed, before = (folder / f"{path.name}.gz" for folder in (self._tiles, self._aside))
            plain = self._aside / path.name
            if not packed.exists() and before.exists() and filecmp.cmp(path, plain, shallow=False):
                os.link(before, packed)
