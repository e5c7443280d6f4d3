"""STEP text as numbers: the same instances, classes and references as the parser finds."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import ifcopenshell
import pytest

from bim.export.arguments import only, references, split
from bim.export.step_index import StepIndex
from tests.support.export_models import rich_model

ODD = rb"""ISO-10303-21;
HEADER;
FILE_DESCRIPTION(('no #1=IFCWALL(); here'),'2;1');
FILE_SCHEMA(('IFC4'));
ENDSEC;
DATA;
/* a comment with 'one quote; and #9=IFCWALL() */
#2 = IFCWALL( 'it''s; #7 (', #10 ,
  $, 'x', (#10, #99) ) ;#10=ifcownerhistory();
#30=IFCSURFACESTYLE('\X\93\S\'\X\96',.BOTH.,(#10));
#31=IFCLABEL('\S\'');
#32=IFCPERSON('after',#2);
ENDSEC;
END-ISO-10303-21;
"""


@pytest.fixture
def odd(tmp_path: Path) -> StepIndex:
    path = tmp_path / "odd.ifc"
    path.write_bytes(ODD)
    return StepIndex.read(path)


def test_texts_and_comments_hide_what_is_in_them(odd):
    instances = {int(n): odd.kinds[k] for n, k in zip(odd.number, odd.kind, strict=True) if n >= 0}
    assert instances == {
        2: "IFCWALL", 10: "IFCOWNERHISTORY", 30: "IFCSURFACESTYLE", 31: "IFCLABEL", 32: "IFCPERSON",
    }  # fmt: skip
    wall = odd.row(2)
    targets = odd.target[odd.first[wall] : odd.first[wall + 1]]
    assert [int(odd.number[t]) if t >= 0 else None for t in targets] == [10, 10, None]
    assert odd.row(99) == -1
    assert odd.after(wall).startswith(b"( 'it''s; #7 (', #10")


def test_arguments_are_split_at_the_top_level_only(odd):
    assert split(odd.after(odd.row(2))) == [b"'it''s; #7 ('", b"#10", b"$", b"'x'", b"(#10, #99)"]
    assert split(odd.after(odd.row(10))) == [b""]
    assert split(odd.after(odd.row(30)))[1:] == [b".BOTH.", b"(#10)"]
    assert references(b"'#7'") == []
    assert references(b"(#1,# 22)") == [1, 22]
    assert only(b"(#1,#22)", {1, 22}.__contains__) == b"(#1,#22)"
    assert only(b"(#1,#22)", {22}.__contains__) == b"(#22)"
    assert only(b"#1", {22}.__contains__) is None


def test_the_parser_finds_the_same(tmp_path):
    path = rich_model().write(tmp_path)
    index, model = StepIndex.read(path), ifcopenshell.open(path)
    assert Counter(index.kinds[k] for k, n in zip(index.kind, index.number, strict=True) if n >= 0) == Counter(
        entity.is_a().upper() for entity in model
    )
    for entity in model:
        row = index.row(entity.id())
        mine = {int(index.number[t]) for t in index.target[index.first[row] : index.first[row + 1]]}
        assert mine == {other.id() for other in model.traverse(entity, 1) if other.id()} - {entity.id()}


def test_a_file_without_instances(tmp_path):
    path = tmp_path / "empty.ifc"
    path.write_bytes(b"ISO-10303-21;HEADER;ENDSEC;DATA;ENDSEC;END-ISO-10303-21;")
    index = StepIndex.read(path)
    assert (index.number == -1).all()
    assert index.row(1) == -1
