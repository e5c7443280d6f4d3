"""Query options: `$filter`, `$expand` with options of its own, `$select`, `$orderby`, `$top`, `$skip`, `$count`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import unquote_plus

from server.sta.errors import wrong
from server.sta.schema import IDS, SELF_LINK, TYPES, EntityType, type_of, unknown
from server.sta.syntax.expression import parse_filter, parse_order
from server.sta.syntax.nodes import Node

MAX_EXPANSION = 6
MAX_SKIP = 10_000_000
DATA_ARRAY = "dataArray"
TOKEN = "$skiptoken"  # noqa: S105  where a page begins, no secret


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked of one collection or entity.

    select: None is everything; order: (expression, descending); pairs: the options as they came.
    """

    filter: Node | None = None
    expand: Mapping[str, Options] | None = None
    select: tuple[str, ...] | None = None
    order: tuple[tuple[Node, bool], ...] = ()
    top: int | None = None
    skip: int = 0
    count: bool = False
    token: str = ""
    data_array: bool = False
    pairs: tuple[tuple[str, str], ...] = ()


def query_of(raw: bytes | str) -> list[tuple[str, str]]:
    """Names and values of a query string, decoded, in order."""
    text = raw.decode("latin-1") if isinstance(raw, bytes) else raw
    pairs = [part.partition("=") for part in text.split("&") if part]
    return [(unquote_plus(name), unquote_plus(value)) for name, _, value in pairs]


def parse_options(pairs: list[tuple[str, str]], entity_set: str, depth: int = 0) -> Options:
    """Options for a set. Raises Invalid naming the option that is wrong, unknown or given twice."""
    kind = type_of(entity_set)
    found = Options(pairs=tuple(pairs))
    seen: set[str] = set()
    for given, value in pairs:
        name = given if given.startswith("$") or given == "resultFormat" else f"${given}"
        if name in seen:
            raise wrong(f"Option {name} stands twice: expected it once")
        seen.add(name)
        found = _with(found, name, value.strip(), kind, depth)
    return found


def _with(found: Options, name: str, value: str, kind: EntityType, depth: int) -> Options:
    match name:
        case "$filter":
            return replace(found, filter=parse_filter(value))
        case "$orderby":
            return replace(found, order=tuple(parse_order(value)))
        case "$top":
            return replace(found, top=_whole(name, value, 1 << 53))
        case "$skip":
            return replace(found, skip=_whole(name, value, MAX_SKIP))
        case "$count":
            if value.lower() not in ("true", "false"):
                raise wrong(f"$count is {value!r}: expected true or false")
            return replace(found, count=value.lower() == "true")
        case "$select":
            return replace(found, select=_selected(value, kind))
        case "$expand":
            return replace(found, expand=_expanded(value, kind, depth))
        case "$skiptoken" if depth == 0:
            return replace(found, token=value)
        case "$resultFormat" | "resultFormat" if depth == 0:
            if value != DATA_ARRAY or kind.plural != "Observations":
                raise wrong(f"resultFormat is {value!r}: expected {DATA_ARRAY}, on a collection of Observations")
            return replace(found, data_array=True)
    raise wrong(
        f"Option {name!r} is unknown: expected $filter, $expand, $select, $orderby, $top, $skip, $count or resultFormat"
    )


def _whole(name: str, value: str, most: int) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) < 20 and int(value) <= most):
        raise wrong(f"{name} is {value!r:.60}: expected a whole number from 0 to {most}")
    return int(value)


def _selected(value: str, kind: EntityType) -> tuple[str, ...]:
    names = tuple(name.strip() for name in value.split(","))
    for name in names:
        if name not in (*kind.properties, *kind.navigation, *IDS, SELF_LINK):
            raise unknown(kind, name)
    return names


def _expanded(value: str, kind: EntityType, depth: int) -> dict[str, Options]:
    if depth >= MAX_EXPANSION:
        raise wrong(f"$expand is nested more than {MAX_EXPANSION} deep: ask in several requests")
    found: dict[str, Options] = {}
    for part in split_outside(value, ","):
        path, inner = _item(part.strip())
        name, _, rest = path.partition("/")
        if name not in kind.navigation:
            raise wrong(f"{kind.name} has no {name!r:.60} to expand: expected {', '.join(kind.navigation)}")
        target = kind.navigation[name].target
        if rest:  # Datastreams/Sensor: the options belong to the last one
            below = _expanded(rest + (f"({inner})" if inner else ""), TYPES[target], depth + 1)
            options = found.get(name, Options())
            found[name] = replace(options, expand={**(options.expand or {}), **below})
        else:
            pairs = [half.strip().partition("=") for half in split_outside(inner, ";") if half.strip()]
            options = parse_options([(one.strip(), two) for one, _, two in pairs], target, depth + 1)
            kept = found[name].expand if name in found else None
            found[name] = replace(options, expand={**(kept or {}), **(options.expand or {})} or None)
    return found


def _item(text: str) -> tuple[str, str]:
    """`Datastreams($top=1)` as its path and what stands in the brackets."""
    path, bracket, rest = text.partition("(")
    if bracket and not rest.endswith(")"):
        raise wrong(f"$expand has {text!r:.80}: expected ')' at its end")
    return path.strip(), rest[:-1] if bracket else ""


def split_outside(text: str, mark: str) -> list[str]:
    """Split at a mark that stands outside quotes and brackets. Raises Invalid where these do not close."""
    parts, depth, quoted, start = [], 0, False, 0
    for at, sign in enumerate(text):
        if sign == "'":
            quoted = not quoted
        elif quoted:
            continue
        elif sign == "(":
            depth += 1
        elif sign == ")":
            depth -= 1
            if depth < 0:
                break
        elif sign == mark and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    if quoted or depth:
        raise wrong(f"{text!r:.80} has quotes or brackets that do not fit together")
    return [*parts, text[start:]]
