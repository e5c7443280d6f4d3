"""The surface style of a representation item, read from the file itself."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from bim.geometry.engine import Look
from bim.geometry.texture_style import generators_of, texture_of
from bim.source.attribute import UNREADABLE, attribute, class_of, entities_of, id_of, step_of, steps_of, value_at
from bim.source.lists import I64
from bim.source.step_text import StepText
from bim.text import clean

_MAX_OPERANDS = 64
_BOOLEANS = {"IfcBooleanResult", "IfcBooleanClippingResult"}
_WHITE = (1.0, 1.0, 1.0, 1.0)


class Styles:
    """Looks of items: their own style, that of their first operand, else that of the product's material.

    text: the model's file, from which most styled items are read many times as fast.
    """

    def __init__(self, model: Any, text: StepText | None = None) -> None:
        self._model = model
        self._text = text
        self._looks: dict[int, Look | None] = {}
        self._surfaces: dict[int, Look | None] = {}

    def of(self, item: Any, product: Any) -> Look | None:
        """The look of an item as part of a product; None where the file gives none."""
        node = item
        for _ in range(_MAX_OPERANDS):
            look = self._of_item(id_of(node))
            if look is not None:
                return look
            if class_of(node) not in _BOOLEANS:
                break
            node = node[1]
        if not self._of_material:
            return None
        step = id_of(product)
        material = self._material.get(step) or self._material.get(self._type.get(step, 0))
        return None if material is None else self._of_material.get(material)

    def _of_item(self, step: int) -> Look | None:
        styled = self._styled.get(step)
        if styled is None:
            return None
        if not isinstance(styled, int):
            return self._look_of(styled)
        return self._looks[styled] if styled in self._looks else self._look(self._model.by_id(styled))

    def _look_of(self, styled: Any) -> Look | None:
        """The first surface style of an IfcStyledItem; read once, many items have the same."""
        return next(
            (look for style in entities_of(value_at(styled, 1)) if (look := self._look(style)) is not None), None
        )

    def _look(self, style: Any) -> Look | None:
        step = id_of(style)
        if step not in self._looks:
            try:
                self._looks[step] = self._read(style)
            except UNREADABLE:  # a colour of something else than numbers
                self._looks[step] = None
        return self._looks[step]

    @cached_property
    def _styled(self) -> dict[int, Any]:
        """Item → its IfcStyledItem, or the STEP id of the one style that this gives it."""
        every = self._model.by_type("IfcStyledItem")
        item, style = _plainly_styled(self._text, every)
        found = dict(zip(item.tolist(), style.tolist(), strict=True))
        odd = np.flatnonzero(style == 0).tolist()
        if odd:  # in the order of the file: the last one counts
            whom = item.tolist()
            for row in odd:
                whom[row] = step_of(value_at(every[row], 0))
            found = {step: style[row].item() or every[row] for row, step in enumerate(whom)}
        found.pop(0, None)
        return found

    @cached_property
    def _type(self) -> dict[int, int]:
        found: dict[int, int] = {}
        for relation in self._model.by_type("IfcRelDefinesByType"):
            kind = step_of(value_at(relation, 5))
            if kind:
                found.update(dict.fromkeys(steps_of(value_at(relation, 4)), kind))
        return found

    @cached_property
    def _material(self) -> dict[int, int]:
        """Product or type → the one IfcMaterial it is made of; sets of several give no single colour."""
        found: dict[int, int] = {}
        for relation in self._model.by_type("IfcRelAssociatesMaterial"):
            try:
                material = step_of(_sole_material(relation[5]))
            except UNREADABLE:
                continue
            if material:
                found.update(dict.fromkeys(steps_of(relation[4]), material))
        return found

    @cached_property
    def _of_material(self) -> dict[int, Look]:
        found: dict[int, Look] = {}
        for definition in self._model.by_type("IfcMaterialDefinitionRepresentation"):
            material = step_of(attribute(definition, "RepresentedMaterial"))
            for representation in entities_of(attribute(definition, "Representations")):
                for item in entities_of(attribute(representation, "Items")):
                    look = self._look_of(item) if item.is_a("IfcStyledItem") else None
                    if look is not None and material:
                        found.setdefault(material, look)
        return found

    @cached_property
    def _generators(self) -> dict[int, str]:
        """Modes of coordinate generators by the STEP id of their texture."""
        return generators_of(self._model)

    def _read(self, style: Any) -> Look | None:
        """The look of a surface style, or of the first one in an assignment, that has a colour or a texture."""
        inner = value_at(style, 0) or () if class_of(style) == "IfcPresentationStyleAssignment" else (style,)
        for surface in inner:
            step = step_of(surface)
            if step and class_of(surface) == "IfcSurfaceStyle":
                if step not in self._surfaces:  # every item may have an assignment of its own, of the same few styles
                    self._surfaces[step] = self._of_surface(surface)
                look = self._surfaces[step]
                if look is not None:
                    return look
        return None

    def _of_surface(self, surface: Any) -> Look | None:
        texture = texture_of(surface, self._generators)
        parts = value_at(surface, 2) or ()
        shading = next((part for part in parts if part.is_a("IfcSurfaceStyleShading")), None)
        if shading is None and texture is None:
            return None
        return Look(_WHITE if shading is None else _rgba(shading), clean(value_at(surface, 0)) or "", texture)


def _plainly_styled(text: StepText | None, styled: Sequence[Any]) -> tuple[I64, I64]:
    """STEP ids of items and of their styles, 0 where that is not a single one, or not written plainly."""
    item, style = np.zeros(len(styled), np.int64), np.zeros(len(styled), np.int64)
    if text is None or not len(styled):
        return item, style
    rows = text.rows(np.fromiter(map(id_of, styled), np.int64, len(styled)))
    mine = np.flatnonzero(text.are(rows, "IfcStyledItem"))
    whom, after = text.number(text.arguments(rows[mine], "IfcStyledItem"))
    blank = text.follows(after, b", ").astype(np.int64)
    opens = text.follows(after + blank + 1, b"(")
    what, end = text.number(after + blank + 2)
    fine = (whom > 0) & (what > 0) & text.follows(after, b",") & opens & text.follows(end, b")")
    fine &= (text.rows(whom) >= 0) & (text.rows(what) >= 0)
    item[mine[fine]], style[mine[fine]] = whom[fine], what[fine]
    return item, style


def _sole_material(definition: Any) -> Any | None:
    """The material of a definition that names no more than one; the kernels take its colour."""
    kind = definition.is_a() if definition is not None else ""
    if kind in {"IfcMaterialLayerSetUsage", "IfcMaterialProfileSetUsage"}:
        definition = definition[0]
        kind = definition.is_a() if definition is not None else ""
    if kind == "IfcMaterialLayerSet":
        return definition[0][0][0] if len(definition[0] or ()) == 1 else None
    if kind in {"IfcMaterialProfileSet", "IfcMaterialConstituentSet"}:
        return definition[2][0][2] if len(definition[2] or ()) == 1 else None
    return definition if kind == "IfcMaterial" else None


def _rgba(shading: Any) -> tuple[float, float, float, float]:
    """The surface colour times the diffuse colour or factor, as the kernels take it, with the alpha that transparency leaves.

    By index: asking for an attribute that a class has not makes the library import the rules of its schema.
    """
    colour = shading[0]
    rgb = [float(colour.Red), float(colour.Green), float(colour.Blue)]
    diffuse = shading[2] if shading.is_a("IfcSurfaceStyleRendering") else None
    if diffuse is not None and diffuse.is_a("IfcColourRgb"):
        rgb = [value * float(diffuse[index]) for index, value in enumerate(rgb, 1)]
    elif diffuse is not None:
        rgb = [value * float(diffuse[0]) for value in rgb]
    alpha = 1.0 - float((shading[1] if len(shading) > 1 else None) or 0.0)
    return rgb[0], rgb[1], rgb[2], min(max(alpha, 0.0), 1.0)
