"""Faces read from a file's text are those that the parser gives, corner by corner; what is odd is left to the parser."""

from __future__ import annotations

import ifcopenshell
import numpy as np
import pytest

from bim.geometry.face_columns import faces_of
from bim.geometry.face_reader import FACETED
from bim.geometry.facets import facets_of
from bim.source.open_model import open_model
from bim.source.step_text import StepText
from tests.bim.geometry.test_facets import CUBE, SIDES, brep, product, shell, tube
from tests.bim.geometry.test_gate import IFC, every_file
from tests.bim.ifc_files import new_model
from twin.errors import Invalid


def text_of(model):
    return StepText.of(model.to_string().encode())


def read_from_text(text, item):
    return [step for faces in faces_of(text, [(item.id(), [item[0].id()])]) for step in faces.items]


def same(model, text, items):
    slow, fast = facets_of(model, items, 0.5), facets_of(model, items, 0.5, text)
    assert list(slow) == list(fast) or slow.keys() == fast.keys()
    for step, made in slow.items():
        for mine, other in zip(fast[step], made, strict=True):
            assert mine.dtype == other.dtype
            np.testing.assert_array_equal(mine, other)


@pytest.mark.parametrize("backwards", [(), (0, 2, 3)])
def test_breps_with_holes_and_bounds_of_either_sense(backwards):
    m = new_model()
    items = [brep(m, *tube(), backwards=backwards), brep(m, CUBE, [[side] for side in SIDES])]
    text = text_of(m.file)
    assert [read_from_text(text, item) for item in items] == [[item.id()] for item in items]
    same(m.file, text, items)


def test_shells_of_one_model_share_points():
    m = new_model()
    shells = [shell(m, CUBE, [[side] for side in SIDES], kind=kind) for kind in ("IfcOpenShell", "IfcClosedShell")]
    item = m.file.create_entity("IfcShellBasedSurfaceModel", SbsmBoundary=shells)
    same(m.file, text_of(m.file), [item])


SPOILT = {
    "a plane point": ("((0.,0.,1.))", "((0.,1.))"),
    "a whole number": ("((0.,0.,1.))", "((0,0,1.))"),
    "no number": ("((0.,0.,1.))", "((0.,0.,x))"),
    "no orientation": (",.T.);", ",.U.);"),
    "a face of another class": ("=IFCFACE((", "=IFCFACESURFACE(("),
    "a loop of another class": ("=IFCPOLYLOOP((", "=IFCVERTEXLOOP(("),
    "blanks": ("=IFCFACE((", "=IFCFACE ( ("),
}


@pytest.mark.parametrize("how", SPOILT)
def test_what_is_not_written_plainly_is_left_to_the_parser_and_spoils_no_other(how):
    m = new_model()
    bad, fine = (
        brep(m, CUBE, [[side] for side in SIDES]),
        brep(m, [(x + 5, y, z) for x, y, z in CUBE], [[side] for side in SIDES]),
    )
    old, new = SPOILT[how]
    written = m.file.to_string()
    assert old in written
    text = StepText.of(written.replace(old, new, 1).encode())
    assert read_from_text(text, bad) == []
    together = list(faces_of(text, [(bad.id(), [bad[0].id()]), (fine.id(), [fine[0].id()])]))
    assert [list(faces.items) for faces in together] == [[fine.id()]]
    np.testing.assert_array_equal(together[0].points.max(axis=0), (6.0, 1.0, 1.0))


def test_a_shell_without_faces_or_beyond_the_file_is_left_to_the_parser():
    m = new_model()
    text = text_of(m.file)
    assert [list(faces.items) for faces in faces_of(text, [(7, [10**6]), (8, [-1])])] == [[]]


@pytest.mark.apart
@pytest.mark.shared
@pytest.mark.parametrize("name", every_file())
def test_every_shared_file_gives_the_same_from_text_and_from_the_parser(name):
    try:
        opened = open_model(IFC / name)
    except Invalid:
        pytest.skip("no model that can be opened (tests/bim/test_shared_files.py tells why)")
    items = []
    for ifc_class in FACETED:
        try:
            items += opened.file.by_type(ifc_class, include_subtypes=False)
        except RuntimeError:  # a class of another schema
            continue
    same(opened.file, opened.text, items)


def test_a_product_of_a_written_file_is_meshed_from_its_text(tmp_path):
    m = new_model()
    made = product(m, brep(m, CUBE, [[side] for side in SIDES]))
    m.file.write(tmp_path / "cube.ifc")
    opened = open_model(tmp_path / "cube.ifc")
    assert isinstance(opened.file, ifcopenshell.file)
    assert read_from_text(opened.text, opened.file.by_id(made.id()).Representation.Representations[0].Items[0])
