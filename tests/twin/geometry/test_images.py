"""Images of textures: what is kept, and what is refused before it costs anything."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from twin.errors import Invalid
from twin.geometry import images
from twin.geometry.images import ImageStore, decode
from twin.geometry.spool import MeshSpool, Texture


def encoded(pixels, form="PNG", **options):
    out = io.BytesIO()
    Image.fromarray(np.asarray(pixels, np.uint8)).save(out, form, **options)
    return out.getvalue()


NOISE = np.random.default_rng(1).integers(0, 255, (90, 120, 3))


def bomb(width=30_000, height=30_000):
    """A PNG of 900 million pixels in a few kilobytes."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    row = b"\0" + b"\0" * (width // 8)
    body = zlib.compress(row * 200, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (bomb(), "900000000 pixels"),
        (bomb(9000, 9000), "9000 × 9000"),
        (encoded(NOISE)[:2000], "cannot be read"),
        (encoded(NOISE, "JPEG")[:1500], "cannot be read"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "cannot be read"),
        (b"%PDF-1.7 not an image", "cannot be read"),
        (b"ISO-10303-21;\nHEADER;", "cannot be read"),
        (b"", "cannot be read"),
    ],
    ids=["bomb", "large", "truncated-png", "truncated-jpeg", "svg", "pdf", "ifc", "empty"],
)
def test_what_is_no_image_is_refused_by_name(tmp_path, data, word):
    store = ImageStore(tmp_path / "images")
    with pytest.raises(Invalid, match=word) as refused:
        store.add(data)
    assert refused.value.code == "texture"
    assert not (tmp_path / "images").exists()


def test_bounds_on_bytes_and_number(tmp_path, monkeypatch):
    monkeypatch.setattr(images, "MAX_BYTES", 100)
    with pytest.raises(Invalid, match="MB"):
        decode(encoded(NOISE), 64)
    monkeypatch.setattr(images, "MAX_BYTES", 1 << 20)
    monkeypatch.setattr(images, "MAX_IMAGES", 1)
    store = ImageStore(tmp_path)
    assert store.add(encoded(NOISE)) == store.add(encoded(NOISE))
    with pytest.raises(Invalid, match="more images"):
        store.add(encoded(NOISE + 1))


def test_the_mean_is_of_light_and_of_what_is_seen():
    half = np.zeros((10, 10, 3))
    half[:, 5:] = 255
    picture = measured(encoded(half))
    assert picture.mean == pytest.approx((0.7354, 0.7354, 0.7354, 1), abs=2e-3)  # half the light, in sRGB
    assert not picture.cutout
    leaf = np.zeros((10, 10, 4))
    leaf[:5] = (0, 255, 0, 255)
    picture = measured(encoded(leaf))
    assert picture.mean == pytest.approx((0, 1, 0, 0.5), abs=2e-3)
    assert picture.cutout
    assert measured(encoded(np.full((4, 4), 128))).grey


def measured(data):
    return images._measured("name", data)


def test_sixteen_bits_and_palettes_with_holes():
    deep = Image.fromarray(np.full((8, 8), 40_000, np.uint16))
    out = io.BytesIO()
    deep.save(out, "PNG")
    assert np.asarray(decode(out.getvalue(), 64)).max() == pytest.approx(40_000 / 257, abs=2)
    holes = Image.fromarray(np.zeros((8, 8), np.uint8)).convert("P")
    out = io.BytesIO()
    holes.save(out, "PNG", transparency=0)
    assert decode(out.getvalue(), 64).mode == "RGBA"


def test_large_images_come_down():
    assert decode(encoded(NOISE), 60).size == (60, 45)
    assert decode(encoded(NOISE, "JPEG"), 60).size == (60, 45)
    for form in ("PNG", "JPEG"):
        for side in (1, 7, 31, 90, 119, 500):
            data = encoded(np.resize(NOISE, (90, 37, 3)), form)
            assert decode(data, side).size == images.decoded_size(data, side)


def test_a_spool_keeps_textures_and_coordinates(tmp_path):
    spool = MeshSpool(tmp_path)
    picture = spool.image(encoded(NOISE))
    texture = Texture(picture.name, (1.0, 0.5, 1.0, 1.0), ("clamp", "mirror"), "mask")
    plain, dressed = spool.material(picture.mean, "a"), spool.material(picture.mean, "a", texture)
    assert plain != dressed
    corner = [[0, 0, 0], [1, 0, 0], [0, 1, 0]]
    uv = np.array([[0, 1], [1, 1], [0.5, 0]])
    spool.shape(corner, [[0, 1, 2]], plain)
    spool.shape(corner, [[0, 1, 2]], dressed, uv)
    none = np.full((3, 2), np.nan)
    spool.shapes(corner * 3, [3, 3, 3], [[0, 1, 2]] * 3, [1, 1, 1], [plain] * 3, np.vstack((none, uv + 1, none)))
    with pytest.raises(Invalid, match="2 texture coordinates"):
        spool.shape(corner, [[0, 1, 2]], dressed, uv[:2])
    reader = spool.close()
    assert reader.materials[dressed].texture == texture
    assert reader.materials[plain].texture is None
    assert reader.image(picture.name) == encoded(NOISE)
    assert [reader.shape(i).uv is None for i in range(5)] == [True, False, True, False, True]
    assert np.allclose(reader.shape(3).uv, uv + 1)
    assert reader.gather(np.array([0, 2])).uv is None
    assert np.allclose(reader.gather(np.array([3, 0, 1])).uv, np.vstack((uv + 1, np.zeros((3, 2)), uv)))
