"""Textures of IFC models, from the style to the colour that is seen at a place."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import ifcopenshell
import numpy as np
import pytest
from PIL import Image

from tests.bim.geometry.textured import BLUE, GREEN, RED, WHITE, Seen, Textured, assert_upright, bits, png
from tests.bim.ifc_files import SHARED, codes, read_model


@pytest.mark.parametrize("polygonal", [False, True])
def test_indexed_maps(tmp_path, polygonal):
    made = Textured()
    seen = made.square(made.image(), polygonal=polygonal).read(tmp_path, {"tex.png": png()})
    assert_upright(seen)
    assert seen.draft.engines == {"parktwin/textured": 1}
    (material,) = seen.materials()
    assert material.texture.wrap == ("repeat", "repeat")
    assert "ifc-texture" not in codes(seen.draft)


def test_blobs_and_pixels_stand_in_the_file(tmp_path):
    made = Textured()
    blob = made.f.create_entity("IfcBlobTexture", True, False, RasterFormat="PNG", RasterCode=bits(png()))
    seen = made.square(blob).read(tmp_path)
    assert_upright(seen)
    assert seen.materials()[0].texture.wrap == ("repeat", "clamp")
    made = Textured()
    pixels = [bits(bytes(pixel)) for pixel in (BLUE, WHITE, RED, GREEN)]  # from the lower left
    texture = made.f.create_entity("IfcPixelTexture", True, True, Width=2, Height=2, ColourComponents=3, Pixel=pixels)
    (tmp_path / "two").mkdir()
    assert_upright(made.square(texture).read(tmp_path / "two"))


@pytest.mark.parametrize(("code", "found"), [('"0{}"', True), ("'{}'", True), ("'no image'", False), (".T.", False)])
def test_blobs_of_ifc2x3_whose_schema_declares_them_booleans(tmp_path, code, found):
    made = Textured("IFC2X3")
    texture = made.f.create_entity("IfcImageTexture", True, True, "TEXTURE", None, "tex.png")
    representation = made.model.box(4, 1, 3)
    made.style(representation.Items[0], texture)
    made.put(representation.Items[0], "SweptSolid")
    path = made.model.write(tmp_path)
    image = "IFCIMAGETEXTURE(.T.,.T.,.TEXTURE.,$,'tex.png')"
    text = path.read_text()
    assert image in text
    path.write_text(
        text.replace(image, f"IFCBLOBTEXTURE(.T.,.T.,.TEXTURE.,$,'PNG',{code.format(png().hex().upper())})")
    )
    seen = Seen(*read_model(path, tmp_path))
    assert (seen.at(0.25, 0, 2.75) == RED) == found
    assert ("ifc-texture" in codes(seen.draft)) != found


def test_maps_of_brep_faces(tmp_path):
    made = Textured("IFC4")
    f, texture = made.f, made.image()
    corners = [made.model.point(*place) for place in ((0, 0, 0), (2, 0, 0), (2, 0, 2), (0, 0, 2))]
    bound = f.create_entity("IfcFaceOuterBound", f.create_entity("IfcPolyLoop", corners), True)
    face = f.create_entity("IfcFace", (bound,))
    shell = f.create_entity("IfcOpenShell", (face,))
    item = f.create_entity("IfcShellBasedSurfaceModel", (shell,))
    vertices = [
        f.create_entity("IfcTextureVertex", place) for place in ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    ]
    f.create_entity("IfcTextureMap", (texture,), vertices, face)
    made.style(item, texture)
    seen = made.put(item, "SurfaceModel").read(tmp_path, {"tex.png": png()})
    assert_upright(seen)
    assert seen.draft.engines == {"parktwin/textured": 1}


@pytest.mark.parametrize("schema", ["IFC2X3", "IFC4", "IFC4X3"])
def test_a_solid_without_coordinates_wears_the_image_by_metres(tmp_path, schema):
    made = Textured(schema)
    texture = made.f.create_entity("IfcImageTexture", True, True)
    if schema == "IFC2X3":
        texture.TextureType, texture.UrlReference = "TEXTURE", "tex.png"
    else:
        texture.URLReference = "tex.png"
    representation = made.model.box(4, 1, 3)
    made.style(representation.Items[0], texture)
    made.put(representation.Items[0], "SweptSolid")
    seen = made.read(tmp_path, {"tex.png": png()})
    # The south face: east from x = -2, so that whole metres of the object's frame are edges of the image.
    for east in (0, 1, 3):
        assert seen.at(east + 0.25, 0, 2.75) == RED
        assert seen.at(east + 0.75, 0, 0.25) == WHITE
    # The north face is seen from the other side: what is right there is west.
    assert seen.at(0.75, 1, 2.75) == RED
    assert seen.at(0.25, 1, 2.75) == GREEN
    assert seen.spool.counts[0, 1] == 12
    assert set(seen.draft.engines) == {"parktwin/direct"}


def test_openings_are_cut_and_the_image_stays(tmp_path):
    made = Textured()
    texture = made.image()
    representation = made.model.box(4, 1, 3)
    made.style(representation.Items[0], texture)
    made.put(representation.Items[0], "SweptSolid")
    opening = made.model.make(
        "IfcOpeningElement",
        ObjectPlacement=made.model.placement(0, 0, 1),
        Representation=made.model.shape(made.model.box(1, 3, 1)),
    )
    made.model.make("IfcRelVoidsElement", RelatingBuildingElement=made.product, RelatedOpeningElement=opening)
    seen = made.read(tmp_path, {"tex.png": png()})
    assert seen.spool.counts[0, 1] > 12
    assert seen.at(0.25, 0, 2.75) == RED


def test_plain_bodies_beside_textured_ones_are_as_without_them(tmp_path):
    made = Textured()
    made.square(made.image())
    made.put(made.model.box(4, 1, 3).Items[0], "SweptSolid")
    (tmp_path / "alone").mkdir()
    alone = Textured()
    alone.put(alone.model.box(4, 1, 3).Items[0], "SweptSolid")
    both, one = made.read(tmp_path, {"tex.png": png()}).spool, alone.read(tmp_path / "alone").spool
    plain = next(both.shape(index) for index in range(2) if both.shape(index).uv is None)
    assert np.array_equal(plain.vertices, one.shape(0).vertices)
    assert np.array_equal(plain.faces, one.shape(0).faces)


def test_a_generator_of_coordinates_by_place(tmp_path):
    made = Textured("IFC4")
    texture = made.image()
    made.f.create_entity("IfcTextureCoordinateGenerator", (texture,), "COORD")
    representation = made.model.box(4, 2, 3)
    made.style(representation.Items[0], texture)
    made.put(representation.Items[0], "SweptSolid")
    seen = made.read(tmp_path, {"tex.png": png()})
    assert seen.at(0.25, 0.75, 3) == RED
    assert seen.at(0.75, 0.25, 3) == WHITE


def test_a_transform_moves_turns_and_scales_the_coordinates(tmp_path):
    made = Textured()
    f = made.f
    move = f.create_entity(
        "IfcCartesianTransformationOperator2D",
        f.create_entity("IfcDirection", (0.0, 1.0)),
        None,
        f.create_entity("IfcCartesianPoint", (0.5, 0.0)),
        0.5,
    )
    seen = made.square(made.image(TextureTransform=move)).read(tmp_path, {"tex.png": png()})
    # (u, v) → (0.5 - v / 2, u / 2): the lower left quarter of the image, turned.
    assert [seen.at(0.5, 0, 1.5), seen.at(1.5, 0, 0.5)] == [BLUE, BLUE]
    (shape,) = [seen.spool.shape(i) for i in range(len(seen.spool.counts))]
    uv = {
        (round(p[0]), round(p[2])): (u, 1 - v)
        for p, (u, v) in zip(shape.vertices.tolist(), shape.uv.tolist(), strict=True)
    }
    wanted = {(-1, -1): (0.5, 0), (1, -1): (0.5, 0.5), (1, 1): (0, 0.5), (-1, 1): (0, 0)}
    assert {place: pytest.approx(value, abs=1e-6) for place, value in wanted.items()} == uv


@pytest.mark.parametrize(
    ("mode", "grey", "tint"),
    [
        (None, False, (1, 1, 1)), ("DIFFUSE", False, (1, 1, 1)), ("MODULATE", False, (0.5, 1, 0)),
        ("REPLACE", True, (1, 1, 1)), (None, True, (0.5, 1, 0)),
    ],
)  # fmt: skip
def test_modes(tmp_path, mode, grey, tint):
    made = Textured(colour=(0.5, 1.0, 0.0))
    out = io.BytesIO()
    Image.new("L" if grey else "RGB", (4, 4), "white").save(out, "PNG")
    seen = made.square(made.image(Mode=mode)).read(tmp_path, {"tex.png": out.getvalue()})
    (material,) = seen.materials()
    assert material.texture.tint == (*tint, 1)
    assert material.rgba[:3] == pytest.approx(tint, abs=2e-3)


def test_a_map_of_normals_is_no_colour(tmp_path):
    made = Textured(colour=(0.5, 1.0, 0.0))
    seen = made.square(made.image(Mode="NORMAL")).read(tmp_path, {"tex.png": png()})
    assert [material.texture for material in seen.materials()] == [None]


def test_equal_faces_with_other_coordinates_are_other_shapes(tmp_path):
    made = Textured()
    texture = made.image()
    made.square(texture).square(texture, ((0, 0), (2, 0), (2, 2), (0, 2))).square(texture)
    seen = made.read(tmp_path, {"tex.png": png()})
    assert len(seen.spool.counts) == 2
    assert len(seen.spool.placed_shape) == 3


@pytest.mark.parametrize("index", [0, 5, -1])
@pytest.mark.parametrize("polygonal", [False, True])
def test_coordinates_that_do_not_exist_leave_the_product_to_the_next_engine(tmp_path, index, polygonal):
    made = Textured()
    made.square(made.image(), polygonal=polygonal)
    if polygonal:
        made.f.by_type("IfcTextureCoordinateIndices")[0].TexCoordIndex = (1, 2, 3, index)
    else:
        made.f.by_type("IfcIndexedTriangleTextureMap")[0].TexCoordIndex = ((1, 2, 3), (1, 3, index))
    seen = made.read(tmp_path, {"tex.png": png()})
    assert "parktwin/textured" not in seen.draft.engines
    assert seen.at(0.25, 0, 0.75) == RED  # by metres
    assert seen.at(1.75, 0, 1.25) == WHITE


def test_a_transform_that_is_no_number_leaves_the_surface_plain_but_drawn(tmp_path):
    made = Textured()
    move = made.f.create_entity(
        "IfcCartesianTransformationOperator2D",
        LocalOrigin=made.f.create_entity("IfcCartesianPoint", (0.0, 0.0)),
        Scale=1e300,
    )
    seen = made.square(made.image(TextureTransform=move)).read(tmp_path, {"tex.png": png()})
    assert seen.spool.counts[0, 1] == 2
    shape = seen.spool.shape(0)
    assert shape.uv is None or np.isfinite(shape.uv).all()


def test_entities_of_the_wrong_type_are_left_out(tmp_path):
    made = Textured(colour=(0.2, 0.4, 0.6))
    made.square(made.image())
    path = made.model.write(tmp_path)
    maps = made.f.by_type("IfcIndexedTriangleTextureMap")[0]
    point = made.f.by_type("IfcCartesianPoint")[0].id()
    text = path.read_text()
    text = text.replace(
        f"#{maps.Maps[0].id()}=IFCIMAGETEXTURE(.T.,.T.,$,$,$,'tex.png')",
        f"#{maps.Maps[0].id()}=IFCIMAGETEXTURE(.T.,.T.,$,#{point},$,5)",
    )
    path.write_text(text)
    seen = Seen(*read_model(path, tmp_path))
    assert seen.spool.counts[0, 1] == 2
    assert [material.texture for material in seen.materials()] == [None]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'


@pytest.mark.parametrize(
    ("url", "files"),
    [
        ("missing.png", {}),
        ("http://example.com/tex.png", {}),
        ("../secret.png", {}),
        ("sub/../../secret.png", {}),
        ("/etc/passwd", {}),
        ("C:\\textures\\brick.png", {}),
        ("tex.png", {"tex.png": SVG}),
        ("tex.png", {"tex.png": png()[:60]}),
        ("data:image/png;base64,@@@", {}),
        ("", {}),
        ("a\0b.png", {}),
    ],
    ids=["missing", "http", "up", "down-up", "absolute", "drive", "svg", "truncated", "data", "empty", "null"],
)
def test_an_image_that_cannot_be_had_is_named_and_the_colour_stays(tmp_path, url, files):
    (tmp_path / "secret.png").write_bytes(png())
    folder = tmp_path / "in"
    folder.mkdir()
    made = Textured(colour=(0.2, 0.4, 0.6))
    seen = made.square(made.image(url)).read(folder, files)
    assert [(m.rgba, m.texture) for m in seen.materials()] == [((0.2, 0.4, 0.6, 1.0), None)]
    (finding,) = [item for item in seen.draft.findings if item.code == "ifc-texture"]
    assert url.replace("\0", "") in finding.en or not url or "\0" in url
    assert finding.value == 1
    assert seen.spool.shape(0).uv is None
    assert len(seen.spool.shape(0).vertices) == 4


def test_an_absolute_path_of_another_machine_is_looked_for_beside_the_model(tmp_path):
    made = Textured()
    assert_upright(made.square(made.image("C:\\textures\\tex.png")).read(tmp_path, {"tex.png": png()}))


@pytest.mark.parametrize("folder", ["", "model/"])
def test_an_archive_brings_its_images(tmp_path, folder):
    made = Textured()
    made.square(made.image("maps/tex.png"))
    path = made.model.write(tmp_path)
    archive = tmp_path / "it.ifczip"
    with zipfile.ZipFile(archive, "w") as out:
        out.write(path, f"{folder}model.ifc")
        out.writestr(f"{folder}maps/tex.png", png())
    path.unlink()
    assert_upright(Seen(*read_model(archive, tmp_path)))


def test_a_bomb_of_pixels_is_refused(tmp_path):
    made = Textured()
    texture = made.f.create_entity(
        "IfcPixelTexture", True, True, Width=30_000, Height=30_000, ColourComponents=3, Pixel=[bits(bytes(RED))]
    )
    seen = made.square(texture).read(tmp_path)
    assert "ifc-texture" in codes(seen.draft)


@pytest.mark.shared
def test_the_published_sample(tmp_path):
    """buildingSMART's cylinder: its file has only a type, so an object of that type is put in."""
    source = SHARED / "ifc" / "ifc4x3-samples" / "tessellation-with-image-texture.ifc"
    if not source.is_file():
        pytest.skip("the shared data folder beside the checkout lacks ifc/ifc4x3-samples")
    f = ifcopenshell.open(source)
    mapped = f.by_type("IfcRepresentationMap")[0]
    origin = f.create_entity("IfcCartesianPoint", (0.0, 0.0, 0.0))
    target = f.create_entity("IfcCartesianTransformationOperator3D", LocalOrigin=origin)
    shape = f.create_entity(
        "IfcShapeRepresentation",
        f.by_type("IfcGeometricRepresentationContext")[0],
        "Body",
        "MappedRepresentation",
        (f.create_entity("IfcMappedItem", mapped, target),),
    )
    f.create_entity(
        "IfcBoiler",
        ifcopenshell.guid.new(),
        Name="boiler",
        Representation=f.create_entity("IfcProductDefinitionShape", Representations=(shape,)),
    )
    f.by_type("IfcImageTexture")[0].TextureTransform = None  # 48 images over 48 inches are too fine to sample
    path = Path(tmp_path) / "boiler.ifc"
    f.write(str(path))
    (tmp_path / "texture.png").write_bytes(png())
    seen = Seen(*read_model(path, tmp_path))
    assert seen.draft.engines == {"parktwin/textured": 1}
    # The side: u goes once around from -0.25 at east, anticlockwise; v from the bottom to the top.
    for turn in (0.1, 0.3, 0.45, 0.6, 0.9):
        angle, middle = 2 * np.pi * turn, 24 * 0.0254
        sixteenth = np.pi / 16
        radius = middle * np.cos(sixteenth) / np.cos((angle % (2 * sixteenth)) - sixteenth)  # on the chord
        colour = seen.at(middle + radius * np.cos(angle), middle + radius * np.sin(angle), 40 * 0.0254)
        assert colour == (RED if (turn - 0.25) % 1 < 0.5 else GREEN)
