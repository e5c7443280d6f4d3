"""Members of a CityGML file: one city object at a time, with its parts, surfaces, attributes and shapes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, tostring

from gis.city.gml_attributes import collect
from gis.city.gml_polygons import PolygonStore, Use, gml_id, href, local, uses_of
from gis.city.looks import NUMBER as SURFACE_NUMBER
from gis.city.model import Attributes, Objects

_LOD = re.compile(r"lod(\d)(.*)")
_CURVES = ("TerrainIntersection", "MultiCurve", "Network", "MultiPoint", "PointCloud", "Point")
PARTS = frozenset(
    {"BuildingPart", "BuildingInstallation", "IntBuildingInstallation", "BuildingConstructiveElement", "BuildingFurniture",
     "Room", "BuildingRoom", "BuildingUnit", "Storey", "BridgePart", "BridgeInstallation", "IntBridgeInstallation",
     "BridgeConstructionElement", "BridgeConstructiveElement", "BridgeFurniture", "BridgeRoom", "TunnelPart",
     "TunnelInstallation", "IntTunnelInstallation", "TunnelConstructiveElement", "TunnelFurniture", "HollowSpace",
     "TINRelief", "MassPointRelief", "BreaklineRelief", "RasterRelief", "Section", "Intersection"}
)  # fmt: skip
"""Classes that stand inside another object."""
_OPENINGS = frozenset({"Window", "Door", "WindowSurface", "DoorSurface"})
_NO_ATTRIBUTE = frozenset(
    {"boundedBy", "appearance", "location", "multiPoint", "reliefPoints", "breaklines", "ridgeOrValleyLines", "extent", "grid",
     "lod", "parent"}
)  # fmt: skip


@dataclass(frozen=True)
class Geometry:
    """One geometry of an object at one level: what it is made of. solid; surface: of a boundary surface or an opening."""

    row: int
    lod: str
    uses: list[Use]
    solid: bool = False
    surface: bool = False


@dataclass(frozen=True)
class Implicit:
    """A shape put at a place. key: of its template; matrix, anchor: numbers as text."""

    row: int
    lod: str
    key: str
    matrix: str
    anchor: str


@dataclass
class GmlObjects:
    """Everything of the members that were walked."""

    store: PolygonStore
    objects: Objects = field(default_factory=Objects)
    attributes: Attributes = field(default_factory=Attributes)
    geometries: list[Geometry] = field(default_factory=list)
    implicit: list[Implicit] = field(default_factory=list)
    templates: dict[str, list[Use]] = field(default_factory=dict)
    library: list[int] = field(default_factory=list)
    unnamed: list[int] = field(default_factory=list)
    pointlike: set[int] = field(default_factory=set)

    def member(self, element: Element) -> None:
        """Walk the object inside a member of the model or of a group."""
        for child in element:
            self._object(child, None, None)

    def _object(self, element: Element, above: str | None, group: str | None) -> str:
        """Take an object and what stands inside it; returns its id."""
        row = len(self.objects)
        name = gml_id(element)
        if not name:
            name = f"{local(element.tag)}-{hashlib.sha256(tostring(element)).hexdigest()[:16]}"
            self.unnamed.append(row)
        self.objects.id.append(name)
        self.objects.kind.append(local(element.tag))
        self.objects.parent.append(above)
        if group is not None:
            self.objects.members.append((name, group))
        self.attributes.count.append(0)
        for part in element:
            self._property(row, name, element, part)
        return name

    def _property(self, row: int, name: str, element: Element, part: Element) -> None:
        title = local(part.tag)
        found = _LOD.fullmatch(title)
        if found:
            self._geometry(row, found.group(1), found.group(2), part)
            return
        if title == "tin":
            lod = next((item.text or "" for item in element if local(item.tag) == "lod"), "")
            self._add(Geometry(row, lod.strip(), uses_of(self.store, part)))
            return
        target = href(part)
        if title == "groupMember" and target is not None:
            self.objects.members.append((target, name))
            return
        inner = [child for child in part if local(child.tag) in PARTS or title in {"groupMember", "reliefComponent"}]
        surfaces = [child for child in part if local(child.tag) in SURFACE_NUMBER]
        for child in inner:
            self._object(child, None if title == "groupMember" else name, name if title == "groupMember" else None)
        for child in surfaces:
            self._surface(row, child)
        if inner or surfaces or title in _NO_ATTRIBUTE:
            return
        if target is not None:
            if title.startswith(("consistsOf", "outer", "interior")):
                self.objects.members.append((target, name))
            return
        before = len(self.attributes.name)
        collect(part, self.attributes)
        self.attributes.count[row] += len(self.attributes.name) - before

    def _surface(self, row: int, element: Element) -> None:
        """A boundary surface or an opening: its polygons take its meaning and belong to the object."""
        number = SURFACE_NUMBER[local(element.tag)]
        for part in element:
            found = _LOD.fullmatch(local(part.tag))
            if not found:
                for child in part:
                    if local(child.tag) in SURFACE_NUMBER:
                        self._surface(row, child)
                continue
            if found.group(2).startswith(_CURVES):
                continue
            if found.group(2).startswith("ImplicitRepresentation"):
                self._implicit(row, found.group(1), part)
                continue
            uses = uses_of(self.store, part)
            for use, _ in uses:
                if isinstance(use, int):
                    self.store.semantic[use] = number
            self._add(Geometry(row, found.group(1), uses, surface=True))

    def _geometry(self, row: int, lod: str, kind: str, part: Element) -> None:
        if kind.startswith(_CURVES):
            self.pointlike.add(row)
        elif kind.startswith("ImplicitRepresentation"):
            self._implicit(row, lod, part)
        else:
            solid = kind == "Solid" or any(local(child.tag).endswith("Solid") for child in part)
            self._add(Geometry(row, lod, uses_of(self.store, part), solid=solid))

    def _add(self, geometry: Geometry) -> None:
        if geometry.uses:
            self.geometries.append(geometry)
        elif not geometry.surface:
            self.pointlike.add(geometry.row)

    def _implicit(self, row: int, lod: str, part: Element) -> None:
        for shape in part:
            matrix, anchor, key = "", "", ""
            library = False
            for item in shape:
                title = local(item.tag)
                if title == "transformationMatrix":
                    matrix = item.text or ""
                elif title == "referencePoint":
                    anchor = " ".join(
                        node.text or "" for node in item.iter() if local(node.tag) in {"pos", "coordinates"}
                    )
                elif title in {"relativeGMLGeometry", "relativeGeometry"}:
                    key = self._template(item)
                elif title == "libraryObject":
                    library = True
            if key:
                self.implicit.append(Implicit(row, lod, key, matrix, anchor.replace(",", " ")))
            elif library:
                self.library.append(row)

    def _template(self, item: Element) -> str:
        """The key of a template: the id of its geometry, which may be given at its first use only."""
        target = href(item)
        if target is not None:
            return target
        uses = uses_of(self.store, item)
        if not uses:
            return ""
        key = next((gml_id(child) for child in item if gml_id(child)), "") or f"#{len(self.templates)}"
        self.templates.setdefault(key, uses)
        return key
