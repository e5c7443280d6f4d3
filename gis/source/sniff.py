"""Says early, in one clear sentence, why a file cannot be read as vector data."""

from __future__ import annotations

import glob
import re
from pathlib import Path

import orjson

from twin.errors import Invalid, NotFound

SUFFIXES = (
    ".geojson", ".json", ".geojsonl", ".geojsons", ".gpkg", ".shp", ".fgb", ".zip", ".kml", ".pbf", ".sqlite", ".tab", ".mif", ".dxf",
)  # fmt: skip
"""What is handed to GDAL. Closed, because some of its drivers write helper files beside the source."""
_HEAD = 1 << 16
_WHOLE = 256 << 20
_CITY = re.compile(rb'"type"\s*:\s*"CityJSON(Feature)?"')


def check(path: Path) -> None:
    """Raise NotFound or Invalid where `path` is certainly no vector source."""
    if not path.exists():
        raise NotFound(f"{path} does not exist", code="no-file")
    if path.is_dir():
        raise Invalid(f"{path} is a folder: expected one file; ingest the files in it", code="source")
    if path.stat().st_size == 0:
        raise Invalid(f"{path.name} is empty (0 bytes): expected vector features", code="source")
    suffix = path.suffix.lower()
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if _CITY.search(head):
        raise _city_json(path)
    if suffix in {".gml", ".xml", ".citygml"} or b"opengis.net/citygml" in head:
        raise Invalid(
            f"{path.name} is GML, of which only CityGML is read, as a city model: export it as GeoPackage",
            code="source-kind",
        )
    if suffix not in SUFFIXES:
        raise Invalid(
            f"{path.name} is no vector format this reads: expected one of {', '.join(SUFFIXES)}", code="source-kind"
        )
    if suffix == ".shp":
        _check_shapefile(path)


def explain(path: Path, reason: str) -> Invalid:
    """The error for a file that GDAL refused for `reason`."""
    if path.suffix.lower() in {".json", ".geojson"}:
        return _explain_json(path)
    return Invalid(f"{path.name} cannot be read as {path.suffix.lstrip('.')}: {_first_line(reason)}", code="source")


def _first_line(reason: str) -> str:
    line = reason.strip().split("\n", 1)[0].split("; ", 1)[0]  # GDAL adds advice to its own callers
    return line.rstrip(".")[:200] or "no reason given"


def _explain_json(path: Path) -> Invalid:
    if path.stat().st_size > _WHOLE:
        return Invalid(f"{path.name} is no GeoJSON: expected a FeatureCollection", code="source")
    try:
        root = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        return Invalid(f"{path.name} is no valid JSON: {error}", code="json")
    if not isinstance(root, dict):
        what = f"a list of {len(root)} items" if isinstance(root, list) else f"a single {type(root).__name__}"
        return Invalid(
            f"{path.name} is JSON but no GeoJSON: its root is {what}, expected a FeatureCollection", code="source-kind"
        )
    kind = root.get("type")
    if kind in {"CityJSON", "CityJSONFeature"}:
        return _city_json(path)
    if kind == "FeatureCollection" and not isinstance(root.get("features"), list):
        return Invalid(
            f"{path.name} is a FeatureCollection without a list of features: expected features", code="source"
        )
    said = f'its "type" is {kind!r}' if kind is not None else f"it has the keys {', '.join(list(root)[:5]) or 'none'}"
    return Invalid(
        f"{path.name} is JSON but no GeoJSON: {said}, expected a FeatureCollection of features", code="source-kind"
    )


def _city_json(path: Path) -> Invalid:
    return Invalid(
        f"{path.name} is CityJSON, which is read as a city model, not as vector features: ingest it by itself",
        code="source-kind",
    )


def _check_shapefile(path: Path) -> None:
    beside = {item.suffix.lower() for item in path.parent.glob(f"{glob.escape(path.stem)}.*")}
    missing = [suffix for suffix in (".shx", ".dbf") if suffix not in beside]
    if missing:
        names = " and ".join(path.stem + suffix for suffix in missing)
        raise Invalid(f"Shapefile {path.name} is not whole: {names} must stand beside it", code="shapefile")
