"""Filter and order entities that are in memory: an expression becomes a function of an entity."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

from server.sta.catalogue import Catalogue
from server.sta.errors import Unsupported, wrong
from server.sta.functions import arithmetic, call, compare
from server.sta.geometry import from_text
from server.sta.schema import IDS, TYPES, unknown
from server.sta.syntax.nodes import COMPARISONS, Binary, Call, Geometry, Junction, Literal, Node, Not, Path

MAX_PAIRS = 1_000_000
Reader = Callable[[str], Any]
"""A function from an entity's id to a value; `Many` where the path leads through a collection."""


class Many(tuple[Any, ...]):
    """Values of several entities: a condition on them holds where it holds for one."""

    __slots__ = ()


def matching(node: Node, catalogue: Catalogue, entity_set: str, ids: Sequence[str]) -> list[str]:
    """Those of these ids for which the expression holds, in order. Raises Invalid naming what is unknown."""
    holds = reader(node, catalogue, entity_set)
    return [ident for ident in ids if _truth(holds(ident))]


def ordered(order: Sequence[tuple[Node, bool]], catalogue: Catalogue, entity_set: str, ids: Sequence[str]) -> list[str]:
    """The ids in the order of the expressions; what has no value comes first, as the standard has it."""
    found = list(ids)
    for node, descending in reversed(order):
        value = reader(node, catalogue, entity_set)
        found.sort(key=lambda ident: rank_of(value(ident)), reverse=descending)
    return found


def reader(node: Node, catalogue: Catalogue, entity_set: str) -> Reader:
    """The function of an expression."""

    def below(inner: Node) -> Reader:
        return reader(inner, catalogue, entity_set)

    match node:
        case Literal(value):
            return lambda _: value
        case Geometry(wkt):
            shape = from_text(wkt)
            return lambda _: shape
        case Path(names):
            return _path(names, catalogue, entity_set)
        case Not(operand):
            inner = below(operand)
            return lambda ident: _opposite(inner(ident))
        case Junction(operator, operands):
            parts = [below(operand) for operand in operands]
            return _junction(operator, parts)
        case Call(name, arguments):
            given = [below(argument) for argument in arguments]
            return lambda ident: _lifted(lambda *values: call(name, list(values)), [one(ident) for one in given])
        case Binary(operator, left, right):
            do = compare if operator in COMPARISONS else arithmetic
            one, two = below(left), below(right)
            return lambda ident: _lifted(lambda a, b: do(operator, a, b), [one(ident), two(ident)])


def _path(names: tuple[str, ...], catalogue: Catalogue, entity_set: str) -> Reader:
    kind, name = TYPES[entity_set], names[0]
    if entity_set == "Observations":
        raise Unsupported(f"{'/'.join(names)} leads through Observations: filter these themselves")
    if name in IDS:
        return lambda ident: ident
    if name in kind.properties:
        bodies, keys = catalogue.bodies[entity_set], names[1:]
        return lambda ident: dig(bodies[ident].get(name), keys)
    if name not in kind.navigation:
        raise unknown(kind, name)
    way = kind.navigation[name]
    rest = _path(names[1:] or ("id",), catalogue, way.target)
    links = catalogue.links[entity_set, name]
    if way.many:
        return lambda ident: Many(value for other in links.get(ident, ()) for value in _flat(rest(other)))
    return lambda ident: rest(links[ident][0]) if links.get(ident) else None


def dig(value: Any, keys: Sequence[str]) -> Any:
    """What stands in JSON under keys one after the other; None where nothing does."""
    for key in keys:
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value


def _flat(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, Many) else (value,)


def _lifted(do: Callable[..., Any], values: list[Any]) -> Any:
    if not any(isinstance(value, Many) for value in values):
        return do(*values)
    flat = [_flat(value) for value in values]
    if math.prod(len(one) for one in flat) > MAX_PAIRS:
        raise wrong(f"The filter would compare more than {MAX_PAIRS} pairs of related entities: ask for fewer")
    return Many(do(*chosen) for chosen in product(*flat))


def _truth(value: Any) -> bool | None:
    """True, False, or None where nothing can be said; a value that is no condition says nothing."""
    if isinstance(value, Many):
        return any(one is True for one in value)
    return value if isinstance(value, bool) else None


def _opposite(value: Any) -> bool | None:
    found = _truth(value)
    return None if found is None else not found


def _junction(operator: str, parts: list[Reader]) -> Reader:
    decisive = operator == "or"

    def decide(ident: str) -> bool | None:
        open_question = False
        for part in parts:
            found = _truth(part(ident))
            if found is decisive:
                return decisive
            open_question |= found is None
        return None if open_question else not decisive

    return decide


def rank_of(value: Any) -> tuple[int, Any]:
    """A key that any two values can be compared by."""
    if isinstance(value, Many):
        value = min(value, key=rank_of, default=None)
    match value:
        case None:
            return 0, 0
        case bool() | int() | float():
            return (1, value) if not math.isnan(value) else (0, 0)
        case str():
            return 2, value
    return 3, str(value)
