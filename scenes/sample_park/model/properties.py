"""Property sets and quantities; equal sets are written once and shared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Entity = Any
Typed = tuple[str, Any]
Value = bool | int | float | str | Typed
Quantities = Mapping[str, float]

_LENGTHS = {"IfcLengthMeasure", "IfcPositiveLengthMeasure", "IfcNonNegativeLengthMeasure"}
_QUANTITY = {"m": "IfcQuantityLength", "m2": "IfcQuantityArea", "m3": "IfcQuantityVolume", "n": "IfcQuantityCount"}
_PLAIN: dict[type, str] = {bool: "IfcBoolean", int: "IfcInteger", float: "IfcReal", str: "IfcLabel"}


def length(metres: float) -> Typed:
    """A length property; written in the file's unit."""
    return ("IfcPositiveLengthMeasure", metres)


def _typed(value: Value) -> Typed:
    if isinstance(value, tuple):
        return value
    return _PLAIN[type(value)], value


class Properties:
    """Collects sets by content, so that a thousand equal doors share one property set."""

    def __init__(self, file: Any, scale: float, guid: Callable[[str], str]) -> None:
        self._file = file
        self._scale = scale
        self._guid = guid
        self._sets: dict[tuple[Any, ...], list[Entity]] = {}
        self._quantities: dict[tuple[Any, ...], list[Entity]] = {}

    def give(self, thing: Entity, name: str, values: Mapping[str, Value]) -> None:
        """Attach a property set to an object."""
        key = (name, tuple((prop, *_typed(value)) for prop, value in values.items()))
        self._sets.setdefault(key, []).append(thing)

    def measure(self, thing: Entity, name: str, values: Quantities) -> None:
        """Attach quantities. Keys carry the unit after a colon: `NetFloorArea:m2`, `Height:m`, `Count:n`."""
        key = (name, tuple((prop, round(value, 4)) for prop, value in values.items()))
        self._quantities.setdefault(key, []).append(thing)

    def property_set(self, key: str, name: str, values: Mapping[str, Value]) -> Entity:
        """A property set that a type owns (IfcTypeObject.HasPropertySets)."""
        rows = [self._single(prop, *_typed(value)) for prop, value in values.items()]
        return self._file.create_entity("IfcPropertySet", self._guid(key), None, name, None, rows)

    def _single(self, name: str, measure: str, value: Any) -> Entity:
        if measure in _LENGTHS:
            value = round(value * self._scale, 6)
        wrapped = self._file.create_entity(measure, value)
        return self._file.create_entity("IfcPropertySingleValue", name, None, wrapped, None)

    def write(self) -> None:
        """Emit all sets with their relations."""
        create = self._file.create_entity
        cache: dict[tuple[str, str, Any], Entity] = {}

        def single(row: tuple[str, str, Any]) -> Entity:
            if row not in cache:
                cache[row] = self._single(*row)
            return cache[row]

        for index, ((name, rows), things) in enumerate(self._sets.items()):
            made = create(
                "IfcPropertySet", self._guid(f"pset/{index}"), None, name, None, [single(row) for row in rows]
            )
            create("IfcRelDefinesByProperties", self._guid(f"pset-rel/{index}"), None, None, None, things, made)
        for index, ((name, rows), things) in enumerate(self._quantities.items()):
            items = []
            for prop, value in rows:
                label, _, unit = prop.partition(":")
                scaled = value * self._scale if unit == "m" else value
                items.append(create(_QUANTITY[unit], label, None, None, round(scaled, 6), None))
            made = create("IfcElementQuantity", self._guid(f"qto/{index}"), None, name, None, None, items)
            create("IfcRelDefinesByProperties", self._guid(f"qto-rel/{index}"), None, None, None, things, made)
