"""Attacks and absurdities made on purpose: each ends within its limits, with a word about it."""

from __future__ import annotations

import zipfile

import pytest

from scenes.build.limits import Limits
from tests.bim.ifc_files import SHARED, new_model
from tests.fuzz.campaign import attempt

VALIDATION = SHARED / "ifc-validation"


def built(tmp_path, path, **limits):
    return attempt(path, tmp_path / "build", Limits(seconds=240.0, memory=4 << 30, product_seconds=5.0, **limits))


def test_aggregates_in_a_circle(tmp_path):
    m = new_model()
    walls = [m.wall(str(n)) for n in range(3)]
    for whole, part in zip(walls, walls[1:] + walls[:1], strict=True):
        m.make("IfcRelAggregates", RelatingObject=whole, RelatedObjects=(part,))
    m.make("IfcRelAggregates", RelatingObject=m.building, RelatedObjects=(m.building, m.project))
    assert built(tmp_path, m.write(tmp_path)).kind == "built"


def test_placements_in_a_circle(tmp_path):
    m = new_model()
    first, second = m.wall("a"), m.wall("b")
    first.ObjectPlacement.PlacementRelTo = second.ObjectPlacement
    second.ObjectPlacement.PlacementRelTo = first.ObjectPlacement
    good = m.wall("good", at=(0, 9, 0))
    good.ObjectPlacement.PlacementRelTo = None
    assert built(tmp_path, m.write(tmp_path)).kind in {"built", "refused"}


def test_representations_that_map_themselves(tmp_path):
    m = new_model()
    f = m.file
    wall = m.wall("a")
    m.wall("b", at=(0, 5, 0))
    body = wall.Representation.Representations[0]
    origin = f.create_entity("IfcAxis2Placement3D", Location=m.point(0, 0, 0))
    source = f.create_entity("IfcRepresentationMap", MappingOrigin=origin, MappedRepresentation=body)
    target = f.create_entity("IfcCartesianTransformationOperator3D", LocalOrigin=m.point(0, 0, 0))
    body.Items = (f.create_entity("IfcMappedItem", MappingSource=source, MappingTarget=target),)
    assert built(tmp_path, m.write(tmp_path)).kind in {"built", "refused", "killed"}


def test_a_polyline_of_a_million_points(tmp_path):
    m = new_model()
    wall = m.wall()
    path = m.write(tmp_path)
    text = path.read_text()
    count = 1_000_000
    profile = wall.Representation.Representations[0].Items[0].SweptArea.id()
    corners = ",".join(f"({n % 1000}.,{n // 1000}.)" for n in range(count))
    line = next(row for row in text.splitlines() if row.startswith(f"#{profile}="))
    spoiled = text.replace(
        line,
        f"#{profile}=IFCARBITRARYCLOSEDPROFILEDEF(.AREA.,$,#900001);\n"
        f"#900001=IFCINDEXEDPOLYCURVE(#900002,$,.F.);\n#900002=IFCCARTESIANPOINTLIST2D(({corners}));",
    )
    path.write_text(spoiled)
    assert built(tmp_path, path).kind in {"built", "refused"}


@pytest.mark.parametrize("number", ["NAN", "1.E400", "-1.E400", "1.E308", "1.#QNAN"])
def test_coordinates_that_are_no_numbers(tmp_path, number):
    m = new_model()
    m.wall(at=(1.2345, 0.0, 0.0))
    m.wall("good", at=(0, 9, 0))
    path = m.write(tmp_path)
    path.write_text(path.read_text().replace("1.2345", number))
    assert built(tmp_path, path).kind in {"built", "refused"}


def test_an_archive_that_unpacks_without_end(tmp_path):
    path = tmp_path / "bomb.ifczip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("model.ifc", "w", force_zip64=True) as out,
    ):
        out.write(b"ISO-10303-21;\n")
        for _ in range(256):
            out.write(b" " * (1 << 20))
    outcome = built(tmp_path, path)
    assert outcome.kind == "refused"
    assert "unpacks to more than" in outcome.detail


def judged_invalid():
    if not VALIDATION.is_dir():
        return []
    odd = sorted((VALIDATION / "odd").glob("*"))
    service = sorted((VALIDATION / "service").rglob("*.ifc"))
    failing = sorted((VALIDATION / "gherkin").rglob("fail*.ifc"))
    return [path for path in (*odd, *service, *failing) if path.is_file()]


@pytest.mark.shared
@pytest.mark.parametrize("part", range(12))
def test_every_file_judged_invalid_is_built_or_refused(tmp_path, part):
    files = judged_invalid()
    if not files:
        pytest.skip("shared data has no ifc-validation folder")
    outcomes = {path.name: built(tmp_path, path) for path in files[part::12]}
    assert {name: found.detail for name, found in outcomes.items() if found.kind in {"wrong", "killed"}} == {}
