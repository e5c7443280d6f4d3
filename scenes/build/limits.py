"""What a build worker may use before it is stopped."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """seconds of wall time and bytes of resident memory for one worker."""

    seconds: float = 3600.0
    memory: int = 8 * 1024**3
