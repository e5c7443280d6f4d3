"""A schema as ifcXML needs it: classes by name, their attributes and the inverses that may be nested in them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import ifcopenshell
from ifcopenshell import ifcopenshell_wrapper

from bim.properties.schema_attributes import ancestry
from bim.source.ifcxml.types import Type, type_of, type_of_declaration


@dataclass(frozen=True)
class Inverse:
    """An inverse attribute: instances of `entity` whose attribute number `index` points back. many: it is a list."""

    entity: str
    index: int
    many: bool


@dataclass(frozen=True)
class EntitySpec:
    """A class. attributes: name → (place, type); derived: places that STEP writes as `*`."""

    name: str
    abstract: bool
    attributes: dict[str, tuple[int, Type]]
    inverses: dict[str, Inverse]
    derived: tuple[bool, ...]


class SchemaMap:
    """Lookups in one schema. Unknown names give None; answers are kept."""

    def __init__(self, schema: str) -> None:
        self.name = schema
        self._schema: Any = ifcopenshell_wrapper.schema_by_name(schema)
        self._declarations: dict[str, Any] = {}
        self._entities: dict[str, EntitySpec | None] = {}
        self._types: dict[str, tuple[str, Type] | None] = {}

    def entity(self, name: str) -> EntitySpec | None:
        """A class by its name."""
        if name not in self._entities:
            declared = self._declared(name)
            entity = None if declared is None else declared.as_entity()
            self._entities[name] = None if entity is None else _spec(entity)
        return self._entities[name]

    def value_type(self, name: str) -> tuple[str, Type] | None:
        """A defined type or enumeration by its name: its name as the schema writes it, and what it stands for."""
        if name not in self._types:
            declared = self._declared(name)
            plain = declared is not None and declared.as_entity() is None and declared.as_select_type() is None
            self._types[name] = (str(declared.name()), type_of_declaration(declared)) if plain else None
        return self._types[name]

    def is_a(self, name: str, bases: frozenset[str]) -> bool:
        """Whether a class is one of `bases` or below one."""
        return not bases.isdisjoint(ancestry(self.name, name))

    def _declared(self, name: str) -> Any:
        if not name.startswith("Ifc"):
            return None
        if name not in self._declarations:
            try:
                self._declarations[name] = self._schema.declaration_by_name(name)
            except (ifcopenshell.Error, RuntimeError):
                self._declarations[name] = None
        return self._declarations[name]


@lru_cache(maxsize=4)
def schema_map(schema: str) -> SchemaMap:
    """The map of a schema that IfcOpenShell knows: IFC2X3, IFC4, IFC4X3_ADD2."""
    return SchemaMap(schema)


def _spec(entity: Any) -> EntitySpec:
    attributes = {
        str(attribute.name()): (index, type_of(attribute.type_of_attribute()))
        for index, attribute in enumerate(entity.all_attributes())
    }
    inverses = {}
    for inverse in entity.all_inverse_attributes():
        relation = inverse.entity_reference()
        name = str(inverse.attribute_reference().name())
        back = [str(attribute.name()) for attribute in relation.all_attributes()].index(name)
        many = inverse.attribute_reference().type_of_attribute().as_aggregation_type() is not None
        inverses[str(inverse.name())] = Inverse(str(relation.name()), back, many)
    return EntitySpec(
        str(entity.name()),
        bool(entity.is_abstract()),
        attributes,
        inverses,
        tuple(bool(value) for value in entity.derived()),
    )
