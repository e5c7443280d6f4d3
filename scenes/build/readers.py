"""Which reader takes a file: decided by what is in it, then by its name."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

from bim.mesh_model.formats import SUFFIXES as MESH
from gis.city.sniff import ONLY_CITY, is_city_file
from scenes.build.sniff import HEAD_BYTES, by_name, sniff
from twin.errors import Invalid, NotFound
from twin.geometry.spool import MeshSpool
from twin.layer import LayerDraft, ReadContext

Reader = Callable[[ReadContext, MeshSpool], LayerDraft]


def kind_of(path: Path) -> str:
    """`bim`, `city`, `vector`, `raster` or `model`. Raises NotFound, or Invalid where no reader knows the file."""
    if not path.exists():
        raise NotFound(f"{path} does not exist: check the path", code="no-file")
    if not path.name.isprintable():  # bytes that are no UTF-8, line breaks: no table and no link could hold them
        shown = os.fsencode(path.name).decode("utf-8", "replace")
        raise Invalid(f"The file name {shown!r} holds characters that cannot be shown: rename it", code="file-name")
    if path.is_dir():
        raise Invalid(f"{path} is a folder: name the files in it", code="not-a-file")
    if path.stat().st_size == 0:
        raise Invalid(f"{path} is empty: expected an IFC, mesh, GIS or elevation file", code="empty-file")
    suffix = path.suffix.lower()
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
    except OSError as error:
        raise Invalid(f"{path.name} cannot be read: {error.strerror}", code="unreadable") from error
    if suffix in ONLY_CITY or (not head.startswith(b"PK") and is_city_file(path)):
        return "city"
    kind = sniff(head, path.stat().st_size, suffix)
    if kind is not None:
        return kind
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_in_zip(path)
    raise Invalid(
        f"{path.name} is of no kind that can be read: expected IFC (.ifc .ifcxml .ifczip), mesh (.glb .gltf .obj .stl .ply),"
        " GIS (.geojson .gpkg .shp .fgb), city models (.city.json .gml) or elevation (.tif .hgt .asc)",
        code="unknown-format",
    )


def _kind_in_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            suffixes = {Path(name).suffix.lower() for name in archive.namelist()}
    except zipfile.BadZipFile as error:
        raise Invalid(f"{path.name} is a broken zip archive: {error}", code="zip") from error
    kind = by_name(suffixes - MESH)  # a mesh model in an archive is not read
    if kind in {None, "vector"} and is_city_file(path):  # before vectors: both may end in .json
        return "city"
    if kind is not None:
        return kind
    found = ", ".join(sorted(suffixes - {""})) or "no file with a known ending"
    raise Invalid(f"{path.name} holds no file that can be read: found {found}", code="zip")


def reader(kind: str) -> Reader:
    """The reader of a kind. Imported late: only the worker pays for the kernels."""
    if kind == "bim":
        from bim import read  # noqa: PLC0415

        return read
    if kind == "model":
        from bim.mesh_model import read as read_model  # noqa: PLC0415

        return read_model
    if kind == "raster":
        from gis import read_terrain  # noqa: PLC0415

        return read_terrain
    if kind == "city":
        from gis import read_city  # noqa: PLC0415

        return read_city
    from gis import read_vector  # noqa: PLC0415

    return read_vector
