"""What a source was when it was looked at, and whether it is that still."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from pathlib import Path

from scenes.build.side_files import IFC_IMAGE_CLASS, PLAIN_IFC, inside, named_beside
from scenes.build.sources import BLOCK, file_hash
from twin.errors import Invalid

SETTLED_NS = 2_000_000_000
"""No file system's clock is coarser: a file that was left alone for so long has another time once it is written to."""


@dataclass(frozen=True)
class Looked:
    """own: SHA-256 of the file; beside: the files that it names; sha256: of all of them, that of the file where it names none.

    mark: what the system said of the file before it was read; None where a file may change and that stay the same.
    """

    source: Path
    own: str
    beside: tuple[Path, ...]
    sha256: str
    mark: tuple[int, ...] | None

    @classmethod
    def at(cls, source: Path) -> Looked:
        """Look at a source. Raises Invalid where it cannot be read."""
        mark = _mark(source)
        own, names = hash_and_names(source)
        beside = sorted(inside(source, names))
        return cls(source, own, tuple(beside), _together(own, beside), None if names else mark)

    def untouched(self) -> bool:
        """Whether the system says that the file is as it was; nothing is read."""
        return self.mark is not None and _mark(self.source) == self.mark

    def changed(self) -> bool:
        """Whether the file or one that it names is another now. Raises Invalid where it cannot be read."""
        if self.untouched():
            return False
        return Looked.at(self.source).sha256 != self.sha256


def hash_and_names(source: Path) -> tuple[str, set[str]]:
    """SHA-256 of a file, and what it names. An IFC file is read once for both: hardly any names an image."""
    if source.suffix.lower() != PLAIN_IFC:
        return file_hash(source), named_beside(source)
    found, named, margin = hashlib.sha256(), False, len(IFC_IMAGE_CLASS)
    block = bytearray(margin + BLOCK)
    view = memoryview(block)
    try:
        with source.open("rb", buffering=0) as stream:
            while count := stream.readinto(view[margin:]):
                found.update(view[margin : margin + count])
                named = named or block.find(IFC_IMAGE_CLASS, 0, margin + count) >= 0
                view[:margin] = view[count : count + margin]  # the word may lie across two blocks
    except OSError as error:
        raise Invalid(f"{source.name} cannot be read: {error.strerror}", code="unreadable") from error
    return found.hexdigest(), named_beside(source) if named else set()


def _mark(path: Path) -> tuple[int, ...] | None:
    """What changes with whatever is done to a file; None where that is not sure, as it was written to just now."""
    try:
        found = path.stat()
    except OSError:
        return None
    if time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) < SETTLED_NS:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _together(own: str, beside: list[Path]) -> str:
    if not beside:
        return own
    parts = [own, *(f"{path.name} {file_hash(path)}" for path in beside)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
