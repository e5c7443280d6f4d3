"""What a build worker is told, as plain data that crosses the process border."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Spec:
    """One layer version to build. Paths as text; frame as `Frame.as_dict`; sha256 of the source."""

    source: str
    layer: str
    version: str
    sha256: str
    title: str
    staging: str
    frame: dict[str, Any] | None = None
    crs: str | None = None
    placing: dict[str, Any] | None = None  # twin/placing.py
    terrain: str | None = None
    extent_m: float | None = None
    silence_s: float = 60.0
    kernel_memory: int = 6 << 30
    tiles: bool = True  # without them the version can be compared, but not shown
    unit: str | None = None
    up: str | None = None
    settings: str = ""  # a hash of all that decides on the version beside the source
    isolated: bool = False  # all shapes are made in a child: the worker before this one was lost over them
    base: str | None = None  # the folder of an earlier version of the layer with the same settings
    base_sources: tuple[str, ...] = ()  # files that may be the one it was built from
    whole: str = ""  # why that version is not to be used
