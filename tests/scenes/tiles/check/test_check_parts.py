"""Parts of the checker that no whole file reaches well."""

from __future__ import annotations

import numpy as np
import pytest

from scenes.tiles.check.columns import check_column
from scenes.tiles.check.containment import beyond, outside
from scenes.tiles.check.implicit import _nodes
from scenes.tiles.check.issues import Issues
from scenes.tiles.check.metadata_types import Property
from scenes.tiles.check.shape import Field, check_field
from scenes.tiles.check.volume import valid_token

UNIT = {"box": [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]}
TURNED = {"box": [0, 0, 0, 1, 1, 0, -1, 1, 0, 0, 0, 1]}
"""A square of edge 2√2, turned by 45°."""


def types(issues):
    return [issue.type for issue in issues.settle()]


@pytest.mark.parametrize(
    ("token", "valid"),
    [
        ("1", True),
        ("3", True),
        ("89c6c7", True),
        ("04", True),
        ("0", False),
        ("X", False),
        ("d", False),
        ("2ef59bd34", True),
        ("8", False),
    ],
)
def test_s2_tokens(token, valid):
    assert valid_token(token) == valid


def test_points_in_a_turned_box():
    assert outside(TURNED, np.array([[1.9, 0, 0], [0, -1.9, 0]])) == 0
    assert outside(TURNED, np.array([[1.5, 1.5, 0]])) == pytest.approx(1.5 * 2**0.5 - 2**0.5, abs=0.01)


def test_points_in_a_sphere_and_a_flat_box():
    assert outside({"sphere": [1, 0, 0, 2]}, np.array([[3.0, 0, 0]])) == 0
    assert outside({"sphere": [1, 0, 0, 2]}, np.array([[4.0, 0, 0]])) == pytest.approx(1, abs=0.01)
    flat = {"box": [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0]}
    assert outside(flat, np.array([[0.5, 0.5, 0]])) == 0
    assert outside(flat, np.array([[0.5, 0.5, 3]])) == pytest.approx(3, abs=0.01)


def test_volumes_in_volumes():
    assert beyond(UNIT, {"sphere": [0, 0, 0, 1]}) == 0
    assert beyond(UNIT, {"sphere": [0, 0, 0, 1.5]}) == pytest.approx(0.5, abs=0.01)
    assert beyond(UNIT, TURNED) == pytest.approx(1, abs=0.01)
    shift = np.eye(4)
    shift[0, 3] = 5
    assert beyond(UNIT, UNIT, shift) == pytest.approx(5, abs=0.01)
    assert beyond({"sphere": [0, 0, 0, 2]}, {"sphere": [0, 0, 0, 1]}, np.diag([3.0, 3, 3, 1])) == pytest.approx(
        1, abs=0.01
    )
    region = [0.1, 0.1, 0.2, 0.2, 0, 10]
    assert beyond({"region": region}, {"region": region}) == 0
    assert beyond({"region": region}, {"region": [*region[:5], 15]}) == pytest.approx(4.9)
    assert beyond({"region": region}, UNIT) is None


def test_implicit_nodes_by_morton_index():
    assert _nodes(np.array([0, 1, 2, 3]), 1, (0, 0, 0, 0), 2) == [
        (1, 0, 0, 0),
        (1, 1, 0, 0),
        (1, 0, 1, 0),
        (1, 1, 1, 0),
    ]
    assert _nodes(np.array([7, 8]), 2, (1, 1, 0, 0), 3) == [(3, 5, 1, 1), (3, 6, 0, 0)]


@pytest.mark.parametrize(
    ("value", "field", "found"),
    [
        (True, Field("number"), ["TYPE_MISMATCH"]),
        (True, Field(choices=(0, 1)), ["VALUE_NOT_IN_LIST"]),
        (3.0, Field("integer"), []),
        (2**63, Field("integer"), []),
        (3.5, Field("integer"), ["TYPE_MISMATCH"]),
        (float("inf"), Field("number"), ["TYPE_MISMATCH"]),
        ([1, 1], Field("array", unique=True), ["ARRAY_ELEMENT_NOT_UNIQUE"]),
        ("", Field("string", length=(1, None)), ["STRING_LENGTH_MISMATCH"]),
        ({"a": 1}, Field("object", fields={"b": Field(required=True)}), ["PROPERTY_MISSING"]),
        ({"b": None}, Field("object", fields={"b": Field(required=True)}), ["PROPERTY_MISSING"]),
    ],
)
def test_fields(value, field, found):
    issues = Issues()
    assert check_field(issues, "", value, field) == (not found)
    assert types(issues) == found


def column(raw, views, count, own=None, enum=None):
    issues = Issues()
    prop = Property(raw, enum or {}, "UINT8")
    check_column(issues, "", prop, own or {}, views, count)
    return types(issues)


def test_numeric_columns():
    scalar = {"type": "SCALAR", "componentType": "UINT8"}
    values = {"values": bytes([1, 5, 9])}
    assert column(scalar, values, 3) == []
    assert column(scalar, values, 4) == ["METADATA_INVALID_LENGTH"]
    assert column({**scalar, "max": 8}, values, 3) == ["METADATA_VALUE_NOT_IN_RANGE"]
    assert column({**scalar, "max": 8, "noData": 9}, values, 3) == []
    assert column(scalar, values, 3, {"min": 1, "max": 9}) == []
    assert column(scalar, values, 3, {"min": 0}) == ["METADATA_VALUE_MISMATCH"]
    scaled = {**scalar, "normalized": True, "scale": 255, "offset": 10, "max": 18}
    assert column(scaled, values, 3) == ["METADATA_VALUE_NOT_IN_RANGE"]
    assert column({**scaled, "max": 19}, values, 3) == []
    nan = {"values": np.array([np.nan], "<f4").tobytes()}
    assert column({"type": "SCALAR", "componentType": "FLOAT32"}, nan, 1) == ["METADATA_VALUE_NOT_IN_RANGE"]


def test_other_columns():
    enum = {"type": "ENUM", "enumType": "e"}
    assert column(enum, {"values": bytes([0, 1])}, 2, enum={"a": 0, "b": 1}) == []
    assert column(enum, {"values": bytes([0, 2])}, 2, enum={"a": 0, "b": 1}) == ["METADATA_INVALID_ENUM_VALUE"]
    assert column({"type": "BOOLEAN"}, {"values": bytes(2)}, 9) == []
    assert column({"type": "BOOLEAN"}, {"values": bytes(1)}, 9) == ["METADATA_INVALID_LENGTH"]
    text, offsets = "áb".encode(), {"stringOffsetType": "UINT8"}
    assert column({"type": "STRING"}, {"values": text, "stringOffsets": bytes([0, 2, 3])}, 2, offsets) == []
    split = {"values": text, "stringOffsets": bytes([0, 1, 3])}
    assert column({"type": "STRING"}, split, 2, offsets) == ["METADATA_INVALID_ENCODING"]
    array = {"type": "SCALAR", "componentType": "UINT16", "array": True}
    views = {"values": bytes(6), "arrayOffsets": bytes([0, 1, 3])}
    assert column(array, views, 2, {"arrayOffsetType": "UINT8"}) == []
    falling = {"values": bytes(6), "arrayOffsets": bytes([0, 4, 3])}
    assert column(array, falling, 2, {"arrayOffsetType": "UINT8"}) == ["METADATA_INVALID_OFFSETS"]
