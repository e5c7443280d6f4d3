"""Reads every spatial layer of a vector file: geometries, attributes and ids as they stand in the source."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError

from gis.source.address import address
from gis.source.sniff import explain

Objects = npt.NDArray[np.object_]
_SINGLE = {".geojson", ".json", ".geojsonl", ".geojsons", ".shp", ".fgb"}
_CURVES = np.array([8, 9, 10, 11, 12, 13, 14])


@dataclass(frozen=True)
class SourceLayer:
    """One layer: geometry (n,) shapely objects in `crs`, None where null; table: attributes, one row each.

    fids: ids that the format keeps for a feature, None where it only counts rows.
    scoped: numeric ids count within this layer only, because the format holds several layers.
    damaged: (n,) geometries that could only be read after mending, or not at all.
    """

    name: str
    geometry: Objects
    table: pa.Table
    fids: npt.NDArray[np.int64] | None
    crs: str
    scoped: bool
    damaged: npt.NDArray[np.bool_]


def read_layers(path: Path) -> Iterator[SourceLayer]:
    """All layers with geometry, in the file's order. Raises Invalid where the file cannot be read."""
    with address(path) as given:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # M values dropped, unknown field types: told by findings where it matters
            try:
                names = [str(name) for name, kind in pyogrio.list_layers(given) if kind is not None]
            except (DataSourceError, DataLayerError, GeometryError) as error:
                raise explain(path, str(error)) from error
        for name in names:
            yield _read_layer(path, given, name)


def _read_layer(path: Path, given: str, name: str) -> SourceLayer:
    encoding = dbf_encoding(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            meta, table = pyogrio.raw.read_arrow(
                given, layer=name, return_fids=True, encoding=encoding, datetime_as_string=True
            )
            column = meta["geometry_name"] or "wkb_geometry"
            wkb = table[column].to_numpy(zero_copy_only=False)
            if _has_curves(wkb):
                # only the row reader of pyogrio turns arcs into chords
                wkb = pyogrio.raw.read(given, layer=name, columns=[])[2]
        except (DataSourceError, DataLayerError, FeatureError, GeometryError, pa.ArrowException) as error:
            raise explain(path, str(error)) from error
    geometry, damaged = _decode(wkb)
    suffix = path.suffix.lower()
    fids = None
    if table.column_names[:1] == [meta["fid_column"]]:  # first, and perhaps an attribute of the same name after it
        fids = table.column(0).to_numpy().astype(np.int64)
        table = table.remove_column(0)
    if suffix in _SINGLE and fids is not None and (suffix in {".shp", ".fgb"} or _counts(fids)):
        fids = None
    return SourceLayer(
        name=path.stem if name == Path(given).stem else name,
        geometry=geometry,
        table=table.drop_columns([column]),
        fids=fids,
        crs=meta["crs"] or "",
        scoped=suffix not in _SINGLE,
        damaged=damaged,
    )


def _counts(fids: npt.NDArray[np.int64]) -> bool:
    """Whether the ids are mere row numbers, which say nothing of the feature."""
    return bool(np.array_equal(fids, np.arange(len(fids))) or np.array_equal(fids, np.arange(1, len(fids) + 1)))


def _has_curves(wkb: Objects) -> bool:
    codes = np.frombuffer(b"".join(item[:5] for item in wkb if item is not None), np.uint8).reshape(-1, 5)
    little = codes[:, 1:].copy().view("<u4").ravel()
    big = codes[:, 1:].copy().view(">u4").ravel()
    kinds = np.where(codes[:, 0] == 1, little, big).astype(np.int64) & 0x0FFFFFFF
    return bool(np.isin(kinds % 1000, _CURVES).any())


def _decode(wkb: Objects) -> tuple[Objects, npt.NDArray[np.bool_]]:
    """Geometries, and which of them GEOS could not read as written."""
    given = np.array([item is not None for item in wkb], bool)
    strict = shapely.from_wkb(wkb, on_invalid="ignore")
    damaged = given & shapely.is_missing(strict)
    if damaged.any():
        strict[damaged] = shapely.from_wkb(wkb[damaged], on_invalid="fix")
    return np.asarray(strict, object), damaged


def dbf_encoding(path: Path) -> str | None:
    """The text encoding of a shapefile that declares none: UTF-8 or GB 18030 by its bytes; None leaves it to GDAL."""
    table = path.with_suffix(".dbf")
    if path.suffix.lower() != ".shp" or path.with_suffix(".cpg").exists() or not table.exists():
        return None
    with table.open("rb") as stream:
        head = stream.read(32)
        if len(head) < 32 or head[29] not in (0, 0x4D):
            return None
        stream.seek(int.from_bytes(head[8:10], "little"))
        record = max(int.from_bytes(head[10:12], "little"), 1)
        body = stream.read(record * max(1, (4 << 20) // record))
    if body.isascii():
        return None
    for name in ("utf-8", "gb18030"):
        try:
            body.rstrip(b"\x1a").decode(name)
        except UnicodeDecodeError:
            continue
        return name.upper()
    return None
