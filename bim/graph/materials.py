"""Materials and their layer, profile and constituent sets as concepts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from bim.graph.concepts import Concepts
from bim.properties.property_rows import Row, attribute_rows
from bim.properties.values import Value, plain_value
from bim.text import clean
from bim.units.unit_table import UnitTable

AddSet = Callable[[str, str, list[Row]], None]
"""Called with a concept's id, a set's name and its rows."""


class Part(NamedTuple):
    """One layer, profile or constituent of a set."""

    name: str | None
    material: Any
    rows: list[Row]


class Materials:
    """Turns material definitions into concepts; asks for each entity once."""

    def __init__(
        self,
        concepts: Concepts,
        units: UnitTable,
        schema: str,
        relate: Callable[[str, str, str], None],
        add_set: AddSet,
    ) -> None:
        self._concepts = concepts
        self._units = units
        self._schema = schema
        self._relate = relate
        self._add_set = add_set
        self._known: dict[int, str | None] = {}

    def concept(self, definition: Any) -> str | None:
        """The concept's id of a material definition: an IfcMaterial, a set, a list, a usage; None where empty."""
        if definition is None:
            return None
        key = int(definition.id())
        if key not in self._known:
            self._known[key] = None  # a set that holds itself ends here
            self._known[key] = self._make(definition)
        return self._known[key]

    def _make(self, definition: Any) -> str | None:
        if definition.is_a("IfcMaterial"):
            return self._material(definition)
        for usage, target in (
            ("IfcMaterialLayerSetUsage", "ForLayerSet"),
            ("IfcMaterialProfileSetUsage", "ForProfileSet"),
        ):
            if definition.is_a(usage):
                return self.concept(getattr(definition, target))
        parts = list(_parts(definition, self._units))
        if not parts:
            return None
        own = clean(getattr(definition, "LayerSetName", None) or getattr(definition, "Name", None))
        name = own or " | ".join(part.name or "?" for part in parts)
        content = repr(
            (definition.is_a(), name, [(part.name, [row.value.text for row in part.rows]) for part in parts])
        )
        local = f"material-set:{hashlib.blake2b(content.encode('utf-8', 'replace'), digest_size=8).hexdigest()}"
        if local not in self._concepts:
            self._concepts.put(local, "material_set", definition.is_a(), name, getattr(definition, "Description", None))
            rows = []
            for number, part in enumerate(parts, 1):
                title = f"{number} {part.name}" if part.name else str(number)
                rows += [
                    Row(title if row.name == "Thickness" else f"{title}.{row.name}", row.value) for row in part.rows
                ]
                made_of = self.concept(part.material)
                if made_of is not None:
                    self._relate(local, "made_of", made_of)
            self._add_set(local, "Layers" if "Layer" in definition.is_a() else "Constituents", rows)
        return local

    def _material(self, material: Any) -> str:
        name = clean(material.Name) or "?"
        local = self._concepts.book.add_named(material, f"material:{name}")
        if local not in self._concepts:
            self._concepts.put(local, "material", "IfcMaterial", name, getattr(material, "Description", None))
            rows = attribute_rows(material, self._schema, self._units, skip={"Name", "Description"})
            if rows:
                self._add_set(local, "Attributes", rows)
        return local


def _parts(definition: Any, units: UnitTable) -> Iterator[Part]:
    """Layers, profiles, constituents or list members of a definition."""
    kind = definition.is_a()
    if kind == "IfcMaterialLayer":
        yield _layer(definition, units)
    elif definition.is_a("IfcMaterialLayerSet"):
        for layer in definition.MaterialLayers or ():
            yield _layer(layer, units)
    elif kind == "IfcMaterialList":
        for material in definition.Materials or ():
            yield Part(clean(material.Name), material, [])
    elif kind in {"IfcMaterialProfileSet", "IfcMaterialProfile"}:
        for profile in (definition,) if kind == "IfcMaterialProfile" else definition.MaterialProfiles or ():
            name = clean(profile.Material.Name) if profile.Material else clean(profile.Name)
            shape = clean(getattr(profile.Profile, "ProfileName", None)) if profile.Profile else None
            yield Part(name, profile.Material, [Row("Profile", Value(shape))] if shape else [])
    elif kind in {"IfcMaterialConstituentSet", "IfcMaterialConstituent"}:
        for item in (definition,) if kind == "IfcMaterialConstituent" else definition.MaterialConstituents or ():
            rows = (
                [Row("Fraction", plain_value(item.Fraction, measure="IfcNormalisedRatioMeasure"))]
                if item.Fraction
                else []
            )
            if clean(item.Name):
                rows.insert(0, Row("Constituent", Value(clean(item.Name))))
            yield Part(clean(item.Material.Name) if item.Material else clean(item.Name), item.Material, rows)


def _layer(layer: Any, units: UnitTable) -> Part:
    thickness = plain_value(layer.LayerThickness, units.of_type("LENGTHUNIT"))
    name = clean(layer.Material.Name) if layer.Material else clean(getattr(layer, "Name", None))
    rows = [Row("Thickness", thickness)] if thickness.text else []
    if layer.IsVentilated is True:
        rows.append(Row("IsVentilated", Value("true", 1.0)))
    return Part(name, layer.Material, rows)
