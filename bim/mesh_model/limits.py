"""What a mesh model may hold; each limit is named in the sentence that refuses a file."""

from __future__ import annotations

from pathlib import Path

from twin.errors import Invalid

MAX_FILE_BYTES = 2 << 30
MAX_JSON_BYTES = 256 << 20
MAX_VERTICES = 50_000_000
MAX_FACES = 50_000_000
MAX_NODES = 200_000
MAX_DEPTH = 128
MAX_PLACEMENTS = 5_000_000
MAX_LOOKS = 4_096
"""Different colours of one model; the spool's material index has 16 bits."""


def check_size(path: Path, name: str) -> int:
    """The file's size. Raises Invalid where it is too big for memory."""
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise Invalid(
            f"{name} has {size >> 20} MB: expected at most {MAX_FILE_BYTES >> 20} MB in one mesh file; split it",
            code="mesh-size",
        )
    return size


def check_count(name: str, what: str, count: int, limit: int) -> None:
    """Raise Invalid where a file declares or holds more of something than its limit."""
    if not 0 <= count <= limit:
        raise Invalid(
            f"{name} has {count:,} {what}: expected at most {limit:,}; split or simplify it", code="mesh-size"
        )
