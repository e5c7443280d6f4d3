"""Looks read from the file's text are those that the parser gives."""

from __future__ import annotations

from bim.geometry.styles import Styles
from bim.source.step_text import StepText
from tests.bim.ifc_files import new_model


def coloured(m, item, red, *, assigned=False, styles=1):
    f = m.file
    made = []
    for _ in range(styles):
        colour = f.create_entity("IfcColourRgb", Red=red, Green=0.5, Blue=0.25)
        shading = f.create_entity("IfcSurfaceStyleShading", SurfaceColour=colour)
        made.append(f.create_entity("IfcSurfaceStyle", Name=f"red {red}", Side="BOTH", Styles=(shading,)))
    if assigned:
        made = [f.create_entity("IfcPresentationStyleAssignment", Styles=made)]
    f.create_entity("IfcStyledItem", Item=item, Styles=made, Name="a (b), #1")


def test_styles_assignments_several_styles_and_items_that_are_styled_twice():
    m = new_model()
    walls = [m.wall() for _ in range(5)]
    items = [wall.Representation.Representations[0].Items[0] for wall in walls]
    coloured(m, items[0], 0.125)
    coloured(m, items[1], 0.25, assigned=True)
    coloured(m, items[2], 0.375, styles=2)
    coloured(m, items[3], 0.5)
    coloured(m, items[3], 0.625, styles=2)  # the last one counts
    plain = m.file.to_string()
    slow = [Styles(m.file).of(*pair) for pair in zip(items, walls, strict=True)]
    assert [None if look is None else look.rgba[0] for look in slow] == [0.125, 0.25, 0.375, 0.625, None]
    for text in (plain, plain.replace(",", ", ")):
        styles = Styles(m.file, StepText.of(text.encode()))
        assert [styles.of(*pair) for pair in zip(items, walls, strict=True)] == slow
