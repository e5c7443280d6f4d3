"""The model inside an .ifczip, unpacked with a bound on its size."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path, PurePosixPath

from twin.errors import Invalid

MAX_UNPACKED_BYTES = 4 << 30
MAX_RATIO = 400
"""STEP text packs 5 to 20 times, at most some 60; far more than that is an attack."""
RATIO_FROM_BYTES = 64 << 20
_CHUNK = 1 << 20
_SUFFIXES = (".ifc", ".ifcxml", ".ifcx", ".xml")


def unpack(source: Path, folder: Path, *, limit: int = MAX_UNPACKED_BYTES) -> Path:
    """Write the one model of the archive `source` into `folder` and return its path.

    The size is counted while unpacking, whatever the archive's own directory says. Raises Invalid
    on a broken or locked archive, one without a model, and one that unpacks beyond the limits.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            entry = _model_entry(archive, source)
            target = folder / f"model{PurePosixPath(entry.filename).suffix.lower()}"
            _copy(archive, entry, target, source, limit)
            return target
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise Invalid(
            f"{source.name} is a broken archive ({error}): expected a zip file with one .ifc inside; send it again",
            code="archive",
        ) from error
    except RuntimeError as error:  # zipfile's way of saying that a password is wanted
        raise Invalid(
            f"{source.name} is locked with a password: expected a plain zip file with one .ifc inside",
            code="archive",
        ) from error


def _model_entry(archive: zipfile.ZipFile, source: Path) -> zipfile.ZipInfo:
    models = [
        entry
        for entry in archive.infolist()
        if not entry.is_dir()
        and PurePosixPath(entry.filename).suffix.lower() in _SUFFIXES
        and not PurePosixPath(entry.filename).name.startswith("._")
    ]
    models.sort(key=lambda entry: _SUFFIXES.index(PurePosixPath(entry.filename).suffix.lower()))
    if not models:
        raise Invalid(f"{source.name} is a zip file without a model: expected one .ifc inside", code="archive")
    same = [e for e in models if PurePosixPath(e.filename).suffix.lower() == ".ifc"]
    if len(same) > 1:
        names = ", ".join(PurePosixPath(entry.filename).name for entry in same[:3])
        raise Invalid(
            f"{source.name} holds {len(same)} models ({names} …): expected one; ingest each on its own", code="archive"
        )
    return models[0]


def _copy(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, source: Path, limit: int) -> None:
    written = 0
    packed = max(entry.compress_size, 1)
    with archive.open(entry) as stream, target.open("wb") as out:
        while chunk := stream.read(_CHUNK):
            written += len(chunk)
            if written > limit or (written > RATIO_FROM_BYTES and written > MAX_RATIO * packed):
                raise Invalid(
                    f"{source.name} unpacks to more than {written >> 20} MB from {packed >> 10} KB:"
                    f" expected at most {limit >> 20} MB and {MAX_RATIO} times its packed size; send the plain .ifc",
                    code="archive-size",
                )
            out.write(chunk)
