import numpy as np
import pytest

from twin.errors import Invalid
from twin.state.facts import PointFacts
from twin.state.point import PointSpec
from twin.state.scope import scope_resolver

POINTS = [
    PointSpec("a", "a1/r1", device="a1/s1", kind="co2"),
    PointSpec("b", "a1/r2", device="a1/s2", kind="temperature"),
    PointSpec("c", "yard/bay", kind="parking"),
]
ROWS = [
    {"layer": "a1", "type": "Space", "storey": "a1/1F", "building": "a1/B"},
    {"layer": "a1", "type": "Space", "storey": "a1/2F", "building": "a1/B"},
    {"layer": "yard", "type": "ParkingBay", "storey": None, "building": None},
]


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ({}, [0, 1, 2]),
        ({"layers": [], "kinds": None}, [0, 1, 2]),
        ({"layers": ["a1"]}, [0, 1]),
        ({"layers": ["a1"], "kinds": ["co2"]}, [0]),
        ({"gids": ["a1/s2", "yard/bay"]}, [1, 2]),
        ({"points": ["c", "a", "no such"]}, [0, 2]),
        ({"storeys": ["a1/2F"]}, [1]),
        ({"types": ["Space"], "layers": ["yard"]}, []),
        ({"kinds": ["bay_occupied"]}, [2]),
    ],
)
def test_lists_are_alternatives_and_combined_with_and(scope, expected):
    resolve = scope_resolver(POINTS, PointFacts.from_rows(ROWS))
    assert resolve(scope).tolist() == expected


@pytest.mark.parametrize("scope", [{"floors": ["1"]}, {"layers": "a1"}, {"layers": [1]}, {"points": ["x"] * 10_001}])
def test_other_shapes_are_refused(scope):
    with pytest.raises(Invalid):
        scope_resolver(POINTS, PointFacts.from_rows(ROWS))(scope)


def test_without_a_graph_the_layer_is_known_from_the_gid():
    facts = PointFacts.unknown(POINTS)
    assert np.flatnonzero(facts.layer == "yard").tolist() == [2]


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ([0, 0, 0, 1, 1, 1], [0]),
        ([1.5, 0, 0, 3, 9, 9], [0, 1]),  # touching counts
        ([-5, -5, -5, -4, -4, -4], []),
        (None, [0, 1, 2]),
    ],
)
def test_a_box_keeps_the_points_whose_object_touches_it(box, expected):
    boxes = np.array([[0, 0, 0, 2, 2, 2], [3, 0, 0, 4, 1, 1], [np.nan] * 6])
    resolve = scope_resolver(POINTS, PointFacts.from_rows(ROWS, boxes=boxes))
    assert resolve({"box": box}).tolist() == expected
    assert resolve({"box": box, "kinds": ["parking"]}).tolist() == [n for n in expected if n == 2]


@pytest.mark.parametrize("box", [[1, 2, 3], "all", [0, 0, 0, -1, 1, 1], [0, 0, 0, 1, 1, float("inf")], [True] * 6])
def test_a_wrong_box_is_refused(box):
    with pytest.raises(Invalid, match="box"):
        scope_resolver(POINTS, PointFacts.from_rows(ROWS))({"box": box})
