from __future__ import annotations

import pytest

from bim.reader import read
from bim.source.open_model import open_model
from tests.bim.ifc_files import SHARED
from twin.errors import Invalid
from twin.geometry.spool import MeshSpool
from twin.layer import PROPERTIES, QUANTITIES, RELATION_KINDS, RELATIONS, ReadContext

IFC = SHARED / "ifc"
FAST = [
    "ifc4x3-samples/slab-openings.ifc", "pcert/Building-Architecture.ifc", "cjk/zh-WallInstance_IFC4Add2.ifc",
    "compare/compare_by_guid_rev_2.ifc", "hvac/B01_2_HeatExchanger_Pipes.ifc", "webifc/Sample_entities.ifc",
]  # fmt: skip
REFUSED = {
    "alignment/IFC4X1-terrain-and-alignment.ifc": "IFC4X1",
    "alignment/xbim-IFC4X3_RC4-test1.ifc": "IFC4X3_RC4",
    "road/KIT-Simple-Road-Test-Web-IFC4x3_RC2.ifc": "IFC4X3_RC2",
    "ifc2x/FJK-Project-Final.ifc": "breaks off",
    "ifc2x/Vogel_Gesamt.ifc": "IFC2X_FINAL",
    "cjk/zh-foum.ifc": "cannot be parsed",
}


def every_file():
    return sorted(str(p.relative_to(IFC)) for p in IFC.rglob("*") if p.is_file()) if IFC.is_dir() else []


def check(name, folder):
    path = IFC / name
    if not path.exists():
        pytest.skip(f"shared data has no ifc/{name}")
    spool = MeshSpool(folder)
    if name in REFUSED:
        with pytest.raises(Invalid, match=REFUSED[name]):
            read(ReadContext(path, "x"), spool)
        return
    draft = read(ReadContext(path, "x"), spool)
    reader = spool.close()
    ids = draft.objects["id"].to_pylist()
    known = set(ids) | set(draft.concepts["id"].to_pylist())
    model = open_model(path).file
    expected = sum(1 for p in model.by_type("IfcProduct") if p.GlobalId and not p.is_a("IfcOpeningElement"))
    assert len(ids) == len(set(ids)) == expected
    assert len(reader.objects) == sum(draft.engines.values())
    assert set(reader.objects) <= set(ids)
    assert {parent for parent in draft.objects["parent"].to_pylist() if parent} <= set(ids)
    assert {end for column in ("source", "target") for end in draft.relations[column].to_pylist()} <= known
    assert set(draft.relations["kind"].to_pylist()) <= RELATION_KINDS
    assert set(draft.properties["id"].to_pylist()) | set(draft.quantities["id"].to_pylist()) <= known
    assert draft.relations.schema == RELATIONS
    assert draft.properties.schema == PROPERTIES
    assert draft.quantities.schema == QUANTITIES


@pytest.mark.apart
@pytest.mark.shared
@pytest.mark.parametrize("name", FAST)
def test_a_few_files_of_others_are_read_whole(name, tmp_path, capfd):
    check(name, tmp_path)
    assert capfd.readouterr().out == ""  # a worker tells its progress there: no kernel may print into it


@pytest.mark.apart
@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in every_file() if name not in FAST])
def test_every_file_of_others_is_read_whole_or_refused_in_a_sentence(name, tmp_path, capfd):
    check(name, tmp_path)
    assert capfd.readouterr().out == ""
