"""Looks of materials, and looks that some of those that had one do not have any more: as the whole build numbers them."""

from __future__ import annotations

import re

import pytest

from tests.bim.ifc_files import new_model
from tests.scenes.build.incremental.test_remake import Twins, same

STEEL, WOOD, GLASS = (0.5, 0.25, 0.75), (0.6, 0.4, 0.2), (0.25, 0.5, 0.5)


def style(m, rgb, name):
    f = m.file
    colour = f.create_entity("IfcColourRgb", None, *rgb)
    rendering = f.create_entity("IfcSurfaceStyleRendering", SurfaceColour=colour, ReflectanceMethod="FLAT")
    return f.create_entity("IfcSurfaceStyle", Name=name, Side="BOTH", Styles=(rendering,))


def material(m, name, rgb):
    """One that has a colour."""
    f = m.file
    made = f.create_entity("IfcMaterial", Name=name)
    item = f.create_entity("IfcStyledItem", Styles=(style(m, rgb, name),))
    context = f.by_type("IfcGeometricRepresentationContext")[0]
    shown = f.create_entity("IfcStyledRepresentation", context, "Style", "Material", (item,))
    f.create_entity("IfcMaterialDefinitionRepresentation", Representations=(shown,), RepresentedMaterial=made)
    return made


def styled(m, product, look):
    item = product.Representation.Representations[0].Items[0]
    m.file.create_entity("IfcStyledItem", Item=item, Styles=(look,))


def model(folder, *front) -> bytes:
    """Walls of a material, by a set of one layer, by their type, of two materials (no colour), and of looks of their own.

    front: looks of walls before them.
    """
    m = new_model()
    f = m.file
    for number, look in enumerate(front):
        styled(m, m.wall(f"Front {number}", (7.0 * number, -9.0, 0.0), (4.0, 0.2, 3.0)), style(m, look, "Glass"))
    walls = [m.wall(f"Wall {number}", (7.0 * number, 0.0, 0.0), (5.0, 0.2, 2.0 + number / 7)) for number in range(9)]
    steel, wood = material(m, "Steel", STEEL), material(m, "Wood", WOOD)
    layer = f.create_entity("IfcMaterialLayer", Material=steel, LayerThickness=0.2)
    other = f.create_entity("IfcMaterialLayer", Material=wood, LayerThickness=0.1)
    one, two = (f.create_entity("IfcMaterialLayerSet", MaterialLayers=parts) for parts in ((layer,), (layer, other)))
    kind = m.make("IfcWallType", Name="Kind", PredefinedType="NOTDEFINED")
    m.make("IfcRelDefinesByType", RelatedObjects=(walls[2],), RelatingType=kind)
    for definition, owner in ((steel, walls[0]), (one, walls[1]), (steel, kind), (two, walls[3]), (wood, walls[4])):
        m.make("IfcRelAssociatesMaterial", RelatedObjects=(owner,), RelatingMaterial=definition)
    for wall in walls[5:]:  # each a style of its own; all of them are one look
        styled(m, wall, style(m, GLASS, "Glass"))
    return m.write(folder).read_bytes()


@pytest.fixture(scope="module")
def text(tmp_path_factory) -> bytes:
    return model(tmp_path_factory.mktemp("looks"))


def recoloured(text: bytes, rgb: tuple, which: int) -> bytes:
    """The text with another colour in the instance of this number among those of a colour."""
    numbers = ",".join(f"{value:g}" for value in rgb).encode()
    places = list(re.finditer(rb"IFCCOLOURRGB\(\$," + re.escape(numbers), text))
    place = places[which]
    return text[: place.start()] + b"IFCCOLOURRGB($,0.9,0.125,0.125" + text[place.end() :]


@pytest.mark.parametrize(
    ("rgb", "which", "drawn"),
    [
        (STEEL, 0, 3),  # all that are of steel alone: of the material, of its one layer, of a type of it
        (WOOD, 0, 1),
        (GLASS, 1, 1),  # a look that others keep: a new one between the old ones
        (GLASS, 3, 1),
    ],
)
def test_another_colour_is_that_of_the_whole_build(tmp_path, text, rgb, which, drawn):
    twins = Twins(tmp_path, text)
    made = twins.build(recoloured(text, rgb, which))
    assert made.stats.get("rebuilt", {}).get("drawn") == drawn, made.stats.get("whole")
    same(twins.of(made), twins.alone(1))
    again = twins.build(recoloured(twins.text, GLASS, 0))  # on top of that
    same(twins.of(again), twins.alone(2))


def test_looks_that_would_come_in_another_order_are_read_whole(tmp_path):
    """The first of those that had a look gets another one: vertices of tiles stand in the order of looks."""
    twins = Twins(tmp_path, model(tmp_path, GLASS))
    made = twins.build(recoloured(twins.text, GLASS, 0))
    assert made.stats["whole"] == "looks in another order"
    same(twins.of(made), twins.alone(1))


def test_a_material_that_something_unknown_names_is_read_whole(tmp_path, text):
    steel = re.search(rb"#(\d+)=IFCMATERIAL\('Steel'", text).group(1)
    more = b"#99999=IFCRELASSOCIATESCLASSIFICATION('0000000000000000000001',$,$,$,(#%s),$);\nENDSEC;\nEND-ISO" % steel
    twins = Twins(tmp_path, text.replace(b"ENDSEC;\nEND-ISO", more))
    made = twins.build(recoloured(twins.text, STEEL, 0))
    assert "IfcRelAssociatesClassification" in made.stats["whole"]
    same(twins.of(made), twins.alone(1))
