"""A .gz beside each tile, for servers to hand out as it is."""

from __future__ import annotations

import gzip
from pathlib import Path

from scenes.build.digest import tile_files


def pack(folder: Path) -> tuple[int, int]:
    """Pack the tiles and tilesets below a folder that are not packed yet; returns bytes before and after of all."""
    before = after = 0
    for path in tile_files(folder):
        beside = path.with_name(path.name + ".gz")
        if not beside.exists():
            beside.write_bytes(gzip.compress(path.read_bytes(), 6, mtime=0))
        before, after = before + path.stat().st_size, after + beside.stat().st_size
    return before, after
