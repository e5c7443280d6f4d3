"""Each rule has a model that keeps it and one that breaks it."""

from __future__ import annotations

import numpy as np
import pytest

from bim.review import ReviewModel, load_rules, review
from bim.review.checks import REGISTRY
from scenes.build.tables import write_tables
from tests.support.layers import FRAME, table
from twin.errors import Invalid
from twin.graph.layertables import read_tables
from twin.layer import OBJECTS, PROPERTIES, QUANTITIES, LayerDraft, LayerKind


def model(tmp_path, objects, properties=(), quantities=(), boxes=None, findings=()):
    draft = LayerDraft(
        kind=LayerKind.BIM,
        title="m",
        frame=FRAME,
        objects=table(OBJECTS, objects),
        properties=table(PROPERTIES, list(properties)),
        quantities=table(QUANTITIES, list(quantities)),
    )
    grid = np.full((len(objects), 6), np.nan) if boxes is None else np.array(boxes, float)
    write_tables(tmp_path, "m", draft, np.arange(len(objects)), grid)
    return ReviewModel(read_tables(tmp_path), findings)


def outcome(rule, *args, **kwargs):
    chosen = [item for item in load_rules() if item.id == rule]
    return review(model(*args, **kwargs), chosen).outcomes[0]


def prop(gid, name, value, number=None):
    return {"id": gid, "set": "P", "name": name, "value": value, "number": number}


def qty(gid, name, value):
    return {"id": gid, "set": "Q", "name": name, "value": value, "origin": "declared"}


def measured(gid, volume):
    return {"id": gid, "set": "Measured", "name": "Volume", "value": volume, "origin": "measured"}


def obj(gid, kind, **more):
    storey = more.get("storey", "s")
    return {"id": gid, "type": kind, "name": gid, "storey": storey, "parent": storey, **more}


CASES = [
    # rule, objects, properties, quantities, boxes, gids that fail
    ("storey-containment", [obj("w", "Wall"), obj("x", "Wall", storey=None)], [], [], None, ["m/x"]),
    ("storey-containment", [obj("w", "Wall"), obj("p", "Wall", parent="w")], [], [], None, []),
    # A storey told from the height when the model was read: the file still does not say it.
    ("storey-containment", [obj("w", "Wall"), obj("x", "Wall", parent="b")], [], [], None, ["m/x"]),
    ("space-present", [obj("s", "BuildingStorey", storey=None), obj("w", "Wall")], [], [], None, ["m/s"]),
    ("space-present", [obj("s", "BuildingStorey"), obj("w", "Wall")], [], [], [[0, 0, 0, 9, 9, 1.2], [0, 0, 0, 9, 9, 1.2]], []),
    ("space-present", [obj("s", "BuildingStorey"), obj("w", "Wall"), obj("r", "Space")], [], [], None, []),
    (
        "element-duplicate",
        [obj("a", "Wall"), obj("b", "Wall"), obj("c", "Wall"), obj("d", "Door")],
        [],
        [],
        [[0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 1.0004], [0, 0, 0, 1, 1, 1.2], [0, 0, 0, 1, 1, 1]],
        ["m/a", "m/b"],
    ),
    # One box, other shapes: not a copy, as `ifc-duplicate` judges too; nor is a part that fills its whole.
    ("element-duplicate", [obj("a", "Wall"), obj("b", "Wall")], [], [measured("a", 1.0), measured("b", 0.9)], [[0, 0, 0, 1, 1, 1]] * 2, []),
    ("element-duplicate", [obj("a", "Wall"), obj("b", "Wall", parent="a")], [], [], [[0, 0, 0, 1, 1, 1]] * 2, []),
    # Stand-ins are boxes of shapes that nobody made.
    ("element-duplicate", [obj("a", "Wall", engine="bounding-box"), obj("b", "Wall", engine="bounding-box")], [], [], [[0, 0, 0, 1, 1, 1]] * 2, []),
    ("wall-properties", [obj("a", "Wall"), obj("b", "Wall")], [prop("a", "IsExternal", "True", 1.0), prop("a", "LoadBearing", "F", 0.0)], [], None, ["m/b"]),
    ("door-fire-rating", [obj("d", "Door"), obj("防火门", "Door"), obj("e", "Door")], [prop("d", "FireExit", "True", 1.0)], [], None, ["m/d", "m/防火门"]),
    ("door-fire-rating", [obj("d", "Door")], [prop("d", "FireExit", "True", 1.0), prop("d", "Fire Rating", "甲级")], [], None, []),
    ("door-width", [obj("d", "Door"), obj("e", "Door")], [prop("d", "OverallWidth", "0.7", 0.7), prop("e", "OverallWidth", "0.9", 0.9)], [], None, ["m/d"]),
    ("clear-height", [obj("走廊 1", "Space"), obj("室", "Space")], [], [qty("走廊 1", "Height", 2.05), qty("室", "Height", 2.05)], None, ["m/走廊 1"]),
    ("clear-height", [obj("2X", "Space")], [prop("2X", "LongName", "走廊")], [qty("2X", "Height", 2.05)], None, ["m/2X"]),
    ("clear-height", [obj("室", "Space")], [], [], [[0, 0, 0, 5, 5, 1.95]], ["m/室"]),
    ("stair-riser", [obj("f", "StairFlight"), obj("g", "StairFlight")], [prop("f", "RiserHeight", "0.19", 0.19), prop("g", "RiserHeight", ".165", 0.165)], [], None, ["m/f"]),
    ("stair-width", [obj("f", "StairFlight")], [], [qty("f", "Width", 1.0)], None, ["m/f"]),
    ("railing-height", [obj("r", "Railing")], [prop("r", "Height", "0.9", 0.9)], [], None, ["m/r"]),
    ("ramp-slope", [obj("r", "RampFlight")], [prop("r", "Slope", "6°", 0.1047)], [], None, ["m/r"]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "objects", "properties", "quantities", "boxes", "failing"), CASES)
def test_a_rule_finds_exactly_what_breaks_it(tmp_path, rule, objects, properties, quantities, boxes, failing):
    found = outcome(rule, tmp_path, objects, properties, quantities, boxes)
    assert sorted({gid for finding in found.findings for gid in finding.ids}) == sorted(failing)
    assert found.verdict in (["fail"] if failing else ["pass", "na"])


@pytest.mark.parametrize(
    ("rule", "code"), [("guid-unique", "ifc-repeated-globalid"), ("georeference", "ifc-no-georeference")]
)
def test_what_the_build_found_becomes_a_finding(tmp_path, rule, code):
    row = {"code": code, "zh": "重复", "en": "twice", "ids": ["w", "gone"]}
    found = outcome(rule, tmp_path, [obj("w", "Wall")], findings=[row])
    assert [finding.ids for finding in found.findings] == [("m/w",)]


def test_missing_data_is_said_not_passed(tmp_path):
    assert outcome("stair-width", tmp_path, [obj("f", "StairFlight")]).verdict == "insufficient"


def test_nothing_to_check_does_not_count_as_kept(tmp_path):
    assert outcome("door-width", tmp_path, [obj("w", "Wall")]).verdict == "na"


def test_every_rule_has_a_check_and_every_check_a_rule():
    assert {rule.id for rule in load_rules()} == set(REGISTRY)


def test_a_broken_rule_file_is_named(tmp_path):
    path = tmp_path / "r.yaml"
    path.write_text("- {id: x, stage: rules, severity: fatal}\n")
    with pytest.raises(Invalid, match=r"r\.yaml.*'x'"):
        load_rules(path)
