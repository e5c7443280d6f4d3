"""Classification references and documents as concepts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bim.graph.concepts import Concepts
from bim.text import clean

MAX_DEPTH = 16


def classification_concept(reference: Any, concepts: Concepts, relate: Callable[[str, str, str], None]) -> str | None:
    """The concept's id of an IfcClassificationReference, IfcClassificationNotation or IfcClassification.

    The id is made of the system's name and the code, so that equal codes are one node; the
    reference is a `member_of` its system.
    """
    if reference is None:
        return None
    if reference.is_a("IfcClassification"):
        return _system(reference, concepts)
    if reference.is_a("IfcClassificationNotation"):
        notation = "".join(filter(None, (clean(facet.NotationValue) for facet in reference.NotationFacets or ())))
        return concepts.put(f"classification:{notation}", "classification_reference", reference.is_a(), notation)
    code = clean(getattr(reference, "Identification", None) or getattr(reference, "ItemReference", None))
    title = clean(reference.Name)
    source = system_of(reference)
    system = clean(source.Name) if source is not None else None
    local = f"classification:{system or '-'}:{code or title or clean(reference.Location) or '?'}"
    if local not in concepts:
        concepts.put(
            local,
            "classification_reference",
            reference.is_a(),
            " ".join(filter(None, (code, title))),
            getattr(reference, "Description", None),
        )
        if source is not None:
            relate(local, "member_of", _system(source, concepts))
    return local


def system_of(reference: Any) -> Any | None:
    """The IfcClassification at the end of a chain of ReferencedSource; None where the chain ends elsewhere."""
    node = reference
    for _ in range(MAX_DEPTH):
        node = getattr(node, "ReferencedSource", None)
        if node is None:
            return None
        if node.is_a("IfcClassification"):
            return node
    return None


def _system(entity: Any, concepts: Concepts) -> str:
    name = clean(entity.Name) or "?"
    edition = " ".join(filter(None, (clean(entity.Source), clean(entity.Edition))))
    return concepts.put(f"classification:{name}", "classification", entity.is_a(), name, edition)


def document_concept(document: Any, concepts: Concepts) -> str | None:
    """The concept's id of an IfcDocumentReference or IfcDocumentInformation."""
    if document is None:
        return None
    code = clean(
        getattr(document, "Identification", None)
        or getattr(document, "ItemReference", None)
        or getattr(document, "DocumentId", None)
    )
    place = clean(getattr(document, "Location", None))
    name = clean(getattr(document, "Name", None))
    key = code or place or name
    if key is None:
        return None
    return concepts.put(
        f"document:{key}",
        "document",
        document.is_a(),
        name or code or place,
        getattr(document, "Description", None) or place,
    )
