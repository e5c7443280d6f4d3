"""Answers what is asked: finds the entities of a resource path, filters, orders, pages, expands and selects."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import duckdb
import numpy as np

from server.sta import observation_shape as shape
from server.sta import observations
from server.sta.catalogue import Catalogue
from server.sta.errors import wrong
from server.sta.evaluate import dig, matching, ordered
from server.sta.links import next_link, self_link
from server.sta.observation_filter import TIMES, bounds, condition, key_and_time, order_of
from server.sta.observations import Found, Wanted
from server.sta.schema import IDS, SELF_LINK, TYPES
from server.sta.syntax.nodes import Path
from server.sta.syntax.options import Options
from server.sta.syntax.resource import Resource
from twin.errors import NotFound
from twin.state.samples import Ints

T = TypeVar("T")
Ask = Callable[[Callable[[duckdb.DuckDBPyConnection], T]], T]
"""Puts a question to the history and waits for its answer."""

PAGE, MOST = 100, 1000
"""Entities of a page where nothing is said, and at most."""
MAX_ENTITIES = 100_000
MAX_QUESTIONS = 200
"""Pages of Observations that one expansion may ask the history for one by one."""


class Reading:
    """Answers one request. root: the service's address; pairs: the query as it came, for links to further pages."""

    def __init__(
        self, catalogue: Catalogue, ask: Ask[Any], root: str, address: str, pairs: Sequence[tuple[str, str]]
    ) -> None:
        self._catalogue, self._ask, self._root = catalogue, ask, root
        self._address, self._pairs = address, list(pairs)
        self._entities = self._questions = 0

    def answer(self, resource: Resource, options: Options) -> Any:
        """JSON of a resource. Raises NotFound, Invalid."""
        if resource.keys or resource.ending:  # the path says already what is shown
            options = replace(options, select=None, expand=None)
        if resource.entity_set == "Observations":
            return self._observations(resource, options)
        ids = self.ids_of(resource)
        if resource.single:
            return self._property(resource, self.render(resource.entity_set, ids, options)[0], ids[0])
        body = self._collection(resource.entity_set, ids, options)
        return _references(body) if resource.ending else body

    def ids_of(self, resource: Resource) -> list[str]:
        """Ids that a path leads to. Raises NotFound where an entity on the way is not there."""
        first, *rest = resource.steps
        current = first.name
        known = self._catalogue.bodies.get(current)
        ids = list(known or ())
        if first.id is not None:
            ids = [self._there(current, first.id, known)]
        for step in rest:
            way = TYPES[current].navigation[step.name]
            related = self._related(current, ids[0], step.name)
            if step.id is not None:
                related = [self._there(way.target, step.id, related)]
            elif not way.many and not related:
                raise NotFound(f"{TYPES[current].name} {ids[0]!r:.120} has no {step.name}", code="sta-entity")
            current, ids = way.target, related
        return ids

    def _there(self, entity_set: str, ident: str, known: Container[str] | None) -> str:
        """The id, where it is among those known, of an Observation where its Datastream is; None: all are. Raises NotFound."""
        of = self._observation_of(ident) if entity_set == "Observations" else ident
        if known is None or of in known:
            return ident
        raise NotFound(f"{entity_set} has no entity {ident!r:.120} here", code="sta-entity")

    def _related(self, entity_set: str, ident: str, way: str) -> list[str]:
        """Ids that a way leads to; of Observations, which are not listed, the Datastreams that have them."""
        if entity_set == "Observations":
            return self._way_of(self._observation_of(ident), way)
        if way == "Observations":
            return [ident] if entity_set == "Datastreams" else list(self._catalogue.observed.get(ident, ()))
        return list(self._catalogue.links[entity_set, way].get(ident, ()))

    def render(self, entity_set: str, ids: Sequence[str], options: Options) -> list[dict[str, Any]]:
        """Entities as JSON, with what is expanded."""
        self._count(len(ids))
        kind, bodies = TYPES[entity_set], self._catalogue.bodies[entity_set]
        select, expand = options.select, options.expand or {}
        found = []
        for ident in ids:
            link, body = self_link(self._root, entity_set, ident), bodies[ident]
            if select is None:
                made = {"@iot.id": ident, SELF_LINK: link}
                made.update((name, body[name]) for name in kind.properties if name in body)
                ways: Iterable[str] = kind.navigation
            else:
                made = {}
                if select and set(select) & set(IDS):
                    made["@iot.id"] = ident
                if SELF_LINK in select:
                    made[SELF_LINK] = link
                made.update((name, body[name]) for name in select if name in body)
                ways = [way for way in kind.navigation if way in select]
            made.update((f"{way}@iot.navigationLink", f"{link}/{way}") for way in ways if way not in expand)
            found.append(made)
        for way, inner in expand.items():
            self._expand(entity_set, way, ids, found, inner)
        return found

    def _expand(
        self, entity_set: str, way: str, ids: Sequence[str], made: list[dict[str, Any]], options: Options
    ) -> None:
        target = TYPES[entity_set].navigation[way]
        if target.target == "Observations":
            self._expand_observations(entity_set, ids, made, options)
            return
        links = self._catalogue.links[entity_set, way]
        related = [links.get(ident, []) for ident in ids]
        if not target.many:  # each once, however many lead to it
            distinct = list(dict.fromkeys(other for others in related for other in others))
            shown = dict(zip(distinct, self.render(target.target, distinct, options), strict=True))
            for body, others in zip(made, related, strict=True):
                body[way] = shown[others[0]] if others else None
            return
        pages = [self._page(target.target, others, options) for others in related]
        flat = iter(self.render(target.target, [ident for page in pages for ident in page[0]], options))
        for ident, body, (shown_ids, total) in zip(ids, made, pages, strict=True):
            if options.count:
                body[f"{way}@iot.count"] = total
            body[way] = [next(flat) for _ in shown_ids]
            end = options.skip + len(shown_ids)
            if end < total and shown_ids:
                address = f"{self_link(self._root, entity_set, ident)}/{way}"
                body[f"{way}@iot.nextLink"] = next_link(address, list(options.pairs), {"$skip": str(end)})

    def _page(self, entity_set: str, ids: Sequence[str], options: Options) -> tuple[list[str], int]:
        """Ids of the page, and how many match in all."""
        found = list(ids)
        if options.filter is not None:
            found = matching(options.filter, self._catalogue, entity_set, found)
        if options.order:
            found = ordered(options.order, self._catalogue, entity_set, found)
        return found[options.skip : options.skip + _size(options)], len(found)

    def _collection(self, entity_set: str, ids: Sequence[str], options: Options) -> dict[str, Any]:
        shown, total = self._page(entity_set, ids, options)
        body: dict[str, Any] = {"@iot.count": total} if options.count else {}
        end = options.skip + len(shown)
        if end < total and shown:
            body["@iot.nextLink"] = next_link(self._address, self._pairs, {"$skip": str(end)})
        return {**body, "value": self.render(entity_set, shown, options)}

    def _property(self, resource: Resource, body: dict[str, Any], ident: str) -> Any:
        """What stands at the end of the path: the entity, a reference to it, a property or its bare value."""
        if resource.ending == "$ref":
            return {SELF_LINK: self_link(self._root, resource.entity_set, ident)}
        if not resource.keys:
            return body
        name = "@iot.id" if resource.keys[0] in IDS else resource.keys[0]
        value = dig(body.get(name), resource.keys[1:])
        if value is None:
            raise NotFound(
                f"{resource.entity_set} {ident!r:.120} has no {'/'.join(resource.keys)}", code="sta-property"
            )
        return value if resource.ending else {resource.keys[-1]: value}

    def _way_of(self, datastream: str, way: str) -> list[str]:
        if way == "Datastream":
            return [datastream]
        return [self._catalogue.features[datastream]] if datastream in self._catalogue.features else []

    def _observation_of(self, ident: str) -> str:
        """The Datastream of an Observation's id. Raises NotFound."""
        found = key_and_time(ident)
        if found is None or found[0] not in self._catalogue.points:
            raise NotFound(f"Observations has no entity {ident!r:.120}", code="sta-entity")
        return self._catalogue.points[found[0]]

    def _observations(self, resource: Resource, options: Options) -> Any:
        if resource.single:
            (ident,) = self.ids_of(resource)
            found = self._ask(lambda cursor: observations.one(cursor, *(key_and_time(ident) or (0, 0))))
            if not len(found):
                raise NotFound(f"Observations has no entity {ident!r:.120}", code="sta-entity")
            return self._property(resource, self._shown(found, options)[0], ident)
        datastreams = self._datastreams_of(resource)
        wanted = self._wanted(datastreams, options)
        size = wanted.limit
        found = self._one_by_one(wanted)
        body: dict[str, Any] = {}
        if options.count:
            body["@iot.count"] = self._counted(wanted)
        if len(found) > size:
            found = found.cut(0, size)
            body["@iot.nextLink"] = next_link(self._address, self._pairs, _further(wanted, found))
        if options.data_array:
            return {**body, "value": shape.data_arrays(found, self._catalogue, self._root, options.select)}
        body["value"] = self._shown(found, options)
        return _references(body) if resource.ending else body

    def _datastreams_of(self, resource: Resource) -> list[str]:
        """Whose Observations a path asks for."""
        if len(resource.steps) == 1:
            return list(self._catalogue.bodies["Datastreams"])
        return self.ids_of(resource)

    def _wanted(self, datastreams: Sequence[str], options: Options) -> Wanted:
        by_time = all(isinstance(node, Path) and node.names[0] in TIMES for node, _ in options.order)
        return Wanted(
            keys=self._keys(datastreams),
            where=None if options.filter is None else condition(options.filter, self._catalogue),
            bounds=bounds(options.filter),
            descending=by_time and bool(options.order) and options.order[0][1],
            order=() if by_time else tuple((order_of(node, self._catalogue), down) for node, down in options.order),
            after=_token(options.token),
            limit=_size(options),
            skip=options.skip,
        )

    def _shown(self, found: Found, options: Options) -> list[dict[str, Any]]:
        self._count(len(found))
        made = [shape.entity(row, self._root, options.select) for row in shape.rows(found, self._catalogue)]
        for way, inner in (options.expand or {}).items():
            owners = [self._way_of(self._catalogue.points[key], way) for key in found.keys.tolist()]
            target = TYPES["Observations"].navigation[way].target
            distinct = list(dict.fromkeys(other for others in owners for other in others))
            shown = dict(zip(distinct, self.render(target, distinct, inner), strict=True))
            for body, others in zip(made, owners, strict=True):
                body.pop(f"{way}@iot.navigationLink", None)
                body[way] = shown[others[0]] if others else None
        return made

    def _expand_observations(
        self, entity_set: str, ids: Sequence[str], made: list[dict[str, Any]], options: Options
    ) -> None:
        owned = [self._related(entity_set, ident, "Observations") for ident in ids]
        wanted = self._wanted([name for names in owned for name in names], options)
        size = wanted.limit
        parts: list[Found] = []
        if entity_set == "Datastreams" and not wanted.order and len(ids) > 1:
            if (size + 1) * len(ids) > MAX_ENTITIES:
                raise wrong(f"{len(ids)} times {size} Observations are more than {MAX_ENTITIES}: give a smaller $top")
            found = self._ask(lambda cursor: observations.latest_each(cursor, replace(wanted, limit=size + bool(size))))
            keys = [self._catalogue.keys.get(ident, -1) for ident in ids]
            starts, ends = (np.searchsorted(found.keys, keys, side) for side in ("left", "right"))
            parts = [found.cut(int(start), int(end)) for start, end in zip(starts, ends, strict=True)]
        for place, (ident, names, body) in enumerate(zip(ids, owned, made, strict=True)):
            part = parts[place] if parts else self._one_by_one(replace(wanted, keys=self._keys(names)))
            if options.count:
                body["Observations@iot.count"] = self._counted(replace(wanted, keys=self._keys(names)))
            body["Observations"] = self._shown(part.cut(0, size), options)
            if len(part) > size:
                address = f"{self_link(self._root, entity_set, ident)}/Observations"
                changed = _further(wanted, part.cut(0, size))
                body["Observations@iot.nextLink"] = next_link(address, list(options.pairs), changed)

    def _one_by_one(self, wanted: Wanted) -> Found:
        self._questioned()
        more = replace(wanted, limit=wanted.limit + bool(wanted.limit))
        found: Found = self._ask(lambda cursor: observations.page(cursor, more))
        return found

    def _counted(self, wanted: Wanted) -> int:
        self._questioned()
        number: int = self._ask(lambda cursor: observations.count(cursor, wanted))
        return number

    def _keys(self, datastreams: Sequence[str]) -> Ints:
        return np.array([self._catalogue.keys[name] for name in datastreams if name in self._catalogue.keys], np.int64)

    def _questioned(self) -> None:
        self._questions += 1
        if self._questions > MAX_QUESTIONS:
            raise wrong(f"The expansion needs more than {MAX_QUESTIONS} pages of Observations: give a smaller $top")

    def _count(self, number: int) -> None:
        self._entities += number
        if self._entities > MAX_ENTITIES:
            raise wrong(f"The answer would hold more than {MAX_ENTITIES} entities: expand less or give a smaller $top")


def _size(options: Options) -> int:
    return PAGE if options.top is None else min(options.top, MOST)


def _further(wanted: Wanted, shown: Found) -> dict[str, str]:
    """Where the next page begins: in order of time behind the last one shown, so that new samples do not move it."""
    if wanted.order:
        return {"$skip": str(wanted.skip + len(shown))}
    return {"$skiptoken": f"{int(shown.times[-1])},{int(shown.keys[-1])}"}


def _token(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    parts = text.split(",")
    if len(parts) != 2 or not all(part.removeprefix("-").isdecimal() and len(part) < 17 for part in parts):
        raise wrong(f"$skiptoken is {text!r:.60}: use the address of @iot.nextLink as it came")
    return int(parts[0]), int(parts[1])


def _references(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "value": [{SELF_LINK: row[SELF_LINK]} for row in body["value"]]}
