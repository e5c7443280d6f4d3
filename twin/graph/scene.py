"""The scene manifest: which layers a viewer loads, their state bases, storeys and schemes."""

from __future__ import annotations

from typing import Any

from twin.graph.database import Database
from twin.park import Park

GROUPS = ("terrain", "base", "building", "underground", "neighbour", "scheme", "submission")


def _storeys(db: Database, layer: str | None) -> dict[str, list[dict[str, Any]]]:
    """Storeys by layer, lowest first; `top` is the next storey's elevation, or the building's top."""
    rows = db.rows(
        """
        SELECT o.layer, o.gid, o.name, o.elevation,
               coalesce(lead(o.elevation) OVER (PARTITION BY o.layer, o.building ORDER BY o.elevation),
                        b.max_z, l.max_z, o.elevation + 4.0) AS top
        FROM object o JOIN layer l ON l.layer = o.layer LEFT JOIN object b ON b.gid = o.building
        WHERE o.type = 'BuildingStorey' AND o.elevation IS NOT NULL AND ($layer IS NULL OR o.layer = $layer)
        ORDER BY o.layer, o.elevation
        """,
        {"layer": layer},
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row.pop("layer"), []).append(row)
    return found


def _entry(park: Park, row: dict[str, Any], storeys: list[dict[str, Any]], building: str | None) -> dict[str, Any]:
    settings = park.layers.get(row["layer"], {})
    scheme = next((scheme.id for scheme in park.schemes if row["layer"] in scheme.layers), None)
    return {
        "layer": row["layer"],
        "version": row["version"],
        "kind": row["kind"],
        "title": settings.get("title", row["title"]),
        "title_en": settings.get("title_en", row["title_en"]),
        "group": "scheme" if scheme else row["group"],
        "visible": bool(settings.get("visible", True)),
        "scheme": scheme,
        "base": row["base"],
        "count": row["count"],
        "tileset": f"/tiles/{row['layer']}/{row['version']}/tileset.json",
        "box": [row[name] or 0.0 for name in ("min_x", "min_y", "min_z", "max_x", "max_y", "max_z")],
        "building": building,
        "storeys": storeys,
    }


def manifest(db: Database, park: Park, submission: str | None = None) -> dict[str, Any]:
    """`scene.json`. Submissions under review are left out, except the layer asked for."""
    rows = db.rows("SELECT * FROM layer ORDER BY layer")
    chosen = [row for row in rows if row["group"] != "submission" or row["layer"] == submission]
    storeys = _storeys(db, None)
    buildings = {
        row["layer"]: row["gid"]
        for row in db.rows(
            "SELECT layer, min(gid) AS gid FROM object WHERE type = 'Building' AND ifc_class IS NOT NULL GROUP BY layer"
        )
    }
    frame = park.frame
    entries = [_entry(park, row, storeys.get(row["layer"], []), buildings.get(row["layer"])) for row in chosen]

    def rank(entry: dict[str, Any]) -> tuple[int, int, str]:
        order = park.layers.get(entry["layer"], {}).get("order", 0)
        group = GROUPS.index(entry["group"]) if entry["group"] in GROUPS else len(GROUPS)
        return group, order if isinstance(order, int) else 0, entry["layer"]

    return {
        "park": {
            "id": park.id,
            "name": park.name,
            "name_en": park.name_en,
            "origin": None
            if frame is None
            else {"longitude": frame.longitude, "latitude": frame.latitude, "height": frame.height},
            "timezone": park.timezone,
            "globe": None if frame is None else frame.globe_transform(),
        },
        "revision": revision(db),
        "states": max((row["base"] + row["count"] for row in rows), default=0),
        "layers": sorted(entries, key=rank),
        "schemes": [
            {
                "id": scheme.id,
                "name": scheme.name,
                "name_en": scheme.name_en or scheme.name,
                "colour": scheme.colour,
                "layers": list(scheme.layers),
                "hides": list(scheme.hides),
            }
            for scheme in park.schemes
        ],
    }


def revision(db: Database) -> int:
    """Counts publishes and withdrawals; a changed number tells viewers to load the scene again."""
    return int(db.rows("SELECT revision FROM scene_revision")[0]["revision"])
