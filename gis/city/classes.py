"""CityGML classes as types of the scene graph."""

from __future__ import annotations

CIM_TYPES = {"SolitaryVegetationObject": "Tree", "PlantCover": "GreenArea", "TransportSquare": "Square"}
"""Classes that the park knows by another name; the rest keep the standard's."""
_ARCHITECTURE = ("Building", "Room", "Storey", "IntBuilding")
_STRUCTURE = ("Bridge", "Tunnel", "OtherConstruction")


def discipline(kind: str) -> str:
    """The discipline of a class: architecture, structure, or site."""
    if kind.startswith(_ARCHITECTURE):
        return "architecture"
    return "structure" if kind.startswith(_STRUCTURE) else "site"
