"""Opens a city model: plain, or the one inside a zip archive, unpacked within bounds."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from gis.city.citygml import read_gml
from gis.city.cityjson import is_sequence, load_file, read_document, read_sequence
from gis.city.model import CityModel
from gis.city.sniff import HEAD, LINES, SUFFIXES, is_city
from gis.city.textures import TextureMaterials
from gis.notes import Notes
from twin.archive import opened_archive, unpack_member
from twin.errors import Invalid, NotFound
from twin.geometry.spool import MeshSpool
from twin.layer import Progress


def read_model(path: Path, spool: MeshSpool, notes: Notes, progress: Progress) -> CityModel:
    """Read a file by what is in it. Raises NotFound or Invalid."""
    if not path.exists():
        raise NotFound(f"{path} does not exist: check the path", code="no-file")
    if path.stat().st_size == 0:
        raise Invalid(f"{path.name} is empty: expected a CityJSON or CityGML file", code="empty-file")
    textures = TextureMaterials(spool, path, notes)
    with _opened(path) as plain:
        with plain.open("rb") as stream:
            head = stream.read(HEAD)
        start = head.lstrip(b"\xef\xbb\xbf\x1e \t\r\n")
        size = plain.stat().st_size
        if start.startswith(b"<") or head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            with plain.open("rb") as stream:
                return read_gml(stream, size, path.name, spool, notes, textures, progress)
        if not start.startswith(b"{"):
            raise Invalid(
                f"{path.name} is neither CityJSON nor CityGML: it begins with {head[:20]!r}, expected '{{' or '<'",
                code="source-kind",
            )
        if plain.suffix.lower() in LINES or is_sequence(head):
            with plain.open("rb") as stream:
                return read_sequence(stream, size, path.name, spool, notes, textures, progress)
        data = load_file(plain, path.name)
        return read_document(data.removeprefix(b"\xef\xbb\xbf"), path.name, spool, notes, textures)


@contextmanager
def _opened(path: Path) -> Iterator[Path]:
    with path.open("rb") as stream:
        packed = stream.read(4).startswith(b"PK")
    if not packed:
        yield path
        return
    folder = Path(tempfile.mkdtemp(prefix="parktwin-city-"))
    try:
        yield _unpack(path, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unpack(path: Path, folder: Path) -> Path:
    """The one city model of an archive. Raises Invalid on none, several, a broken archive, and one that unpacks without end."""
    with opened_archive(path) as archive:
        found = city_entries(archive)
        if len(found) != 1:
            names = ", ".join(PurePosixPath(entry.filename).name for entry in found[:3])
            raise Invalid(
                f"{path.name} holds {len(found)} city models{f' ({names} …)' if found else ''}: expected one;"
                " ingest each on its own",
                code="archive",
            )
        target = folder / f"model{PurePosixPath(found[0].filename).suffix.lower()}"
        unpack_member(archive, found[0], target, path.name)
        return target


def city_entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Members of an archive that are city models, by their first bytes."""
    found = []
    for entry in archive.infolist():
        name = PurePosixPath(entry.filename)
        if entry.is_dir() or name.suffix.lower() not in SUFFIXES or name.name.startswith("._"):
            continue
        with archive.open(entry) as stream:
            if is_city(stream.read(HEAD)):
                found.append(entry)
    return found
