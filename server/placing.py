"""`Placings`: shows where a layer's model stands, and builds it anew at another place."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from scenes.build import ingest
from scenes.build.ingesting import terrain_of
from scenes.build.sources import find_source, has_source
from scenes.outline import kept_outline
from server.jobs import Job, JobContext, Jobs
from server.publishing import Publisher
from server.submissions.submission import LAYER_PREFIX
from twin.errors import Conflict, Invalid, ParkError
from twin.geometry.frame import crs as known_crs
from twin.graph import GraphStore
from twin.graph.layerfile import read_version, version_folder
from twin.graph.plan import plan
from twin.park_settings import placing_of, remember_placing
from twin.placing import Placing

KIND = "placing"
BUILT = 0.95
"""Share of a job's progress at which the build ends and publishing begins."""
MAX_RECTANGLES = 8_000
"""Drawn as one path each layer, this many are smooth in a browser, and half a megabyte."""


class Placings:
    """One placing of a layer at a time; the park's other layers are not held up."""

    def __init__(self, graph: GraphStore, jobs: Jobs, publisher: Publisher) -> None:
        self._graph = graph
        self._jobs = jobs
        self._publisher = publisher
        self._lock = threading.Lock()
        self._drawing = threading.Lock()

    def show(self, layer: str) -> dict[str, Any]:
        """The layer's report, what is remembered, and the park's plan. Raises NotFound, Conflict (a park without origin)."""
        row = self._graph.layer(layer)
        frame = self._graph.park.frame
        if frame is None:
            raise Conflict("The park has no origin yet: ingest a georeferenced layer first", code="no-origin")
        names = ("layer", "version", "title", "title_en", "source", "group", "kind", "georef")
        return {
            **{name: row[name] for name in names},
            "placing": placing_of(self._graph.park, layer).as_dict(),
            "kept": has_source(self._graph.park, str(row["source"])),
            "job": next(
                (job.id for job in self._jobs.list(kind=KIND) if job.target == layer and not job.state.ended), None
            ),
            "origin": {
                "longitude": frame.longitude,
                "latitude": frame.latitude,
                "height": frame.height,
                "crs": frame.crs,
            },
            "plan": plan(self._graph.db, layer, MAX_RECTANGLES),
        }

    def outline(self, layer: str) -> dict[str, Any]:
        """What the published layer covers from above, for the plan. Raises NotFound, Invalid (its tiles are broken)."""
        row = self._graph.layer(layer)
        folder = version_folder(self._graph.park, layer, str(row["version"]))
        with self._drawing:  # one after the other: a plan asks for all of a park's layers at once
            shapes = kept_outline(folder, str(row["kind"]))
        return {"layer": layer, "version": row["version"], "shapes": shapes}

    def apply(self, layer: str, placing: Placing, owner: str) -> Job:
        """Queue the build of a layer at another place, and its publishing.

        Raises NotFound where the layer or its file is not there, Conflict where it is being placed already or is a
        model under review, Invalid where it is no building model or the system is unknown.
        """
        row = self._graph.layer(layer)
        if layer.startswith(LAYER_PREFIX):
            raise Conflict(
                f"Layer {layer!r} is a model under review: place it there, with POST /submissions/{layer.removeprefix(LAYER_PREFIX)}/georef",
                code="placing-submission",
            )
        if row["kind"] != "bim":
            raise Invalid(f"Layer {layer!r} is made from no building model: only models can be placed", code="placing")
        if placing.crs:
            known_crs(placing.crs)
        self._source(layer, str(row["version"]))

        def work(job: JobContext) -> dict[str, Any]:
            return self._work(layer, placing, job)

        with self._lock:
            if any(job.target == layer and not job.state.ended for job in self._jobs.list(kind=KIND)):
                raise Conflict(
                    f"Layer {layer!r} is being placed already: wait until that job ends", code="placing-running"
                )
            return self._jobs.submit(KIND, layer, owner, work)

    def _source(self, layer: str, version: str) -> Path:
        """The file a version was built from. Raises NotFound, Conflict."""
        park = self._graph.park
        return find_source(park, read_version(version_folder(park, layer, version)))

    def _work(self, layer: str, placing: Placing, job: JobContext) -> dict[str, Any]:
        park, row = self._graph.park, self._graph.layer(layer)
        built = ingest(
            park,
            self._source(layer, str(row["version"])),
            layer=layer,
            placing=placing,
            title=str(row["title"]),
            terrain=terrain_of(park, self._graph.layers()),
            progress=job.part(0.0, BUILT),
            cancelled=job.cancelled,
        ).version
        job.progress(BUILT, "publish")
        before = placing_of(park, layer)
        remember_placing(park.folder, layer, placing.settled(built.georef.get("anchor")))
        try:
            self._publisher.publish(layer, built.version, title=str(row["title"]), group=str(row["group"]))
        except ParkError:
            remember_placing(park.folder, layer, before)
            raise
        return {"layer": layer, "version": built.version, "used": built.georef.get("candidate")}
