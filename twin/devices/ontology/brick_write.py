"""Writes Brick 1.4 as Turtle."""

from __future__ import annotations

from urllib.parse import quote

from twin.devices.ontology.brick import OURS
from twin.devices.ontology.model import Description
from twin.devices.ontology.tables import tables

BRICK, REF, UNIT = (
    "https://brickschema.org/schema/Brick#",
    "https://brickschema.org/schema/Brick/ref#",
    "http://qudt.org/vocab/unit/",
)
SCHEMA = "https://brickschema.org/schema/1.4/Brick"


def write_brick(described: Description, park: str) -> bytes:
    """Turtle of a description; park: id that its names stand under."""
    import rdflib  # noqa: PLC0415  a third of a second, needed only where Brick is written
    from rdflib.namespace import OWL, RDF, RDFS  # noqa: PLC0415

    brick, ref, ours = rdflib.Namespace(BRICK), rdflib.Namespace(REF), rdflib.Namespace(OURS)
    space = f"urn:parktwin:park:{quote(park, safe='')}#"
    graph = rdflib.Graph()
    for prefix, name in (("brick", BRICK), ("ref", REF), ("unit", UNIT), ("pt", OURS), ("park", space)):
        graph.bind(prefix, name)
    head = rdflib.URIRef(space.rstrip("#"))
    graph.add((head, RDF.type, OWL.Ontology))
    graph.add((head, OWL.imports, rdflib.URIRef(SCHEMA)))

    def node(ident: str) -> rdflib.URIRef:
        return rdflib.URIRef(space + quote(ident, safe=""))

    units = tables().units
    for one in described.entities.values():
        subject = node(one.id)
        graph.add((subject, RDF.type, brick[one.cls]))
        if one.name:
            graph.add((subject, RDFS.label, rdflib.Literal(one.name)))
        if one.parent:
            graph.add((subject, brick["isPointOf" if one.sort == "point" else "isPartOf"], node(one.parent)))
        if one.location:
            graph.add((subject, brick.hasLocation, node(one.location)))
        if one.unit:
            name = units.get(one.unit, one.unit)
            graph.add((subject, brick.hasUnit, rdflib.URIRef(UNIT + quote(name, safe=""))))
        for word, text in (("kind", one.kind), ("role", one.role), ("tags", ";".join(one.tags))):
            if text:
                graph.add((subject, ours[word], rdflib.Literal(text)))
        for key, text in one.refs.items():
            if key == "ifc":
                _refer(graph, subject, ref.IFCReference, ref.ifcGlobalID, text)
            elif key == "point":
                _refer(graph, subject, ref.TimeseriesReference, ref.hasTimeseriesId, text)
            else:
                graph.add((subject, ours[key], rdflib.Literal(text)))
    return graph.serialize(format="turtle").encode()


def _refer(graph: object, subject: object, cls: object, predicate: object, text: str) -> None:
    import rdflib  # noqa: PLC0415  loaded by the caller
    from rdflib.namespace import RDF  # noqa: PLC0415

    blank = rdflib.BNode()
    for triple in (
        (subject, rdflib.Namespace(REF).hasExternalReference, blank),
        (blank, RDF.type, cls),
        (blank, predicate, rdflib.Literal(text)),
    ):
        graph.add(triple)  # type: ignore[attr-defined]  # a Graph
