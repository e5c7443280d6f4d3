"""Resource paths: `Things('a1/room')/Datastreams/$ref` (18-088, 9.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from server.sta.schema import TYPES, EntityType, type_of, unknown
from twin.errors import NotFound

STEP = re.compile(r"(?P<name>\$?[A-Za-z]\w*|@iot\.\w+)(?:\((?P<id>'(?:[^']|'')*'|[^()'/]+)\))?(?:/|$)")
MAX_STEPS = 8


@dataclass(frozen=True, slots=True)
class Step:
    """An entity set, or the way from the entity before; id: of the one entity in it, None for all or the only one."""

    name: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """A path. keys: a property of the entity and keys inside its JSON; ending: "", `$value` or `$ref`."""

    steps: tuple[Step, ...]
    entity_set: str
    single: bool
    keys: tuple[str, ...] = ()
    ending: str = ""


def parse_resource(path: str) -> Resource:
    """Read a path below the service's root. Raises NotFound where it leads nowhere, Invalid where it cannot be read."""
    steps: list[Step] = []
    kind: EntityType | None = None
    single = False
    rest = path.strip("/")
    while rest:
        match = STEP.match(rest)
        if match is None or len(steps) >= MAX_STEPS:
            raise _nowhere(path)
        name, ident = match["name"], _ident(match["id"])
        if kind is None:
            if name not in TYPES:
                raise NotFound(f"Entity set {name!r} is unknown: expected one of {', '.join(TYPES)}", code="sta-path")
            kind, single = type_of(name), ident is not None
        elif name == "$ref" and match.end() == len(rest):
            return Resource(tuple(steps), kind.plural, single, ending=name)
        elif single and name in kind.navigation:
            way = kind.navigation[name]
            if ident is not None and not way.many:
                raise _nowhere(path)
            kind, single = type_of(way.target), ident is not None or not way.many
        elif single and ident is None and (name in kind.properties or name in ("id", "@iot.id", "@iot.selfLink")):
            return _property(path, steps, kind, rest)
        elif single and not name.startswith("$"):
            raise NotFound(unknown(kind, name).message, code="sta-path")
        else:
            raise _nowhere(path)
        steps.append(Step(name, ident))
        rest = rest[match.end() :]
    if kind is None:
        raise _nowhere(path)
    return Resource(tuple(steps), kind.plural, single)


def _property(path: str, steps: list[Step], kind: EntityType, rest: str) -> Resource:
    keys = rest.split("/")
    ending = keys.pop() if keys[-1] == "$value" else ""
    if not keys or "" in keys or len(keys) > MAX_STEPS:
        raise _nowhere(path)
    return Resource(tuple(steps), kind.plural, single=True, keys=tuple(keys), ending=ending)


def _ident(text: str | None) -> str | None:
    if text is None:
        return None
    return text[1:-1].replace("''", "'") if text.startswith("'") else text


def _nowhere(path: str) -> NotFound:
    return NotFound(f"Nothing stands at {path!r:.120}", code="sta-path")
