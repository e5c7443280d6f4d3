"""What the tiles of a version are, in one number."""

from __future__ import annotations

import hashlib
from pathlib import Path


def digest(folder: Path) -> str:
    """One SHA-256 over the names and contents of the tiles: equal for equal input."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*.glb")) + sorted(folder.rglob("*.json")):
        total.update(path.relative_to(folder).as_posix().encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
