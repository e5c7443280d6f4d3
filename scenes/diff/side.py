"""One side of a comparison: a built layer version with its fingerprints as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from scenes.diff.moments import F64, I64, packed, turned, unpacked
from twin.errors import Conflict
from twin.geometry.frame import Frame
from twin.graph.layerfile import LayerVersion, read_version
from twin.graph.schema import FINGERPRINT
from twin.graph.tablefile import attach

Texts = npt.NDArray[np.object_]
_QUERY = f"""
    SELECT o.gid, o.id, o.type, o.ifc_class, o.predefined_type, o.name, o.description, o.tag, o.parent, o.engine,
        o.min_x, o.min_y, o.min_z, o.max_x, o.max_y, o.max_z,
        f.area, f.volume, f.centre, f.second, f.third, f.placement, f.properties
    FROM object o JOIN {FINGERPRINT} f USING (gid) ORDER BY o.ordinal
"""


@dataclass
class Side:
    """The objects of one version, by row. Geometry in the source's own frame, metres; NaN where there is none.

    gid, id, kind (IFC class, else type), type, predefined, name, description, tag, engine: texts or None; parent: row, -1 at a root;
    area, volume (n,), centre (n, 3), second (n, 6), third (n, 10): as in the table `fingerprint`;
    placement (n, 3, 4); properties (n,): hash, 0 without any; box (n, 6) in the park frame.
    """

    folder: Path
    version: LayerVersion
    gid: Texts
    id: Texts
    kind: Texts
    type: Texts
    predefined: Texts
    name: Texts
    description: Texts
    tag: Texts
    engine: Texts
    parent: I64
    area: F64
    volume: F64
    centre: F64
    second: F64
    third: F64
    placement: F64
    properties: I64
    box: F64

    @property
    def meshed(self) -> npt.NDArray[np.bool_]:
        """(n,) which objects have geometry."""
        return np.isfinite(self.area)

    @property
    def place(self) -> F64:
        """(n, 3) where an object is: the centre of its surface, else the origin of its placement, else NaN."""
        return np.where(self.meshed[:, None], self.centre, self.placement[:, :, 3])

    @property
    def radius(self) -> F64:
        """(n,) root mean square distance of the surface from its centre, metres; 0 without geometry."""
        return np.nan_to_num(np.sqrt(np.maximum(self.second[:, 0] + self.second[:, 3] + self.second[:, 5], 0.0)))

    def __len__(self) -> int:
        return len(self.gid)

    def into(self, matrix: F64) -> None:
        """See all geometry in another frame. matrix (4, 4): rigid, this frame → the other."""
        rotation = np.broadcast_to(matrix[:3, :3], (len(self), 3, 3))
        self.second, self.third = packed(*turned(*unpacked(self.second, self.third), rotation))
        self.centre = self.centre @ matrix[:3, :3].T + matrix[:3, 3]
        self.placement = matrix[:3, :3] @ self.placement
        self.placement[:, :, 3] += matrix[:3, 3]


def load(folder: Path) -> Side:
    """Read a version. Raises NotFound where it is none, Conflict where an earlier parktwin built it."""
    version = read_version(folder)
    with duckdb.connect() as con:
        attach(con, folder, "version")
        con.execute("USE version")
        try:
            table = con.execute(_QUERY).to_arrow_table()
        except duckdb.CatalogException as error:
            raise Conflict(
                f"Version {version.version} of layer {version.layer!r} has no fingerprints, as an earlier parktwin built it:"
                f" ingest {version.source} again to compare it",
                code="no-fingerprints",
            ) from error
    count = len(table)
    row_of = {value: row for row, value in enumerate(table.column("gid").to_pylist())}
    parent = np.array([row_of.get(value, -1) for value in table.column("parent").to_pylist()], np.int64)
    kind = _texts(table, "ifc_class")
    kind[kind == np.array(None)] = _texts(table, "type")[kind == np.array(None)]
    boxes = np.stack([_numbers(table, name) for name in ("min_x", "min_y", "min_z", "max_x", "max_y", "max_z")], axis=1)
    return Side(
        folder=folder,
        version=version,
        gid=_texts(table, "gid"),
        id=_texts(table, "id"),
        kind=kind,
        type=_texts(table, "type"),
        predefined=_texts(table, "predefined_type"),
        name=_texts(table, "name"),
        description=_texts(table, "description"),
        tag=_texts(table, "tag"),
        engine=_texts(table, "engine"),
        parent=parent,
        area=_numbers(table, "area"),
        volume=_numbers(table, "volume"),
        centre=_rows(table, "centre", 3),
        second=_rows(table, "second", 6),
        third=_rows(table, "third", 10),
        placement=_rows(table, "placement", 12).reshape(count, 3, 4),
        properties=np.array(table.column("properties").fill_null(0).to_numpy(), np.int64),
        box=boxes,
    )


def into_one_frame(old: Side, new: Side) -> None:
    """See features of both sides in the old one's frame; models stay in their own, whatever the park's origin."""
    if new.version.kind == "bim" or old.version.frame == new.version.frame:
        return
    there, here = (np.array(Frame(**side.version.frame).globe_transform()).reshape(4, 4).T for side in (new, old))
    new.into(np.linalg.inv(here) @ there)


def _texts(table: pa.Table, name: str) -> Texts:
    return np.array(table.column(name).to_pylist(), object)


def _numbers(table: pa.Table, name: str) -> F64:
    return np.array(table.column(name).to_numpy(), np.float64)


def _rows(table: pa.Table, name: str, width: int) -> F64:
    """A column of arrays as (n, width); NaN for null."""
    column: Any = table.column(name).combine_chunks()
    out = np.full((len(table), width), np.nan)
    out[column.is_valid().to_numpy(zero_copy_only=False)] = column.flatten().to_numpy().reshape(-1, width)
    return out
