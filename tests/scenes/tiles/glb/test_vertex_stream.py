"""Streams for gzip: meshoptimizer's decoder gives back what was encoded, and gzip finds what comes again."""

from __future__ import annotations

import zlib

import meshopt
import numpy as np
import pytest

from scenes.tiles.glb.vertex_stream import encode


def decoded(stream, rows):
    return meshopt.decode_gltf_buffer(stream, len(rows), rows.nbytes // len(rows), "ATTRIBUTES").reshape(len(rows), -1)


@pytest.mark.parametrize("size", [4, 8, 12, 40, 256])
@pytest.mark.parametrize("count", [1, 15, 16, 17, 31, 255, 256, 257, 1_000])
def test_any_rows_come_back(size, count):
    random = np.random.default_rng(count)
    rows = random.integers(0, 256, (count, size)).astype(np.uint8) * (random.random((count, size)) < 0.05)
    rows = rows.astype(np.uint8)
    assert np.array_equal(decoded(encode(rows), rows), rows)


def test_differences_wrap_as_bytes_do():
    rows = np.array([[0, -1], [32_767, -32_768], [-32_768, 32_767], [-1, 0]], np.int16)
    assert np.array_equal(decoded(encode(rows), rows).view(np.int16), rows)


def test_what_does_not_change_takes_no_bytes():
    assert len(encode(np.full((256, 4), 7, np.uint8))) == 1 + 4 * 4 + 32


def test_gzip_sees_the_same_shape_at_another_place_where_the_librarys_stream_hides_it():
    random = np.random.default_rng(7)
    shape = random.integers(-400, 400, (101, 4)).astype(np.int16)
    rows = np.concatenate([shape + random.integers(-9_000, 9_000, (1, 4)).astype(np.int16) for _ in range(40)])
    ours, theirs = encode(rows), meshopt.encode_gltf_buffer(rows, "ATTRIBUTES")
    assert np.array_equal(decoded(ours, rows), decoded(theirs, rows))
    assert len(zlib.compress(ours, 6)) < 0.7 * len(zlib.compress(theirs, 6))
