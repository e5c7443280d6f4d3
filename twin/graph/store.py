"""`GraphStore`: the scene graph of one park behind one door."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from twin.errors import NotFound
from twin.finding import Finding
from twin.graph import added_points, concepts, objects, overlays, points, scene
from twin.graph.database import Database
from twin.graph.hierarchy import DeviceTree, device_tree
from twin.graph.layerfile import LayerVersion, read_version, version_folder
from twin.graph.publish import publish, withdraw
from twin.graph.schema import MIGRATIONS
from twin.park import Park

GROUP_OF_KIND = {"bim": "building", "model": "building", "terrain": "terrain", "vector": "base"}
"""Where a layer stands in the scene when neither the caller nor park.toml says so."""


class GraphStore:
    """Queries and publishing on `park.duckdb`. Safe from several threads; one process at a time."""

    def __init__(self, park: Park, database: Database | None = None) -> None:
        self.park = park
        self.db = database or Database(park.database)
        self.db.migrate("graph", MIGRATIONS)
        self.db.migrate(added_points.MODULE, added_points.MIGRATIONS)

    def publish(
        self, layer: str, version: str, *, title: str = "", title_en: str = "", group: str = ""
    ) -> LayerVersion:
        """Publish a built version; title and group default to the park's settings for the layer, then to its kind."""
        settings = self.park.layers.get(layer, {})
        folder = version_folder(self.park, layer, version)
        kind = read_version(folder).kind
        return publish(
            self.db,
            folder,
            title=title or str(settings.get("title", "")),
            title_en=title_en or str(settings.get("title_en", "")),
            group=group or str(settings.get("group", GROUP_OF_KIND.get(kind, "base"))),
        )

    def withdraw(self, layer: str) -> None:
        """Take a layer out of the park. Raises NotFound."""
        if not withdraw(self.db, layer):
            raise NotFound(f"Layer {layer!r} is not published: known are {', '.join(self.layer_names()) or 'none'}")

    def layer_names(self) -> list[str]:
        """Names of the published layers."""
        return [row["layer"] for row in self.db.rows("SELECT layer FROM layer ORDER BY layer")]

    def layers(self) -> list[dict[str, Any]]:
        """Published layers with statistics, georeference and findings of their build."""
        rows = self.db.rows("SELECT * FROM layer ORDER BY layer")
        for row in rows:
            for name in ("georef", "stats", "findings"):
                row[name] = json.loads(row[name] or "null")
            for name in ("built_at", "published_at"):
                row[name] = f"{row[name].isoformat()}Z" if row[name] else None
        return rows

    def layer(self, name: str) -> dict[str, Any]:
        """One published layer. Raises NotFound."""
        for row in self.layers():
            if row["layer"] == name:
                return row
        raise NotFound(f"Layer {name!r} is not published: known are {', '.join(self.layer_names()) or 'none'}")

    def search(
        self, *, q: str | None = None, limit: int = 50, offset: int = 0, **filters: str | None
    ) -> dict[str, Any]:
        """Objects by text and filters: layer, type, storey, building, discipline."""
        return objects.search(self.db, filters, q, limit, offset)

    def item(self, gid: str) -> dict[str, Any]:
        """One object's item. Raises NotFound."""
        return objects.item(self.db, gid)

    def items(self, gids: list[str]) -> list[dict[str, Any]]:
        """Items of those gids that exist."""
        return objects.items(self.db, gids)

    def by_state(self, state: int) -> dict[str, Any]:
        """The object of a state index. Raises NotFound."""
        return objects.by_state(self.db, state)

    def card(self, gid: str) -> dict[str, Any]:
        """Everything about one object. Raises NotFound."""
        return objects.card(self.db, gid)

    def search_concepts(
        self, q: str | None = None, layer: str | None = None, kind: str | None = None, limit: int = 50, offset: int = 0
    ) -> dict[str, Any]:
        """Types, systems, zones, materials … by text, layer and kind."""
        return concepts.search(self.db, q, layer, kind, limit, offset)

    def concept_card(self, gid: str) -> dict[str, Any]:
        """Everything about one concept, with its members. Raises NotFound."""
        return concepts.card(self.db, gid)

    def children(self, parent: str | None = None) -> list[dict[str, Any]]:
        """Direct children in the spatial tree."""
        return objects.children(self.db, parent)

    def state_ranges(self, between: tuple[float, float] | None = None, **filters: str | None) -> list[list[int]]:
        """Inclusive ranges of state indices by filters; between: of things without a storey by their height."""
        return objects.state_ranges(self.db, filters, between)

    def type_counts(self, **filters: str | None) -> list[dict[str, Any]]:
        """Objects by type, by filters."""
        return objects.type_counts(self.db, filters)

    def scene(self, submission: str | None = None) -> dict[str, Any]:
        """The scene manifest."""
        return scene.manifest(self.db, self.park, submission)

    def revision(self) -> int:
        """Counts publishes."""
        return scene.revision(self.db)

    def points(self) -> list[dict[str, Any]]:
        """All points in index order."""
        return points.rows(self.db)

    def device_tree(self) -> DeviceTree:
        """Which gateway or controller each device reports through."""
        return device_tree(self.db)

    def points_below(self, gid: str) -> list[str]:
        """Ids of the points of an object and all below it, or of all that belongs to a concept. Raises NotFound."""
        return points.below(self.db, gid)

    def places(self) -> list[dict[str, Any]]:
        """Where the points are measured, in index order."""
        return overlays.places(self.db)

    def lined(self) -> list[dict[str, Any]]:
        """Layers that have lines of flow, and how many."""
        return overlays.lined(self.db, self.park)

    def cameras(self) -> list[dict[str, Any]]:
        """Cameras and what their properties say of their views."""
        return overlays.cameras(self.db)

    def load_points(self, path: Path | None = None) -> list[Finding]:
        """Read the park's `points.csv` (or another file) into the graph; no file, no change."""
        source = path or self.park.folder / points.FILE
        if not source.exists():
            return []
        return points.replace(self.db, points.read_csv(source))

    def select(self, query: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """One read-only SELECT by a user."""
        return self.db.select(query)

    def close(self) -> None:
        """Release the database file."""
        self.db.close()
