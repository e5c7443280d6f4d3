"""Solids to IFC representations, with shared points, directions, profiles and styles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scenes.sample_park.model.images import PICTURES, SIDE, SIDE_M, pixels
from scenes.sample_park.model.solids import Point2, Solid
from scenes.sample_park.palette import PALETTE

Entity = Any
_DIRECTIONS: dict[str, tuple[tuple[float, float, float], tuple[float, float, float]] | None] = {
    "z": None,
    "x": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)),
    "y": ((0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
}


class Shapes:
    """Writes geometry in the file's unit; `scale` is file units per metre."""

    def __init__(self, file: Any, body: Entity, scale: float) -> None:
        self._file = file
        self._body = body
        self._scale = scale
        self._cache: dict[tuple[Any, ...], Entity] = {}
        self.up = self.direction((0.0, 0.0, 1.0))
        self.identity = file.create_entity(
            "IfcCartesianTransformationOperator3D", None, None, self.point(0.0, 0.0, 0.0), None, None
        )

    def size(self, metres: float) -> float:
        """A length in the file's unit, rounded to a hundredth of a millimetre."""
        return round(metres * self._scale, 5 if self._scale == 1.0 else 2) + 0.0

    def _cached(self, key: tuple[Any, ...], cls: str, *args: Any) -> Entity:
        made = self._cache.get(key)
        if made is None:
            made = self._cache[key] = self._file.create_entity(cls, *args)
        return made

    def point(self, x: float, y: float, z: float) -> Entity:
        """A shared 3D point."""
        xyz = (self.size(x), self.size(y), self.size(z))
        return self._cached(("p3", *xyz), "IfcCartesianPoint", xyz)

    def direction(self, xyz: tuple[float, ...]) -> Entity:
        """A shared direction."""
        return self._cached(("d", *xyz), "IfcDirection", xyz)

    def axes(self, x: float, y: float, z: float, turn: tuple[float, float] | None = None) -> Entity:
        """A placement; turn is (cos, sin) of the rotation about z."""
        place = self.point(x, y, z)
        if turn is None or turn == (1.0, 0.0):
            return self._cached(("a", place.id()), "IfcAxis2Placement3D", place, None, None)
        reference = self.direction((turn[0], turn[1], 0.0))
        return self._cached(("a", place.id(), reference.id()), "IfcAxis2Placement3D", place, self.up, reference)

    def style(self, colour: str) -> Entity:
        """A shared surface style of a palette colour."""
        key = ("s", colour)
        made = self._cache.get(key)
        if made is None:
            red, green, blue, clear = PALETTE[colour]
            rgb = self._file.create_entity("IfcColourRgb", None, red, green, blue)
            shading = self._file.create_entity(
                "IfcSurfaceStyleRendering", rgb, clear, None, None, None, None, None, None, "NOTDEFINED"
            )
            styles = [shading, self._pictured(colour)] if colour in PICTURES else [shading]
            made = self._cache[key] = self._file.create_entity("IfcSurfaceStyle", colour, "BOTH", styles)
        return made

    def _pictured(self, colour: str) -> Entity:
        """The picture of a palette colour, repeating; laid on by metres, as no coordinates are given."""
        create = self._file.create_entity
        origin = create("IfcCartesianPoint", (0.0, 0.0))
        spread = create("IfcCartesianTransformationOperator2D", None, None, origin, 1.0 / SIDE_M)
        texture = create("IfcPixelTexture", True, True, "REPLACE", spread, None, SIDE, SIDE, 3, pixels(colour))
        return create("IfcSurfaceStyleWithTextures", [texture])

    def _polyline(self, outline: Sequence[Point2]) -> Entity:
        points = [(self.size(x), self.size(y)) for x, y in outline]
        points.append(points[0])
        made = [self._cached(("p2", *xy), "IfcCartesianPoint", xy) for xy in points]
        return self._file.create_entity("IfcPolyline", made)

    def profile(self, profile: tuple[Any, ...]) -> Entity:
        """A shared profile."""
        key = ("profile", *profile)
        made = self._cache.get(key)
        if made is not None:
            return made
        create = self._file.create_entity
        if profile[0] == "rect":
            made = create("IfcRectangleProfileDef", "AREA", None, None, self.size(profile[1]), self.size(profile[2]))
        elif profile[0] == "circle":
            made = create("IfcCircleProfileDef", "AREA", None, None, self.size(profile[1]))
        elif profile[2]:
            holes = [self._polyline(hole) for hole in profile[2]]
            made = create("IfcArbitraryProfileDefWithVoids", "AREA", None, self._polyline(profile[1]), holes)
        else:
            made = create("IfcArbitraryClosedProfileDef", "AREA", None, self._polyline(profile[1]))
        self._cache[key] = made
        return made

    def solid(self, solid: Solid) -> Entity:
        """An extrusion without style."""
        axes = _DIRECTIONS[solid.axis]
        if axes is None:
            position = self.axes(*solid.at)
        else:
            place, axis, reference = self.point(*solid.at), self.direction(axes[0]), self.direction(axes[1])
            key = ("a3", place.id(), axis.id(), reference.id())
            position = self._cached(key, "IfcAxis2Placement3D", place, axis, reference)
        return self._file.create_entity(
            "IfcExtrudedAreaSolid", self.profile(solid.profile), position, self.up, self.size(solid.depth)
        )

    def items(self, solids: Sequence[Solid]) -> list[Entity]:
        """Styled extrusions."""
        made = []
        for solid in solids:
            item = self.solid(solid)
            if solid.colour:
                self._file.create_entity("IfcStyledItem", item, [self.style(solid.colour)], None)
            made.append(item)
        return made

    def representation(self, items: list[Entity], kind: str = "SweptSolid") -> Entity:
        """A Body representation."""
        return self._file.create_entity("IfcShapeRepresentation", self._body, "Body", kind, items)

    def product(self, solids: Sequence[Solid]) -> Entity:
        """The definition shape of one product of its own geometry."""
        body = self.representation(self.items(solids))
        return self._file.create_entity("IfcProductDefinitionShape", None, None, [body])

    def map(self, solids: Sequence[Solid]) -> Entity:
        """A representation map: geometry that many products share."""
        return self._file.create_entity(
            "IfcRepresentationMap", self.axes(0.0, 0.0, 0.0), self.representation(self.items(solids))
        )

    def mapped(self, source: Entity) -> Entity:
        """The definition shape of one product that shows a representation map."""
        item = self._file.create_entity("IfcMappedItem", source, self.identity)
        return self._file.create_entity(
            "IfcProductDefinitionShape", None, None, [self.representation([item], "MappedRepresentation")]
        )
