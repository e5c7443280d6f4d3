"""CityGML 1.0, 2.0 and, as far as its structure is the same, 3.0, as a stream: a member is let go when it was read."""

from __future__ import annotations

import re
from typing import BinaryIO
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from gis.city import said
from gis.city.gml_model import model_of
from gis.city.gml_objects import GmlObjects
from gis.city.gml_polygons import POLYGONS, PolygonStore, gml_id, local
from gis.city.gml_textures import TextureTarget, read_texture
from gis.city.model import CityModel
from gis.city.textures import TextureMaterials
from gis.notes import Notes
from twin.errors import Invalid
from twin.geometry.spool import MeshSpool
from twin.layer import Progress

_VERSION = re.compile(r"opengis\.net/citygml/(?:[a-z]+/)*(\d\.\d)")
VERSIONS = ("1.0", "2.0", "3.0")
MEMBERS = frozenset({"cityObjectMember", "featureMember", "featureMembers"})
_BLOCK = 1 << 18


class _Stop(Exception):
    def __init__(self, error: Invalid) -> None:
        self.error = error


class _Parser:
    """expat into a tree whose finished parts are taken out. Prefixes are not resolved: files with undeclared ones are common."""

    def __init__(self, name: str, spool: MeshSpool, textures: TextureMaterials) -> None:
        self.name, self.spool, self.textures = name, spool, textures
        self.tree = TreeBuilder()
        self.store = PolygonStore()
        self.found = GmlObjects(self.store)
        self.version = ""
        self.title = ""
        self.systems: dict[str, None] = {}
        self.colours: dict[str, int] = {}
        self.targets: dict[str, TextureTarget] = {}
        self.georeferenced = 0
        self.flat = False
        self.root: Element | None = None
        self.names: dict[str, str] = {}
        parser = self.expat = expat.ParserCreate()
        parser.buffer_text = True
        parser.buffer_size = 1 << 20
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._first
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.tree.data

    def _doctype(self, *_given: object) -> None:
        raise _Stop(
            Invalid(
                f"{self.name} declares a document type (DTD), which is never read: expected CityGML without DTD and entities",
                code="xml-dtd",
            )
        )

    def _first(self, tag: str, attributes: dict[str, str]) -> None:
        """The root says what the file is; after it elements go straight into the tree."""
        spaces = " ".join(value for key, value in attributes.items() if key.startswith("xmlns"))
        versions = sorted(set(_VERSION.findall(spaces)))
        if local(tag) != "CityModel":
            raise _Stop(
                Invalid(
                    f"{self.name} is XML with the root {local(tag)[:60]}, no CityGML: expected a CityModel;"
                    " export other GML as GeoPackage",
                    code="source-kind",
                )
            )
        if versions and not set(versions) & set(VERSIONS):
            raise _Stop(
                Invalid(f"{self.name} is CityGML {versions[0]}: expected {', '.join(VERSIONS)}", code="city-version")
            )
        self.version = versions[-1] if versions else "2.0"
        self.root = self.tree.start(tag, {})
        self.expat.StartElementHandler = self.tree.start

    def _end(self, tag: str) -> None:
        element = self.tree.end(tag)
        name = self.names.get(tag)
        if name is None:
            name = self.names[tag] = local(tag)
        if name in POLYGONS:
            self.store.add(element, flat=self.flat)
        elif name in MEMBERS:
            self.found.member(element)
            element.clear()
        elif name == "Envelope":
            self._system(element)
            self.flat = self.flat or element.get("srsDimension") == "2"
            element.clear()
        elif name == "X3DMaterial":
            self._material(element)
            element.clear()
        elif name == "ParameterizedTexture":
            read_texture(element, self.textures, self.targets)
            element.clear()
        elif name == "GeoreferencedTexture":
            self.georeferenced += 1
            element.clear()
        elif name in {"Solid", "MultiSurface", "CompositeSurface", "MultiSolid"}:
            self._system(element)
        elif name == "name" and not self.title and not len(self.found.objects):
            self.title = (element.text or "").strip()[:200]

    def _system(self, element: Element) -> None:
        system = element.get("srsName")
        if system:
            self.systems.setdefault(system.strip())

    def _material(self, element: Element) -> None:
        """A colour of the file and the surfaces that take it; the first theme counts."""
        values = {local(item.tag): (item.text or "").strip() for item in element}
        try:
            red, green, blue = (
                min(max(float(part), 0.0), 1.0) for part in values.get("diffuseColor", "0.8 0.8 0.8").split()
            )
            alpha = 1.0 - min(max(float(values.get("transparency") or 0.0), 0.0), 1.0)
        except ValueError:
            return
        index = self.spool.material((red, green, blue, alpha), gml_id(element)[:100])
        for item in element:
            if local(item.tag) == "target":
                name = (item.get("uri") or item.text or "").strip().removeprefix("#")
                self.colours.setdefault(name, index)

    def feed(self, block: bytes, *, last: bool) -> None:
        """Parse more of the file. Raises Invalid with one sentence."""
        try:
            self.expat.Parse(block, last)
        except _Stop as stop:
            raise stop.error from None
        except expat.ExpatError as error:
            raise Invalid(
                f"{self.name} is no well-formed XML, perhaps cut off: {expat.errors.messages.get(error.code, error)} in line"
                f" {error.lineno}, column {error.offset}",
                code="xml",
            ) from error
        except RecursionError as error:
            raise Invalid(f"{self.name} nests its elements without end: expected CityGML", code="xml") from error


def read_gml(
    stream: BinaryIO,
    size: int,
    name: str,
    spool: MeshSpool,
    notes: Notes,
    textures: TextureMaterials,
    progress: Progress,
) -> CityModel:
    """Read a CityGML file. Raises Invalid where it is broken, no CityGML, or without city objects."""
    parser = _Parser(name, spool, textures)
    done = 0
    while block := stream.read(_BLOCK):
        done += len(block)
        parser.feed(block, last=False)
        progress(0.4 * min(done / max(size, 1), 1.0), "read")
    parser.feed(b"", last=True)
    if not len(parser.found.objects):
        raise Invalid(f"{name} has no city objects: expected at least one cityObjectMember", code="no-features")
    systems = list(parser.systems)
    if len(systems) > 1:
        notes.add("city-crs-mixed", said.MIXED, count=len(systems), crs=systems[0])
    notes.add("city-georeferenced-textures", said.GEOREFERENCED, count=parser.georeferenced)
    return model_of(
        parser.found,
        parser.colours,
        parser.targets,
        notes,
        format_=f"CityGML {parser.version}",
        title=parser.title,
        crs=systems[0] if systems else "",
    )
