"""The files that layer versions were built from: kept in the park, and found again by their hash."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from twin.errors import Conflict, Invalid, NotFound, Unavailable
from twin.graph.layerfile import LayerVersion
from twin.park import Park

FOLDERS = ("sources", "submissions")
"""Where files of the park stand: ingested ones, and uploaded ones in a folder each."""
BLOCK = 1 << 18
"""Bytes read at once: they stay in the processor's cache."""


def file_hash(path: Path) -> str:
    """SHA-256 of a file, read in blocks. Raises Invalid where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise Invalid(f"{path.name} cannot be read: {error.strerror}", code="unreadable") from error


def keep_source(park: Park, source: Path, sha256: str, beside: Sequence[Path] = (), together: str = "") -> Path:
    """Make sure that the park has this file, of this hash: copied to `sources/` unless it stands in the park already.

    Another file of the same name keeps its place; the new one goes into a folder named by its hash. beside: files that
    it names, kept with it in a folder named by `together`, the hash of all. Raises Unavailable where it cannot be written.
    """
    if park.folder in source.resolve().parents:
        return source
    folder = park.folder / "sources"
    try:
        targets = [folder / source.name, folder / sha256[:12] / source.name]
        if beside:
            targets = [folder / together[:12] / source.name]
            for path in beside:
                kept = targets[0].parent / path.relative_to(source.resolve().parent)
                kept.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, kept)
        for target in targets:
            if target.is_file() and _equal(target, source):
                return target
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                partial = target.with_name(f".{target.name}.{os.getpid()}.tmp")
                try:
                    shutil.copyfile(source, partial)
                    partial.replace(target)
                finally:
                    partial.unlink(missing_ok=True)
                return target
    except OSError as error:
        raise Unavailable(f"{folder} cannot be written: {error.strerror}", code="disk") from error
    raise Conflict(f"{target} is no copy of {source.name}: remove it and ingest the file again", code="source-differs")


def _equal(one: Path, other: Path) -> bool:
    """Whether two files hold the same, read up to where they part."""
    with one.open("rb", buffering=0) as left, other.open("rb", buffering=0) as right:
        if os.fstat(left.fileno()).st_size != os.fstat(right.fileno()).st_size:
            return False
        while block := left.read(BLOCK):
            if block != right.read(BLOCK):
                return False
        return True


def find_source(park: Park, version: LayerVersion) -> Path:
    """The file that a version was built from. Raises NotFound where the park has none, Conflict where it was changed."""
    changed = None
    for path in named_sources(park, version.source):
        if file_hash(path) == version.sha256:
            return path
        changed = changed or path
    if changed is not None:
        raise Conflict(
            f"{changed} is no longer the file that version {version.version} of layer {version.layer!r} was built from:"
            f" expected SHA-256 {version.sha256[:12]}…; put the file back or ingest it again",
            code="source-differs",
        )
    raise NotFound(
        f"{version.source}, from which version {version.version} of layer {version.layer!r} was built, is not in"
        f" {park.folder / 'sources'}: put it there or ingest it again",
        code="no-source",
    )


def has_source(park: Park, name: str) -> bool:
    """Whether the park has a file of that name; its content is looked at when it is built from."""
    return next(named_sources(park, name), None) is not None


def named_sources(park: Park, name: str) -> Iterator[Path]:
    """Files of the park with this name; hidden folders hold what is half received."""
    for folder in FOLDERS:
        root = park.folder / folder
        for path in [root / name, *sorted(root.glob(f"*/{_plain(name)}"))]:
            if path.is_file() and not path.parent.name.startswith("."):
                yield path


def _plain(name: str) -> str:
    """A file name as a pattern that matches only itself."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)
