"""The surface style of a representation item, read from the file itself."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from bim.geometry.engine import Look
from bim.geometry.texture_style import generators_of, texture_of
from bim.text import clean

_MAX_OPERANDS = 64
_WHITE = (1.0, 1.0, 1.0, 1.0)


class Styles:
    """Looks of items: their own style, that of their first operand, else that of the product's material."""

    def __init__(self, model: Any) -> None:
        self._model = model

    def of(self, item: Any, product: Any) -> Look | None:
        """The look of an item as part of a product; None where the file gives none."""
        node = item
        for _ in range(_MAX_OPERANDS):
            styled = self._styled.get(node.id())
            if styled is not None:
                look = self._look_of(styled)
                if look is not None:
                    return look
            if not node.is_a("IfcBooleanResult"):
                break
            node = node.FirstOperand
        material = self._material.get(product.id()) or self._material.get(self._type.get(product.id(), 0))
        return None if material is None else self._of_material.get(material)

    @cached_property
    def _styled(self) -> dict[int, Any]:
        """Item → its IfcStyledItem."""
        return {item[0].id(): item for item in self._model.by_type("IfcStyledItem") if item[0] is not None}

    @cached_property
    def _type(self) -> dict[int, int]:
        found: dict[int, int] = {}
        for relation in self._model.by_type("IfcRelDefinesByType"):
            if relation[5] is not None:
                found.update((item.id(), relation[5].id()) for item in relation[4] or ())
        return found

    @cached_property
    def _material(self) -> dict[int, int]:
        """Product or type → the one IfcMaterial it is made of; sets and lists give no single colour."""
        found: dict[int, int] = {}
        for relation in self._model.by_type("IfcRelAssociatesMaterial"):
            if relation[5] is not None and relation[5].is_a("IfcMaterial"):
                found.update((item.id(), relation[5].id()) for item in relation[4] or ())
        return found

    @cached_property
    def _of_material(self) -> dict[int, Look]:
        found: dict[int, Look] = {}
        for definition in self._model.by_type("IfcMaterialDefinitionRepresentation"):
            material = definition.RepresentedMaterial
            for representation in definition.Representations or ():
                for item in representation.Items or ():
                    look = self._look_of(item) if item.is_a("IfcStyledItem") else None
                    if look is not None and material is not None:
                        found.setdefault(material.id(), look)
        return found

    @cached_property
    def _generators(self) -> dict[int, str]:
        return generators_of(self._model)

    def _look_of(self, styled: Any) -> Look | None:
        """The first surface style of an IfcStyledItem that has a colour or a texture."""
        for style in styled.Styles or ():
            inner = style.Styles or () if style.is_a("IfcPresentationStyleAssignment") else (style,)
            for surface in inner:
                if getattr(surface, "is_a", None) is not None and surface.is_a("IfcSurfaceStyle"):
                    texture = texture_of(surface, self._generators)
                    shading = next((part for part in surface.Styles or () if part.is_a("IfcSurfaceStyleShading")), None)
                    if shading is not None or texture is not None:
                        rgba = _WHITE if shading is None else _rgba(shading)
                        return Look(rgba, clean(surface.Name) or "", texture)
        return None


def _rgba(shading: Any) -> tuple[float, float, float, float]:
    """Diffuse colour, or the surface colour times its factor, with the alpha that transparency leaves."""
    colour = shading.SurfaceColour
    rgb = [float(colour.Red), float(colour.Green), float(colour.Blue)]
    diffuse = getattr(shading, "DiffuseColour", None)
    if diffuse is not None and diffuse.is_a("IfcColourRgb"):
        rgb = [float(diffuse.Red), float(diffuse.Green), float(diffuse.Blue)]
    elif diffuse is not None:
        rgb = [value * float(diffuse.wrappedValue) for value in rgb]
    alpha = 1.0 - float(getattr(shading, "Transparency", None) or 0.0)
    return rgb[0], rgb[1], rgb[2], min(max(alpha, 0.0), 1.0)
