"""Materials and their layer, profile and constituent sets as concepts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from bim.graph.concepts import Concepts
from bim.properties.property_rows import Row, attribute_rows
from bim.properties.values import Value, plain_value
from bim.source.attribute import attribute, entities_of, first_attribute, step_of
from bim.text import clean
from bim.units.unit_table import UnitTable

AddSet = Callable[[str, str, list[Row]], None]
"""Called with a concept's id, a set's name and its rows."""

_TOLD = frozenset({"Name", "Description", "LayerThickness", "IsVentilated"})


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
        key = step_of(definition)
        if not key:
            return None
        if key not in self._known:
            self._known[key] = None  # a set that holds itself ends here
            self._known[key] = self._make(definition)
        return self._known[key]

    def usage(self, definition: Any) -> list[Row]:
        """What a usage adds for the elements that have it: direction, sense and offset of layers, the cardinal point."""
        if not step_of(definition) or "Usage" not in definition.is_a():
            return []
        return attribute_rows(definition, self._schema, self._units, skip=frozenset())

    def _make(self, definition: Any) -> str | None:
        kind = definition.is_a()
        if kind == "IfcMaterial":
            return self._material(definition)
        used = first_attribute(definition, "ForLayerSet", "ForProfileSet")
        if step_of(used):
            tapered = self.concept(attribute(definition, "ForProfileEndSet"))
            local = self.concept(used)
            if local is not None and tapered is not None and tapered != local:
                self._relate(local, "aggregates", tapered)
            return local
        parts = list(self._parts(definition, kind))
        if not parts:
            return None
        own = clean(first_attribute(definition, "LayerSetName", "Name"))
        name = own or " | ".join(part.name or "?" for part in parts)
        content = repr((kind, name, [(part.name, [row.value.text for row in part.rows]) for part in parts]))
        local = f"material-set:{hashlib.blake2b(content.encode('utf-8', 'replace'), digest_size=8).hexdigest()}"
        self._concepts.book.add_named(definition, local)  # its properties and classifications find it
        if local not in self._concepts:
            self._concepts.put(local, "material_set", kind, name, attribute(definition, "Description"))
            rows = []
            for number, part in enumerate(parts, 1):
                title = f"{number} {part.name}" if part.name else str(number)
                rows += [
                    Row(title if row.name == "Thickness" else f"{title}.{row.name}", row.value) for row in part.rows
                ]
                made_of = self.concept(part.material)
                if made_of is not None:
                    self._relate(local, "made_of", made_of)
            self._add_set(local, "Layers" if "Layer" in kind else "Constituents", rows)
        return local

    def _material(self, material: Any) -> str:
        name = clean(material.get_argument(0)) or "?"
        local = self._concepts.book.add_named(material, f"material:{name}")
        if local not in self._concepts:
            self._concepts.put(local, "material", "IfcMaterial", name, attribute(material, "Description"))
            rows = attribute_rows(material, self._schema, self._units, skip={"Name", "Description"})
            if rows:
                self._add_set(local, "Attributes", rows)
        return local

    def _parts(self, definition: Any, kind: str) -> Iterator[Part]:
        """Layers, profiles, constituents or list members of a definition; a lone one is its own only part."""
        if kind == "IfcMaterialList":
            for material in entities_of(definition.Materials):
                yield Part(clean(attribute(material, "Name")), material, [])
            return
        for name in ("MaterialLayers", "MaterialProfiles", "MaterialConstituents"):
            members = attribute(definition, name)
            if members is not None:
                yield from map(self._part, entities_of(members))
                return
        if attribute(definition, "Material") is not None or "Layer" in kind:
            yield self._part(definition)

    def _part(self, item: Any) -> Part:
        """A layer, a profile or a constituent: its material's name, and what it says itself."""
        material = attribute(item, "Material")
        own = clean(attribute(item, "Name"))
        named = clean(attribute(material, "Name"))
        rows = []
        thickness = attribute(item, "LayerThickness")
        if isinstance(thickness, int | float):
            rows.append(Row("Thickness", plain_value(thickness, self._units.of_type("LENGTHUNIT"))))
        if attribute(item, "IsVentilated") is True:
            rows.append(Row("IsVentilated", Value("true", 1.0)))
        if item.is_a("IfcMaterialConstituent") and own:
            rows.append(Row("Constituent", Value(own)))
        elif own and named and own != named:
            rows.append(Row("Name", Value(own)))
        rows += attribute_rows(item, self._schema, self._units, skip=_TOLD)
        profile = attribute(item, "Profile")
        if step_of(profile):
            rows += self._profile(profile)
        return Part(named or own, material, rows)

    def _profile(self, profile: Any) -> list[Row]:
        """Name and parameters of a profile (`Profile`, `Profile.XDim`)."""
        name = clean(attribute(profile, "ProfileName"))
        rows = [Row("Profile", Value(name or str(profile.is_a()).removeprefix("Ifc")))]
        own = attribute_rows(profile, self._schema, self._units, skip={"ProfileType", "ProfileName"})
        return rows + [Row(f"Profile.{row.name}", row.value) for row in own]
