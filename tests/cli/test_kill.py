"""An ingest killed at any moment leaves the park readable and unchanged, or whole with the new layer."""

from __future__ import annotations

import random
import signal
import subprocess
import time

import psutil
import pytest

from tests.cli.conftest import snapshot
from tests.support.files import footprints

MOMENTS = 10
COUNT = 400


@pytest.mark.slow
def test_killing_at_random_moments_changes_nothing(cli, park, tmp_path):
    begin = time.monotonic()  # only to spread the moments over the whole ingest
    assert cli.start("ingest", park, footprints(tmp_path / "houses.geojson", count=COUNT)).wait(120) == 0
    whole = time.monotonic() - begin
    dice = random.Random(20261123)
    killed = 0
    for number in range(MOMENTS):
        # A file of its own each time: a round that was quicker than its moment does not end the others.
        source = footprints(tmp_path / f"many{number}.geojson", count=COUNT + number)
        layers, objects = snapshot(cli, park)
        process = cli.start("ingest", park, source)
        try:
            process.wait(dice.uniform(0.05, 0.95) * whole)
        except subprocess.TimeoutExpired:
            children = psutil.Process(process.pid).children(recursive=True)
            process.send_signal(signal.SIGKILL)
            process.wait()
            psutil.wait_procs(children, timeout=10)
            assert not any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in children)
            killed += 1
        layers_after, objects_after = snapshot(cli, park)
        if len(layers_after) == len(layers):
            assert (layers_after, objects_after) == (layers, objects)
        else:
            added = [row for row in objects_after if row[1] == f"many{number}"]
            assert len(added) == COUNT + number
            assert [row for row in objects_after if row[1] != f"many{number}"] == objects
    assert killed >= MOMENTS // 2
    assert cli.json("ingest", park, footprints(tmp_path / "last.geojson", count=5))["objects"] == 5
    assert not list((park / "layers").glob("*/.staging-*"))
