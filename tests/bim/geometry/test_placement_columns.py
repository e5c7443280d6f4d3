"""Chains of placements read from a file's text are those that the parser tells, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest

from bim.geometry import placement_columns
from bim.geometry.placements import Placements
from bim.source.open_model import open_model
from bim.units.unit_table import UnitTable
from tests.bim.geometry.test_gate import IFC, every_file
from tests.bim.ifc_files import new_model
from twin.errors import Invalid


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Files of few placements are read from their text too."""
    monkeypatch.setattr(placement_columns, "FEW", 1)


def same(path):
    """Both ways of an opened file; the placements by its text."""
    opened = open_model(path)
    length = UnitTable.of_model(opened.file).length
    products = opened.file.by_type("IfcProduct")
    slow, fast = Placements(length), Placements(length)
    slow.resolve(products)
    fast.resolve(products, opened.text)
    names = [f"p{number}" for number in range(len(products))]
    assert fast.table(products, names).equals(slow.table(products, names))
    for product in products:
        np.testing.assert_array_equal(fast.matrix(product), slow.matrix(product))
        assert fast.exact(product) == slow.exact(product)
    assert fast.misfits.found == slow.misfits.found
    return opened, fast


def turned(m, x, above=None, **axes):
    """A placement with directions of its own, by name."""
    f = m.file
    given = {name: f.create_entity("IfcDirection", ratios) for name, ratios in axes.items()}
    axis = f.create_entity("IfcAxis2Placement3D", Location=m.point(x, 2.0, 3.0), **given)
    return f.create_entity("IfcLocalPlacement", PlacementRelTo=above, RelativePlacement=axis)


def test_chains_turned_and_degenerate_ones_among_them(tmp_path):
    m = new_model(prefix="MILLI")
    first = turned(m, 1000.0, Axis=(0.0, 0.6, 0.8), RefDirection=(1.0, 0.1, 0.0))
    second = turned(m, 50.0, first, RefDirection=(0.0, -3.0, 0.0))
    odd = turned(m, 7.0, second, Axis=(0.0, 0.0, 1.0), RefDirection=(0.0, 0.0, 1.0))
    m.make("IfcWall", ObjectPlacement=second)
    m.make("IfcWall", ObjectPlacement=turned(m, 1.0, odd))
    m.make("IfcWall")
    opened, _ = same(m.write(tmp_path))
    steps, frames = placement_columns.chains_of(opened.text, 1e-3)
    told = dict(zip(steps.tolist(), frames, strict=True))
    assert second.id() in told
    assert odd.id() not in told  # its axes are one line: the parser's way tells what is made of them
    np.testing.assert_allclose(told[second.id()][:3, :3], told[first.id()][:3, :3] @ [[0, 1, 0], [-1, 0, 0], [0, 0, 1]])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("=IFCLOCALPLACEMENT($,", "=IFCLOCALPLACEMENT( $,"),
        ("=IFCLOCALPLACEMENT($,", "=IFCLOCALPLACEMENT(#1,"),
        ("=IFCAXIS2PLACEMENT3D(", "=IFCAXIS2PLACEMENT3D( "),
        ("=IFCCARTESIANPOINT((1.,2.,3.))", "=IFCCARTESIANPOINT((1,2,3))"),
        ("=IFCCARTESIANPOINT((1.,2.,3.))", "=IFCCARTESIANPOINT((1.,2.))"),
        ("=IFCCARTESIANPOINT((1.,2.,3.))", "=IFCDIRECTION((1.,2.,3.))"),
    ],
)
def test_what_is_written_otherwise_is_told_by_the_parser(tmp_path, old, new):
    m = new_model()
    for _ in range(3):
        m.make("IfcWall", ObjectPlacement=turned(m, 1.0, turned(m, 1.0, Axis=(0.0, 0.0, 2.0))))
    path = m.write(tmp_path)
    written = path.read_text()
    assert old in written
    path.write_text(written.replace(old, new, 1))
    same(path)


def test_a_chain_that_bites_its_own_tail_is_cut_as_ever(tmp_path):
    m = new_model()
    below = turned(m, 1.0)
    below.PlacementRelTo = turned(m, 2.0, below)
    m.make("IfcWall", ObjectPlacement=below)
    m.make("IfcWall", ObjectPlacement=turned(m, 3.0))
    same(m.write(tmp_path))


@pytest.mark.shared
@pytest.mark.parametrize("name", every_file())
def test_every_shared_file_has_the_same_placements(name):
    try:
        same(IFC / name)
    except Invalid:
        pytest.skip("no model that can be opened (tests/bim/test_shared_files.py tells why)")
