"""What the generator wrote."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class SourceFile:
    """A written source, in order of ingest. count: objects in it (IfcProducts without openings, or features)."""

    path: Path
    layer: str
    title: str
    title_en: str
    group: str
    count: int
    size: int
    seconds: float
    visible: bool = True


@dataclass(frozen=True)
class GenerateReport:
    """All sources in order of ingest, and figures of the run."""

    folder: Path
    sources: tuple[SourceFile, ...]
    samples: tuple[Path, ...]
    points: int
    alarms: int
    seconds: float
    classes: dict[str, int] = field(default_factory=dict)  # IFC class or feature kind → count

    @property
    def objects(self) -> int:
        """Objects in all sources."""
        return sum(source.count for source in self.sources)

    @property
    def size(self) -> int:
        """Bytes of all sources."""
        return sum(source.size for source in self.sources)


def merged(counts: list[dict[str, int]]) -> dict[str, int]:
    """Counts added up, the largest first."""
    total: Counter[str] = Counter()
    for row in counts:
        total.update(row)
    return dict(sorted(total.items(), key=lambda item: (-item[1], item[0])))
