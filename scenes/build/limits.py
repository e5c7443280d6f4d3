"""What a build worker may use before it is stopped."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """seconds of wall time and bytes of memory for one worker with its children.

    product_seconds: how long a geometry kernel may work without a mesh before it is stopped; kernel_memory:
    bytes it may hold. Both cost one product, not the build.
    """

    seconds: float = 3600.0
    memory: int = 8 * 1024**3
    product_seconds: float = 60.0
    kernel_memory: int = 6 * 1024**3
