"""What the stage draws over the scene: places of points, middle lines of long things, views of cameras."""

from __future__ import annotations

from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from twin.errors import NotFound
from twin.graph.database import Database
from twin.graph.layerfile import version_folder
from twin.graph.schema import AXIS
from twin.graph.tablefile import read_table, table_path
from twin.park import Park

VIEW = {
    "heading": ("Heading", "Azimuth", "Bearing", "朝向", "方位角"),
    "pitch": ("Pitch", "Tilt", "TiltVertical", "俯仰角"),
    "width": ("HorizontalAngle", "HorizontalFieldOfView", "FieldOfView", "水平视场角"),
    "height": ("VerticalAngle", "VerticalFieldOfView", "垂直视场角"),
    "range": ("Range", "VisibleRange", "可视距离"),
}
"""Properties that say where a camera looks, the first that exists counts: degrees clockwise from north and above the horizon,
whole angles of view, metres."""


def places(db: Database) -> list[dict[str, Any]]:
    """Where the points are measured, in index order: the middle of the device, else of the object; metres, park frame.

    layer, storey: of the object that shows the value, else of the device. x, y, z are null where neither has a shape.
    """
    return db.rows(
        """
        SELECT coalesce(d.min_x + d.max_x, o.min_x + o.max_x) / 2 AS x,
               coalesce(d.min_y + d.max_y, o.min_y + o.max_y) / 2 AS y,
               coalesce(d.min_z + d.max_z, o.min_z + o.max_z) / 2 AS z,
               coalesce(o.layer, d.layer) AS layer, coalesce(o.storey, d.storey) AS storey, p.gid
        FROM point p LEFT JOIN object o ON o.gid = p.gid LEFT JOIN object d ON d.gid = p.device
        ORDER BY p.point_id
        """
    )


def axes(db: Database, park: Park, layer: str, words: tuple[str, ...]) -> list[dict[str, Any]]:
    """Middle lines of a published layer, in object order.

    `[{gid, state, name, type, ifc_class, system, medium, points, into, out_of}]`: points is x y z of point after point in metres of the park
    frame; system the name of the first system that the object is a member of; medium the value of the first property
    among `words`; into, out_of [x, y, z] the middles of what the object feeds and of what feeds it. Raises NotFound where
    the layer is not published.
    """
    row = db.rows("SELECT version FROM layer WHERE layer = ?", [layer])
    if not row:
        raise NotFound(f"Layer {layer!r} is not published", code="no-layer")
    try:
        table = read_table(version_folder(park, layer, row[0]["version"]), AXIS)
    except (NotFound, duckdb.CatalogException):  # built before versions kept their lines
        table = pa.table(
            {"layer": [], "gid": pa.array([], pa.string()), "points": pa.array([], pa.list_(pa.float64()))}
        )
    if not len(table):
        return []
    cursor = db.cursor()
    cursor.register("axis", table)
    try:
        cursor.execute(
            """
            WITH word AS (SELECT unnest($words) AS name, generate_subscripts($words, 1) AS place),
            medium AS (
                SELECT p.gid, arg_min(p.value, w.place) AS value FROM property p JOIN word w ON lower(p.name) = w.name
                WHERE p.layer = $layer AND p.value IS NOT NULL GROUP BY p.gid
            ), system AS (
                SELECT r.source AS gid, min(c.name) AS name FROM relation r JOIN concept c ON c.gid = r.target
                WHERE r.layer = $layer AND r.kind = 'member_of' AND c.ifc_class IN ('IfcDistributionSystem', 'IfcSystem',
                      'IfcDistributionCircuit', 'IfcBuildingSystem') GROUP BY 1
            ), fed AS (
                SELECT r.source AS gid, avg((t.min_x + t.max_x) / 2) AS x, avg((t.min_y + t.max_y) / 2) AS y,
                       avg((t.min_z + t.max_z) / 2) AS z
                FROM relation r JOIN object t ON t.gid = r.target
                WHERE r.layer = $layer AND r.kind = 'feeds' AND t.min_x IS NOT NULL GROUP BY 1
            ), feeding AS (
                SELECT r.target AS gid, avg((t.min_x + t.max_x) / 2) AS x, avg((t.min_y + t.max_y) / 2) AS y,
                       avg((t.min_z + t.max_z) / 2) AS z
                FROM relation r JOIN object t ON t.gid = r.source
                WHERE r.layer = $layer AND r.kind = 'feeds' AND t.min_x IS NOT NULL GROUP BY 1
            )
            SELECT o.gid, CAST(l.base + o.ordinal AS INTEGER) AS state, o.name, o.type, o.ifc_class, s.name AS system, m.value AS medium,
                   a.points, CASE WHEN f.x IS NULL THEN NULL ELSE [f.x, f.y, f.z] END AS "into",
                   CASE WHEN g.x IS NULL THEN NULL ELSE [g.x, g.y, g.z] END AS "out_of"
            FROM axis a JOIN object o ON o.gid = a.gid JOIN layer l ON l.layer = o.layer
            LEFT JOIN system s ON s.gid = o.gid LEFT JOIN medium m ON m.gid = o.gid LEFT JOIN fed f ON f.gid = o.gid
            LEFT JOIN feeding g ON g.gid = o.gid
            ORDER BY o.ordinal
            """,
            {"layer": layer, "words": [word.lower() for word in words]},
        )
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
    finally:
        cursor.unregister("axis")
        cursor.close()


def lined(db: Database, park: Park) -> list[dict[str, Any]]:
    """`[{layer, lines}]` of the published layers that have middle lines; models under review are left out."""
    found = []
    for row in db.rows("""SELECT layer, version FROM layer WHERE "group" <> 'submission' ORDER BY layer"""):
        path = table_path(version_folder(park, row["layer"], row["version"]), AXIS)
        count = pq.read_metadata(path).num_rows if path.exists() else 0
        if count:
            found.append({"layer": row["layer"], "lines": count})
    return found


def cameras(db: Database) -> list[dict[str, Any]]:
    """Cameras of the park with what their properties say of their views (`VIEW`); null where they say nothing.

    `[{gid, state, name, tag, layer, storey, x, y, z, heading, pitch, width, height, range}]`. Angles that a model gives in radians
    are turned to degrees. Models under review are left out.
    """
    names = {name.lower(): (key, place) for key, words in VIEW.items() for place, name in enumerate(words)}
    rows = db.rows(
        """
        SELECT o.gid, CAST(l.base + o.ordinal AS INTEGER) AS state, coalesce(o.name, o.tag) AS name, o.tag, o.layer, o.storey,
               (o.min_x + o.max_x) / 2 AS x, (o.min_y + o.max_y) / 2 AS y, (o.min_z + o.max_z) / 2 AS z
        FROM object o JOIN layer l ON l.layer = o.layer
        WHERE (o.predefined_type = 'CAMERA' OR o.type = 'Camera') AND o.min_x IS NOT NULL AND l."group" <> 'submission'
        ORDER BY o.layer, o.ordinal
        """
    )
    said = db.rows(
        """
        SELECT p.gid, lower(p.name) AS name, CASE WHEN p.unit = 'rad' THEN degrees(p.number) ELSE p.number END AS number
        FROM property p JOIN object o ON o.gid = p.gid
        WHERE (o.predefined_type = 'CAMERA' OR o.type = 'Camera') AND p.number IS NOT NULL
              AND lower(p.name) IN (SELECT unnest(?))
        """,
        [list(names)],
    )
    values: dict[str, dict[str, tuple[int, float]]] = {}
    for row in said:
        key, place = names[row["name"]]
        known = values.setdefault(row["gid"], {})
        if key not in known or place < known[key][0]:
            known[key] = (place, row["number"])
    nothing: dict[str, tuple[int, float]] = {}
    return [{**row, **{key: values.get(row["gid"], nothing).get(key, (0, None))[1] for key in VIEW}} for row in rows]
