"""Meshes go in batches, each body once; what the mesher places is the same however they are cut."""

from __future__ import annotations

from dataclasses import fields
from types import SimpleNamespace

import numpy as np
import pytest

from bim.geometry.batch import Packer, joined
from bim.geometry.engine import Look, Mesh
from bim.geometry.mesher import Mesher
from bim.geometry.palette import class_colour
from tests.bim.geometry.meshing import meshes_of
from tests.bim.geometry.test_shapes import CORNERS, OUTWARD
from twin.geometry.spool import MeshSpool

RED, BLUE = Look((1.0, 0.0, 0.0, 1.0), "red"), Look((0.0, 0.0, 1.0, 1.0), "blue")
UV = np.arange(24.0).reshape(4, 3, 2) / 4
CLASSES = {1: "IfcWall", 2: "IfcWall", 3: "IfcSlab", 4: "IfcWall", 5: "IfcWall"}


def mesh(step, key="a", looks=(RED,), look=(0, 0, 0, 0), at=(0.0, 0.0, 0.0), uv=None):
    matrix = np.eye(4)
    matrix[:3, 3] = at
    return Mesh(step, matrix, key, CORNERS * (1 + len(key)), OUTWARD, np.array(look, np.int32), list(looks), uv)


def packed(*parts):
    """A batch of each part's meshes, as one packer makes them."""
    packer = Packer(CLASSES.__getitem__)
    batches = []
    for part in parts:
        for one in part:
            packer.add(0, one)
        batches.append(packer.take())
    assert packer.take() is None
    return batches


def test_a_body_is_sent_once_for_a_key_a_class_and_looks():
    first, second = packed(
        [mesh(1), mesh(2), mesh(3), mesh(4, looks=(BLUE,))],
        [mesh(5, at=(7.0, 0.0, 0.0)), mesh(1, key="bb")],
    )
    assert first.body.tolist() == [0, 0, 1, 2]
    assert second.body.tolist() == [0, 3]
    assert len(second.face_count) == 1
    found = [one for _, one in meshes_of([first, second])]
    assert [one.looks for one in found] == [(RED,), (RED,), (RED,), (BLUE,), (RED,), (RED,)]
    assert found[4].matrix[0, 3] == 7.0
    assert np.array_equal(found[5].vertices, CORNERS * 3)


def test_engines_do_not_share_a_key():
    packer = Packer(CLASSES.__getitem__)
    packer.add(0, mesh(1))
    packer.add(3, mesh(2))
    assert packer.take().body.tolist() == [0, 1]


def test_joined_batches_are_one_of_all_their_meshes():
    meshes = [mesh(1), mesh(3, looks=(BLUE, RED), uv=UV), mesh(2, key="bb", looks=(BLUE,), uv=UV + 1), mesh(4)]
    (left,) = packed(meshes)
    right = joined(packed(meshes[:1], meshes[1:3], meshes[3:]))
    for field in fields(left):
        if field.name not in {"finish", "finishes"}:
            assert np.array_equal(getattr(left, field.name), getattr(right, field.name))
    assert [left.finishes[index] for index in left.finish] == [right.finishes[index] for index in right.finish]
    found = [one.uv for _, one in meshes_of([right])]
    assert [None if uv is None else uv.tolist() for uv in found] == [None, UV.tolist(), (UV + 1).tolist(), None]


@pytest.mark.parametrize("cut", [1, 2, 6])
def test_products_are_placed_and_coloured(tmp_path, cut):
    spool = MeshSpool(tmp_path)
    meshes = [
        mesh(1, look=(0, 0, -1, 0)),
        mesh(3, key="a", look=(0, 0, -1, 0), at=(5.0, 0.0, 0.0)),
        mesh(2, key="bb", looks=(BLUE, RED), look=(1, 1, 1, 0)),
        mesh(4, key="bb", looks=(BLUE, RED), at=(1e9, 0.0, 0.0)),  # farther than any map reaches
        mesh(5, key="bb", looks=(BLUE, RED), at=(np.nan, 0.0, 0.0)),
    ]
    batches = packed(*(meshes[at : at + cut] for at in range(0, len(meshes), cut)))
    bodies = [SimpleNamespace(id=lambda step=step: step, Representation=None) for step in (1, 2, 3)]
    shares = []
    placed = Mesher(spool, "IFC4").run(bodies, ["ours"], iter(batches), shares.append)
    assert placed.step.tolist() == [1, 3, 2]
    assert placed.engines == {1: "ours", 3: "ours", 2: "ours"}
    assert placed.shape.tolist() == [0, 1, 2]  # the second is coloured as a slab is
    assert placed.triangles == 12
    assert placed.low[1].tolist() == [5.0, 0.0, 0.0]
    assert placed.high[1].tolist() == [7.0, 2.0, 2.0]
    assert shares[-1] == 1.0
    reader = spool.close()
    colours = [[reader.materials[index].rgba for index in reader.shape(shape).material] for shape in range(3)]
    red, blue, wall, slab = RED.rgba, BLUE.rgba, class_colour(["IfcWall"]), class_colour(["IfcSlab"])
    assert colours == [[red, red, wall, red], [red, red, slab, red], [red, red, red, blue]]
