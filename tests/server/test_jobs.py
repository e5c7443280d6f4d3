from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from server.jobs import JobContext, Jobs, JobState
from server.jobs.process import run_module
from tests.server.conftest import API, Served
from twin.clock import ManualClock
from twin.errors import Conflict, Invalid, NotFound, Unavailable
from twin.graph import Database


@pytest.fixture
def db(tmp_path: Path):
    made = Database(tmp_path / "x.duckdb")
    yield made
    made.close()


@pytest.fixture
def jobs(db: Database):
    made = Jobs(db, ManualClock(), workers=1, keep=10)
    yield made
    made.close()


def test_progress_and_result(jobs: Jobs) -> None:
    reached, go = threading.Event(), threading.Event()

    def work(job: JobContext) -> dict:
        job.progress(0.5, "middle", "half way")
        job.progress(0.2, "back")  # never goes back
        reached.set()
        go.wait()
        return {"answer": 42}

    job = jobs.submit("test", "x", "wang", work)
    assert reached.wait(10)
    seen = jobs.get(job.id)
    assert (seen.state, seen.progress, seen.phase) == (JobState.RUNNING, 0.5, "back")
    go.set()
    done = jobs.wait(job.id, 10)
    assert (done.state, done.progress, done.result) == (JobState.DONE, 1.0, {"answer": 42})


def test_parts_of_progress(jobs: Jobs) -> None:
    seen: list[float] = []

    def work(job: JobContext) -> dict:
        report = job.part(0.5, 0.75)
        for fraction in (0.0, 0.5, 2.0):
            report(fraction, "part")
            seen.append(jobs.get(job.job_id).progress)
        return {}

    jobs.wait(jobs.submit("test", "", "", work).id, 10)
    assert seen == [0.5, 0.625, 0.75]


def test_errors_become_problems(jobs: Jobs) -> None:
    def foreseen(_job: JobContext) -> dict:
        raise Invalid("The file is broken", code="broken")

    def unforeseen(_job: JobContext) -> dict:
        raise ZeroDivisionError("secret")

    first = jobs.wait(jobs.submit("test", "", "", foreseen).id, 10)
    assert first.state is JobState.FAILED
    assert (first.error["code"], first.error["detail"]) == ("broken", "The file is broken")
    second = jobs.wait(jobs.submit("test", "", "", unforeseen).id, 10)
    assert second.error["code"] == "internal"
    assert "secret" not in str(second.error)


def test_cancel_running_and_queued(jobs: Jobs) -> None:
    started, go = threading.Event(), threading.Event()

    def work(job: JobContext) -> dict:
        started.set()
        go.wait(10)
        job.progress(0.9, "late")
        return {}

    running = jobs.submit("test", "", "", work)
    queued = jobs.submit("test", "", "", work)
    assert started.wait(10)
    assert jobs.cancel(queued.id).state is JobState.CANCELLED
    jobs.cancel(running.id)
    go.set()
    assert jobs.wait(running.id, 10).state is JobState.CANCELLED
    with pytest.raises(Conflict):
        jobs.cancel(running.id)
    with pytest.raises(NotFound):
        jobs.cancel("none")


def test_old_jobs_are_forgotten_newest_kept(jobs: Jobs) -> None:
    last = None
    for _ in range(15):
        last = jobs.wait(jobs.submit("test", "", "", lambda _job: {}).id, 10)
    assert len(jobs.list()) <= 11
    assert jobs.list()[0].id == last.id


def test_a_crash_is_told_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "crash.duckdb"
    code = f"""
import os, threading
from server.jobs import Jobs
from twin.clock import ManualClock
from twin.graph import Database
db = Database({str(path)!r})
jobs = Jobs(db, ManualClock(), workers=1, keep=10)
started = threading.Event()
def work(job):
    started.set()
    threading.Event().wait()
jobs.submit("review", "x", "wang", lambda job: {{"fine": True}}) and None
first = jobs.list()[0]
jobs.wait(first.id, 10)
jobs.submit("review", "y", "wang", work)
started.wait()
os._exit(9)
"""
    import subprocess

    ended = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], timeout=60, check=False)
    assert ended.returncode == 9
    db = Database(path)
    jobs = Jobs(db, ManualClock(), workers=1, keep=10)
    states = {job.target: job for job in jobs.list()}
    assert states["x"].state is JobState.DONE
    assert states["x"].result == {"fine": True}
    assert states["y"].state is JobState.FAILED
    assert states["y"].error["code"] == "server-stopped"
    jobs.close()
    db.close()


def test_close_cancels_what_runs(db: Database) -> None:
    jobs = Jobs(db, ManualClock(), workers=1, keep=10)
    started = threading.Event()

    def work(job: JobContext) -> dict:
        started.set()
        while True:
            job.check()

    job = jobs.submit("test", "", "", work)
    assert started.wait(10)
    jobs.close()
    assert jobs.get(job.id).state is JobState.CANCELLED
    with pytest.raises(Unavailable):
        jobs.submit("test", "", "", work)


def test_routes_and_who_may_cancel(served: Served) -> None:
    started, go = threading.Event(), threading.Event()

    def work(job: JobContext) -> dict:
        started.set()
        go.wait(10)
        job.check()
        return {}

    job = served.services.jobs.submit("review", "x", "li", work)
    assert started.wait(10)
    reviewer, admin = served.user("reviewer"), served.sign_in()
    assert reviewer.get(f"{API}/jobs/{job.id}").json()["state"] == "running"
    assert reviewer.get(f"{API}/jobs?kind=review&state=running").json()["total"] == 1
    assert reviewer.get(f"{API}/jobs?state=done").json()["total"] == 0
    assert reviewer.delete(f"{API}/jobs/{job.id}").status_code == 403, "it is another person's job"
    assert admin.delete(f"{API}/jobs/{job.id}").status_code == 200
    go.set()
    served.services.jobs.wait(job.id, 10)
    assert admin.get(f"{API}/jobs/{job.id}").json()["state"] == "cancelled"
    assert admin.delete(f"{API}/jobs/{job.id}").json()["code"] == "job-ended"


WORKER = """
import json, os, sys, time
spec = json.loads(sys.argv[1])
print("a library chats")
print(json.dumps({"progress": 0.5, "phase": "half"}), flush=True)
if spec["how"] == "error":
    print(json.dumps({"error": {"class": "Invalid", "code": "bad", "message": "It is bad"}}))
    sys.exit(1)
if spec["how"] == "crash":
    os.kill(os.getpid(), 11)
if spec["how"] == "hang":
    time.sleep(60)
if spec["how"] == "fail":
    raise SystemExit("no such thing")
print(json.dumps({"done": {"ok": spec["how"]}}))
"""


@pytest.fixture
def worker(tmp_path: Path, monkeypatch) -> str:
    (tmp_path / "worker_under_test.py").write_text(WORKER)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return "worker_under_test"


def test_worker_process_outcomes(worker: str) -> None:
    seen: list[tuple[float, str]] = []

    def run(how: str, **options) -> dict:
        return run_module(
            worker, {"how": how}, progress=lambda f, p: seen.append((f, p)), **{"cancelled": lambda: False, **options}
        )

    assert run("well") == {"ok": "well"}
    assert seen == [(0.5, "half")]
    with pytest.raises(Invalid, match="It is bad"):
        run("error")
    with pytest.raises(Unavailable, match="SIGSEGV"):
        run("crash")
    with pytest.raises(Unavailable, match="no such thing"):
        run("fail")
    with pytest.raises(Unavailable, match="cancelled"):
        run("hang", cancelled=lambda: True)
    with pytest.raises(Unavailable, match="longer than"):
        run("hang", seconds=0.3)
