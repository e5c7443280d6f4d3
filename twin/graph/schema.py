"""Tables of the scene graph (architecture, 'Scene graph'). A layer version's own tables are the same.

No unique constraints: DuckDB checks them eagerly, so replacing a layer in one transaction would
fail on its own rows; the builder guarantees that gids are unique inside a layer version.
"""

from __future__ import annotations

OBJECT_COLUMNS = (
    "gid VARCHAR, layer VARCHAR, ordinal INTEGER, id VARCHAR, type VARCHAR, ifc_class VARCHAR,"
    " predefined_type VARCHAR, name VARCHAR, description VARCHAR, tag VARCHAR, parent VARCHAR, storey VARCHAR,"
    " building VARCHAR, discipline VARCHAR, cim_level TINYINT, elevation DOUBLE, engine VARCHAR,"
    " min_x DOUBLE, min_y DOUBLE, min_z DOUBLE, max_x DOUBLE, max_y DOUBLE, max_z DOUBLE"
)
GRAPH_TABLES = {
    "object": OBJECT_COLUMNS,
    "concept": "gid VARCHAR, layer VARCHAR, kind VARCHAR, ifc_class VARCHAR, name VARCHAR, description VARCHAR",
    "relation": "layer VARCHAR, source VARCHAR, kind VARCHAR, target VARCHAR",
    "property": (
        'layer VARCHAR, gid VARCHAR, "set" VARCHAR, name VARCHAR, value VARCHAR, number DOUBLE, unit VARCHAR,'
        " origin VARCHAR"
    ),
    "quantity": ('layer VARCHAR, gid VARCHAR, "set" VARCHAR, name VARCHAR, value DOUBLE, unit VARCHAR, origin VARCHAR'),
}
"""The tables that a layer version brings; each has a `layer` column, by which publishing replaces it."""

FINGERPRINT = "fingerprint"
AXIS = "axis"
VERSION_TABLES = {
    FINGERPRINT: (
        "layer VARCHAR, gid VARCHAR, area DOUBLE, volume DOUBLE, centre DOUBLE[3], second DOUBLE[6], third DOUBLE[10],"
        " placement DOUBLE[12], properties BIGINT, quantities BIGINT"
    ),
    AXIS: "layer VARCHAR, gid VARCHAR, points DOUBLE[]",
}
"""Tables of a layer version alone, for comparing versions and for lines of flow; publishing leaves them there."""

LAYER_COLUMNS = (
    'layer VARCHAR, version VARCHAR, kind VARCHAR, title VARCHAR, title_en VARCHAR, "group" VARCHAR, source VARCHAR,'
    " sha256 VARCHAR, crs VARCHAR, georef JSON, stats JSON, findings JSON, built_at TIMESTAMP,"
    " published_at TIMESTAMP, base INTEGER, count INTEGER,"
    " min_x DOUBLE, min_y DOUBLE, min_z DOUBLE, max_x DOUBLE, max_y DOUBLE, max_z DOUBLE"
)

POINT_COLUMNS = (
    'point_id VARCHAR, gid VARCHAR, device VARCHAR, kind VARCHAR, unit VARCHAR, "min" DOUBLE, "max" DOUBLE,'
    " role VARCHAR, name VARCHAR, source VARCHAR"
)

MIGRATIONS = (
    "; ".join(
        [f"CREATE TABLE layer ({LAYER_COLUMNS})"]
        + [f"CREATE TABLE {name} ({columns})" for name, columns in GRAPH_TABLES.items()]
        + [
            f"CREATE TABLE point ({POINT_COLUMNS})",
            "CREATE TABLE scene_revision (revision INTEGER)",
            "INSERT INTO scene_revision VALUES (0)",
            "CREATE INDEX object_gid ON object (gid)",
        ]
    ),
)


def columns(table: str) -> list[str]:
    """Names of the columns of a table that a layer version has, in order."""
    parts = (GRAPH_TABLES | VERSION_TABLES)[table].split(", ")
    return [part.split(" ")[0].strip('"') for part in parts]
