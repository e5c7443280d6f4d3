"""`Publisher`: makes a built version the one people see, and tells them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scenes.build import publish_version
from server.live.events import Events
from twin.errors import ParkError
from twin.graph import GraphStore
from twin.graph.layerfile import LayerVersion
from twin.park import Park

log = logging.getLogger(__name__)


class Publisher:
    """One publish at a time. `after` is called with each new revision, as to bind the points anew."""

    def __init__(self, graph: GraphStore, events: Events, after: Callable[[], None] = lambda: None) -> None:
        self._graph = graph
        self._events = events
        self._after = after
        self._lock = threading.Lock()

    def publish(self, layer: str, version: str, *, title: str = "", group: str = "") -> LayerVersion:
        """Publish a version that stands on disk. Raises NotFound, Invalid, Conflict; the park is unchanged then.

        park.toml is read again first: an ingest beside the server may have changed it.
        """
        with self._lock:
            self._graph.park = Park.load(self._graph.park.folder)
            published = publish_version(self._graph, layer, version, title=title, group=group)
            self._tell()
            return published

    def withdraw(self, layer: str) -> None:
        """Take a layer out of the park. Raises NotFound."""
        with self._lock:
            self._graph.withdraw(layer)
            self._tell()

    def load_points(self, path: Path | None = None) -> list[dict[str, Any]]:
        """Make the points of a bindings file (the park's `points.csv`) the park's; returns the findings. Raises Invalid."""
        with self._lock:
            findings = self._graph.load_points(path)
            self._tell()
            return [finding.as_dict() for finding in findings]

    def change_points(self, change: Callable[[], None]) -> None:
        """Let `change` add or take away points in the graph, then bind the live state to them; its errors are raised on."""
        with self._lock:
            change()
            self._tell()

    def _tell(self) -> None:
        # The event goes first: a viewer then drops values that still come under the old points' indices.
        self._events.scene(self._graph.revision())
        try:
            self._after()
        except ParkError as error:  # what was published stays so; /readyz tells that the live state does not follow
            log.error("the live state could not follow the new scene: %s", error.message)  # noqa: TRY400  one sentence tells it
