"""Concepts made of entities without GlobalId: approvals, constraints, documents, organisations."""

from __future__ import annotations

import hashlib
from typing import Any

from bim.graph.concepts import Concepts
from bim.properties.nested_rows import detail_rows
from bim.properties.property_rows import Row
from bim.source.attribute import attribute, first_attribute, step_of
from bim.text import clean
from bim.units.unit_table import UnitTable

ATTRIBUTES = "Attributes"
_KEYS = ("Identification", "Identifier", "DocumentId", "ItemReference", "Id", "Location")


class Resources:
    """Asks for each entity once. Ids are `kind:key`, so that equal things of two files get equal ids."""

    def __init__(self, concepts: Concepts, units: UnitTable, schema: str, add_set: Any) -> None:
        self._concepts = concepts
        self._units = units
        self._schema = schema
        self._add_set = add_set
        self._known: dict[int, str] = {}
        self._content: dict[str, list[Row]] = {}

    def concept(self, entity: Any, kind: str) -> str | None:
        """The concept's id; None where there is no entity. Same key with other content is told apart by a hash."""
        step = step_of(entity)
        if not step:
            return None
        if step not in self._known:
            rows = detail_rows(entity, self._schema, self._units, skip=frozenset({"Name", "Description"}))
            name = clean(first_attribute(entity, "Name", "FamilyName", "GivenName")) or clean(
                first_attribute(entity, *_KEYS)
            )
            local = f"{kind}:{clean(first_attribute(entity, *_KEYS)) or name or '?'}"
            if self._content.setdefault(local, rows) != rows:
                digest = hashlib.blake2b(repr((name, rows)).encode("utf-8", "replace"), digest_size=4).hexdigest()
                local = f"{local}~{digest}"
            self._known[step] = local
            if local not in self._concepts:
                self._concepts.put(local, kind, entity.is_a(), name, attribute(entity, "Description"))
                self._add_set(local, ATTRIBUTES, rows)
        return self._known[step]
