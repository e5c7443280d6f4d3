"""Publishing: one transaction replaces a layer's rows; a failure leaves the park as it was.

Of a version that shares its tables with the published one only the objects that differ are replaced.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa

from twin.clock import SystemClock, iso
from twin.errors import Unavailable
from twin.graph.database import Database
from twin.graph.layerfile import LayerVersion, read_version
from twin.graph.schema import GRAPH_TABLES
from twin.graph.tablefile import changes, read_batches
from twin.ids import MAX_STATE


def free_base(taken: list[tuple[int, int]], count: int) -> int:
    """The first gap of `count` state indices between the taken (base, count) ranges. Raises Unavailable.

    Other layers keep their bases, so an open viewer's state texture stays right for them.
    """
    start = 0
    for base, size in sorted(taken):
        if base - start >= count:
            break
        start = max(start, base + size)
    if start + count > MAX_STATE:
        raise Unavailable(
            f"The park would need {start + count:,} state indices: at most {MAX_STATE:,} fit; remove layers",
            code="too-many-objects",
        )
    return start


def publish(db: Database, folder: Path, *, title: str = "", title_en: str = "", group: str = "base") -> LayerVersion:
    """Make the version in `folder` the published one of its layer. Returns its manifest.

    Raises NotFound or Invalid where the folder is no complete version; the park is unchanged then.
    """
    version = read_version(folder)
    with db.transaction() as cursor:
        taken = cursor.execute("SELECT base, count FROM layer WHERE layer <> ?", [version.layer]).fetchall()
        base = free_base(taken, version.count)
        before = cursor.execute("SELECT version FROM layer WHERE layer = ?", [version.layer]).fetchone()
        changed = None if before is None else changes(folder.parent / before[0], folder)
        for table in GRAPH_TABLES:
            if changed is None:
                cursor.execute(f'DELETE FROM "{table}" WHERE layer = ?', [version.layer])
                _insert(cursor, table, read_batches(folder, table))
            elif table in changed:
                gids = [group.gid for group in changed[table].groups]
                cursor.execute(
                    f'DELETE FROM "{table}" WHERE layer = ? AND gid IN (SELECT unnest(?))', [version.layer, gids]
                )
                _insert(cursor, table, changed[table].rows.combine_chunks().to_batches())
        cursor.execute("DELETE FROM layer WHERE layer = ?", [version.layer])
        box: tuple[Any, ...] = version.box or (None,) * 6
        cursor.execute(
            f"INSERT INTO layer VALUES ({', '.join('?' * 22)})",
            [
                version.layer,
                version.version,
                version.kind,
                title or version.title,
                title_en or title or version.title,
                group,
                version.source,
                version.sha256,
                version.crs,
                json.dumps(version.georef, ensure_ascii=False),
                json.dumps(version.stats),
                json.dumps(version.findings, ensure_ascii=False),
                version.built_at,
                iso(SystemClock().now_ms()),
                base,
                version.count,
                *box,
            ],
        )
        cursor.execute("UPDATE scene_revision SET revision = revision + 1")
    return version


def _insert(cursor: Any, table: str, batches: Iterable[pa.RecordBatch]) -> None:
    for batch in batches:
        cursor.register("incoming", batch)
        cursor.execute(f'INSERT INTO "{table}" SELECT * FROM incoming')
        cursor.unregister("incoming")


def withdraw(db: Database, layer: str) -> bool:
    """Take a layer out of the park; its built versions stay on disk. False where it was not published."""
    with db.transaction() as cursor:
        known = cursor.execute("SELECT count(*) FROM layer WHERE layer = ?", [layer]).fetchone()[0]
        if known:
            for table in [*GRAPH_TABLES, "layer"]:
                cursor.execute(f'DELETE FROM "{table}" WHERE layer = ?', [layer])
            cursor.execute("UPDATE scene_revision SET revision = revision + 1")
        return bool(known)
