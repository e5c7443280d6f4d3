"""What clients create, change and delete, gathered into one transaction: entities, and the points behind Datastreams."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from server.sta.body import number, properties_of, reference, table
from server.sta.catalogue import Catalogue
from server.sta.created import Created, CreatedStore
from server.sta.errors import Unsupported, wrong
from server.sta.schema import TYPES
from server.sta.units import UNITS
from twin.clock import iso
from twin.errors import Conflict, NotFound

MAX_AT_ONCE = 1000
MAKES = {
    "Things": ("Locations", "Datastreams"),
    "Locations": ("Things",),
    "HistoricalLocations": ("Thing", "Locations"),
    "Datastreams": ("Thing", "Sensor", "ObservedProperty"),
    "Sensors": ("Datastreams",),
    "ObservedProperties": ("Datastreams",),
    "FeaturesOfInterest": (),
}
"""Ways by which an entity may bring others along or name them."""
NEEDED = {"Datastreams": ("Thing", "Sensor", "ObservedProperty"), "HistoricalLocations": ("Thing",)}


@dataclass(slots=True)
class Change:
    """One request's change: saved (new or changed) and dropped entities, observations that came along by Datastream."""

    saved: dict[tuple[str, str], Created] = field(default_factory=dict)
    dropped: list[tuple[str, str]] = field(default_factory=list)
    observations: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)


class Writing:
    """Makes a `Change` out of requests; nothing is written here. who: the caller's name, for the record."""

    def __init__(self, catalogue: Catalogue, store: CreatedStore, now_ms: int, who: str) -> None:
        self._catalogue, self._store = catalogue, store
        self._now, self._who = now_ms, who
        self.change = Change()

    def create(self, entity_set: str, given: object, context: Mapping[str, str] | None = None) -> str:
        """Take in a new entity and what it brings along; returns its id. context: ids by way, from the address.

        Raises Invalid naming what is wrong, NotFound where a reference leads nowhere, Conflict where the park's model
        would change.
        """
        if entity_set not in MAKES:
            raise Unsupported(f"{entity_set} are not created here")
        kind, body = TYPES[entity_set], table(given, TYPES[entity_set].name)
        if len(self.change.saved) >= MAX_AT_ONCE:
            raise wrong(f"More than {MAX_AT_ONCE} entities in one request: send several")
        ident = f"sta-{secrets.token_hex(8)}"
        made = Created(entity_set, ident, properties_of(kind, body), {}, self._now, self._who)
        self.change.saved[entity_set, ident] = made  # first, as what it brings along refers to it
        self._relate(made, body, dict(context or {}))
        lacking = [way for way in NEEDED.get(entity_set, ()) if not made.links.get(way)]
        if lacking:
            raise wrong(f"{kind.name} lacks {', '.join(lacking)}: give it inline, or as {{'@iot.id': …}}")
        return ident

    def update(self, entity_set: str, ident: str, given: Mapping[str, Any], *, whole: bool = False) -> None:
        """Change properties and relations of an entity that a client created. whole: what is not given goes."""
        old = self._own(entity_set, ident)
        kind = TYPES[entity_set]
        fresh = properties_of(kind, given, whole=whole)
        body = fresh if whole else {**old.body, **fresh}
        lost = [name for name in kind.required if body.get(name) is None]
        if lost:
            raise wrong(f"{kind.name} needs {', '.join(lost)}: they cannot be taken away")
        made = replace(old, body=body, links={way: list(others) for way, others in old.links.items()})
        self.change.saved[entity_set, ident] = made
        self._relate(made, given, {})

    def delete(self, entity_set: str, ident: str) -> None:
        """Delete an entity that a client created, with what cannot be without it (18-088, table 25)."""
        if (entity_set, ident) in self.change.dropped:
            return
        self._own(entity_set, ident)
        if entity_set == "FeaturesOfInterest" and self._catalogue.observed.get(ident):
            raise Conflict(f"FeatureOfInterest {ident!r} has Observations: delete their Datastreams first")
        self.change.dropped.append((entity_set, ident))
        for way, target in (("Datastreams", "Datastreams"), ("HistoricalLocations", "HistoricalLocations")):
            if way in TYPES[entity_set].navigation:
                for other in self._catalogue.links[entity_set, way].get(ident, ()):
                    self.delete(target, other)
        if entity_set == "Locations":
            for thing in self._catalogue.links["Locations", "Things"].get(ident, ()):
                if thing_made := self._store.find("Things", thing):
                    rest = [place for place in thing_made.links.get("Locations", []) if place != ident]
                    links = {**thing_made.links, "Locations": rest}
                    self.change.saved["Things", thing] = replace(thing_made, links=links)

    def _own(self, entity_set: str, ident: str) -> Created:
        found = self.change.saved.get((entity_set, ident)) or self._store.find(entity_set, ident)
        if found is not None:
            return found
        if entity_set != "Observations" and self._catalogue.has(entity_set, ident):
            raise Conflict(
                f"{TYPES[entity_set].name} {ident!r} belongs to the park's model: change the model or points.csv instead",
                code="sta-model",
            )
        raise NotFound(f"{entity_set} has no entity {ident!r:.120}", code="sta-entity")

    def _relate(self, made: Created, body: Mapping[str, Any], context: dict[str, str]) -> None:
        kind = TYPES[made.entity_set]
        ways = MAKES[made.entity_set]
        for way in kind.navigation:
            if way in body and way not in ways and way != "Observations":
                raise wrong(f"{kind.name} cannot be given {way}: expected {', '.join(ways) or 'no relation'}")
        for way in ways:
            given = self._given(made.entity_set, way, body, context)
            if given is not None:
                self._relate_by(made, way, given)
        if made.entity_set == "Datastreams":
            if body.get("FeatureOfInterest") is not None:
                (feature,) = self._ids("FeaturesOfInterest", [body["FeatureOfInterest"]], {})
                made.links["FeatureOfInterest"] = [feature]
            brought = body.get("Observations") or []
            if not isinstance(brought, list):
                raise wrong("Datastream: Observations is no list")
            self.change.observations += [(made.id, table(one, "Observation")) for one in brought]

    def _given(self, entity_set: str, way: str, body: Mapping[str, Any], context: dict[str, str]) -> list[Any] | None:
        """What a body says of a relation, None for nothing. An address such as Things('x')/Datastreams says it, too."""
        if way in context:
            return [{"@iot.id": context[way]}]
        if body.get(way) is None:
            return None
        value, many = body[way], TYPES[entity_set].navigation[way].many
        if isinstance(value, list) != many and not (many and isinstance(value, dict)):
            raise wrong(
                f"{TYPES[entity_set].name}: {way} is {value!r:.80}: expected {'a list' if many else 'an object'}"
            )
        return value if isinstance(value, list) else [value]

    def _relate_by(self, made: Created, way: str, given: list[Any]) -> None:
        target = TYPES[made.entity_set].navigation[way].target
        if (made.entity_set, way) in {
            ("Things", "Datastreams"),
            ("Sensors", "Datastreams"),
            ("ObservedProperties", "Datastreams"),
        }:
            back = TYPES[made.entity_set].name
            for one in given:
                if reference(table(one, "Datastream")):
                    self._move_datastream(reference(one) or "", back, made.id)
                else:
                    self.create("Datastreams", one, {back: made.id})
        elif (made.entity_set, way) == ("Locations", "Things"):
            for thing in self._ids(target, given, {}):
                self._place(self._changeable_thing(thing), [made.id])
        else:
            ids = self._ids(target, given, {})
            if (made.entity_set, way) == ("Things", "Locations"):
                self._place(made, ids)
            else:
                made.links[way] = ids

    def _ids(self, entity_set: str, given: Sequence[Any], context: Mapping[str, str]) -> list[str]:
        """Ids of entities that are named, or created at once."""
        found = []
        for one in given:
            ident = reference(table(one, TYPES[entity_set].name))
            if ident is None:
                ident = self.create(entity_set, one, context)
            elif (entity_set, ident) not in self.change.saved and not self._catalogue.has(entity_set, ident):
                raise NotFound(f"{entity_set} has no entity {ident!r:.120} to refer to", code="sta-entity")
            found.append(ident)
        return found

    def _place(self, thing: Created, places: list[str]) -> None:
        """Put a Thing where it is now; where it was stays told by HistoricalLocations."""
        thing.links["Locations"] = places
        ident = f"sta-{secrets.token_hex(8)}"
        self.change.saved["HistoricalLocations", ident] = Created(
            "HistoricalLocations",
            ident,
            {"time": iso(self._now)},
            {"Thing": [thing.id], "Locations": list(places)},
            self._now,
            self._who,
        )

    def _changeable_thing(self, ident: str) -> Created:
        old = self._own("Things", ident)
        if ("Things", ident) not in self.change.saved:
            self.change.saved["Things", ident] = replace(old, links=dict(old.links))
        return self.change.saved["Things", ident]

    def _move_datastream(self, ident: str, way: str, other: str) -> None:
        old = self._own("Datastreams", ident)
        self.change.saved["Datastreams", ident] = replace(old, links={**old.links, way: [other]})


def point_row(datastream: Created, catalogue: Catalogue, change: Change) -> list[object]:
    """The point behind a Datastream that a client created, as a row of the table `point`.

    A Datastream of one of the park's devices shows its values where the device's others do; of a client's own Thing it
    stands in no scene.
    """
    thing = datastream.links["Thing"][0]
    own = ("Things", thing) in catalogue.own or ("Things", thing) in change.saved
    shown = [
        catalogue.features[other]
        for other in catalogue.links["Things", "Datastreams"].get(thing, ())
        if other in catalogue.features
    ]
    gid, device = (f"sta:{thing}", None) if own else (shown[0] if shown else thing, thing)
    properties = datastream.body.get("properties") or {}
    low, high = number(properties.get("min")), number(properties.get("max"))
    if low is not None and high is not None and low > high:
        raise wrong(f"Datastream: properties min {low} is above max {high}: expected min ≤ max")
    unit = datastream.body["unitOfMeasurement"]
    return [
        datastream.id, gid, device, _kind(datastream.links["ObservedProperty"][0], catalogue, change), _unit(unit), low, high,
        "measure", datastream.body["name"], None,
    ]  # fmt: skip


def _kind(observed: str, catalogue: Catalogue, change: Change) -> str:
    made = change.saved.get(("ObservedProperties", observed))
    # One of the park's may be gone meanwhile: its id is the kind.
    body = made.body if made else catalogue.bodies["ObservedProperties"].get(observed, {"name": observed})
    named = (body.get("properties") or {}).get("kind")
    text = named if isinstance(named, str) and named else str(body["name"])
    return re.sub(r"\W+", "_", text.lower()).strip("_") or "value"


def _unit(unit: Mapping[str, Any]) -> str:
    """The unit as the points file writes it, where its symbol or definition names one that is known; else the symbol."""
    symbol, definition = unit.get("symbol") or "", unit.get("definition") or ""
    if symbol in UNITS:
        return str(symbol)
    tail = (
        re.split(r"[:/#]", definition)[-1] if not definition.startswith("ucum:") else definition.removeprefix("ucum:")
    )
    known = (text for text, one in UNITS.items() if tail and tail in (one.ucum, one.qudt))
    return next(known, str(symbol or unit.get("name") or ""))
