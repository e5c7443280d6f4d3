"""Classification references and their systems as concepts."""

from __future__ import annotations

from typing import Any

from bim.graph.concepts import Concepts
from bim.graph.materials import AddSet
from bim.graph.relations import Relations
from bim.properties.nested_rows import detail_rows
from bim.source.attribute import attribute, entities_of, first_attribute, step_of
from bim.text import clean
from bim.units.unit_table import UnitTable

MAX_DEPTH = 16
_TOLD = frozenset({"Name", "Description", "Identification", "ItemReference", "ReferencedSource"})


class Classifications:
    """Asks for each entity once; equal codes of one system are one node.

    A reference is a `member_of` the reference above it, the topmost of its system.
    """

    def __init__(
        self, schema: str, units: UnitTable, concepts: Concepts, relations: Relations, add_set: AddSet
    ) -> None:
        self._schema = schema
        self._units = units
        self._concepts = concepts
        self._relate = relations.put
        self._add_set = add_set
        self._known: dict[int, str] = {}

    def concept(self, reference: Any) -> str | None:
        """The concept's id of an IfcClassificationReference, IfcClassificationNotation or IfcClassification."""
        step = step_of(reference)
        if not step:
            return None
        if step not in self._known:
            self._known[step] = self._make(reference)
        return self._known[step]

    def _make(self, reference: Any) -> str:
        kind = str(reference.is_a())
        if kind == "IfcClassification":
            return self._system(reference)
        if kind == "IfcClassificationNotation":
            facets = (clean(attribute(facet, "NotationValue")) for facet in entities_of(reference.NotationFacets))
            notation = "".join(filter(None, facets))
            return self._concepts.put(f"classification:{notation}", "classification_reference", kind, notation)
        code = clean(first_attribute(reference, "Identification", "ItemReference"))
        title = clean(attribute(reference, "Name"))
        source = system_of(reference)
        system = clean(source.Name) if source is not None else None
        place = clean(attribute(reference, "Location"))
        local = f"classification:{system or '-'}:{code or title or place or '?'}"
        if local not in self._concepts:
            name = " ".join(filter(None, (code, title)))
            self._put(local, "classification_reference", reference, name, attribute(reference, "Description"))
            self._known[int(reference.id())] = local  # a reference that is its own source ends here
            above = self.concept(attribute(reference, "ReferencedSource"))
            if above is not None and above != local:
                self._relate(local, "member_of", above)
        return local

    def _system(self, entity: Any) -> str:
        name = clean(entity.Name) or "?"
        local = f"classification:{name}"
        if local not in self._concepts:
            edition = " ".join(filter(None, (clean(entity.Source), clean(entity.Edition))))
            self._put(local, "classification", entity, name, edition)
        return local

    def _put(self, local: str, kind: str, entity: Any, name: str, description: object) -> None:
        self._concepts.put(local, kind, entity.is_a(), name, description)
        rows = detail_rows(entity, self._schema, self._units, skip=_TOLD)
        if rows:
            self._add_set(local, "Attributes", rows)


def system_of(reference: Any) -> Any | None:
    """The IfcClassification at the end of a chain of ReferencedSource; None where the chain ends elsewhere."""
    node = reference
    for _ in range(MAX_DEPTH):
        node = attribute(node, "ReferencedSource")
        if not step_of(node):
            return None
        if node.is_a("IfcClassification"):
            return node
    return None
