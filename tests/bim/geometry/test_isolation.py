"""A kernel that dies, hangs or swells costs the product that made it do so, and no other."""

from __future__ import annotations

import faulthandler
import os
import signal
import threading
from types import SimpleNamespace

import numpy as np
import pytest

from bim.geometry.engine import Mesh
from bim.geometry.isolation import Isolated, Patience
from tests.bim.geometry.meshing import meshes_of
from twin.errors import Unavailable

CORNERS = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float64)
FACES = np.array([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]], np.int32)


class Engine:
    """Meshes what is asked for; does as `trouble` tells for some products, leaves out `unknown`."""

    name = "fake"

    def __init__(self, trouble=None, unknown=()):
        self.trouble = trouble or {}
        self.unknown = unknown

    def meshes(self, model, products):
        for product in products:
            step = product.id()
            self.trouble.get(step, lambda: None)()
            if step not in self.unknown:
                yield Mesh(step, np.eye(4), step, CORNERS + step, FACES, np.zeros(4, np.int32), ())


def crash():
    faulthandler.disable()  # no report of a crash that is wanted
    os.kill(os.getpid(), signal.SIGSEGV)


def hang():
    threading.Event().wait()


def swell():
    hold = bytearray(400 << 20)
    hold[::4096] = b"x" * len(hold[::4096])
    threading.Event().wait()


def fail():
    raise RuntimeError("the kernel's own exception")


def products(count):
    return [SimpleNamespace(id=lambda step=step: step, is_a=lambda: "IfcWall") for step in range(1, count + 1)]


def run(engines, count=40, *, silence=1.0, memory=6 << 30):
    job = Isolated(engines, None, products(count), Patience(silence, memory))
    found = {mesh.step: (engine, float(mesh.vertices[0, 0])) for engine, mesh in meshes_of(job.batches())}
    return found, job.culprits


def test_without_trouble_everything_comes_from_the_first_engine_that_can():
    found, culprits = run([Engine(unknown={3}), Engine()])
    assert culprits == {}
    assert found == {step: (int(step == 3), float(step)) for step in range(1, 41)}


@pytest.mark.parametrize(
    ("trouble", "how"), [(crash, "SIGSEGV"), (hang, "no mesh for 1 s"), (fail, "ended with code 1")]
)
def test_the_culprit_goes_to_the_next_engine_and_all_others_keep_theirs(trouble, how):
    found, culprits = run([Engine({17: trouble}), Engine()])
    assert found == {step: (int(step == 17), float(step)) for step in range(1, 41)}
    assert list(culprits) == [17]
    assert how in culprits[17]


def test_several_culprits_at_both_ends_and_one_that_no_engine_survives():
    bad = {1: crash, 20: crash, 40: crash}
    found, culprits = run([Engine(bad), Engine({20: crash})])
    assert sorted(culprits) == [1, 20, 40]
    assert set(range(1, 41)) - set(found) == {20}
    assert {step for step, (engine, _) in found.items() if engine == 1} == {1, 40}


@pytest.mark.parametrize("error", [TypeError, ZeroDivisionError, NotImplementedError])
def test_an_error_of_our_own_costs_its_product_and_is_said_as_what_it_is(error, capfd):
    def ours():
        raise error("a slip")

    job = Isolated([Engine({17: ours}), Engine()], None, products(40))
    found = {mesh.step: engine for engine, mesh in meshes_of(job.batches())}
    assert found == {step: int(step == 17) for step in range(1, 41)}
    assert job.culprits == {17: f"a defect of parktwin ({error.__name__}: a slip); its traceback is in the log"}
    assert job.defects == {17}
    said = capfd.readouterr().err
    assert f"{error.__name__}: a slip" in said
    assert "in ours" in said


def test_memory_that_ends_in_python_is_the_products_fault():
    def full():
        raise MemoryError

    found, culprits = run([Engine({17: full}), Engine()])
    assert list(culprits) == [17]
    assert len(found) == 40


def test_memory_is_watched():
    found, culprits = run([Engine({5: swell}), Engine()], silence=20.0, memory=300 << 20)
    assert found[5][0] == 1
    assert "more than 0.3 GB" in culprits[5]
    assert len(found) == 40


def test_a_crash_in_every_product_ends():
    found, culprits = run([Engine(dict.fromkeys(range(1, 41), crash))])
    assert found == {}
    assert len(culprits) == 40


def test_a_child_that_never_starts_is_an_error():
    class Never(Engine):
        name = "never"

    job = Isolated([Never()], None, [SimpleNamespace(id=crash)])
    with pytest.raises(Unavailable, match="could not start"):
        list(job.batches())


def test_stopping_early_leaves_no_process():
    job = Isolated([Engine({30: hang})], None, products(40), Patience(silence=0.6))
    batches = job.batches()
    next(batches)
    batches.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(job._child._pid, os.WNOHANG)
