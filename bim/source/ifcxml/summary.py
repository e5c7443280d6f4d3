"""The XML that IfcConvert writes (root `<ifc>`): a model's tree, properties and materials without shapes and types of values.

It is no ifcXML, but is often named so. Objects, their tree, property sets, quantities, types and materials become
instances again; what the document does not hold cannot come back, and a finding says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bim.source.ifcxml.frames import SKIP, Document, Frame, HeaderFrame, from_text
from bim.source.ifcxml.literals import real, string
from bim.source.ifcxml.problems import Problem
from bim.source.ifcxml.schema_map import EntitySpec
from bim.source.ifcxml.step_writer import Record
from bim.source.ifcxml.summary_records import Maker, many
from bim.source.ifcxml.tag import Tag
from bim.source.ifcxml.value_types import value_type
from twin.finding import Finding, Severity

if TYPE_CHECKING:
    from bim.source.ifcxml.convert import Reader

ROOT = "ifc"
_SETS = {"IfcPropertySet", "IfcElementQuantity"}
_SPATIAL = frozenset({"IfcSpatialStructureElement", "IfcSpatialElement"})
_ASIDE = {"layers", "groups", "work", "calendars"}
_OF_OTHERS = {"IfcMaterialLayer": "Name", "IfcMaterialLayerSetUsage": "LayerSetName"}
"""Attributes that belong to the material of a layer, and to the layer set of a usage."""
_MATERIALS = {"IfcMaterial", "IfcMaterialList", "IfcMaterialLayerSet", "IfcMaterialLayerSetUsage"}


@dataclass
class Links:
    """What belongs together, told at the end as relations. Values are references in STEP."""

    parts: dict[str, list[str]] = field(default_factory=dict)  # whole → parts
    contents: dict[str, list[str]] = field(default_factory=dict)  # spatial element → elements
    ports: dict[str, list[str]] = field(default_factory=dict)
    voids: list[tuple[str, str]] = field(default_factory=list)
    fills: list[tuple[str, str]] = field(default_factory=list)
    sets: dict[str, list[str]] = field(default_factory=dict)  # property set's id → objects
    types: dict[str, list[str]] = field(default_factory=dict)
    materials: dict[str, list[str]] = field(default_factory=dict)


class SummaryFrame(Document):
    """The root `<ifc>`."""

    __slots__ = ("links", "make", "units")

    def __init__(self, reader: Reader) -> None:
        self.links = Links()
        self.make = Maker(reader)
        self.units: list[str] = []

    def start(self, reader: Reader, name: str, tag: Tag) -> Frame:  # noqa: ARG002
        """A section of the document."""
        if name == "header":
            return HeaderFrame(reader)
        if name == "units":
            return _Units(self)
        return _Aside(self.make) if name in _ASIDE else _Section(self, None)

    def end(self, reader: Reader) -> None:
        """Write the relations: each with an id of its own, since the document keeps none."""
        links, write = self.links, self.make.new
        for whole, parts in links.parts.items():
            write("IfcRelAggregates", RelatingObject=whole, RelatedObjects=many(parts))
        for place, elements in links.contents.items():
            write("IfcRelContainedInSpatialStructure", RelatingStructure=place, RelatedElements=many(elements))
        for host, ports in links.ports.items():
            write("IfcRelNests", RelatingObject=host, RelatedObjects=many(ports))
        for host, opening in links.voids:
            write("IfcRelVoidsElement", RelatingBuildingElement=host, RelatedOpeningElement=opening)
        for opening, filler in links.fills:
            write("IfcRelFillsElement", RelatingOpeningElement=opening, RelatedBuildingElement=filler)
        for key, target, relation, attribute in (
            ("sets", "RelatedObjects", "IfcRelDefinesByProperties", "RelatingPropertyDefinition"),
            ("types", "RelatedObjects", "IfcRelDefinesByType", "RelatingType"),
            ("materials", "RelatedObjects", "IfcRelAssociatesMaterial", "RelatingMaterial"),
        ):
            for id_, objects in getattr(links, key).items():
                write(relation, **{target: many(objects), attribute: f"#{reader.number_of(id_)}"})


class _Aside(Frame):
    """A section that is not taken over; its entries are counted."""

    __slots__ = ("_make",)

    def __init__(self, make: Maker) -> None:
        self._make = make

    def start(self, reader: Reader, name: str, tag: Tag) -> Frame:  # noqa: ARG002
        """Count it."""
        if name.startswith("Ifc") and not tag.reference:
            self._make.leave_out(name)
        return self


class _Units(Frame):
    """The units of the project."""

    __slots__ = ("_root",)

    def __init__(self, root: SummaryFrame) -> None:
        self._root = root

    def start(self, reader: Reader, name: str, tag: Tag) -> Frame:
        """One unit."""
        make, values = self._root.make, {key: value for key, value in tag.own.items() if key != "SI_equivalent"}
        spec = reader.schema.entity(name)
        if spec is None:
            reader.problem(Problem.CLASS, name)
            return SKIP
        record = reader.new_record(spec, "")
        make.fill(record, values)
        if name == "IfcConversionBasedUnit":
            known = _SI.get(values.get("UnitType", ""))
            if known is None or "SI_equivalent" not in tag.own:
                make.leave_out(name)
                return SKIP
            si = make.new("IfcSIUnit", UnitType=f".{values['UnitType'].upper()}.", Name=f".{known}.")
            factor = f"IFCREAL({real(tag.own['SI_equivalent'])})"
            make.put(
                record, "ConversionFactor", make.new("IfcMeasureWithUnit", ValueComponent=factor, UnitComponent=si)
            )
            make.put(record, "Dimensions", make.new("IfcDimensionalExponents", **dict.fromkeys(_EXPONENTS, "0")))
        reader.write(record)
        self._root.units.append(record.token)
        return SKIP


_SI = {"PLANEANGLEUNIT": "RADIAN", "LENGTHUNIT": "METRE", "AREAUNIT": "SQUARE_METRE", "VOLUMEUNIT": "CUBIC_METRE"}
_EXPONENTS = (
    "LengthExponent",
    "MassExponent",
    "TimeExponent",
    "ElectricCurrentExponent",
    "ThermodynamicTemperatureExponent",
    "AmountOfSubstanceExponent",
    "LuminousIntensityExponent",
)


class _Section(Frame):
    """A section, or an instance in it: its children are instances, parts of it, or links to others."""

    __slots__ = ("_children", "_record", "_root", "_space", "_values")

    def __init__(
        self, root: SummaryFrame, record: Record | None, values: dict[str, str] | None = None, space: str = ""
    ) -> None:
        self._root, self._record, self._values = root, record, values or {}
        self._space = space  # the nearest spatial element, itself or above
        self._children: list[tuple[str, str]] = []  # (class, reference) of parts that are no objects

    def start(self, reader: Reader, name: str, tag: Tag) -> Frame:
        """An instance or a link."""
        if self._record is not None and name in self._record.spec.attributes and not tag.own:
            return _End(self._record, self._record.spec.attributes[name][0])
        spec = reader.schema.entity(name)
        if spec is None:
            reader.problem(Problem.CLASS, name)
            return SKIP
        if tag.reference:
            self._link(reader, spec, tag.reference)
            return SKIP
        record = reader.new_record(spec, tag.meta.get("id", ""))
        rooted = "GlobalId" in spec.attributes
        values = {**tag.own, **({"GlobalId": tag.meta["id"]} if rooted and "id" in tag.meta else {})}
        if name == "IfcPropertySingleValue":
            self._property(reader, record, values)
        else:
            other = _OF_OTHERS.get(name, "")
            self._root.make.fill(record, {key: text for key, text in values.items() if key != other})
        if self._record is not None:
            if reader.schema.is_a(name, _OBJECTS):
                self._place(reader, record)
            else:
                self._children.append((name, record.token))
        spatial = reader.schema.is_a(name, _SPATIAL)
        return _Section(self._root, record, values, record.token if spatial else self._space)

    def end(self, reader: Reader) -> None:
        """Write the instance with its parts."""
        record = self._record
        if record is None:
            return
        make, name = self._root.make, record.spec.name
        parts = [token for _, token in self._children]
        if name == "IfcPropertySet":
            make.put(record, "HasProperties", many(parts))
        elif name == "IfcElementQuantity":
            make.put(record, "Quantities", many(parts))
        elif name == "IfcMaterialList":
            make.put(record, "Materials", many(parts))
        elif name in {"IfcMaterialLayerSetUsage", "IfcMaterialLayerSet"}:
            self._layers(record, parts)
        elif name == "IfcMaterialLayer":
            make.put(record, "Material", make.material(self._values.get("Name", "")))
        elif name == "IfcProject" and self._root.units:
            make.put(record, "UnitsInContext", make.new("IfcUnitAssignment", Units=many(self._root.units)))
        elif parts:
            for child, _ in self._children:
                make.leave_out(child)
        reader.write(record)

    def _property(self, reader: Reader, record: Record, values: dict[str, str]) -> None:
        make = self._root.make
        text = values.pop("NominalValue", None)
        make.fill(record, values)
        if text is not None:
            type_name = value_type(reader.schema.name, self._values.get("Name", ""), values.get("Name", ""), text)
            found = reader.schema.value_type(type_name)
            try:
                inner = from_text(reader, found[1], text) if found else string(text)
                make.put(record, "NominalValue", f"{type_name.upper()}({inner})")
            except (ValueError, OverflowError):
                make.put(record, "NominalValue", f"IFCLABEL({string(text)})")

    def _layers(self, record: Record, parts: list[str]) -> None:
        make = self._root.make
        if record.spec.name == "IfcMaterialLayerSet":
            make.put(record, "MaterialLayers", many(parts))
            return
        layers = make.new(
            "IfcMaterialLayerSet", MaterialLayers=many(parts), LayerSetName=string(self._values.get("LayerSetName", ""))
        )
        make.put(record, "ForLayerSet", layers)

    def _link(self, reader: Reader, spec: EntitySpec, reference: str) -> None:
        """Another instance that belongs to this one."""
        links = self._root.links
        if self._record is None:
            return
        mine = self._record.token
        if spec.name in _SETS:
            links.sets.setdefault(reference, []).append(mine)
        elif spec.name in _MATERIALS:
            links.materials.setdefault(reference, []).append(mine)
        elif reader.schema.is_a(spec.name, frozenset({"IfcTypeObject"})):
            links.types.setdefault(reference, []).append(mine)
        else:
            self._root.make.leave_out(spec.name)

    def _place(self, reader: Reader, record: Record) -> None:
        """An object inside another: which relation that is follows from the two classes."""
        links, above = self._root.links, self._record
        if above is None:
            return
        upper, lower, is_a = above.spec.name, record.spec.name, reader.schema.is_a
        if lower == "IfcOpeningElement":
            links.voids.append((above.token, record.token))
        elif upper == "IfcOpeningElement":
            links.fills.append((above.token, record.token))
            if self._space:  # IFC asks for doors and windows to stand in a storey too; the tree has no place for it
                links.contents.setdefault(self._space, []).append(record.token)
        elif is_a(lower, frozenset({"IfcPort"})):
            links.ports.setdefault(above.token, []).append(record.token)
        elif is_a(upper, _SPATIAL) and not is_a(lower, _SPATIAL):
            links.contents.setdefault(above.token, []).append(record.token)
        else:
            links.parts.setdefault(above.token, []).append(record.token)


_OBJECTS = frozenset({"IfcProduct", "IfcProject"})


class _End(Frame):
    """An attribute of a relation that holds a link: RelatedElement, RelatingElement."""

    __slots__ = ("_index", "_record")

    def __init__(self, record: Record, index: int) -> None:
        self._record, self._index = record, index

    def start(self, reader: Reader, name: str, tag: Tag) -> Frame:  # noqa: ARG002
        """The instance it means."""
        if tag.reference:
            self._record.values[self._index] = f"#{reader.number_of(tag.reference)}"
        return SKIP


def summary_finding(left_out: dict[str, int]) -> Finding:
    """What IfcConvert's document is, and what it lacks."""
    return Finding(
        code="ifcxml-summary",
        severity=Severity.MAJOR,
        zh="文件是 IfcConvert 的 XML 摘要：只有结构、属性和材料，没有几何形状，属性值的类型多已丢失",
        en="The file is IfcConvert's XML summary: it holds structure, properties and materials, no shapes, and mostly no"
        " types of values",
        fix_zh="请提供原始 .ifc 文件",
        fix_en="Hand in the original .ifc",
        data={"left_out": left_out},
    )
