"""What a version keeps of its source's text so that the next one need not seek through it: `text.index`."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from bim.source.step_index import StepIndex

INDEX = "text.index"


def read_index(folder: Path) -> StepIndex | None:
    """Of the version in a folder; None where it keeps none, or another parktwin's."""
    with suppress(OSError, ValueError, LookupError):
        return StepIndex.decoded((folder / INDEX).read_bytes())
    return None


def write_index(folder: Path, index: bytes | None) -> None:
    """Write it into a version's folder, if there is one."""
    if index is not None:
        (folder / INDEX).write_bytes(index)
