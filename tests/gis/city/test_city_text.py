"""Lists of numbers that are read from their text, and attributes read by type: the same as one value at a time."""

from __future__ import annotations

import json
import random
import re
from itertools import chain

import numpy as np
import orjson
import pytest

from gis.city.boundaries import DEPTH, Malformed, first_surface, flatten
from gis.city.lift import parse, parse_lines
from gis.city.numbers import nested, triples
from gis.city.texts import as_read, text_of
from tests.gis.city.city_files import block, building, document, solid, surface


def _back(value):
    """A document with its lists put back."""
    if isinstance(value, bytes):
        return orjson.loads(value)
    if isinstance(value, dict):
        return {key: _back(item) for key, item in value.items()}
    return [_back(item) for item in value] if isinstance(value, list) else value


def _lifted(value):
    if isinstance(value, bytes):
        return 1
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return sum(map(_lifted, inner))


ROOT = document(
    {"b": building([solid(), surface([0, 1, 2])]), "t": building([{"type": "MultiPoint", "boundaries": [1, 2]}])},
    block(),
    **{"geometry-templates": {"templates": [solid()], "vertices-templates": [[0.5, 1, 2]]}},
)


@pytest.mark.parametrize("form", [{}, {"separators": (",", ":")}, {"indent": 1}, {"indent": "\t", "sort_keys": True}])
def test_numbers_stay_text_however_they_are_spaced(form):
    root = parse(json.dumps(ROOT, **form).encode())
    assert _lifted(root) == 5
    assert _back(root) == ROOT


@pytest.mark.parametrize(
    "more",
    [
        {"attributes": {"boundaries": [1, 2]}},
        {"attributes": {"vertices": [[1, 2, 3]]}},
        {"attributes": {'a"boundaries': [1, 2], "b": '"boundaries":[1,2]', "c": '\\"boundaries":[3]'}},
        {"attributes": {"a": "boundaries", "b": "vertices"}},
        {"geometry": [{"type": "Solid", "boundaries": 0}, solid()]},
        {"geometry": [{"type": "Solid", "boundaries": [[[[0, -1, 2]]]]}]},
        {"geometry": [{"type": "Solid", "boundaries": [[[["0"]]]]}]},
        {"geometry": {"boundaries": [[0, 1, 2]]}},
    ],
)
def test_keys_that_mean_something_else_are_left_alone(more):
    root = json.loads(json.dumps(ROOT))
    root["CityObjects"]["b"] |= more
    text = json.dumps(root, separators=(",", ":")).encode()
    assert _back(parse(text)) == root
    assert [_back(item) for item in parse_lines([text, b'{"a":1}', text])] == [root, {"a": 1}, root]


def test_a_repeated_key_is_read_as_json_reads_it():
    text = b'{"CityObjects":{"a":{"geometry":[{"boundaries":[[1]],"boundaries":[[2]]}]}},"vertices":[],"vertices":[[1,2,3]]}'
    assert _back(parse(text)) == orjson.loads(text)


@pytest.mark.parametrize("depth", sorted(set(DEPTH.values())))
def test_nested_numbers_are_flattened_as_their_lists_are(depth):
    rng = random.Random(depth)

    def made(levels):
        if levels == 0:
            return rng.choice((0, 7, 123456, 10**14))
        return [made(levels - 1) for _ in range(rng.randint(1, 4))]

    bodies = [made(depth) for _ in range(50)]
    for separators in ((",", ":"), (" , ", ":")):
        pieces = [json.dumps(body, separators=separators).encode() for body in bodies]
        assert nested(pieces, depth) is not None
        (fast, levels), (slow, others) = flatten(pieces, depth), flatten(bodies, depth)
        for name in ("corner", "ring", "polygon"):
            np.testing.assert_array_equal(getattr(fast, name), getattr(slow, name))
        np.testing.assert_array_equal(first_surface(levels), first_surface(others))
        for one, other in zip(levels, others, strict=True):
            np.testing.assert_array_equal(one, other)


def test_altered_lists_are_never_misread():
    """Either the fast reading says the same as the slow one, or it says nothing."""
    rng = random.Random(5)
    good = b"[[[[0,3,2,1]],[[4,5,6]]],[[[7,8,9,10]]]]"
    read = 0
    for _ in range(4000):
        text = bytearray(good)
        for _ in range(rng.randint(0, 3)):
            at = rng.randrange(1, len(text) - 1)
            text[at : at + rng.randint(0, 2)] = rng.choice(
                (b"", b"[", b"]", b",", b"5", b" ", b"],[", b"99999999999999999")
            )
        pieces = [bytes(text), good] if rng.random() < 0.5 else [good, bytes(text)]
        found = nested(pieces, 4)
        if found is None:
            continue
        read += 1
        polygons, levels = flatten([orjson.loads(re.sub(rb"\b0+(?=\d)", b"", piece)) for piece in pieces], 4)  # 05 is 5
        np.testing.assert_array_equal(found[-1], polygons.corner)
        np.testing.assert_array_equal(found[-2], polygons.ring)
        np.testing.assert_array_equal(found[0], levels[0])
    assert read > 500


def test_altered_vertices_are_never_misread():
    rng = random.Random(6)
    for good in (b"[[0,-3,2],[14,5,6],[7,8,-9]]", b"[[0.5,-3e2,2],[14,5E-1,6.25],[7,8,-9]]"):
        read = 0
        for _ in range(4000):
            text = bytearray(good)
            for _ in range(rng.randint(0, 2)):
                at = rng.randrange(1, len(text) - 1)
                text[at : at + rng.randint(0, 2)] = rng.choice(
                    (b"", b"[", b"]", b",", b"5", b"-", b" ", b".", b"e", b"],[")
                )
            found = triples([bytes(text), good])
            if found is None:
                continue
            read += 1
            try:
                known = orjson.loads(text)
            except orjson.JSONDecodeError:  # 05, 5. and the like are taken for the numbers that they look like
                continue
            np.testing.assert_array_equal(found[: len(known)], np.array(known, float))
        assert read > 400


def test_vertices_of_many_features():
    assert triples([]).shape == triples([b"[]", b"[ ]"]).shape == (0, 3)
    assert triples([b"[[1,2,3]]", b"[]", b"[[4,5,6],[7,8,9]]"]).tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert (
        triples([b"[[1,2]]"]) is triples([b"[[1,2,3,4]]"]) is triples([b"[5]"]) is triples([b"[[1,2,1e999]]"]) is None
    )


def test_a_boundary_that_is_no_json_is_said(read, tmp_path, frame):
    text = json.dumps(document({"b": building([solid()])}, block()), separators=(",", ":"))
    path = tmp_path / "a.city.json"
    path.write_text(text.replace("[0,3,2,1]", "[0,3,,2,1]"))
    with pytest.raises(Exception, match="no valid JSON") as caught:
        read(path, frame=frame)
    assert caught.value.code == "json"


def test_a_number_where_lists_belong_is_malformed():
    with pytest.raises(Malformed):
        flatten([b"[[[0,1,2]]]", b"[[0,1,2]]"], 3)


def test_values_are_read_by_type_as_one_by_one():
    rng = random.Random(3)
    makers = (
        lambda: rng.uniform(-1e6, 1e6), lambda: 10 ** rng.uniform(-9, 20), lambda: round(rng.uniform(0, 100), 1),
        lambda: rng.randrange(-(10**6), 10**20), lambda: rng.choice(("a", " 12.5 ", "007", "1e5", "", "　x　")), lambda: None,
        lambda: rng.random() < 0.5, lambda: float(rng.randrange(10**16)), lambda: 10.0 ** rng.randrange(-8, 25),
    )  # fmt: skip
    mixed = [rng.choice(makers)() for _ in range(3000)]
    turns = list(chain.from_iterable([maker() for maker in makers] for _ in range(200)))
    special = [-0.0, 1e15, -1e15, 1e-4, 9.999e-5, 1e10, float("inf"), 2**64, -(2**63), True, "true"]
    for values, period in ((mixed, 1), (turns, len(makers)), (special, 1), ([], 1), ([1], 1), ([None], 1)):
        texts, numbers = as_read(values, period)
        assert texts.to_pylist() == [text_of(value) for value in values]
        for value, number in zip(values, numbers.to_pylist(), strict=True):
            if value is None or isinstance(value, str):
                assert number == {" 12.5 ": 12.5, "1e5": 1e5}.get(value)
            else:
                assert number == float(value)
