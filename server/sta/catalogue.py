"""All entities but Observations as plain data: the park's model and what clients created, and how they hang together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from server.sta.created import Created
from server.sta.schema import TYPES

Links = dict[str, list[str]]
"""Ids of related entities by id; of a way to one entity a list of one."""

BACK: Mapping[tuple[str, str], str] = {
    ("Things", "Locations"): "Things",
    ("HistoricalLocations", "Thing"): "HistoricalLocations",
    ("HistoricalLocations", "Locations"): "HistoricalLocations",
    ("Datastreams", "Thing"): "Datastreams",
    ("Datastreams", "Sensor"): "Datastreams",
    ("Datastreams", "ObservedProperty"): "Datastreams",
}
"""The stored direction of each relation, and the name of the way back."""


@dataclass(slots=True)
class Catalogue:
    """bodies: properties by entity set and id; links: by (entity set, way).

    features: the FeatureOfInterest of each Datastream, with `observed` as the way back. keys: the history's key of each
    Datastream. own: (entity set, id) of what clients created and may change.
    """

    bodies: dict[str, dict[str, dict[str, Any]]] = field(
        default_factory=lambda: {name: {} for name in TYPES if name != "Observations"}
    )
    links: dict[tuple[str, str], Links] = field(
        default_factory=lambda: {(name, way): {} for name, kind in TYPES.items() for way in kind.navigation}
    )
    features: dict[str, str] = field(default_factory=dict)
    observed: Links = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)
    points: dict[int, str] = field(default_factory=dict)
    own: set[tuple[str, str]] = field(default_factory=set)
    shared: bool = False

    def copy(self) -> Catalogue:
        """A catalogue that can be added to while this one stays as it is."""
        return Catalogue(
            {name: dict(bodies) for name, bodies in self.bodies.items()},
            {way: dict(links) for way, links in self.links.items()},
            dict(self.features),
            dict(self.observed),
            dict(self.keys),
            dict(self.points),
            set(self.own),
            shared=True,
        )

    def put(self, entity_set: str, ident: str, body: dict[str, Any]) -> None:
        """Add an entity; what is there already stays."""
        self.bodies[entity_set].setdefault(ident, body)

    def link(self, entity_set: str, ident: str, way: str, others: Iterable[str]) -> None:
        """Relate an entity to others, both ways; those that are not there are left out."""
        kind = TYPES[entity_set].navigation[way]
        back = self.links[kind.target, BACK[entity_set, way]]
        for other in others:
            if other in self.bodies[kind.target]:
                self._append(self.links[entity_set, way], ident, other)
                self._append(back, other, ident)

    def observe(self, datastream: str, feature: str) -> None:
        """Say what a Datastream observes."""
        self.features[datastream] = feature
        self._append(self.observed, feature, datastream)

    def _append(self, links: Links, ident: str, other: str) -> None:
        if self.shared:  # the list belongs to the catalogue that this is a copy of
            links[ident] = [*links.get(ident, ()), other]
        else:
            links.setdefault(ident, []).append(other)

    def has(self, entity_set: str, ident: str) -> bool:
        """Whether an entity is there; of Observations only the history knows."""
        return ident in self.bodies[entity_set]

    def add_created(self, created: Sequence[Created], visible: bool) -> None:
        """Put what clients created beside the park's model; nothing where the caller sees only some layers."""
        if not visible:
            return
        for one in created:
            self.put(one.entity_set, one.id, one.body)
            self.own.add((one.entity_set, one.id))
        for one in created:
            for way, others in one.links.items():
                if (one.entity_set, way) in BACK:
                    self.link(one.entity_set, one.id, way, others)
        for one in created:
            if one.entity_set == "Datastreams":
                self._feature_of(one)

    def _feature_of(self, datastream: Created) -> None:
        """What was named, else what the Thing's other Datastreams show, else the Thing's Location."""
        named = datastream.links.get("FeatureOfInterest", [])
        things = self.links["Datastreams", "Thing"].get(datastream.id, [])
        shown = [
            self.features[other]
            for thing in things
            for other in self.links["Things", "Datastreams"].get(thing, ())
            if other in self.features
        ]
        located = [place for thing in things for place in self.links["Things", "Locations"].get(thing, ())]
        if named or shown:
            chosen = (named or shown)[0]
        elif located:
            chosen = located[0]
            place = self.bodies["Locations"][chosen]
            body = {name: place.get(name) for name in ("name", "description", "encodingType")}
            self.put("FeaturesOfInterest", chosen, {**body, "feature": place.get("location"), "properties": {}})
        else:
            return
        if self.has("FeaturesOfInterest", chosen):
            self.observe(datastream.id, chosen)
