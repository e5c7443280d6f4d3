"""Ports and fillings: relations that lead over a third thing, told straight."""

from __future__ import annotations

from typing import Any

from bim.graph.hierarchy import Hierarchy
from bim.graph.relations import Relations
from bim.source.attribute import attribute, instances, step_of, steps_of


def read_fillings(model: Any, relations: Relations, hierarchy: Hierarchy) -> None:
    """A door fills the wall that its opening is cut from."""
    for relation in model.by_type("IfcRelFillsElement"):
        host = hierarchy.hosts.get(step_of(relation.get_argument(4)))
        if host is not None:
            relations.link(step_of(relation.get_argument(5)), "fills", host)


def owners_of_ports(model: Any, relations: Relations) -> dict[int, int]:
    """Port's STEP id → STEP id of the element it belongs to; IFC2X3's ports are nested under theirs."""
    owner: dict[int, int] = {}
    for relation in instances(model, "IfcRelConnectsPortToElement"):
        port, element = step_of(relation.get_argument(4)), step_of(relation.get_argument(5))
        if port and element:
            owner[port] = element
            relations.link(element, "nests", port)
    ports = {int(port.id()) for port in instances(model, "IfcPort")}
    if ports:
        for relation in model.by_type("IfcRelNests"):
            host = step_of(relation.get_argument(4))
            for step in steps_of(relation.get_argument(5)):
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
