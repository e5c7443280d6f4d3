"""What a version keeps of its build so that the next one needs to mesh and draw only what changed: `meshes.arrow`.

Arrays of the spool, compressed, with what the reader and the tile builder knew beside them. Whoever shows or compares a
version does without this file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bim.changes import Whole
from scenes.build.incremental.afar import Afar, drawn_of, told_of
from scenes.tiles.result import DrawnTile, TilesResult
from twin.geometry.spool import Material, Shape, SpoolReader
from twin.layer import LayerDraft

MESHES = "meshes.arrow"
F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
_FORM = 4
"""Of the file; another one is not read."""
_AFAR = "afar."
CONTENT_BYTES = 16
"""Bytes that are kept of a shape's hash."""
_SCHEMA = pa.schema([("name", pa.string()), ("kind", pa.string()), ("shape", pa.string()), ("data", pa.large_binary())])


@dataclass(frozen=True)
class Kept:
    """One version's meshes.

    ordinal (n,): by row of the reader's table of objects; object (k,): rows with meshes, in the order of the spool;
    materials; counts (s, 2), vertices, faces, material: shapes, as in the spool; content (s,): their hashes, but for looks; placed_object,
    placed_shape (p,), matrix (p, 3, 4): placements; boxes (p, 6): of these in the source's frame; frame (4, 4): from that to
    the park's; solids: rows; tiles; afar: these from afar.
    """

    ordinal: I64
    object: I64
    materials: tuple[Material, ...]
    counts: I64
    vertices: npt.NDArray[np.float32]
    faces: npt.NDArray[np.uint32]
    material: npt.NDArray[np.uint16]
    content: tuple[bytes, ...]
    placed_object: npt.NDArray[np.uint32]
    placed_shape: npt.NDArray[np.uint32]
    matrix: F64
    boxes: F64
    frame: F64
    solids: I64
    tiles: tuple[DrawnTile, ...]
    afar: Afar

    @cached_property
    def starts(self) -> I64:
        """(s + 1, 2) where the vertices and faces of shapes begin."""
        return np.vstack((np.zeros((1, 2), np.int64), np.cumsum(self.counts, axis=0)))

    def shape(self, number: int) -> Shape:
        """One shape (views)."""
        (v0, f0), (v1, f1) = self.starts[number], self.starts[number + 1]
        return Shape(self.vertices[v0:v1], self.faces[f0:f1], self.material[f0:f1])

    @classmethod
    def of(cls, draft: LayerDraft, spool: SpoolReader, tiles: TilesResult) -> Kept | None:
        """Of a version that is built; None where another one could not be made from it."""
        meshed, frame = draft.meshed, draft.source_matrix
        if meshed is None or frame is None or any(one.texture is not None for one in spool.materials):
            return None
        row = {name: number for number, name in enumerate(draft.objects.column("id").to_pylist())}
        every = spool.everything()
        return cls(
            ordinal=tiles.ordinal.astype(np.int64),
            object=np.array([row[name] for name in spool.objects], np.int64),
            materials=tuple(spool.materials),
            counts=spool.counts.astype(np.int64),
            vertices=every.vertices,
            faces=every.faces,
            material=every.material,
            content=tuple(one[:CONTENT_BYTES] for one in meshed.content),
            placed_object=spool.placed_object,
            placed_shape=spool.placed_shape,
            matrix=spool.matrix,
            boxes=meshed.boxes,
            frame=np.array(frame, np.float64).reshape(4, 4),
            solids=np.array(sorted(row[name] for name in draft.solids), np.int64),
            tiles=tiles.drawn,
            afar=Afar.of(tiles.coarse, tiles.far),
        )

    def write(self, folder: Path) -> None:
        """Write it into a version's folder."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        arrays = {name: value for name, value in values.items() if isinstance(value, np.ndarray)}
        arrays["content"] = np.frombuffer(b"".join(self.content), np.uint8)
        arrays |= {_AFAR + name: value for name, value in self.afar.arrays().items()}
        told = {
            "form": _FORM,
            "materials": [(one.rgba, one.name) for one in self.materials],
            "tiles": [told_of(tile) for tile in self.tiles],
            "far": self.afar.far,
        }
        narrow = [_narrow(value) for value in arrays.values()]
        columns = [
            list(arrays),
            [value.dtype.str for value in narrow],
            [json.dumps(value.shape) for value in narrow],
            [value.tobytes() for value in narrow],
        ]
        batch = pa.record_batch(
            [pa.array(column, field.type) for column, field in zip(columns, _SCHEMA, strict=True)], _SCHEMA
        )
        schema = _SCHEMA.with_metadata({"parktwin": json.dumps(told)})
        options = pa.ipc.IpcWriteOptions(compression="zstd", use_threads=False)
        with pa.OSFile(str(folder / MESHES), "wb") as sink, pa.ipc.new_file(sink, schema, options=options) as writer:
            writer.write_batch(batch.replace_schema_metadata(schema.metadata))

    @classmethod
    def read(cls, folder: Path) -> Kept:
        """Of the version in a folder. Raises Whole where it keeps none, or another parktwin's."""
        path = folder / MESHES
        if not path.exists():
            raise Whole("the earlier version keeps no meshes")
        with pa.memory_map(str(path)) as source:
            table = pa.ipc.open_file(source).read_all()
        told = json.loads((table.schema.metadata or {}).get(b"parktwin", b"{}"))
        if told.get("form") != _FORM:
            raise Whole("the earlier version keeps its meshes in another form")
        found: dict[str, Any] = {
            name: np.frombuffer(data.as_buffer(), kind).reshape(json.loads(shape))
            for name, kind, shape, data in zip(
                *(table.column(name).to_pylist() for name in ("name", "kind", "shape")),
                table.column("data"),
                strict=True,
            )
        }
        afar = {name.removeprefix(_AFAR): found.pop(name) for name in list(found) if name.startswith(_AFAR)}
        for name in ("ordinal", "object", "counts", "solids"):
            found[name] = found[name].astype(np.int64)
        found |= {"faces": found["faces"].astype(np.uint32), "material": found["material"].astype(np.uint16)}
        found |= {"content": _cut(found["content"])}
        materials = tuple(Material(tuple(rgba), name) for rgba, name in told["materials"])
        tiles = tuple(map(drawn_of, told["tiles"]))
        return cls(**found, materials=materials, tiles=tiles, afar=Afar(**afar, far=told["far"]))


def keep(folder: Path, draft: LayerDraft, spool: SpoolReader, tiles: TilesResult) -> None:
    """Write what a version keeps, where another one could be made from it."""
    kept = Kept.of(draft, spool, tiles)
    if kept is not None:
        kept.write(folder)


def _cut(data: npt.NDArray[np.uint8]) -> tuple[bytes, ...]:
    text = data.tobytes()
    return tuple(text[at : at + CONTENT_BYTES] for at in range(0, len(text), CONTENT_BYTES))


def _narrow(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Whole numbers in as few bytes as hold them."""
    if values.dtype.kind not in "iu" or not values.size:
        return values
    ends = (np.min_scalar_type(int(end)) for end in (values.min(), values.max()))
    return values.astype(np.result_type(*ends))
