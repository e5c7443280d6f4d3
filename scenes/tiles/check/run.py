"""The state of one check: what was read, what waits for the glTF validator, and where to stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scenes.tiles.check.issues import Issues
from scenes.tiles.check.metadata_types import Schema
from scenes.tiles.check.source import Place

MOST_FILES = 200_000
MOST_TILES = 1_000_000
DEPTH = 32
"""External tilesets, packages and composites inside one another."""

Trail = tuple[Path, ...]


@dataclass(frozen=True)
class Where:
    """What the place of a glTF asks of it. volume: holds its positions, if given; strict: our own builder's tile."""

    volume: dict[str, Any] | None = None
    strict: bool = False


@dataclass(frozen=True)
class GltfJob:
    """A glTF that waits for the glTF validator. file: its bytes; place: of its resources."""

    issues: Issues
    file: Path
    place: Place
    where: Where


@dataclass(frozen=True)
class Context:
    """What a subtree or property table needs from its tileset. implicit: the `implicitTiling` object."""

    schema: Schema | None = None
    implicit: dict[str, Any] | None = None


@dataclass
class Run:
    """Shared by all files of one check. tileset: judges a tileset found as content of a tile."""

    scratch: Path
    tileset: Callable[[Run, Issues, Any, Place, Trail], bool]
    files: int = 0
    tiles: int = 0
    jobs: list[GltfJob] = field(default_factory=list)
    done: dict[Path, Issues] = field(default_factory=dict)
    """Content files that were checked: one that stands in many tiles is read once."""
    folders: int = 0

    def count(self, issues: Issues, path: str) -> bool:
        """Whether one more file may be read."""
        if self.files >= MOST_FILES:
            return issues.add("CHECK_LIMIT_REACHED", path, f"more than {MOST_FILES} files: the rest is not checked")
        self.files += 1
        return True

    def name(self) -> Path:
        """An unused path for a package's folder or an embedded file."""
        self.folders += 1
        return self.scratch / str(self.folders)
