"""Ports and fillings: relations that lead over a third thing, told straight."""

from __future__ import annotations

from typing import Any

from bim.graph.hierarchy import Hierarchy
from bim.graph.links import Links
from bim.graph.relations import Relations
from bim.source.attribute import attribute, id_of, instances, step_of


def read_fillings(relations: Relations, hierarchy: Hierarchy) -> None:
    """A door fills the wall that its opening is cut from."""
    for opening, filling in hierarchy.links.pairs("IfcRelFillsElement", 4, 5):
        host = hierarchy.hosts.get(opening)
        if host is not None:
            relations.link(filling, "fills", host)


def owners_of_ports(model: Any, links: Links, relations: Relations) -> dict[int, int]:
    """Port's STEP id → STEP id of the element it belongs to; IFC2X3's ports are nested under theirs."""
    owner: dict[int, int] = {}
    for port, element in links.pairs("IfcRelConnectsPortToElement", 4, 5):
        if port and element:
            owner[port] = element
            relations.link(element, "nests", port)
    ports = set(map(id_of, instances(model, "IfcPort")))
    if ports:
        for host, steps in links.fans("IfcRelNests", 4, 5):
            for step in steps:
                if host and step in ports:
                    owner[step] = host
    return owner


def read_flow(model: Any, relations: Relations, owner: dict[int, int]) -> list[tuple[int, int]]:
    """Elements joined by their ports: one feeds the other where the ports tell the way, else they connect.

    Returns the pairs of elements by STEP id.
    """
    pairs = []
    for relation in instances(model, "IfcRelConnectsPorts"):
        first, second = relation.get_argument(4), relation.get_argument(5)
        start, end = owner.get(step_of(first)), owner.get(step_of(second))
        if start is None or end is None:
            continue
        pairs.append((start, end))
        ways = attribute(first, "FlowDirection"), attribute(second, "FlowDirection")
        if ways == ("SOURCE", "SINK"):
            relations.link(start, "feeds", end)
        elif ways == ("SINK", "SOURCE"):
            relations.link(end, "feeds", start)
        else:
            relations.link(start, "connects", end)
    return pairs
