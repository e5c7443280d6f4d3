"""Appearances of city models: the images lie on the surfaces as the files say."""

from __future__ import annotations

import io
import json
import zipfile

import numpy as np
import pytest
from PIL import Image

from tests.gis.city.city_files import (
    block,
    box_points,
    building,
    document,
    faces,
    gml,
    gml_solid,
    member,
    polygon,
    solid,
    write,
    write_gml,
)  # fmt: skip
from tests.support.textured import shown

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
FRONT = 2
"""Face of the cube that looks south: its corners run from the lower left, counter-clockwise."""


def png():
    """Red upper left, green upper right, blue lower left, white lower right."""
    pixels = np.kron(np.array([[RED, GREEN], [BLUE, WHITE]], np.uint8), np.ones((8, 8, 1), np.uint8))
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def city_json(image="maps/wall.png", wrap="wrap", uv=((0, 0), (1, 0), (1, 1), (0, 1)), values=None):
    """A box with an image on its south face."""
    given = [[[None]]] * 6
    given[FRONT] = [[0, 0, 1, 2, 3]]
    geometry = solid(texture={"t": {"values": [given if values is None else values]}})
    looks = {
        "textures": [{"type": "PNG", "image": image, "wrapMode": wrap}],
        "vertices-texture": [list(map(float, place)) for place in uv],
        "default-theme-texture": "t",
    }
    return document({"b1": building([geometry])}, block(), appearance=looks)


def city_gml(image="maps/wall.png", holes=()):
    """The same as CityGML; the face may have a hole."""
    items = []
    for number, face in enumerate(faces(box_points())):
        if number == FRONT and holes:
            mark = polygon(face, holes, "front").replace("<gml:LinearRing>", '<gml:LinearRing gml:id="outer">', 1)
            items.append(mark.replace("<gml:LinearRing>", '<gml:LinearRing gml:id="inner">', 1))
        else:
            items.append(polygon(face, name="front" if number == FRONT else ""))
    lists = [("outer", "0 0 1 0 1 1 0 1 0 0")]
    if holes:
        lists.insert(0, ("inner", "0.4 0.4 0.4 0.6 0.6 0.6 0.6 0.4 0.4 0.4"))
    coordinates = "".join(
        f'<app:textureCoordinates ring="#{ring}">{text}</app:textureCoordinates>' for ring, text in lists
    )
    look = (
        "<app:appearanceMember><app:Appearance><app:surfaceDataMember><app:ParameterizedTexture>"
        f"<app:imageURI>{image}</app:imageURI><app:wrapMode>wrap</app:wrapMode>"
        f'<app:target uri="#front"><app:TexCoordList>{coordinates}</app:TexCoordList></app:target>'
        "</app:ParameterizedTexture></app:surfaceDataMember></app:Appearance></app:appearanceMember>"
    )
    return gml(member(f"<bldg:lod2Solid>{gml_solid(items)}</bldg:lod2Solid>") + look)


def image(folder, data=None):
    (folder / "maps").mkdir()
    (folder / "maps" / "wall.png").write_bytes(png() if data is None else data)


def front(found):
    """(uv, place in the face 0..1) of the corners of textured faces."""
    spool = found.spool
    (index,) = range(len(spool.counts))
    shape = spool.shape(index)
    dressed = np.array([look.texture is not None for look in spool.materials])[shape.material]
    corners = shape.faces[dressed].ravel()
    place = shape.vertices[corners][:, [0, 2]] / [10, 5] + 0.5
    return shape.uv[corners], place


@pytest.mark.parametrize("form", ["json", "gml"])
def test_an_image_on_a_face(read, tmp_path, frame, form):
    image(tmp_path)
    path = write(tmp_path, city_json()) if form == "json" else write_gml(tmp_path, city_gml())
    found = read(path, frame=frame)
    assert "city-textures" not in found.codes()
    uv, place = front(found)
    assert len(uv) == 6
    assert np.allclose(uv, np.column_stack((place[:, 0], 1 - place[:, 1])), atol=5e-3)
    (dressed,) = [look for look in found.spool.materials if look.texture]
    assert dressed.texture.wrap == ("repeat", "repeat")
    name = found.spool.objects[0]
    assert {RED, BLUE, GREEN, WHITE} & set(shown(found.spool, name, (0.9, 0.05, 0.05)))


def test_a_face_with_a_hole_takes_the_coordinates_of_its_rings_by_name(read, tmp_path, frame):
    image(tmp_path)
    face = faces(box_points())[FRONT]
    low, high = np.array(face[0]), np.array(face[2])
    hole = [tuple(low + (high - low) * [u, 0, v]) for u, v in ((0.4, 0.4), (0.4, 0.6), (0.6, 0.6), (0.6, 0.4))]
    found = read(write_gml(tmp_path, city_gml(holes=[hole])), frame=frame)
    uv, place = front(found)
    assert len(uv) == 8 * 3
    assert np.allclose(uv, np.column_stack((place[:, 0], 1 - place[:, 1])), atol=5e-3)


@pytest.mark.parametrize(
    ("wrap", "kept"), [("none", "clamp"), ("mirror", "mirror"), ("border", "clamp"), (None, "clamp")]
)
def test_wrap_modes(read, tmp_path, frame, wrap, kept):
    image(tmp_path)
    found = read(write(tmp_path, city_json(wrap=wrap)), frame=frame)
    assert [look.texture.wrap for look in found.spool.materials if look.texture] == [(kept, kept)]


@pytest.mark.parametrize("form", ["json", "gml"])
@pytest.mark.parametrize(
    "uri", ["gone.png", "../wall.png", "http://example.com/wall.png", "/etc/passwd", "maps/wall.png"]
)
def test_images_that_cannot_be_had(read, tmp_path, frame, form, uri):
    (tmp_path / "wall.png").write_bytes(png())
    folder = tmp_path / "in"
    folder.mkdir()
    image(folder, b"<svg/>")
    path = write(folder, city_json(uri)) if form == "json" else write_gml(folder, city_gml(uri))
    found = read(path, frame=frame)
    assert found.codes()["city-textures"] == 1
    assert [look for look in found.spool.materials if look.texture] == []
    assert found.spool.shape(0).uv is None


def test_values_that_do_not_fit_leave_the_face_plain(read, tmp_path, frame):
    image(tmp_path)
    for number, values in enumerate(
        ([[[0, 0, 1]]] * 6, [[[7, 0, 1, 2, 3]]] * 6, [[[0, 0, 1, 2, 99]]] * 6, [[None]], 5)
    ):
        root = city_json(values=values)
        found = read(write(tmp_path, root, f"{number}.city.json"), frame=frame)
        assert found.spool.counts[:, 1].sum() == 12


def test_an_archive_brings_its_images(read, tmp_path, frame):
    path = tmp_path / "city.zip"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("a/model.city.json", json.dumps(city_json()))
        out.writestr("a/maps/wall.png", png())
    found = read(path, frame=frame)
    assert len([look for look in found.spool.materials if look.texture]) == 1
