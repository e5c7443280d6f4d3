"""Which reader takes a file: decided by what is in it, then by its name."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

from gis.city.sniff import ONLY_CITY, is_city_file
from twin.errors import Invalid, NotFound
from twin.geometry.spool import MeshSpool
from twin.layer import LayerDraft, ReadContext

Reader = Callable[[ReadContext, MeshSpool], LayerDraft]

BIM = {".ifc", ".ifczip", ".ifcxml", ".ifcx"}
VECTOR = {".geojson", ".json", ".geojsonl", ".geojsons", ".gpkg", ".shp", ".fgb", ".pbf"}
RASTER = {".tif", ".tiff", ".asc", ".hgt", ".img", ".dem"}


def kind_of(path: Path) -> str:
    """`bim`, `city`, `vector` or `raster`. Raises NotFound, or Invalid where no reader knows the file."""
    if not path.exists():
        raise NotFound(f"{path} does not exist: check the path", code="no-file")
    if not path.name.isprintable():  # bytes that are no UTF-8, line breaks: no table and no link could hold them
        shown = os.fsencode(path.name).decode("utf-8", "replace")
        raise Invalid(f"The file name {shown!r} holds characters that cannot be shown: rename it", code="file-name")
    if path.is_dir():
        raise Invalid(f"{path} is a folder: name the files in it", code="not-a-file")
    if path.stat().st_size == 0:
        raise Invalid(f"{path} is empty: expected an IFC, GIS or elevation file", code="empty-file")
    suffix = path.suffix.lower()
    try:
        with path.open("rb") as stream:
            head = stream.read(512)
    except OSError as error:
        raise Invalid(f"{path.name} cannot be read: {error.strerror}", code="unreadable") from error
    if head.lstrip().startswith(b"ISO-10303-21") or suffix in BIM:
        return "bim"
    if head[:4] in {b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"} or suffix in RASTER:
        return "raster"
    if suffix in ONLY_CITY or (not head.startswith(b"PK") and is_city_file(path)):
        return "city"
    if suffix in VECTOR or head.startswith(b"SQLite format 3"):
        return "vector"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_in_zip(path)
    raise Invalid(
        f"{path.name} is of no kind that can be read: expected IFC (.ifc .ifczip),"
        " GIS (.geojson .gpkg .shp .fgb), city models (.city.json .gml) or elevation (.tif .hgt .asc)",
        code="unknown-format",
    )


def _kind_in_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            suffixes = {Path(name).suffix.lower() for name in archive.namelist()}
    except zipfile.BadZipFile as error:
        raise Invalid(f"{path.name} is a broken zip archive: {error}", code="zip") from error
    for kind, known in (("bim", BIM), ("vector", VECTOR), ("raster", RASTER)):
        if kind == "vector" and is_city_file(path):  # before vectors: both may end in .json
            return "city"
        if suffixes & known:
            return kind
    found = ", ".join(sorted(suffixes - {""})) or "no file with a known ending"
    raise Invalid(f"{path.name} holds no file that can be read: found {found}", code="zip")


def reader(kind: str) -> Reader:
    """The reader of a kind. Imported late: only the worker pays for the kernels."""
    if kind == "bim":
        from bim import read  # noqa: PLC0415

        return read
    if kind == "raster":
        from gis import read_terrain  # noqa: PLC0415

        return read_terrain
    if kind == "city":
        from gis import read_city  # noqa: PLC0415

        return read_city
    from gis import read_vector  # noqa: PLC0415

    return read_vector
