"""Pictures of findings for printed reports: where their elements are, and all of them in the whole model."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scenes.picture import Marks, marked
from scenes.reports.typeset import COLOURS, SEVERITIES
from twin.errors import ParkError
from twin.graph.layerfile import LayerVersion

WHOLE = "whole"
MOST = 12
"""Findings with a picture of their own: the first ones of a report, which are the worst."""
MOST_TRIANGLES = 4_000_000
"""Of a model that pictures are made of; larger ones take too long on a machine without a graphics card."""
SECONDS = 20.0
"""No further picture is begun after so long."""
RANK = list(SEVERITIES)


@dataclass(frozen=True)
class Subject:
    """A finding to be shown. key: names it within its report; gids: its elements."""

    key: str
    severity: str
    gids: Sequence[str]


@dataclass(frozen=True)
class Pictures:
    """JPEG by the key of its finding, and WHOLE. lacking: why there are none, Chinese and English; empty where there are."""

    jpeg: dict[str, bytes] = field(default_factory=dict)
    lacking: tuple[str, str] = ("", "")

    def link(self, key: str) -> str:
        """The picture as an address that holds it; empty where there is none."""
        data = self.jpeg.get(key)
        return "" if data is None else f"data:image/jpeg;base64,{base64.b64encode(data).decode()}"

    def files(self) -> dict[str, bytes]:
        """File name → content, for a typesetter."""
        return {file_of(key): data for key, data in self.jpeg.items()}

    def name(self, key: str) -> str:
        """The file's name; empty where there is no picture."""
        return file_of(key) if key in self.jpeg else ""


NONE = Pictures()


def file_of(key: str) -> str:
    """The name that a picture has as a file."""
    return f"{key}.jpg"


def pictures(folder: Path, version: LayerVersion, subjects: Iterable[Subject]) -> Pictures:
    """Pictures of the first findings that have elements with a shape.

    folder: of the version. Never fails for want of a picture: a report stands without.
    """
    shown = [subject for subject in subjects if subject.gids]
    if not shown:
        return NONE
    triangles = int(version.stats.get("triangles", 0))
    if triangles > MOST_TRIANGLES:
        return Pictures(
            lacking=(
                f"模型有 {triangles:,} 个三角形，超过 {MOST_TRIANGLES:,}，报告不附图。",
                f"The model has {triangles:,} triangles, more than the {MOST_TRIANGLES:,} that are drawn for a report.",
            )
        )
    worst: dict[str, str] = {}
    for subject in sorted(shown, key=lambda one: -RANK.index(one.severity)):
        worst.update(dict.fromkeys(subject.gids, COLOURS[subject.severity]))
    wanted = [
        Marks(WHOLE, worst, whole=True),
        *(Marks(one.key, dict.fromkeys(one.gids, COLOURS[one.severity])) for one in shown[:MOST]),
    ]
    found: dict[str, bytes] = {}
    until = time.monotonic() + SECONDS
    try:
        for key, jpeg in marked(folder, version.layer, wanted):
            found[key] = jpeg
            if time.monotonic() > until:
                break
    except ParkError as error:
        return Pictures(lacking=(f"无法绘图：{error.message}", f"No pictures: {error.message}"))
    return Pictures(found)
