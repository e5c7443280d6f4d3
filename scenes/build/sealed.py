"""What a kept file is, told without reading it: its hash, with what the system said of it when it was written."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path


def seal(path: Path, sha256: str) -> None:
    """Note in a hidden file beside it that a file has this hash. Where that cannot be written the file is read instead."""
    with contextlib.suppress(OSError):
        _beside(path).write_text(json.dumps([sha256, *_mark(path)]), encoding="utf-8")


def is_sealed(path: Path, sha256: str) -> bool:
    """Whether a file is noted as having this hash, and was not written to since.

    Told by device, inode, size and time of writing: another link to it changes none of them, a copy of it is read.
    """
    try:
        return bool(json.loads(_beside(path).read_text(encoding="utf-8")) == [sha256, *_mark(path)])
    except (OSError, ValueError):
        return False


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.sealed")


def _mark(path: Path) -> tuple[int, ...]:
    found = path.stat()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
