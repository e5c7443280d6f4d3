"""Parts made at once: in order, few in memory, the same bytes whatever the number of threads."""

from __future__ import annotations

import threading

import pytest

from scenes.tiles import at_once, build, far_views, plan, split
from scenes.tiles.at_once import in_order
from tests.scenes.tiles.spools import FRAME, Scene, forest
from tests.scenes.tiles.test_far_views import town
from twin.layer import LayerKind


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_results_come_in_order_and_few_are_begun(workers):
    begun, taken, most = 0, 0, 0
    lock = threading.Lock()

    def make(number):
        nonlocal begun, most
        with lock:
            begun += 1
            most = max(most, begun - taken)
        return number * number

    for place, made in enumerate(in_order(make, range(200), workers)):
        assert made == place * place
        with lock:
            taken += 1
    assert taken == 200
    assert most <= workers + 2  # the one that is being looked at here was taken, but not yet counted


def test_an_error_comes_where_its_item_stands():
    def make(number):
        if number == 3:
            raise ValueError("three")
        return number

    made = in_order(make, range(100), 2)
    assert [next(made) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="three"):
        next(made)


def test_threads_are_for_large_layers_on_machines_with_cores(monkeypatch):
    monkeypatch.setattr("os.sched_getaffinity", lambda _pid: set(range(16)))
    assert at_once.threads(at_once.LEAST_TRIANGLES - 1) == 1
    assert at_once.threads(at_once.LEAST_TRIANGLES) == at_once.MOST
    monkeypatch.setattr("os.sched_getaffinity", lambda _pid: {3, 4})
    assert at_once.threads(at_once.LEAST_TRIANGLES) == 2


@pytest.mark.parametrize("make", [town, forest])
def test_the_bytes_do_not_depend_on_the_number_of_threads(tmp_path, monkeypatch, make):
    for module in (plan, split, far_views):
        monkeypatch.setattr(module, "TARGET", 1200)
    for name, value in {"LEAST": 3000, "SHARES": 2400, "LEAST_SHARE": 400}.items():
        monkeypatch.setattr(far_views, name, value)
    monkeypatch.setattr(plan, "MAX_TRIANGLES", 1800)
    scene: Scene = make(tmp_path / "spool")
    table, spool, results = scene.table(), scene.spool.close(), []
    for workers in (1, 2, 5):
        out = tmp_path / str(workers)
        result = build(spool, table, FRAME, LayerKind.BIM, "a1", out, workers=workers)
        files = {path.name: path.read_bytes() for path in out.iterdir()}
        results.append((files, result.per_tile, result.statistics, result.ordinal.tolist()))
    assert len(results[0][0]) > 10
    assert results[0][2]["triangles_drawn"] > results[0][2]["triangles"]
    assert results[1] == results[0]
    assert results[2] == results[0]
