"""`Jobs`: runs long work in a few threads, each of which supervises a worker process."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from server.jobs.job import Cancelled, Job, JobState
from server.jobs.store import JobStore
from server.problems import problem_of, unexpected
from twin.clock import Clock
from twin.errors import Conflict, NotFound, ParkError, Unavailable
from twin.graph import Database

log = logging.getLogger(__name__)

LOST = "The server stopped while this job was under way: start it again"
Work = Callable[["JobContext"], dict[str, Any]]


class JobContext:
    """What a running job may do: say how far it is, and find out whether it should stop."""

    def __init__(self, jobs: Jobs, job_id: str, stop: threading.Event) -> None:
        self._jobs = jobs
        self.job_id = job_id
        self._stop = stop

    def progress(self, fraction: float, phase: str, message: str = "") -> None:
        """Tell how far the work is, 0..1. Raises Cancelled where it should stop, so that work between reports ends soon."""
        self.check()
        self._jobs.report(self.job_id, fraction, phase, message)

    def cancelled(self) -> bool:
        """Whether the job should stop."""
        return self._stop.is_set()

    def check(self) -> None:
        """Raise Cancelled where the job should stop."""
        if self._stop.is_set():
            raise Cancelled("The job was cancelled")

    def part(self, first: float, last: float) -> Callable[[float, str], None]:
        """A progress function for a step that fills `first`..`last` of the whole."""

        def report(fraction: float, phase: str) -> None:
            self.progress(first + (last - first) * min(max(fraction, 0.0), 1.0), phase)

        return report


class Jobs:
    """The registry. States are written to the database as they change, progress only lives in memory."""

    def __init__(self, db: Database, clock: Clock, *, workers: int, keep: int) -> None:
        self._clock = clock
        self._keep = keep
        self._store = JobStore(db)
        self._lock = threading.Lock()
        self._stops: dict[str, threading.Event] = {}
        self._futures: dict[str, Future[None]] = {}
        self._jobs = {job.id: job for job in reversed(self._store.load(keep))}
        for job in [job for job in self._jobs.values() if not job.state.ended]:
            self._end(job, JobState.FAILED, error=problem_of(Unavailable(LOST, code="server-stopped")))
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="job")
        self._closed = False

    def submit(self, kind: str, target: str, owner: str, work: Work) -> Job:
        """Queue work. Its result is a dictionary of plain data; a ParkError it raises becomes the job's error."""
        job = Job(uuid.uuid4().hex, kind, target, owner, JobState.QUEUED, self._clock.now_ms(), phase="queued")
        stop = threading.Event()
        self._store.write(job)
        with self._lock:
            if self._closed:
                raise Unavailable("The server is stopping: no new work is taken", code="stopping")
            self._jobs[job.id] = job
            self._stops[job.id] = stop
            self._forget()
            self._futures[job.id] = self._pool.submit(self._run, job.id, work, stop)
        return job

    def get(self, job_id: str) -> Job:
        """One job. Raises NotFound."""
        with self._lock:
            if job_id not in self._jobs:
                raise NotFound(f"No job has the id {job_id!r}", code="no-job")
            return self._jobs[job_id]

    def list(self, *, kind: str = "", state: str = "") -> list[Job]:
        """Jobs, newest first."""
        with self._lock:
            jobs = [*reversed(self._jobs.values())]
        return [job for job in jobs if kind in ("", job.kind) and state in ("", job.state.value)]

    def counts(self) -> dict[str, int]:
        """How many jobs are in each state."""
        with self._lock:
            states = [job.state for job in self._jobs.values()]
        return {state.value: states.count(state) for state in JobState}

    def cancel(self, job_id: str) -> Job:
        """Ask a job to stop. Raises NotFound, and Conflict where it has ended."""
        job = self.get(job_id)
        if job.state.ended:
            raise Conflict(f"Job {job_id} has ended already: it is {job.state.value}", code="job-ended")
        with self._lock:
            stop, future = self._stops.get(job_id), self._futures.get(job_id)
        if stop is not None:
            stop.set()
        if future is not None and future.cancel():  # it had not begun
            self._end(self.get(job_id), JobState.CANCELLED)
        return self.get(job_id)

    def wait(self, job_id: str, timeout: float | None = None) -> Job:
        """Wait for a job's end."""
        with self._lock:
            future = self._futures.get(job_id)
        if future is not None and not future.cancelled():
            future.result(timeout)
        return self.get(job_id)

    def report(self, job_id: str, fraction: float, phase: str, message: str) -> None:
        """Take a running job's progress; it never goes back."""
        with self._lock:
            job = self._jobs[job_id]
            if job.state is JobState.RUNNING:
                done = max(job.progress, min(max(fraction, 0.0), 1.0))
                self._jobs[job_id] = replace(job, progress=done, phase=phase, message=message)

    def close(self) -> None:
        """Cancel what runs and wait for it; what was queued is cancelled as well."""
        with self._lock:
            self._closed = True
            running = [job.id for job in self._jobs.values() if not job.state.ended]
        for job_id in running:
            try:
                self.cancel(job_id)
            except Conflict:  # it ended meanwhile
                continue
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self, job_id: str, work: Work, stop: threading.Event) -> None:
        job = replace(self.get(job_id), state=JobState.RUNNING, started_ms=self._clock.now_ms(), phase="started")
        with self._lock:
            self._jobs[job_id] = job
        self._store.write(job)
        try:
            result = work(JobContext(self, job_id, stop))
        except ParkError as error:
            if stop.is_set():
                self._end(self.get(job_id), JobState.CANCELLED)
            else:
                log.warning("job %s (%s %s) failed: %s", job_id, job.kind, job.target, error.message)
                self._end(self.get(job_id), JobState.FAILED, error=problem_of(error))
        except Exception as error:  # noqa: BLE001  a job must end, whatever its work does
            self._end(self.get(job_id), JobState.FAILED, error=unexpected(error))
        else:
            self._end(replace(self.get(job_id), progress=1.0, phase="done", message=""), JobState.DONE, result=result)

    def _end(
        self,
        job: Job,
        state: JobState,
        *,
        result: dict[str, Any] | None = None,
        error: dict[str, Any] | None = None,
    ) -> None:
        ended = replace(job, state=state, result=result, error=error, ended_ms=self._clock.now_ms())
        if state is JobState.CANCELLED:
            ended = replace(ended, phase="cancelled")
        self._store.write(ended)  # first, so that whoever sees the end finds it after a crash too
        with self._lock:
            self._jobs[job.id] = ended
            self._stops.pop(job.id, None)

    def _forget(self) -> None:
        over = len(self._jobs) - self._keep
        for job_id in [key for key, job in self._jobs.items() if job.state.ended][: max(over, 0)]:
            del self._jobs[job_id]
            self._futures.pop(job_id, None)
