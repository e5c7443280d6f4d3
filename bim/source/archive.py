"""The model inside an .ifczip, unpacked with a bound on its size."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath

from twin.archive import MAX_UNPACKED_BYTES, opened_archive, unpack_member
from twin.errors import Invalid

_SUFFIXES = (".ifc", ".ifcxml", ".ifcx", ".xml")


def unpack(source: Path, folder: Path, *, limit: int = MAX_UNPACKED_BYTES) -> Path:
    """Write the one model of the archive `source` into `folder` and return its path.

    The size is counted while unpacking, whatever the archive's own directory says. Raises Invalid
    on a broken or locked archive, one without a model, and one that unpacks beyond the limits.
    """
    with opened_archive(source) as archive:
        entry = _model_entry(archive, source)
        target = folder / f"model{PurePosixPath(entry.filename).suffix.lower()}"
        unpack_member(archive, entry, target, source.name, limit=limit)
        return target


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
