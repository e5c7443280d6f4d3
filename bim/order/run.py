"""All checks of a model in the order of the report, and the objects as they are after the repairs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa

from bim.geometry.mesher import Placed
from bim.geometry.placements import Placements
from bim.order import (
    containment,
    links,
    meshes,
    misfits,
    naming,
    outliers,
    project,
    source_text,
    spaces,
    storeys,
    units,
)
from bim.order.bands import Bands
from bim.order.subject import Subject
from bim.source.mangled_text import Repaired
from twin.finding import Finding


def put_in_order(
    subject: Subject, placed: Placed, properties: pa.Table, placements: Placements, texts: Mapping[int, Repaired]
) -> tuple[pa.Table, list[Finding]]:
    """The objects with the storeys that could be told from their heights, and every finding of the graph.

    placed: what was meshed; properties: rows of PROPERTIES; texts: what was mended in the file's text, by STEP id.
    """
    bands = Bands.of(subject)
    objects, assigned = containment.assign(subject, bands)
    subject = replace(subject, objects=objects)
    return objects, [
        *project.check(subject),
        *units.check(subject),
        *source_text.check(subject, texts),
        *storeys.check(subject, bands, placements),
        *assigned,
        *containment.check(subject, bands),
        *spaces.check(subject),
        *links.check(subject),
        *misfits.check(subject, placements),
        *naming.check(subject, properties),
        *outliers.check(subject),
        *meshes.check(placed, subject.book),
    ]
