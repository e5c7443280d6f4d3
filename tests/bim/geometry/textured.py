"""Models of one textured product, and the colour that is seen at a place of what is read of them."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from tests.bim.ifc_files import new_model, read_model
from twin.geometry.images import decode

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
QUARTERS = np.array([[RED, GREEN], [BLUE, WHITE]], np.uint8)
"""Red upper left, green upper right, blue lower left, white lower right."""


def png(pixels=QUARTERS, zoom=8):
    out = io.BytesIO()
    Image.fromarray(np.kron(pixels, np.ones((zoom, zoom, 1), np.uint8))).save(out, "PNG")
    return out.getvalue()


def bits(data):
    return "".join(f"{byte:08b}" for byte in data)


class Textured:
    """A model with one product of one representation item and a texture on it."""

    def __init__(self, schema="IFC4X3", colour=(1.0, 1.0, 1.0)):
        self.model = new_model(schema)
        self.f = self.model.file
        self.colour = colour
        self.product = None

    def image(self, url="tex.png", **options):
        return self.f.create_entity("IfcImageTexture", RepeatS=True, RepeatT=True, URLReference=url, **options)

    def style(self, item, texture):
        rgb = self.f.create_entity("IfcColourRgb", None, *self.colour)
        parts = [
            self.f.create_entity("IfcSurfaceStyleShading", rgb),
            self.f.create_entity("IfcSurfaceStyleWithTextures", (texture,)),
        ]
        style = self.f.create_entity("IfcSurfaceStyle", "Brick", "BOTH", parts)
        self.f.create_entity("IfcStyledItem", item, (style,))

    def put(self, item, kind="Tessellation"):
        shape = self.f.create_entity("IfcShapeRepresentation", self.model.context, "Body", kind, (item,))
        self.product = self.model.make(
            "IfcBuildingElementProxy",
            Name="it",
            ObjectPlacement=self.model.placement(),
            Representation=self.model.shape(shape),
        )
        self.model.contain(self.product)
        return self

    def square(self, texture, uv=((0, 0), (1, 0), (1, 1), (0, 1)), *, polygonal=False):
        """Two by two metres in the east-up plane, seen from the south; uv at its corners from the lower left."""
        f = self.f
        points = f.create_entity(
            "IfcCartesianPointList3D", ((0.0, 0.0, 0.0), (2.0, 0.0, 0.0), (2.0, 0.0, 2.0), (0.0, 0.0, 2.0))
        )
        places = f.create_entity("IfcTextureVertexList", [tuple(map(float, place)) for place in uv])
        if polygonal:
            face = f.create_entity("IfcIndexedPolygonalFace", (1, 2, 3, 4))
            item = f.create_entity("IfcPolygonalFaceSet", points, False, (face,))
            index = f.create_entity("IfcTextureCoordinateIndices", (1, 2, 3, 4), face)
            f.create_entity("IfcIndexedPolygonalTextureMap", (texture,), item, places, (index,))
        else:
            item = f.create_entity("IfcTriangulatedFaceSet", points, None, False, ((1, 2, 3), (1, 3, 4)))
            f.create_entity("IfcIndexedTriangleTextureMap", (texture,), item, places, ((1, 2, 3), (1, 3, 4)))
        self.style(item, texture)
        return self.put(item)

    def read(self, folder, files=None):
        for name, data in (files or {}).items():
            (folder / name).write_bytes(data)
        return Seen(*read_model(self.model.write(folder), folder))


class Seen:
    """What a reader's spool shows."""

    def __init__(self, draft, spool):
        self.draft, self.spool = draft, spool

    def materials(self):
        return [self.spool.materials[index] for index in np.unique(np.asarray(self.spool._material))]

    def at(self, *offset):
        """The colour (0..255) of the surface at metres east, north and up of the lowest corner, from its image."""
        place = self.low + offset
        best, colour = np.inf, None
        for index, number in enumerate(self.spool.placed_shape):
            shape, matrix = self.spool.shape(int(number)), self.spool.matrix[index]
            points = shape.vertices.astype(float) @ matrix[:, :3].T + matrix[:, 3]
            for face, material in zip(shape.faces, shape.material, strict=True):
                a, b, c = points[face]
                x, *_ = np.linalg.lstsq(np.column_stack((b - a, c - a)), place - a, rcond=None)
                weights = np.clip([1 - x.sum(), *x], 0, 1)
                gap = np.linalg.norm(weights / weights.sum() @ points[face] - place)
                if gap < best - 1e-9:
                    look = self.spool.materials[material]
                    best, colour = gap, np.array(look.rgba[:3]) * 255
                    if look.texture is not None:
                        image = np.asarray(decode(self.spool.image(look.texture.image), 4096).convert("RGB"))
                        uv = weights / weights.sum() @ shape.uv[face]
                        row, column = (int(uv[1] % 1 * len(image)), int(uv[0] % 1 * len(image[0])))
                        colour = image[row, column]
        assert best < 1e-3
        return tuple(round(float(value)) for value in colour)

    @property
    def low(self):
        low = [np.inf] * 3
        for index, number in enumerate(self.spool.placed_shape):
            matrix = self.spool.matrix[index]
            low = np.minimum(low, (self.spool.shape(int(number)).vertices @ matrix[:, :3].T + matrix[:, 3]).min(axis=0))
        return low


def assert_upright(seen):
    """The whole image on the square: its corners where they belong."""
    assert [seen.at(*place) for place in ((0.5, 0, 1.5), (1.5, 0, 1.5), (0.5, 0, 0.5), (1.5, 0, 0.5))] == [
        RED, GREEN, BLUE, WHITE,
    ]  # fmt: skip
