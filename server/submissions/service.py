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
from scenes.build.ingesting import terrain_of
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
from twin.geometry.frame import crs as known_crs
from twin.graph import GraphStore
from twin.graph.layerfile import version_folder
from twin.placing import Placing

log = logging.getLogger(__name__)

KIND = "review"
GROUP = "submission"
WORKING = ".review"
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
                self._fall_back(row, SubmissionState.FAILED, error)

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
        return self._queue(row, path, Placing(), owner)

    def place(self, ident: str, placing: Placing, owner: str) -> Job:
        """Queue another build and review of a submission, its model placed by the user; an empty placing lets the file decide.

        The review that stands stays until the new one is whole. Raises NotFound, also where the file is gone, Conflict
        while a review of it is under way, Invalid where the system is unknown, Unavailable where there is no room.
        """
        if placing.crs:
            known_crs(placing.crs)
        with self._lock:
            row = self._present(self._store.get(ident))
            path = self.folder / ident / row.name
            if not path.is_file():
                raise NotFound(f"{row.name} of submission {ident} is gone: hand the model in again", code="no-source")
            if not row.state.ended:
                raise Conflict(
                    f"{row.name} is under review: it is {row.state.value}; wait until that ends", code="review-running"
                )
            self.check_room()
            _, job = self._queue(replace(row, state=SubmissionState.QUEUED, error=None), path, placing, owner)
        return job

    def placed(self, ident: str) -> dict[str, Any]:
        """`{placing, kept, job}`: what the model was placed by, whether its file is there, the review under way. Raises NotFound."""
        row = self._present(self._store.get(ident))
        kept = (self.folder / ident / row.name).is_file()
        return {"placing": row.placing, "kept": kept, "job": None if row.state.ended else row.job}

    def _queue(self, row: Submission, path: Path, placing: Placing, owner: str) -> tuple[Submission, Job]:
        self._store.write(row)
        ready = threading.Event()

        def work(job: JobContext) -> dict[str, Any]:
            ready.wait()
            return self._work(row.id, path, placing, job)

        try:
            job = self._jobs.submit(KIND, row.id, owner, work)
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

    def _stands(self, row: Submission) -> bool:
        """Whether a finished review of an earlier placing is there."""
        return bool(row.version) and (self.folder / row.id / RESULT).is_file()

    def _fall_back(self, row: Submission, state: SubmissionState, error: dict[str, Any] | None) -> Submission:
        """Put down that work ended without a result: an earlier review stands as it was."""
        if self._stands(row):
            state, error = SubmissionState.REVIEWED, None
        row = replace(row, state=state, error=error)
        self._store.write(row)
        return row

    def _shown(self, row: Submission) -> dict[str, Any]:
        return self._present(row).as_dict()

    def _present(self, row: Submission) -> Submission:
        if not row.state.ended and row.job:  # a job cancelled before it began never touched its submission
            job = self._jobs.get(row.job)
            if job.state.ended:
                row = self._fall_back(row, SubmissionState(job.state.value), job.error)
        return row

    def _work(self, ident: str, path: Path, placing: Placing, job: JobContext) -> dict[str, Any]:
        try:
            return self._steps(ident, path, placing, job)
        except ParkError as error:
            state = SubmissionState.CANCELLED if job.cancelled() else SubmissionState.FAILED
            shown = None if job.cancelled() else problem_of(error)
            self._fall_back(self._store.get(ident), state, shown)
            raise
        except Exception:
            error_row = problem(500, "internal", "The server failed at this review; its log tells more")
            self._fall_back(self._store.get(ident), SubmissionState.FAILED, error_row)
            raise

    def _steps(self, ident: str, path: Path, placing: Placing, job: JobContext) -> dict[str, Any]:
        row = replace(self._store.get(ident), state=SubmissionState.BUILDING)
        stands = self._stands(row)
        self._store.write(row)
        park = self._graph.park
        built = ingest(
            park,
            path,
            layer=row.layer,
            placing=placing,
            title=path.stem,
            terrain=terrain_of(park, self._graph.layers()),
            progress=job.part(0.0, BUILT),
            cancelled=job.cancelled,
        ).version
        done = replace(
            row, version=built.version, placing=placing.settled((built.georef or {}).get("anchor")).as_dict()
        )
        if not stands:  # people look at the model while its rules are checked
            job.progress(BUILT, "publish")
            self._publisher.publish(row.layer, built.version, title=path.stem, group=GROUP)
            row = done
        self._store.write(replace(row, state=SubmissionState.REVIEWING))
        job.progress(PUBLISHED, "rules")
        folder = version_folder(self._graph.park, row.layer, built.version)
        working = self.folder / ident / WORKING
        shutil.rmtree(working, ignore_errors=True)
        working.mkdir()
        try:
            result = self._review(folder, working, row, self._clock.now_ms(), job.part(PUBLISHED, 1.0), job.cancelled)
            if stands:
                self._publisher.publish(row.layer, built.version, title=path.stem, group=GROUP)
            _take(working, self.folder / ident)
        finally:
            shutil.rmtree(working, ignore_errors=True)
        self._store.write(replace(done, state=SubmissionState.REVIEWED, counts=result["counts"]))
        return {"submission": ident, "layer": row.layer, "version": built.version, "counts": result["counts"]}


def _take(working: Path, folder: Path) -> None:
    """Put a review's files in place of the earlier ones; the result last: with it the review is whole."""
    for name in (HTML, PDF, RESULT):
        if (working / name).is_file():
            (working / name).replace(folder / name)
        else:
            (folder / name).unlink(missing_ok=True)


def _check_name(name: str) -> None:
    if Path(name).suffix.lower() not in SUFFIXES:
        raise Invalid(
            f"{name} is no building model: expected a file ending in {', '.join(SUFFIXES)}", code="unknown-format"
        )
