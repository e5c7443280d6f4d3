"""Which objects are room, not body: drawn only where a colour says something of them."""

from __future__ import annotations

import re

from twin.graph.chosen import Chosen

VOLUME = re.compile(r"(Ifc)?(Space|Zone|SpatialZone|Room)")


def read_volumes(chosen: Chosen) -> list[str]:
    """Gids of the selected rooms and zones."""
    rows = chosen.connection.execute(
        f"SELECT gid, coalesce(ifc_class, type) FROM ({chosen.query('objects')})"
    ).fetchall()
    return [str(gid) for gid, kind in rows if VOLUME.fullmatch(str(kind))]
