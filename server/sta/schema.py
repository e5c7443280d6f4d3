"""Entity sets of the sensing profile: their properties, and where they lead (18-088, clause 8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from server.sta.errors import wrong
from twin.errors import Invalid


@dataclass(frozen=True, slots=True)
class Navigation:
    """A way to other entities. target: the entity set; many: whether it leads to a collection."""

    target: str
    many: bool


@dataclass(frozen=True, slots=True)
class EntityType:
    """One kind of entity. required: properties that a client must give when it creates one."""

    name: str
    plural: str
    properties: tuple[str, ...]
    required: tuple[str, ...]
    navigation: Mapping[str, Navigation]


def _kind(name: str, plural: str, properties: str, required: str, navigation: str) -> EntityType:
    """navigation: `Name` for one, `Names*` for many."""
    found = {}
    for part in navigation.split():
        way = part.rstrip("*")
        found[way] = Navigation(PLURALS.get(way, way), part.endswith("*"))
    return EntityType(name, plural, tuple(properties.split()), tuple(required.split()), MappingProxyType(found))


PLURALS: Mapping[str, str] = {
    "Thing": "Things",
    "Location": "Locations",
    "HistoricalLocation": "HistoricalLocations",
    "Datastream": "Datastreams",
    "Sensor": "Sensors",
    "ObservedProperty": "ObservedProperties",
    "Observation": "Observations",
    "FeatureOfInterest": "FeaturesOfInterest",
}

TYPES: Mapping[str, EntityType] = {
    kind.plural: kind
    for kind in (
        _kind(
            "Thing", "Things", "name description properties", "name description",
            "Locations* HistoricalLocations* Datastreams*",
        ),
        _kind(
            "Location", "Locations", "name description encodingType location properties",
            "name description encodingType location", "Things* HistoricalLocations*",
        ),
        _kind("HistoricalLocation", "HistoricalLocations", "time", "time", "Thing Locations*"),
        _kind(
            "Datastream", "Datastreams",
            "name description unitOfMeasurement observationType observedArea phenomenonTime resultTime properties",
            "name description unitOfMeasurement observationType", "Thing Sensor ObservedProperty Observations*",
        ),
        _kind(
            "Sensor", "Sensors", "name description encodingType metadata properties",
            "name description encodingType metadata", "Datastreams*",
        ),
        _kind(
            "ObservedProperty", "ObservedProperties", "name definition description properties",
            "name definition description", "Datastreams*",
        ),
        _kind(
            "Observation", "Observations", "phenomenonTime result resultTime resultQuality validTime parameters",
            "result", "Datastream FeatureOfInterest",
        ),
        _kind(
            "FeatureOfInterest", "FeaturesOfInterest", "name description encodingType feature properties",
            "name description encodingType feature", "Observations*",
        ),
    )
}  # fmt: skip
"""Entity types by the name of their set."""

IDS = ("id", "@iot.id")
SELF_LINK = "@iot.selfLink"


def type_of(plural: str) -> EntityType:
    """The type of an entity set. Raises Invalid naming the known ones."""
    if plural not in TYPES:
        raise wrong(f"Entity set {plural!r} is unknown: expected one of {', '.join(TYPES)}")
    return TYPES[plural]


def unknown(kind: EntityType, name: str) -> Invalid:
    """The error for a name that a type does not have."""
    return wrong(
        f"{kind.name} has no {name!r}: expected id, {', '.join(kind.properties)} or {', '.join(kind.navigation)}"
    )
