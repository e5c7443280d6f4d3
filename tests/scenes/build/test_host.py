"""The warm host: workers forked from it are as isolated as processes of their own."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import psutil
import pytest

from scenes.build import hosted, supervise
from scenes.build.hosted import start_worker
from scenes.build.limits import Limits
from scenes.build.spec import Spec
from scenes.build.supervise import run_worker
from tests.bim.ifc_files import new_model
from twin.errors import NotFound, Unavailable


@pytest.fixture
def spec(tmp_path):
    m = new_model()
    m.wall()
    source = m.write(tmp_path)
    (tmp_path / "staging").mkdir()
    return Spec(str(source), "a", "v", "0", "", str(tmp_path / "staging"))


def quiet(_done, _phase):
    pass


def test_builds_share_one_host_and_each_has_a_process_of_its_own(spec):
    first = run_worker(spec, Limits(), quiet)
    assert first["count"] == 4
    hosts = [p for p in psutil.Process().children() if "scenes.build.host" in " ".join(p.cmdline())]
    with pytest.raises(NotFound, match="does not exist"):
        run_worker(Spec(spec.source + "x", "a", "v", "0", "", spec.staging), Limits(), quiet)
    assert [p.pid for p in psutil.Process().children() if p in hosts] == [p.pid for p in hosts]


def test_a_worker_that_is_killed_is_told_of_and_the_next_build_goes_on(spec, monkeypatch):
    started = []

    def start(text):
        worker = start_worker(text)
        os.kill(worker.pid, signal.SIGSTOP)
        started.append(worker)
        os.kill(worker.pid, signal.SIGKILL)
        return worker

    monkeypatch.setattr(supervise, "start_worker", start)
    with pytest.raises(Unavailable, match="ended by SIGKILL"):
        run_worker(spec, Limits(), quiet)
    monkeypatch.undo()
    assert run_worker(spec, Limits(), quiet)["count"] == 4


class Lost:
    """A worker that was lost in a phase, as `HostedWorker` tells it."""

    pid = returncode = None
    stderr = ()

    def __init__(self, phase, code):
        self.stdout = [json.dumps({"progress": 0.2, "phase": phase})]
        self._code = code

    def wait(self):
        self.returncode = self._code

    def kill(self):
        pass

    close = kill


@pytest.mark.parametrize(
    ("phase", "code", "again"),
    [("geometry", -signal.SIGSEGV, True), ("geometry", -signal.SIGALRM, True), ("geometry", 1, False),
     ("graph", -signal.SIGSEGV, False)],
)  # fmt: skip
def test_a_worker_lost_over_shapes_is_started_again_with_these_in_a_child(spec, monkeypatch, phase, code, again):
    asked = []

    def start(text):
        asked.append(json.loads(text)["isolated"])
        if len(asked) > 1:
            assert not list(Path(spec.staging).iterdir())
            return start_worker(text)
        (Path(spec.staging) / "half").write_text("written")
        return Lost(phase, code)

    monkeypatch.setattr(supervise, "start_worker", start)
    if again:
        assert run_worker(spec, Limits(), quiet)["count"] == 4
    else:
        with pytest.raises(Unavailable, match="failed"):
            run_worker(spec, Limits(), quiet)
    assert asked == [False, True][: 1 + again]


def test_a_worker_lost_twice_is_told_of(spec, monkeypatch):
    monkeypatch.setattr(supervise, "start_worker", lambda _text: Lost("geometry", -signal.SIGSEGV))
    with pytest.raises(Unavailable, match="ended by SIGSEGV"):
        run_worker(spec, Limits(), quiet)


def test_a_dead_host_is_replaced(spec):
    worker = start_worker(json.dumps(asdict(spec)))
    worker.wait()
    worker.close()
    for process in psutil.Process().children():
        if "scenes.build.host" in " ".join(process.cmdline()):
            process.kill()
            process.wait()
    shutil.rmtree(spec.staging)
    Path(spec.staging).mkdir()
    assert run_worker(spec, Limits(), quiet)["count"] == 4


@pytest.mark.parametrize(
    ("limits", "said"), [(Limits(memory=1 << 20), "used more than"), (Limits(seconds=0.0), "longer than")]
)
def test_time_and_memory_are_watched(spec, monkeypatch, limits, said):
    def stopped(text):
        worker = start_worker(text)
        os.kill(worker.pid, signal.SIGSTOP)
        return worker

    monkeypatch.setattr(supervise, "start_worker", stopped)
    with pytest.raises(Unavailable, match=said):
        run_worker(spec, limits, quiet)


def test_the_host_ends_with_the_program_that_started_it():
    script = (
        "import os\n"
        "from scenes.build.hosted import _HOST as host\n"
        "host._renewed()\n"
        "print(host._process.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=hosted.ROOT)
    assert run.returncode == -signal.SIGKILL
    with contextlib.suppress(psutil.NoSuchProcess):
        psutil.Process(int(run.stdout)).wait(10)
    assert not psutil.pid_exists(int(run.stdout))
