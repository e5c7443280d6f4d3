"""`$filter` on Observations as SQL with bound values: parts on the Datastream become sets of points, instants become epoch ms."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from server.sta.catalogue import Catalogue
from server.sta.errors import Unsupported, wrong
from server.sta.evaluate import rank_of, reader
from server.sta.functions import moment
from server.sta.schema import IDS, TYPES, unknown
from server.sta.syntax.nodes import COMPARISONS, Binary, Call, Geometry, Junction, Literal, Node, Not, Path

OBSERVATION_ID = re.compile(r"(\d{1,9})-(-?\d{1,15})")
TIMES = frozenset({"phenomenonTime", "resultTime"})
SIGNS: Mapping[str, str] = {
    "eq": "=", "ne": "<>", "gt": ">", "ge": ">=", "lt": "<", "le": "<=", "add": "+", "sub": "-", "mul": "*", "div": "/",
    "mod": "%",
}  # fmt: skip
FUNCTIONS: Mapping[str, tuple[str, str]] = {
    **{name: (f"{name}(make_timestamp_ms({{0}}))", "number") for name in ("year", "month", "day", "hour", "minute")},
    "second": ("second(make_timestamp_ms({0}))", "number"),
    "fractionalseconds": ("(({0} % 1000) / 1000)", "number"),
    "date": ("({0} - {0} % 86400000)", "time"),
    "time": ("({0} % 86400000)", "clock"),
    "totaloffsetminutes": ("({0} * 0)", "number"),
    "round": ("round({0})", "number"),
    "floor": ("floor({0})", "number"),
    "ceiling": ("ceil({0})", "number"),
}
TEXTS: Mapping[str, str] = {
    "substringof": "contains({1}, {0})", "endswith": "suffix({0}, {1})", "startswith": "prefix({0}, {1})",
    "length": "length({0})", "indexof": "(instr({0}, {1}) - 1)", "tolower": "lower({0})", "toupper": "upper({0})",
    "trim": "trim({0})", "concat": "concat({0}, {1})",
}  # fmt: skip
QUALITIES = ("good", "stale", "bad")
"""`resultQuality` by the history's code."""


@dataclass(frozen=True, slots=True)
class Sql:
    """An expression of SQL, its values in order, and what it gives.

    kind: bool, number, time (epoch ms), clock (ms since midnight, UTC), span (ms), text, truth (0 or 1) or null.
    """

    text: str
    values: tuple[object, ...] = ()
    kind: str = "bool"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Epoch ms between which all that match lie, both inclusive; None where the filter does not say."""

    low: int | None = None
    high: int | None = None


def condition(node: Node, catalogue: Catalogue) -> Sql:
    """The condition of a whole filter. Raises Invalid where it is none or a name is unknown, Unsupported where SQL cannot tell."""
    found = _Compiler(catalogue).sql(node)
    if found.kind != "bool":
        raise wrong("The filter is no condition: expected a comparison such as result gt 20")
    return found


def order_of(node: Node, catalogue: Catalogue) -> Sql:
    """An expression to order by; one of the Datastream or FeatureOfInterest alone becomes the rank of each point."""
    ways = {path.names[0] for path in paths(node)} & set(TYPES["Observations"].navigation)
    if len(ways) == 1 and {path.names[0] for path in paths(node)} == ways:
        (way,) = ways
        value = reader(_shortened(node), catalogue, TYPES["Observations"].navigation[way].target)
        owners = {key: _owner(catalogue, name, way) for name, key in catalogue.keys.items()}
        given = {key: rank_of(None if owner is None else value(owner)) for key, owner in owners.items()}
        places = {rank: place for place, rank in enumerate(sorted(set(given.values())))}
        text = "list_extract(?::INTEGER[], list_position(?::INTEGER[], point))"
        return Sql(text, ([places[rank] for rank in given.values()], list(given)), "number")
    return _Compiler(catalogue).sql(node)


def bounds(node: Node | None) -> Bounds:
    """What the conditions that must all hold say of phenomenonTime."""
    parts = node.operands if isinstance(node, Junction) and node.operator == "and" else (node,)
    low: list[int] = []
    high: list[int] = []
    for part in parts:
        if isinstance(part, Junction) and part.operator == "and":
            inner = bounds(part)
            low += [] if inner.low is None else [inner.low]
            high += [] if inner.high is None else [inner.high]
        if not isinstance(part, Binary):
            continue
        left, right, operator = part.left, part.right, part.operator
        if isinstance(left, Literal):
            left, right, operator = (
                right,
                left,
                {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}.get(operator, operator),
            )
        if isinstance(left, Path) and left.names[0] in TIMES and isinstance(right, Literal):
            at = _ms(right.value)
            if at is not None and operator in ("gt", "ge", "eq"):
                low.append(at)
            if at is not None and operator in ("lt", "le", "eq"):
                high.append(at + 1)  # a literal may lie between two milliseconds
    return Bounds(max(low, default=None), min(high, default=None))


def key_and_time(ident: str) -> tuple[int, int] | None:
    """The point's key and the instant of an Observation's id; None where it is none."""
    match = OBSERVATION_ID.fullmatch(ident)
    return (int(match[1]), int(match[2])) if match else None


def _ms(value: object) -> int | None:
    """Whole milliseconds at or before an instant or day."""
    if isinstance(value, datetime | date):
        return (moment(value) - datetime.fromisoformat("1970-01-01T00:00:00Z")) // timedelta(milliseconds=1)
    return None


class _Compiler:
    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def sql(self, node: Node) -> Sql:
        points = self._points(node)
        if points is not None:
            return points
        match node:
            case Literal(value):
                return _literal(value)
            case Path(names):
                return _column(names)
            case Not(operand):
                inner = self._condition(operand)
                return Sql(f"(NOT {inner.text})", inner.values)
            case Junction(operator, operands):
                parts = [self._condition(operand) for operand in operands]
                return Sql(_joined(f" {operator.upper()} ", parts), _values(parts))
            case Call() if not paths(node):  # the same for all Observations
                value = reader(node, self._catalogue, "Things")("")
                return Sql("true" if value else "false") if isinstance(value, bool) else _literal(value)
            case Call(name, arguments):
                return self._call(name, [self.sql(argument) for argument in arguments])
            case Binary(operator, left, right):
                identity = _identity(operator, left, right)
                return identity or _binary(operator, self.sql(left), self.sql(right))
            case Geometry():
                raise Unsupported("Observations have no geometry: filter by FeatureOfInterest/feature")

    def _condition(self, node: Node) -> Sql:
        found = self.sql(node)
        if found.kind != "bool":
            raise wrong(f"A {found.kind} stands where a condition is expected")
        return found

    def _points(self, node: Node) -> Sql | None:
        """A condition that speaks of the Datastream or FeatureOfInterest only, as the points for which it holds."""
        ways = {path.names[0] for path in paths(node)} & set(TYPES["Observations"].navigation)
        if not ways:
            return None
        if len(ways) == 1 and {path.names[0] for path in paths(node)} == ways and _is_condition(node):
            way = ways.pop()
            target = TYPES["Observations"].navigation[way].target
            holds = reader(_shortened(node), self._catalogue, target)
            owners = ((key, _owner(self._catalogue, name, way)) for name, key in self._catalogue.keys.items())
            keys = [key for key, owner in owners if owner is not None and holds(owner) is True]
            return Sql("(point IN (SELECT unnest(?::INTEGER[])))", (keys,))
        if _is_condition(node) and isinstance(node, Not | Junction):
            return None  # its parts may speak of one thing each
        raise Unsupported(
            "A comparison of an Observation with its Datastream or FeatureOfInterest is not supported: compare each with"
            " a constant"
        )

    def _call(self, name: str, given: list[Sql]) -> Sql:
        if name in FUNCTIONS:
            text, kind = FUNCTIONS[name]
            wanted = "number" if name in ("round", "floor", "ceiling") else "time"
        elif name in TEXTS:
            text, wanted = TEXTS[name], "text"
            kind = "number" if name in ("length", "indexof") else "bool"
            kind = "text" if name in ("tolower", "toupper", "trim", "concat") else kind
        elif name == "substring":
            return _substring(given)
        else:
            raise Unsupported(f"Function {name} does not work on Observations")
        if any(one.kind != wanted for one in given):
            raise wrong(f"{name} of a {', '.join(one.kind for one in given)}: expected {wanted}")
        order = [int(found) for found in re.findall(r"\{(\d)\}", text)]  # the values go in the order of their places
        return Sql(text.format(*(one.text for one in given)), _values([given[place] for place in order]), kind)


def _owner(catalogue: Catalogue, datastream: str, way: str) -> str | None:
    """The entity that Observations of a Datastream lead to."""
    return datastream if way == "Datastream" else catalogue.features.get(datastream)


def _substring(given: list[Sql]) -> Sql:
    if [one.kind for one in given] != ["text", "number", "number"][: len(given)]:
        raise wrong(f"substring of a {', '.join(one.kind for one in given)}: expected text, number, number")
    length = f", greatest(0, {given[2].text})::BIGINT" if len(given) == 3 else ""
    return Sql(f"substring({given[0].text}, greatest(0, {given[1].text})::BIGINT + 1{length})", _values(given), "text")


def paths(node: Node) -> list[Path]:
    """All paths of an expression."""
    match node:
        case Path():
            return [node]
        case Not(operand):
            return paths(operand)
        case Junction(_, operands) | Call(_, operands):
            return [path for operand in operands for path in paths(operand)]
        case Binary(_, left, right):
            return [*paths(left), *paths(right)]
    return []


def _is_condition(node: Node) -> bool:
    if isinstance(node, Binary):
        return node.operator in COMPARISONS
    return isinstance(node, Not | Junction | Call)


def _shortened(node: Node) -> Node:
    """The expression as seen from the entity that its paths lead to."""
    match node:
        case Path(names):
            return Path(names[1:] or ("id",))
        case Not(operand):
            return Not(_shortened(operand))
        case Junction(operator, operands):
            return Junction(operator, tuple(_shortened(operand) for operand in operands))
        case Call(name, arguments):
            return Call(name, tuple(_shortened(argument) for argument in arguments))
        case Binary(operator, left, right):
            return Binary(operator, _shortened(left), _shortened(right))
    return node


def _literal(value: object) -> Sql:
    if isinstance(value, bool):
        return Sql("?", (float(value),), "truth")
    if isinstance(value, int | float):
        return Sql("?", (float(value),), "number")
    if isinstance(value, str):
        return Sql("?", (value,), "text")
    if isinstance(value, timedelta):
        return Sql("?", (round(value.total_seconds() * 1000),), "span")
    if value is None:
        return Sql("NULL", (), "null")
    if isinstance(value, time):
        since = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond)
        return Sql("?", (since / timedelta(milliseconds=1),), "clock")
    at = _ms(value)
    if at is None:
        raise Unsupported("A place does not work on Observations: filter by FeatureOfInterest/feature")
    return Sql("?", (at,), "time")


def _column(names: Sequence[str]) -> Sql:
    wanted = names[0]
    columns: Mapping[str, Callable[[], Sql]] = {
        **{name: lambda: Sql("t", (), "time") for name in TIMES},
        # NaN, the sender's "no number", would be greater than all numbers.
        "result": lambda: Sql("nullif(value, 'nan'::DOUBLE)", (), "number"),
        "resultQuality": lambda: Sql("CASE quality WHEN 0 THEN 'good' WHEN 1 THEN 'stale' ELSE 'bad' END", (), "text"),
        **{ident: lambda: Sql("(point || '-' || t)", (), "text") for ident in IDS},
        **{empty: lambda: Sql("NULL", (), "null") for empty in ("validTime", "parameters")},
    }
    if wanted not in columns:
        raise unknown(TYPES["Observations"], wanted)
    if len(names) > 1:
        return Sql("NULL", (), "null")
    return columns[wanted]()


def _identity(operator: str, left: Node, right: Node) -> Sql | None:
    """`id eq '12-1700000000000'` as a point and an instant, which a scan of their columns finds fast."""
    if operator != "eq":
        return None
    if isinstance(left, Literal):
        left, right = right, left
    if isinstance(left, Path) and left.names[0] in IDS and len(left.names) == 1 and isinstance(right, Literal):
        found = key_and_time(str(right.value))
        return Sql("(point = ? AND t = ?)", found) if found else Sql("false")
    return None


def _binary(operator: str, left: Sql, right: Sql) -> Sql:
    values = (*left.values, *right.values)
    kinds = {left.kind, right.kind}
    if operator in COMPARISONS:
        if "null" in kinds and operator in ("eq", "ne"):
            one = right if left.kind == "null" else left
            return Sql(f"({one.text} IS {'' if operator == 'eq' else 'NOT '}NULL)", one.values)
        if "null" in kinds:
            return Sql("NULL::BOOLEAN")
        if len(kinds - {"truth"}) > 1 or (kinds & {"truth"} and "number" not in kinds and kinds != {"truth"}):
            raise wrong(f"A {left.kind} cannot be compared with a {right.kind}")
        return Sql(f"({left.text} {SIGNS[operator]} {right.text})", values)
    if kinds == {"number"}:
        return Sql(f"({left.text} {SIGNS[operator]} {right.text})", values, "number")
    if operator in ("add", "sub") and left.kind in ("time", "span") and right.kind == "span":
        return Sql(f"({left.text} {SIGNS[operator]} {right.text})", values, left.kind)
    if operator == "sub" and kinds == {"time"}:
        return Sql(f"({left.text} - {right.text})", values, "span")
    raise wrong(f"A {left.kind} {operator} a {right.kind} makes no sense")


def _joined(word: str, parts: Sequence[Sql]) -> str:
    return "(" + word.join(part.text for part in parts) + ")"


def _values(parts: Sequence[Sql]) -> tuple[object, ...]:
    return tuple(value for part in parts for value in part.values)
