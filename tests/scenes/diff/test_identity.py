"""Objects are recognised under other GlobalIds, each once."""

from __future__ import annotations

import numpy as np
import pytest

from scenes.diff.near import best_pairs, near
from tests.scenes.diff.models import changed, changes, move, solid, told


def lost(found):
    return [item.name for item in found.items if {"added", "deleted"} & set(item.kinds)]


def test_all_ids_changed_and_nothing_else(tmp_path):
    found = changed(tmp_path, lambda office: office.new_ids())
    assert {tuple(kinds) for kinds in told(found).values()} == {("re-identified",)}
    assert len(found.items) == found.matched == 20
    assert found.concepts == []


def test_all_ids_changed_and_objects_moved_renamed_and_reshaped(tmp_path):
    def edit(office):
        office.new_ids()
        move(office.chairs[1], 0.6, 0.3, 0.0)
        move(office.walls[2], 0.0, 30.0, 0.0)  # far: known by its tag
        office.walls[4].Name, office.walls[4].Tag = "Renamed", "x"  # known by its place
        solid(office.walls[6]).Depth = 2.2
        office.fire.NominalValue = office.file.create_entity("IfcLabel", "1.00")

    found = changed(tmp_path, edit)
    kinds = told(found)
    assert lost(found) == []
    assert kinds["Chair 1"] == ["moved", "re-identified"]
    assert kinds["Wall 2"] == ["moved", "property-changed", "re-identified"]
    assert kinds["Renamed"] == ["property-changed", "re-identified", "renamed"]
    assert kinds["Wall 6"] == ["property-changed", "re-identified", "reshaped"]
    assert kinds["1F"] == ["re-identified"]


def test_half_of_the_ids_changed_with_moved_ones_among(tmp_path):
    def edit(office):
        office.new_ids(every=2)
        for wall in office.walls[:4]:
            move(wall, 0.0, 0.4, 0.0)

    found = changed(tmp_path, edit)
    assert lost(found) == []
    moved = {name for name, kinds in told(found).items() if "moved" in kinds}
    assert moved == {f"Wall {k}" for k in range(4)}
    assert not any("re-contained" in kinds for kinds in told(found).values())


def test_all_ids_changed_and_the_whole_model_moved(tmp_path):
    """The tags tell how far; the chairs, which have none, are then found at the moved place."""

    def edit(office):
        office.new_ids()
        for chair in office.chairs:
            chair.Name = "Chair"
        move(office.model.site, 500.0, 80.0, 0.0)

    found = changed(tmp_path, edit)
    assert lost(found) == []
    kinds = told(found)
    assert kinds.pop("Site") == ["re-georeferenced", "re-identified"]
    assert kinds.pop("Chair") == ["re-identified", "renamed"]
    assert {tuple(kind) for kind in kinds.values()} == {("re-identified",)}


def test_all_ids_and_a_class_changed(tmp_path):
    def edit(office):
        office.new_ids()
        office.chairs[0].is_a()
        f = office.file
        proxy = f.create_entity(
            "IfcBuildingElementProxy", GlobalId="1" * 22, Name="Chair 0", ObjectPlacement=office.chairs[0].ObjectPlacement,
            Representation=office.chairs[0].Representation,
        )  # fmt: skip
        for relation in f.by_type("IfcRelContainedInSpatialStructure"):
            if relation.RelatedElements == (office.chairs[0],):
                relation.RelatedElements = (proxy,)
        f.by_type("IfcRelAssignsToGroup")[0].RelatedObjects = (proxy, *office.chairs[1:3])
        f.remove(office.chairs[0])

    found = changed(tmp_path, edit)
    assert lost(found) == []
    assert told(found)["Chair 0"] == ["re-identified", "retyped"]
    assert ("retyped", "", "class", "IfcFurniture", "IfcBuildingElementProxy") in changes(found, "Chair 0")


def test_an_object_gone_and_a_like_one_elsewhere_are_two(tmp_path):
    def edit(office):
        f, chair = office.file, office.chairs[5]
        for relation in f.by_type("IfcRelContainedInSpatialStructure"):
            if relation.RelatedElements == (chair,):
                f.remove(relation)
        f.remove(chair)
        office.element("IfcFurniture", "Chair 99", (90.0, 8.0, 0.0), (0.5, 0.4, 0.9), office.upper)

    assert told(changed(tmp_path, edit)) == {"Chair 99": ["added"], "Chair 5": ["deleted"]}


def test_near_finds_every_pair_within_reach_of_one_group():
    random = np.random.default_rng(3)
    a, b = random.uniform(0, 10, (200, 3)), random.uniform(0, 10, (180, 3))
    group_a, group_b = random.integers(0, 2, 200), random.integers(0, 2, 180)
    i, j, distance = near(a, group_a, b, group_b, 1.1)
    table = np.linalg.norm(a[:, None] - b[None], axis=2)
    expected = np.argwhere((table <= 1.1) & (group_a[:, None] == group_b[None]))
    assert np.array_equal(np.stack((i, j), axis=1), expected)
    assert distance == pytest.approx(table[i, j])


def test_best_pairs_are_one_to_one_and_cheapest_first():
    i, j = np.array([0, 0, 1, 1, 2]), np.array([0, 1, 0, 1, 1])
    assert best_pairs(i, j, np.array([1.0, 5.0, 0.5, 2.0, 3.0])).tolist() == [2, 4]
