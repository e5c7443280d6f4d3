"""The findings of reading a vector source, in words."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from gis.notes import Notes, Text
from gis.shapes.ground import Ground
from gis.source.identity import Ids
from gis.source.located import Located
from twin.finding import Severity

Objects = npt.NDArray[np.object_]
Mask = npt.NDArray[np.bool_]

_ASSUMED = Text(
    "{n} 个图层未注明坐标系，按经纬度 EPSG:4326 读取",
    "{n} layers name no coordinate system and are read as longitude and latitude, EPSG:4326",
    "用 --crs 指定坐标系",
    "Name the system with --crs",
    Severity.MINOR,
)
_PARK = Text(
    "{n} 个图层未注明坐标系，按园区坐标系 {crs} 读取",
    "{n} layers name no coordinate system and are read in the park's own, {crs}",
    "用 --crs 指定坐标系",
    "Name the system with --crs",
    Severity.MINOR,
)
_EMPTY = Text("{n} 个要素没有几何，仅保留属性", "{n} features have no geometry and are kept without a shape")
_REPAIRED = Text(
    "{n} 个要素的面自相交或环不合法，已修复",
    "{n} features had polygons that cross themselves or are badly ringed; they were repaired",
    "在源数据中修复几何",
    "Mend the geometry in the source",
    repaired=True,
)
_LOST = Text(
    "{n} 个要素的几何无法修复，仅保留属性",
    "{n} features have a geometry that cannot be repaired and are kept without a shape",
    "在源数据中修复几何",
    "Mend the geometry in the source",
    Severity.MINOR,
)
_HASHED = Text(
    "{n} 个要素没有标识字段，编号由图层名和几何生成；几何改变后编号也会改变",
    "{n} features have no id field; their ids are made from layer name and geometry and change with it",
    "在源数据中增加 id 字段",
    "Add an id field to the source",
)
_REPEATED = Text(
    "{n} 个要素的编号重复，已加 ~2、~3 区分",
    "{n} features repeat an id and are told apart by ~2, ~3",
    "在源数据中使编号唯一",
    "Make ids unique in the source",
    Severity.MINOR,
    repaired=True,
)
_OUTSIDE = Text(
    "{n} 个要素完全位于园区范围（±{extent:g} m）之外，已略去",
    "{n} features lie wholly outside the park's extent of ±{extent:g} m and are left out",
    "需要时增大 park.toml 的 extent_m",
    "Raise extent_m in park.toml if they are wanted",
)
_CUT = Text(
    "{n} 个要素跨越园区范围，已裁剪；量算值为裁剪后的部分",
    "{n} features cross the park's extent and were cut; their measures are of the part inside",
)
_OFF_TERRAIN = Text(
    "{n} 个要素位于地形之外，取地形边缘的高程",
    "{n} features lie beyond the terrain and take the height of its edge",
    "导入范围更大的地形",
    "Ingest a larger elevation model",
)


def of_reading(notes: Notes, layer: Located) -> None:
    """How the coordinate system was found."""
    how = layer.reference.how
    if how == "assumed":
        notes.add("crs-assumed", _ASSUMED, count=1)
    elif how == "park":
        notes.add("crs-park", _PARK, count=1, crs=layer.reference.crs)


def of_ids(notes: Notes, found: Ids) -> None:
    """Ids that were made or repeated."""
    notes.add("id-hashed", _HASHED, count=found.hashed)
    notes.add("id-repeated", _REPEATED, found.repeated)


def of_geometry(notes: Notes, layer: Located, ids: Objects) -> None:
    """Geometry that is missing, was mended, or could not be."""
    cleaned = layer.cleaned
    notes.add("geometry-empty", _EMPTY, ids[cleaned.empty & ~layer.source.damaged])
    lost = cleaned.lost | (cleaned.empty & layer.source.damaged)
    notes.add("geometry-repaired", _REPAIRED, ids[(cleaned.repaired | layer.source.damaged) & ~lost])
    notes.add("geometry-lost", _LOST, ids[lost])


def of_extent(notes: Notes, ids: Objects, extent: float) -> None:
    """Features left out."""
    notes.add("outside-extent", _OUTSIDE, ids, extent=extent)


def of_cutting(notes: Notes, ids: Objects) -> None:
    """Features cut at the extent."""
    notes.add("cut-at-extent", _CUT, ids)


def of_terrain(notes: Notes, ids: Objects, geometry: Objects, ground: Ground) -> None:
    """Features that the terrain does not reach, judged by the middle of their bounds."""
    if ground.flat:
        return
    bounds = shapely.bounds(geometry)
    present = np.isfinite(bounds).all(axis=1)
    centre = (bounds[:, :2] + bounds[:, 2:]) / 2
    off = np.zeros(len(ids), bool)
    off[present] = ~ground.covers(centre[present])
    notes.add("beyond-terrain", _OFF_TERRAIN, ids[off])
