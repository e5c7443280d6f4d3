"""An ingest killed at any moment leaves the park readable and unchanged, or whole with the new layer."""

from __future__ import annotations

import random
import signal
import subprocess

import psutil
import pytest

from tests.cli.conftest import snapshot
from tests.support.files import footprints

MOMENTS = 10


@pytest.mark.slow
def test_killing_at_random_moments_changes_nothing(cli, park, tmp_path):
    cli("ingest", park, footprints(tmp_path / "houses.geojson"))
    big = footprints(tmp_path / "many.geojson", count=400)
    before = snapshot(cli, park)
    dice = random.Random(20261123)
    killed = 0
    for _ in range(MOMENTS):
        process = cli.start("ingest", park, big)
        try:
            process.wait(dice.uniform(0.2, 2.6))
        except subprocess.TimeoutExpired:
            children = psutil.Process(process.pid).children(recursive=True)
            process.send_signal(signal.SIGKILL)
            process.wait()
            psutil.wait_procs(children, timeout=10)
            assert not any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in children)
            killed += 1
        layers, objects = snapshot(cli, park)
        if [layer["layer"] for layer in layers] == ["houses"]:
            assert (layers, objects) == before
        else:  # it was quick enough: then the layer is there whole
            assert len([row for row in objects if row[1] == "many"]) == 400
            cli("sql", park, "SELECT 1")
            break
    assert killed >= 5
    made = cli.json("ingest", park, big)
    assert made["objects"] == 400
    assert not list((park / "layers").glob("*/.staging-*"))
