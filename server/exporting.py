"""Exports: the worker behind both doors, and the results that a served park keeps for a while."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from scenes.export import Exported, ExportRequest, Format
from scenes.export.request import file_stem, write_request
from server.jobs import Job, JobContext, Jobs
from server.jobs.process import run_module
from twin.clock import Clock, iso
from twin.errors import Conflict, NotFound, Unavailable
from twin.graph import GraphStore
from twin.graph.selection import Selection, layers_of, nothing_selected, select_objects, spans_of
from twin.park import Park

KIND = "export"
KEPT_MS = 24 * 3600 * 1000
"""How long a result can be fetched."""
MAX_ACTIVE = 4
"""Exports that one person may have under way."""


def run_export(
    park: Park,
    layers: list[dict[str, Any]],
    request: ExportRequest,
    folder: Path,
    *,
    progress: Callable[[float, str], None],
    cancelled: Callable[[], bool] = lambda: False,
    seconds: float = 1800.0,
) -> Exported:
    """Export in a worker process. folder: empty, on the disk of the result; layers: all that are published.

    Raises what the worker says, or Unavailable where it was cancelled, took too long or died.
    """
    chosen = layers_of(request.selection, layers)
    write_request(folder, park, chosen, request)
    done = run_module(
        "scenes.export.worker",
        {"folder": str(folder.resolve())},
        progress=progress,
        cancelled=cancelled,
        seconds=seconds,
    )
    return Exported(**{**done, "path": folder / done["path"]})


class Exports:
    """Exports of a served park. Results stand under `<park>/exports/<job>/` for a day, for the person who asked."""

    def __init__(self, graph: GraphStore, jobs: Jobs, clock: Clock, *, max_bytes: int) -> None:
        self._graph = graph
        self._jobs = jobs
        self._clock = clock
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self.folder = graph.park.folder / "exports"
        self._sweep()

    def scene(
        self, states: list[tuple[int, int]], revision: int | None
    ) -> tuple[list[dict[str, Any]], tuple[tuple[str, int, int], ...]]:
        """The published layers, and what ranges of state indices select in them: see `spans_of`."""
        layers = self._graph.layers()
        if not states:
            return layers, ()
        return layers, spans_of(states, layers, seen=revision, revision=self._graph.revision())

    def start(self, request: ExportRequest, layers: list[dict[str, Any]], owner: str, name: str) -> Job:
        """Queue an export; several models become an archive. name: of the file to be, without ending.

        layers: of `scene`: the versions that the person saw are those that are exported.
        Raises NotFound on an unknown id, Invalid where nothing matches, Unavailable where too many are under way.
        """
        self._sweep()
        models = self._models(request.selection, layers)
        wanted = replace(
            request,
            archive=request.archive or (request.format is Format.IFC and models > 1),
            made_at=iso(self._clock.now_ms()),
            max_bytes=self._max_bytes,
        )
        file = f"{file_stem(name)}.{wanted.suffix}"
        with self._lock:
            active = sum(job.owner == owner and not job.state.ended for job in self._jobs.list(kind=KIND))
            if active >= MAX_ACTIVE:
                raise Unavailable(
                    f"{active} of your exports are under way: wait until one ends", code="too-many-exports"
                )
            return self._jobs.submit(KIND, file, owner, lambda job: self._work(wanted, layers, file, job))

    def _models(self, selection: Selection, layers: list[dict[str, Any]]) -> int:
        """In how many layers the selection matches elements of IFC. Raises NotFound, or Invalid where nothing matches."""
        cursor = self._graph.db.cursor()
        try:
            found = [select_objects(cursor, selection, str(row["layer"])) for row in layers_of(selection, layers)]
        finally:
            cursor.close()
        if not sum(len(table) for table in found):
            raise nothing_selected(selection)
        return sum(table.column("ifc_class").null_count < len(table) for table in found)

    def _work(self, request: ExportRequest, layers: list[dict[str, Any]], name: str, job: JobContext) -> dict[str, Any]:
        folder = self.folder / job.job_id
        working = folder / "working"
        try:
            working.mkdir(parents=True)
            done = run_export(
                self._graph.park,
                layers,
                request,
                working,
                progress=job.progress,
                cancelled=job.cancelled,
            )
            done.path.replace(folder / "result")
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise Unavailable(f"{self.folder} cannot be written: {error.strerror}", code="disk") from error
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        shutil.rmtree(working, ignore_errors=True)
        return {**done.as_dict(), "path": name}

    def get(self, job_id: str, owner: str) -> Job:
        """One's own export. Raises NotFound, also for other people's."""
        job = self._jobs.get(job_id)
        if job.kind != KIND or job.owner != owner:
            raise NotFound(f"No export of yours has the id {job_id!r}", code="no-export")
        return job

    def list(self, owner: str) -> list[Job]:
        """One's own exports, newest first."""
        return [job for job in self._jobs.list(kind=KIND) if job.owner == owner]

    def file(self, job_id: str, owner: str) -> tuple[Path, str]:
        """(file, its name for people). Raises NotFound, and Conflict while the export goes on or where it failed."""
        job = self.get(job_id, owner)
        if job.result is None:
            raise Conflict(f"The export {job.target} has no file: it is {job.state.value}", code="export-not-done")
        path = self.folder / job.id / "result"
        if not path.is_file():
            hours = KEPT_MS // 3_600_000
            raise NotFound(f"The file {job.target} is gone: exports are kept for {hours} hours", code="export-gone")
        return path, job.target

    def remove(self, job_id: str, owner: str) -> Job:
        """Stop an export that is under way; remove the file of one that has ended."""
        job = self.get(job_id, owner)
        if not job.state.ended:
            return self._jobs.cancel(job_id)
        shutil.rmtree(self.folder / job.id, ignore_errors=True)
        return job

    def _sweep(self) -> None:
        """Remove what is too old, half written, or of a job that nobody remembers."""
        known = {job.id: job for job in self._jobs.list(kind=KIND)}
        for folder in self.folder.glob("*"):
            job = known.get(folder.name)
            if not re.fullmatch(r"[0-9a-f]{32}", folder.name) or (job is not None and not job.state.ended):
                continue
            ended = None if job is None else job.ended_ms
            if ended is None or self._clock.now_ms() - ended > KEPT_MS or not (folder / "result").is_file():
                shutil.rmtree(folder, ignore_errors=True)
