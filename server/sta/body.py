"""Checks what clients send: properties by type, references, the unit, the geometry."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import orjson

from server.sta.errors import wrong
from server.sta.geometry import from_json
from server.sta.schema import EntityType
from server.sta.syntax.tokens import instant
from server.sta.units import OBSERVATION_TYPES
from twin.clock import iso

GEOJSON = ("application/geo+json", "application/vnd.geo+json")
MAX_NESTING = 64
"""Levels of JSON in JSON: what is kept must still be written into answers that nest it further."""
IGNORED = frozenset({"@iot.id", "@iot.selfLink", "id", "phenomenonTime", "resultTime"})
"""What only the service can say; programs that send back what they have read must not fail by it."""
ALSO: Mapping[str, tuple[str, ...]] = {"Datastreams": ("FeatureOfInterest",)}
"""What may stand in a body beside properties and relations."""


def parsed(raw: bytes) -> Any:
    """A request's body. Raises Invalid where it is no JSON."""
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise wrong(f"The body is no JSON: {error}") from error
    if _deeper(found, MAX_NESTING):
        raise wrong(f"The body is nested more than {MAX_NESTING} deep: expected flatter JSON")
    return found


def _deeper(value: object, levels: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels < 0 or any(_deeper(one, levels - 1) for one in inner if isinstance(one, dict | list))


def table(value: object, what: str) -> dict[str, Any]:
    """A JSON object. Raises Invalid."""
    if not isinstance(value, dict):
        raise wrong(f"{what} is {_short(value)}: expected a JSON object")
    return value


def reference(value: Mapping[str, Any]) -> str | None:
    """The id of an entity that is referred to and not created; None where it is created."""
    ident = value.get("@iot.id")
    return None if ident is None or ident == "" else str(ident)


def properties_of(kind: EntityType, body: Mapping[str, Any], *, whole: bool = True) -> dict[str, Any]:
    """The checked properties. whole: all that are required must be there. Raises Invalid naming the property."""
    found: dict[str, Any] = {}
    for name, value in body.items():
        if name in kind.properties:
            if name not in IGNORED:
                found[name] = _checked(kind, name, value)
        elif name not in (*kind.navigation, *IGNORED, *ALSO.get(kind.plural, ())) and "@iot." not in name:
            raise wrong(f"{kind.name} has no {name!r:.80}: expected {', '.join((*kind.properties, *kind.navigation))}")
    missing = [name for name in kind.required if whole and found.get(name) is None]
    if missing:
        raise wrong(f"{kind.name} lacks {', '.join(missing)}: expected {', '.join(kind.required)}")
    shape = found.get("location", found.get("feature"))
    if shape is not None and body.get("encodingType") in GEOJSON and from_json(shape) is None:
        raise wrong(f"{kind.name}: {_short(shape)} is no GeoJSON geometry or feature")
    return found


def _checked(kind: EntityType, name: str, value: Any) -> Any:
    where = f"{kind.name}: {name}"
    match name:
        case "name" | "description" | "definition" | "encodingType":
            if not isinstance(value, str):
                raise wrong(f"{where} is {_short(value)}: expected a text")
        case "properties":
            return {} if value is None else table(value, where)
        case "unitOfMeasurement":
            unit = table(value, where)
            bad = [part for part in ("name", "symbol", "definition") if not isinstance(unit.get(part), str | None)]
            if bad:
                raise wrong(f"{where} has {bad[0]} {_short(unit[bad[0]])}: expected a text or null")
        case "observationType":
            if value not in OBSERVATION_TYPES:
                raise wrong(f"{where} is {_short(value)}: this service keeps {', '.join(OBSERVATION_TYPES)}")
        case "time":
            if not isinstance(value, str):
                raise wrong(f"{where} is {_short(value)}: expected an instant")
            return iso(round(instant(value).timestamp() * 1000))
    return value


def number(value: object) -> float | None:
    """A finite number, None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def _short(value: object) -> str:
    return f"{value!r:.80}"
