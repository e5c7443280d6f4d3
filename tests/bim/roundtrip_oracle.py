"""A walk over a model with plain IfcOpenShell and its utilities: what the graph of the model must say.

Nothing of bim/ is used here. Products are told apart by their place among all products in STEP order, as GlobalIds
repeat in real files.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import ifcopenshell.util.classification
import ifcopenshell.util.element as element_util
import ifcopenshell.util.unit as unit_util

RELATIONS = {  # kind → (class, source attribute, target attribute)
    "aggregates": [("IfcRelAggregates", "RelatingObject", "RelatedObjects")],
    "nests": [
        ("IfcRelNests", "RelatingObject", "RelatedObjects"),
        ("IfcRelConnectsPortToElement", "RelatedElement", "RelatingPort"),
    ],
    "contains": [("IfcRelContainedInSpatialStructure", "RelatingStructure", "RelatedElements")],
    "declares": [("IfcRelDeclares", "RelatingContext", "RelatedDefinitions")],
    "fills": [("IfcRelFillsElement", "RelatedBuildingElement", "RelatingOpeningElement")],
    "voids": [("IfcRelVoidsElement", "RelatedOpeningElement", "RelatingBuildingElement")],
    "bounds": [("IfcRelSpaceBoundary", "RelatedBuildingElement", "RelatingSpace")],
    "connects": [
        ("IfcRelConnectsPorts", "RelatingPort", "RelatedPort"),
        ("IfcRelConnectsElements", "RelatingElement", "RelatedElement"),
    ],
    "serves": [("IfcRelServicesBuildings", "RelatingSystem", "RelatedBuildings")],
    "covers": [("IfcRelCoversBldgElements", "RelatedCoverings", "RelatingBuildingElement")],
    "member_of": [("IfcRelAssignsToGroup", "RelatedObjects", "RelatingGroup")],
    "assigned_to": [
        ("IfcRelAssignsToControl", "RelatedObjects", "RelatingControl"),
        ("IfcRelAssignsToProcess", "RelatedObjects", "RelatingProcess"),
    ],
    "precedes": [("IfcRelSequence", "RelatingProcess", "RelatedProcess")],
    "positioned_by": [("IfcRelPositions", "RelatedProducts", "RelatingPositioningElement")],
}
CONCEPTS = (
    "IfcTypeObject", "IfcGroup", "IfcActor", "IfcProcess", "IfcControl", "IfcResource", "IfcOpeningElement",
    "IfcRelSpaceBoundary", "IfcProject",
)  # fmt: skip

NUMBER, TEXT, NOTHING, LIST = "number", "text", "nothing", "list"


def stripped(text):
    """Names and texts as a table can hold them: no outer blanks, no NUL."""
    return None if text is None else str(text).replace("\x00", "").strip() or None


@dataclass
class Said:
    """What a product says: (set, name) → (kind, value); a number in SI. rows: how often each stands there."""

    properties: dict = field(default_factory=dict)
    quantities: dict = field(default_factory=dict)
    rows: Counter = field(default_factory=Counter)


class Oracle:
    """The expected graph of one ifcopenshell file."""

    def __init__(self, model):
        self.model = model
        self.products = [
            entity
            for entity in sorted(model.by_type("IfcProduct"), key=lambda entity: entity.id())
            if entity.GlobalId and not entity.is_a("IfcOpeningElement")
        ]
        self.steps = {entity.id() for entity in self.products}
        self._contained = {  # spaces and zones in a container: against the schema, which gives them no inverse for it
            child.id(): relation.RelatingStructure
            for relation in model.by_type("IfcRelContainedInSpatialStructure")
            for child in relation.RelatedElements or ()
        }
        self._units = {}
        self._values = {}
        self._sets = {}

    def classes(self):
        return Counter(entity.is_a() for entity in self.products)

    def concepts(self):
        """Class → number of the entities with a GlobalId that are no products."""
        return Counter(e.is_a() for name in CONCEPTS for e in self._all(name) if e.GlobalId)

    def links(self):
        """(GlobalId, kind, GlobalId) of what relations say; ends whose GlobalId repeats are left out."""
        uses = Counter(entity.GlobalId for entity in self._all("IfcRoot"))
        nodes = {id_ for name in ("IfcProduct", *CONCEPTS) for e in self._all(name) if uses[id_ := e.GlobalId] == 1}
        for kind, sources in RELATIONS.items():
            for name, source, target in sources:
                for relation in self._all(name):
                    ends = [getattr(relation, end) for end in (source, target)]
                    left, right = (end if isinstance(end, tuple) else (end,) for end in ends)
                    for one in left:
                        for other in right:
                            if one is not None and other is not None and one.id() != other.id():
                                triple = getattr(one, "GlobalId", None), kind, getattr(other, "GlobalId", None)
                                if triple[0] in nodes and triple[2] in nodes:
                                    yield tuple(part.strip() for part in triple)

    def _all(self, name):
        try:
            return self.model.by_type(name)
        except RuntimeError:  # a class that this schema does not have
            return ()

    def parent(self, entity):
        """STEP id of the product above: whole, container, host, or the element whose opening it fills."""
        found = (
            element_util.get_aggregate(entity)
            or element_util.get_container(entity, should_get_direct=True)
            or element_util.get_nest(entity)
            or element_util.get_filled_void(entity)
            or element_util.get_voided_element(entity)
            or self._other_host(entity)
        )
        while found is not None and found.is_a("IfcOpeningElement"):
            found = element_util.get_voided_element(found)
        return found.id() if found is not None and found.id() in self.steps and found.id() != entity.id() else None

    def type(self, entity):
        kind = element_util.get_type(entity)
        return None if kind is None or kind == entity else kind.GlobalId.strip()

    def materials(self, entity):
        """Names of all materials, in whatever set they stand."""
        own = element_util.get_material(entity, should_inherit=False)
        if own is None:
            return Counter()
        return Counter(
            stripped(item.Name) or "?" for item in element_util.get_materials(entity, should_inherit=False) if item
        )

    def classifications(self, entity):
        """(system, code) of all references, of the occurrence alone."""
        return {
            (self._system(reference), stripped(self._code(reference)))
            for reference in ifcopenshell.util.classification.get_references(entity, should_inherit=False)
            if reference.is_a("IfcClassificationReference")
        }

    def groups(self, entity):
        return {group.GlobalId.strip() for group in element_util.get_groups(entity) if group.GlobalId}

    def said(self, entity):
        """All properties and quantities, the type's under the occurrence's."""
        found = Said()
        kind = entity if entity.is_a("IfcTypeObject") else element_util.get_type(entity)
        inherited = list(kind.HasPropertySets or ()) if kind is not None else []
        own = [
            relation.RelatingPropertyDefinition
            for relation in getattr(entity, "IsDefinedBy", ())
            if relation.is_a("IfcRelDefinesByProperties")
        ]
        for definition in (*inherited, *own):
            into = found.quantities if definition.is_a("IfcElementQuantity") else found.properties
            into.update(self._set(definition))
        told, of_type = self._rows(own), self._rows(inherited)
        found.rows = told + Counter({key: count for key, count in of_type.items() if key not in told})
        return found

    def _rows(self, definitions):
        """How often each name stands in these sets; a set may name two properties alike (get_psets keeps one)."""
        found = Counter()
        for definition in definitions:
            items = [
                *(getattr(definition, "HasProperties", None) or ()),
                *(getattr(definition, "Quantities", None) or ()),
            ]
            names = Counter((_title(definition), stripped(item.Name) or "?") for item in items)
            found.update({key: max(1, names[key]) for key in self._set(definition)})
        return found

    def _set(self, definition):
        """(set, name) → value of one set, by IfcOpenShell's own reading of it."""
        key = definition.id()
        if key not in self._sets:
            title = _title(definition)
            self._sets[key] = {}
            for label, told in element_util.get_property_definition(definition, verbose=True).items():
                if label == "id":
                    continue
                if isinstance(told, dict):
                    self._put(self._sets[key], title, stripped(label) or "?", told)
                else:
                    self._sets[key][title, label] = self._attribute(definition, label, told)
            for item in getattr(definition, "HasProperties", None) or ():
                if item.is_a("IfcPropertyReferenceValue"):  # left out by get_property_definition
                    self._sets[key].setdefault((title, stripped(item.Name) or "?"), (LIST, None))
        return self._sets[key]

    def _attribute(self, definition, label, raw):
        """An attribute of a predefined set (IfcDoorLiningProperties …), in the unit of its defined type."""
        if isinstance(raw, bool) or not isinstance(raw, int | float):
            return (TEXT, stripped(raw)) if isinstance(raw, str) else (LIST, None)
        index = [definition.attribute_name(i) for i in range(len(definition))].index(label)
        declared = definition.declaration.as_entity().attribute_by_index(index).type_of_attribute().declared_type()
        kind = unit_util.get_measure_unit_type(declared.name())
        return (NUMBER, self._si(float(raw), unit_util.get_project_unit(self.model, kind)))

    def _put(self, into, title, label, told):
        if told["class"] in {"IfcComplexProperty", "IfcPhysicalComplexQuantity"}:
            usage = stripped(told["value"].get("UsageName"))
            if usage is not None:
                into[title, label] = (TEXT, usage)
            for name, inner in told["value"]["properties"].items():
                self._put(into, title, f"{label}.{stripped(name) or '?'}", inner)
        else:
            key = told["id"]
            if key not in self._values:
                self._values[key] = self._value(self.model.by_id(key), told)
            into[title, label] = self._values[key]

    def _value(self, item, told):
        raw = told["value"]
        if told["class"] == "IfcPropertySingleValue" or item.is_a("IfcPhysicalSimpleQuantity"):
            return self._single(item, raw, told.get("value_type") or "")
        if told["class"] in {"IfcPropertyEnumeratedValue", "IfcPropertyListValue"}:
            values = [value for value in raw or () if value is not None]
            return self._single(item, values[0], "") if len(values) == 1 else (LIST, [stripped(v) for v in values])
        if told["class"] == "IfcPropertyBoundedValue":
            bounds = ("LowerBoundValue", "UpperBoundValue", "SetPointValue")
            sizes = [raw[name].wrappedValue for name in bounds if raw.get(name) is not None]
            return self._single(item, sizes[0], "") if len(sizes) == 1 else (LIST, None)
        return (LIST, None)

    def _single(self, item, raw, measure):
        if raw is None or stripped(raw) is None:
            return (NOTHING, None)
        if isinstance(raw, bool):
            return (NUMBER, float(raw))
        if isinstance(raw, int | float):
            unit = unit_util.get_property_unit(item, self.model, use_cache=True)
            return (NUMBER, self._si(float(raw), unit))
        if measure in {"IfcBoolean", "IfcLogical"}:
            return (TEXT, "unknown")
        return (TEXT, stripped(raw))

    def _si(self, value, unit):
        """IfcOpenShell counts mass in grams and knows no offset of temperatures: both are put right here."""
        if unit is None or not unit.is_a() or unit.is_a("IfcMonetaryUnit") or unit.is_a("IfcContextDependentUnit"):
            return value
        if unit.id() not in self._units:
            offset = 273.15 if unit.is_a("IfcSIUnit") and unit.Name == "DEGREE_CELSIUS" else 0.0
            self._units[unit.id()] = unit_util.get_unit_scale(unit) * 1e-3 ** _grams(unit), offset
        scale, offset = self._units[unit.id()]
        return value * scale + offset

    def _other_host(self, entity):
        for name, end in (("ContainedIn", "RelatedElement"), ("ProjectsElements", "RelatingElement")):
            for relation in getattr(entity, name, None) or ():
                if hasattr(relation, end):
                    return getattr(relation, end)
        return element_util.get_adhered_element(entity) or self._contained.get(entity.id())

    @staticmethod
    def _code(reference):
        return getattr(reference, "Identification", None) or getattr(reference, "ItemReference", None) or reference.Name

    @staticmethod
    def _system(reference):
        source = ifcopenshell.util.classification.get_classification(reference)
        return stripped(source.Name) if source is not None else None


def _title(definition):
    return stripped(definition.Name) or definition.is_a().removeprefix("Ifc")


def _grams(unit):
    """The power of the gram in a unit."""
    if unit.is_a("IfcDerivedUnit"):
        return sum(_grams(part.Unit) * part.Exponent for part in unit.Elements)
    while unit.is_a("IfcConversionBasedUnit"):
        unit = unit.ConversionFactor.UnitComponent
    return int(unit.is_a("IfcSIUnit") and unit.Name == "GRAM")
