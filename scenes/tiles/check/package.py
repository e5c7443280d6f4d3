"""Packages: .3tz (a ZIP with an index) and .3dtiles (an SQLite table), unpacked below a scratch folder."""

from __future__ import annotations

import hashlib
import io
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

import numpy as np

from scenes.tiles.check.issues import Issues
from scenes.tiles.check.run import DEPTH, Run, Trail
from scenes.tiles.check.source import Place, Unreadable, parse, read

INDEX = "@3dtilesIndex1@"
MOST_ENTRIES = 200_000
MOST_BYTES = 4 << 30
"""Unpacked size of one package."""
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    sqlite3.Error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What the readers raise on damaged packages, and the file system on names that it cannot hold."""
SQLITE = b"SQLite format 3\0"


def is_package(data: bytes) -> bool:
    """Whether bytes are a ZIP or SQLite file."""
    return data[:4] in {b"PK\x03\x04", b"PK\x05\x06"} or data[:16] == SQLITE


def check_package(run: Run, issues: Issues, data: bytes, trail: Trail) -> bool:
    """Unpack a package and judge the tileset.json in it."""
    if len(trail) > DEPTH:
        return issues.add("CHECK_LIMIT_REACHED", "", f"more than {DEPTH} files lie inside one another")
    folder = run.name()
    folder.mkdir()
    try:
        entries = _sqlite(data, folder) if data[:16] == SQLITE else _zip(issues, data)
        _unpack(entries, folder / "files")
        tileset = folder / "files" / "tileset.json"
        if not tileset.is_file():
            return issues.add("PACKAGE_INVALID", "", "the package has no tileset.json")
        raw = parse(read(tileset))
    except Unreadable as error:
        return issues.add(error.kind, "", str(error))
    except BROKEN as error:
        return issues.add("PACKAGE_INVALID", "", f"the package cannot be read: {error}")
    run.files += 1
    return run.tileset(run, issues, raw, Place(tileset.parent, tileset.parent), (*trail, tileset))


def _unpack(entries: Iterator[tuple[str, IO[bytes]]], folder: Path) -> None:
    left = MOST_BYTES
    for count, (name, stream) in enumerate(entries):
        parts = PurePosixPath(name).parts
        if count > MOST_ENTRIES:
            raise Unreadable("CHECK_LIMIT_REACHED", f"the package has more than {MOST_ENTRIES} files")
        if not parts or ".." in parts or name.startswith("/") or "\\" in name or "\0" in name:
            raise Unreadable("PACKAGE_INVALID", f"the entry {name!r:.80} leads out of the package")
        target = folder.joinpath(*parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as out:
            # Sizes in headers may lie, so what comes out is counted.
            while chunk := stream.read(1 << 20):
                left -= len(chunk)
                if left < 0:
                    raise Unreadable("CHECK_LIMIT_REACHED", f"the package unpacks to more than {MOST_BYTES} bytes")
                out.write(chunk)


def _zip(issues: Issues, data: bytes) -> Iterator[tuple[str, IO[bytes]]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = archive.infolist()
        _index(issues, archive, infos)
        for info in infos[: MOST_ENTRIES + 2]:
            if info.is_dir() or info.filename == INDEX:
                continue
            with archive.open(info) as stream:
                yield info.filename, stream


def _index(issues: Issues, archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> bool:
    """The index: of each file the MD5 of its name and where its local header stands, by ascending hash."""
    kind = "PACKAGE_INDEX_INVALID"
    if not infos or infos[-1].filename != INDEX:
        return issues.add(kind, "", f"the last file of a .3tz has to be {INDEX}")
    files = [info for info in infos[:-1] if not info.is_dir()]
    if infos[-1].file_size != 24 * len(files):
        return issues.add(
            kind, "", f"the index has {infos[-1].file_size} bytes for {len(files)} files, 24 are due each"
        )
    index = np.frombuffer(archive.read(infos[-1]), np.dtype([("hash", "V16"), ("offset", "<u8")]))
    # Hashes are ordered as two little-endian 64-bit numbers.
    due = sorted(
        (hashlib.md5(info.filename.encode(), usedforsecurity=False).digest(), info.header_offset) for info in files
    )
    found = [(bytes(row["hash"]), int(row["offset"])) for row in index]
    if sorted(found) != due:
        return issues.add(kind, "", "the index does not name every file with the place of its header")
    keys = [(int.from_bytes(name[:8], "little"), int.from_bytes(name[8:], "little")) for name, _ in found]
    return keys == sorted(keys) or issues.add(kind, "", "the index is not sorted")


def _sqlite(data: bytes, folder: Path) -> Iterator[tuple[str, IO[bytes]]]:
    file = folder / "package.sqlite"
    file.write_bytes(data)
    base = sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 1 << 30)
        for key, content in base.execute("SELECT key, content FROM media"):
            if not isinstance(key, str) or not isinstance(content, bytes):
                raise Unreadable("PACKAGE_INVALID", "media needs the columns key TEXT and content BLOB")
            yield key, io.BytesIO(content)
    finally:
        base.close()
