"""The review sample has the faults it lists, found by the review itself, and the park's buildings have none of them."""

from __future__ import annotations

import json

import ifcopenshell
import ifcopenshell.validate
import pytest

from bim.review import ReviewModel, load_rules, review
from scenes.build.ingesting import ingest
from twin.graph.layertables import read_tables
from twin.park import Park


@pytest.fixture(scope="module")
def listed(sample):
    (path,) = sample.samples
    return path, json.loads(path.with_name("review-sample.faults.json").read_text(encoding="utf-8"))["faults"]


def test_every_fault_names_a_rule_and_elements_of_the_file(listed):
    path, faults = listed
    file = ifcopenshell.open(str(path))
    guids = {root.GlobalId for root in file.by_type("IfcRoot")}
    rules = {rule.id for rule in load_rules()}
    assert len(faults) >= 12
    for fault in faults:
        assert fault["rule"] in rules
        assert set(fault["global_ids"]) <= guids


def test_only_the_repeated_id_breaks_the_schema(listed):
    path, _ = listed
    logger = ifcopenshell.validate.json_logger()
    ifcopenshell.validate.validate(str(path), logger)
    assert len(logger.statements) == 1


def findings(sample, path, layer):
    park = Park.load(sample.folder)
    built = ingest(park, path, layer=layer).version
    folder = park.layers_folder / layer / built.version
    rows = [row if isinstance(row, dict) else row.as_dict() for row in built.findings]
    result = review(ReviewModel(read_tables(folder), rows))
    found: dict[str, set[str]] = {}
    for rule, finding in result.findings:
        found.setdefault(rule.id, set()).update(gid.partition("/")[2].partition("~")[0] for gid in finding.ids)
    return found


@pytest.mark.slow
def test_the_review_finds_exactly_these(sample, listed):
    path, faults = listed
    expected = {fault["rule"]: set(fault["global_ids"]) for fault in faults}
    assert findings(sample, path, "review-sample") == expected


@pytest.mark.slow
@pytest.mark.parametrize("key", ["x1", "e1"])
def test_the_parks_buildings_have_no_findings(sample, sources, key):
    assert findings(sample, sources[key].path, key) == {}


@pytest.mark.slow
@pytest.mark.parametrize("key", ["a2", "x1", "e1", "p1"])
def test_the_parks_buildings_are_in_order(sample, sources, key):
    """No fault worse than minor, and nothing that had to be repaired."""
    built = ingest(Park.load(sample.folder), sources[key].path, layer=f"{key}-order").version
    assert [row["code"] for row in built.findings if row["severity"] in {"critical", "major"} or row["repaired"]] == []
