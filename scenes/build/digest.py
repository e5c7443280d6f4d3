"""What the tiles of a version are, in one number."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def tile_files(folder: Path) -> list[Path]:
    """Tiles and tilesets below a folder, without their .gz: sorted, tiles first."""
    found = [
        Path(root, name) for root, _, names in os.walk(folder) for name in names if name.endswith((".glb", ".json"))
    ]
    return sorted(found, key=lambda path: (path.suffix, path))


def digest(folder: Path) -> str:
    """One SHA-256 over the names and contents of the tiles: equal for equal input."""
    total = hashlib.sha256()
    for path in tile_files(folder):
        total.update(path.relative_to(folder).as_posix().encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
