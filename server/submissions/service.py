"""`Submissions`: takes an uploaded model through build, publish (for review only), rules and report."""

from __future__ import annotations

import json
import logging
import shutil
import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from scenes.build import ingest
from scenes.build.ingest import terrain_of
from server.jobs import Job, JobContext, Jobs
from server.jobs.process import run_module
from server.problems import problem, problem_of
from server.publishing import Publisher
from server.submissions.store import SubmissionStore
from server.submissions.submission import Submission, SubmissionState
from server.submissions.upload import INCOMING, Upload
from server.submissions.worker_files import HTML, PDF, RESULT
from twin.clock import Clock
from twin.errors import Conflict, Invalid, NotFound, ParkError, Unavailable
from twin.graph import GraphStore
from twin.graph.layerfile import version_folder

log = logging.getLogger(__name__)

KIND = "review"
GROUP = "submission"
SUFFIXES = (".ifc", ".ifczip", ".ifcxml")
BUILT, PUBLISHED = 0.6, 0.65
"""Shares of a job's progress: the build ends at the first, publishing at the second, then come the rules."""


class Review(Protocol):
    """Reviews the layer version in `folder`, writes result and reports to `out`, returns `{"counts": …}`.

    `made_ms` is the time that the report names.
    """

    def __call__(
        self,
        folder: Path,
        out: Path,
        submission: Submission,
        made_ms: int,
        progress: Callable[[float, str], None],
        cancelled: Callable[[], bool],
    ) -> dict[str, Any]:
        """Raises ParkError."""
        ...


def review_in_process(
    folder: Path,
    out: Path,
    submission: Submission,
    made_ms: int,
    progress: Callable[[float, str], None],
    cancelled: Callable[[], bool],
) -> dict[str, Any]:
    """The review by `bim.review`, in a worker process."""
    spec = {
        "folder": str(folder),
        "out": str(out),
        "id": submission.id,
        "name": submission.name,
        "owner": submission.owner,
        "made_ms": made_ms,
    }
    return run_module("server.submissions.worker", spec, progress=progress, cancelled=cancelled)


class Submissions:
    """All submissions of a park. Files stand under `<park>/submissions/<id>/`."""

    def __init__(
        self,
        graph: GraphStore,
        jobs: Jobs,
        publisher: Publisher,
        clock: Clock,
        *,
        max_active: int,
        review: Review = review_in_process,
    ) -> None:
        self._graph = graph
        self._jobs = jobs
        self._publisher = publisher
        self._clock = clock
        self._max_active = max_active
        self._review = review
        self._store = SubmissionStore(graph.db)
        self._lock = threading.Lock()
        self.folder = graph.park.folder / "submissions"
        self._tidy()

    def _tidy(self) -> None:
        """After a crash: what was under way has failed, what was half received goes."""
        for folder in self.folder.glob(f"{INCOMING}*"):
            shutil.rmtree(folder, ignore_errors=True)
        for row in self._store.list():
            if not row.state.ended:
                error = problem(503, "server-stopped", "The server stopped during this review: hand the model in again")
                self._store.write(replace(row, state=SubmissionState.FAILED, error=error))

    def check_room(self) -> None:
        """Raise Unavailable where too many reviews are under way to take another one."""
        active = sum(not job.state.ended for job in self._jobs.list(kind=KIND))
        if active >= self._max_active:
            raise Unavailable(f"{active} reviews are under way: wait until one ends", code="too-many-reviews")

    def accept(self, upload: Upload, owner: str) -> tuple[Submission, Job]:
        """Keep an upload and queue its review. Raises Invalid where it is no model, Unavailable where there is no room."""
        try:
            _check_name(upload.name)
            with self._lock:
                self.check_room()
                return self._keep(upload, owner)
        except BaseException:
            upload.discard()
            raise

    def _keep(self, upload: Upload, owner: str) -> tuple[Submission, Job]:
        ident = uuid.uuid4().hex[:12]
        path = upload.move_to(self.folder / ident)
        row = Submission(
            ident,
            upload.name,
            SubmissionState.QUEUED,
            owner,
            self._clock.now_ms(),
            upload.size,
            upload.sha256,
        )
        self._store.write(row)
        ready = threading.Event()

        def work(job: JobContext) -> dict[str, Any]:
            ready.wait()
            return self._work(ident, path, job)

        try:
            job = self._jobs.submit(KIND, ident, owner, work)
            row = replace(row, job=job.id)
            self._store.write(row)
        finally:
            ready.set()
        return row, job

    def list(self) -> list[dict[str, Any]]:
        """All submissions, newest first."""
        return [self._shown(row) for row in self._store.list()]

    def get(self, ident: str) -> dict[str, Any]:
        """One submission with its layer as in `scene.json`, once it is built. Raises NotFound."""
        row = self._store.get(ident)
        entries = self._graph.scene(row.layer)["layers"] if row.version else []
        return {
            **self._shown(row),
            "scene_layer": next((entry for entry in entries if entry["layer"] == row.layer), None),
        }

    def findings(self, ident: str) -> dict[str, Any]:
        """`{items, rules}` of a finished review; each finding with the state indices of its objects."""
        row = self._finished(ident)
        data = json.loads((self.folder / ident / RESULT).read_text(encoding="utf-8"))
        gids = sorted({gid for item in data["items"] for gid in item["gids"]})
        states = {item["gid"]: item["state"] for item in self._graph.items(gids)}
        for item in data["items"]:
            item["states"] = [states[gid] for gid in item["gids"] if gid in states]
        return {"items": data["items"], "rules": data["rules"], "layer": row.layer}

    def report(self, ident: str, kind: str) -> Path:
        """The report's file: `html` or `pdf`. Raises NotFound, and Conflict while the review goes on."""
        self._finished(ident)
        path = self.folder / ident / {"html": HTML, "pdf": PDF}[kind]
        if not path.is_file():
            why = json.loads((path.parent / RESULT).read_text(encoding="utf-8")).get("pdf_error", "its file is gone")
            raise NotFound(f"Submission {ident} has no {kind} report: {why}", code="no-report")
        return path

    def _finished(self, ident: str) -> Submission:
        row = self._store.get(ident)
        if row.state is not SubmissionState.REVIEWED:
            raise Conflict(f"The review of {row.name} is not finished: it is {row.state.value}", code="not-reviewed")
        return row

    def _shown(self, row: Submission) -> dict[str, Any]:
        if not row.state.ended and row.job:  # a job cancelled before it began never touched its submission
            job = self._jobs.get(row.job)
            if job.state.ended:
                row = replace(row, state=SubmissionState(job.state.value), error=job.error)
                self._store.write(row)
        return row.as_dict()

    def _work(self, ident: str, path: Path, job: JobContext) -> dict[str, Any]:
        try:
            return self._steps(ident, path, job)
        except ParkError as error:
            state = SubmissionState.CANCELLED if job.cancelled() else SubmissionState.FAILED
            shown = None if job.cancelled() else problem_of(error)
            self._store.write(replace(self._store.get(ident), state=state, error=shown))
            raise
        except Exception:
            error_row = problem(500, "internal", "The server failed at this review; its log tells more")
            self._store.write(replace(self._store.get(ident), state=SubmissionState.FAILED, error=error_row))
            raise

    def _steps(self, ident: str, path: Path, job: JobContext) -> dict[str, Any]:
        row = replace(self._store.get(ident), state=SubmissionState.BUILDING)
        self._store.write(row)
        park = self._graph.park
        built = ingest(
            park,
            path,
            layer=row.layer,
            title=path.stem,
            terrain=terrain_of(park, self._graph.layers()),
            progress=job.part(0.0, BUILT),
            cancelled=job.cancelled,
        ).version
        job.progress(BUILT, "publish")
        self._publisher.publish(row.layer, built.version, title=path.stem, group=GROUP)
        row = replace(row, state=SubmissionState.REVIEWING, version=built.version)
        self._store.write(row)
        job.progress(PUBLISHED, "rules")
        folder = version_folder(self._graph.park, row.layer, built.version)
        result = self._review(
            folder, self.folder / ident, row, self._clock.now_ms(), job.part(PUBLISHED, 1.0), job.cancelled
        )
        self._store.write(replace(row, state=SubmissionState.REVIEWED, counts=result["counts"]))
        return {"submission": ident, "layer": row.layer, "version": built.version, "counts": result["counts"]}


def _check_name(name: str) -> None:
    if Path(name).suffix.lower() not in SUFFIXES:
        raise Invalid(
            f"{name} is no building model: expected a file ending in {', '.join(SUFFIXES)}", code="unknown-format"
        )
