"""Shapes made in the reader's process: the same as a child makes, and what needs one is left to it."""

from __future__ import annotations

import os
import resource
import signal
from dataclasses import replace

import numpy as np
import pytest

import bim
from bim.geometry import isolation
from bim.geometry.engines import engines_of
from bim.geometry.isolation import Isolated, Patience
from bim.geometry.placements import Placements
from bim.geometry.unforked import batches_here, watched
from bim.reader import HERE_BYTES
from tests.bim.geometry.meshing import meshes_of
from tests.bim.geometry.test_cuts import opening
from tests.bim.geometry.test_isolation import Engine, crash, fail, hang, products
from tests.bim.ifc_files import WUHAN, new_model
from twin.geometry.spool import MeshSpool
from twin.layer import ReadContext


def run(here, engines, count=40, memory=6 << 30):
    job = Isolated(engines, None, products(count), Patience(1.0, memory), here=here)
    found = [(mesh.step, engine, mesh.key) for engine, mesh in meshes_of(job.batches())]
    return found, job


def test_no_child_is_forked_where_everything_is_made_here(monkeypatch):
    monkeypatch.setattr(os, "fork", fail)
    found, _ = run([Engine()], [Engine({1: crash})])
    assert found == [(step, 0, step - 1) for step in range(1, 41)]


def test_a_child_makes_what_is_left_over_and_its_bodies_are_numbered_on():
    found, job = run([Engine(unknown={3, 7})], [Engine(unknown={3, 7}), Engine()])
    assert [step for step, _, _ in found] == [*(n for n in range(1, 41) if n not in {3, 7}), 3, 7]
    assert [body for _, _, body in found] == list(range(40))
    assert [engine for _, engine, _ in found] == [0] * 38 + [1] * 2
    assert job.culprits == {}


def test_an_error_is_met_again_by_the_child_which_tells_whose_it_is():
    def ours():
        raise TypeError("a slip")

    found, job = run([Engine({17: ours})], [Engine({17: ours}), Engine()])
    assert {step: engine for step, engine, _ in found} == {step: int(step == 17) for step in range(1, 41)}
    assert len(found) == 40
    assert list(job.culprits) == list(job.defects) == [17]


def test_memory_that_a_product_takes_is_bounded():
    def swell():
        bytearray(1 << 30)

    before = resource.getrlimit(resource.RLIMIT_DATA)
    found, _ = run([Engine({17: swell})], [Engine()], memory=300 << 20)
    assert len(found) == 40
    assert resource.getrlimit(resource.RLIMIT_DATA) == before
    with watched(5.0, 300 << 20), pytest.raises(MemoryError):
        swell()
    bytearray(1 << 30)


def test_silence_ends_the_process():
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)  # pytest's own alarm is not meant
        try:
            list(batches_here([Engine({2: hang})], None, products(3), 1 << 30, silence=0.2))
        finally:
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGALRM


def test_no_alarm_is_left_behind():
    batches = batches_here([Engine()], None, products(40_000), 1 << 30)
    next(batches)
    assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
    batches.close()
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def with_a_kernels_opening():
    """Two walls with a window each: a box, and a cylinder, which only the kernel can mesh."""
    m = new_model()
    f = m.file
    for name, at in (("plain", (0, 0, 0)), ("round", (0, 9, 0))):
        wall = m.wall(name, at=at)
        void = opening(m, wall, (1.0, 0.4, 1.0), (0.0, 0.0, 1.0))
        if name == "round":
            position = f.create_entity("IfcAxis2Placement3D", Location=m.point(0, 0, 0))
            ball = f.create_entity("IfcRightCircularCylinder", Position=position, Height=1.0, Radius=0.3)
            body = void.Representation.Representations[0]
            body.Items, body.RepresentationType = (ball,), "CSG"
    return m


def test_an_opening_that_needs_a_kernel_is_left_to_the_child():
    m = with_a_kernels_opening()
    bodies = m.file.by_type("IfcWall")
    placements = Placements(1.0)
    every, here = (engines_of(m.file, placements, 1.0, kernels=kernels) for kernels in (True, False))
    assert [engine.name for engine in here] == [engine.name for engine in every[:2]]
    names = {body.id(): body.Name for body in bodies}
    alone = {names[mesh.step] for _, mesh in meshes_of(batches_here(here, m.file, bodies, 1 << 30))}
    assert alone == {"plain"}
    both = [
        {mesh.step: (engine, mesh.vertices) for engine, mesh in meshes_of(job.batches())}
        for job in (Isolated(every, m.file, bodies), Isolated(every, m.file, bodies, here=here))
    ]
    assert both[0].keys() == both[1].keys() == names.keys()
    for step, (engine, vertices) in both[0].items():
        assert both[1][step][0] == engine
        np.testing.assert_array_equal(both[1][step][1], vertices)


@pytest.mark.parametrize("expendable", [False, True])
def test_only_a_process_that_may_be_lost_makes_shapes_itself(tmp_path, monkeypatch, expendable):
    m = new_model()
    m.wall()
    forked = []
    child = isolation._Child
    monkeypatch.setattr(isolation, "_Child", lambda *arguments: forked.append(1) or child(*arguments))
    context = ReadContext(m.write(tmp_path), "a1", frame=WUHAN, expendable=expendable)
    spool = MeshSpool(tmp_path / "spool")
    draft = bim.read(context, spool)
    assert len(spool.close().objects) == 1
    assert bool(forked) is not expendable
    monkeypatch.setattr(bim.reader, "HERE_BYTES", 10)
    spool = MeshSpool(tmp_path / "again")
    assert bim.read(replace(context, expendable=True), spool).engines == draft.engines
    spool.close()
    assert forked
    assert HERE_BYTES > 10
