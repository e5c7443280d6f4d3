"""`SensorThings`: the service of one running park, without HTTP."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from typing import Any

import duckdb
from starlette.concurrency import run_in_threadpool

from server.publishing import Publisher
from server.sta.body import parsed, table
from server.sta.catalogue import Catalogue
from server.sta.created import CreatedStore
from server.sta.errors import NotAllowed, wrong
from server.sta.json_patch import patched
from server.sta.links import ROOT, path_link
from server.sta.park_entities import ParkModel, add_park
from server.sta.posting import Posted, checked, from_arrays, readings
from server.sta.reading import Reading
from server.sta.schema import TYPES
from server.sta.syntax.options import parse_options, query_of
from server.sta.syntax.resource import Resource, parse_resource
from server.sta.writing import Change, Writing, point_row
from twin.clock import Clock
from twin.errors import Invalid, ParkError, Unavailable
from twin.graph import GraphStore, added_points
from twin.runtime.park_runtime import ParkRuntime
from twin.state.hub import Hub
from twin.state.point import PointSpec

CREATE_OBSERVATIONS = "CreateObservations"
Layers = frozenset[str] | None


class SensorThings:
    """Entities of the park and of clients. runtime: None for a park without live state: it has no Observations.

    Reading blocks: call it in a thread. Posting runs on the event loop.
    """

    def __init__(self, graph: GraphStore, publisher: Publisher, runtime: ParkRuntime | None, clock: Clock) -> None:
        self.store = CreatedStore(graph.db)
        self._graph, self._publisher, self._runtime, self._clock = graph, publisher, runtime, clock
        self._loop = asyncio.get_running_loop()
        self._lock = threading.Lock()
        self._hub: Hub | None = None
        self._keys: dict[str, int] = {}
        self._park_points: list[PointSpec] = []
        self._park_version = 0
        self._bases: dict[Layers, tuple[tuple[object, ...], Catalogue]] = {}
        self._whole: dict[Layers, tuple[tuple[object, ...], Catalogue]] = {}

    @property
    def runtime(self) -> ParkRuntime:
        """The running park. Raises Unavailable where there is none."""
        if self._runtime is None:
            raise Unavailable("This park runs without live state: it keeps no Observations", code="no-live")
        return self._runtime

    def catalogue(self, layers: Layers = None) -> Catalogue:
        """All entities as they are now; layers: only what an embed token shows."""
        with self._lock:
            self._follow()
            scene = (self._graph.revision(), self._park_version)
            base = self._kept(self._bases, layers, scene, lambda: self._base(layers))
            state = (*scene, self._hub, self.store.revision)
            return self._kept(self._whole, layers, state, lambda: self._with_created(base, layers))

    def read(self, path: str, query: bytes | str, root: str, layers: Layers = None) -> tuple[Resource, Any]:
        """What is asked, and JSON of it. root: the service's address. Raises NotFound, Invalid, Unavailable."""
        if path.strip("/") == CREATE_OBSERVATIONS:
            raise NotAllowed(f"{CREATE_OBSERVATIONS} takes data arrays: POST them", "POST")
        resource = parse_resource(path)
        pairs = query_of(query)
        options = parse_options(pairs, resource.entity_set)
        reading = Reading(self.catalogue(layers), self._ask, root, path_link(root, path), pairs)
        return resource, reading.answer(resource, options)

    async def create(self, path: str, raw: bytes, who: str) -> tuple[str, str]:
        """(entity set, id) of what a POST creates, once it is kept."""
        resource = parse_resource(path)
        if resource.single or resource.keys or resource.ending:
            raise NotAllowed(
                f"{path!r:.120} is no collection: POST to one, PATCH to change an entity", _allowed(resource)
            )
        body = table(parsed(raw), TYPES[resource.entity_set].name)
        if resource.entity_set == "Observations":
            (posted,) = await self.post([(await run_in_threadpool(self.datastream_of, resource), body)])
            if isinstance(posted, ParkError):
                raise posted
            return "Observations", posted
        ident, change = await run_in_threadpool(self._create, resource, body, who)
        if change.observations:
            await self.post(change.observations, all_or_nothing=True)
        return resource.entity_set, ident

    def datastream_of(self, resource: Resource) -> str:
        """The Datastream that an address of Observations names, "" where their bodies do. Raises NotFound, Invalid."""
        if resource.single or resource.entity_set != "Observations":
            raise wrong("Observations are posted to Observations or to those of a Datastream")
        context = self._context(resource, self.catalogue())
        if "FeatureOfInterest" in context:
            raise wrong("Observations are posted to their Datastream, which says what it observes")
        return context.get("Datastream", "")

    async def create_observations(self, raw: bytes) -> list[str | ParkError]:
        """The data-array extension: ids of Observations, or the error of each that was refused, in order."""
        given = from_arrays(parsed(raw))
        done = iter(await self.post([one for one in given if not isinstance(one, Invalid)]))
        return [one if isinstance(one, Invalid) else next(done) for one in given]

    async def post(
        self, given: Sequence[tuple[str, Mapping[str, Any]]], *, all_or_nothing: bool = False
    ) -> list[str | ParkError]:
        """Give Observations to the park; their ids once they are committed, or the error of each that was refused."""
        runtime = self.runtime
        catalogue = await run_in_threadpool(self.catalogue)
        found = [self._checked(runtime, catalogue, *one) for one in given]
        failed = next((one for one in found if isinstance(one, ParkError)), None)
        if failed is not None and all_or_nothing:
            raise failed
        good = [one for one in found if isinstance(one, Posted)]
        if good:
            await runtime.ingest(readings(good, runtime))
        return [f"{catalogue.keys[one.datastream]}-{one.t}" if isinstance(one, Posted) else one for one in found]

    async def change(self, path: str, raw: bytes, who: str, *, whole: bool = False, steps: bool = False) -> Resource:
        """PATCH, PUT (whole) or a JSON patch (steps) of an entity."""
        resource = _entity(path)
        given = parsed(raw)
        await run_in_threadpool(self._change, resource, given, who, whole, steps)
        return resource

    async def delete(self, path: str, who: str) -> Resource:
        """DELETE of an entity that a client created, with what cannot be without it."""
        resource = _entity(path)
        await run_in_threadpool(self._delete, resource, who)
        return resource

    def _checked(
        self, runtime: ParkRuntime, catalogue: Catalogue, datastream: str, body: Mapping[str, Any]
    ) -> Posted | ParkError:
        try:
            return checked(body, datastream, catalogue, self._clock.now_ms(), runtime.hub.skew_ms)
        except ParkError as error:
            return error

    def _create(self, resource: Resource, body: dict[str, Any], who: str) -> tuple[str, Change]:
        with self.store.writing():
            catalogue = self.catalogue()
            writing = Writing(catalogue, self.store, self._clock.now_ms(), who)
            ident = writing.create(resource.entity_set, body, self._context(resource, catalogue))
            for name, one in writing.change.observations:  # refused before anything is written
                self._check_brought(writing.change, name, one)
            self._save(writing.change, catalogue)
        return ident, writing.change

    def _check_brought(self, change: Change, datastream: str, body: Mapping[str, Any]) -> None:
        made = change.saved["Datastreams", datastream]
        trial = Catalogue()
        trial.put("Datastreams", datastream, made.body)
        trial.features[datastream], trial.keys[datastream] = "?", 0
        rest = {name: value for name, value in body.items() if name not in ("Datastream", "FeatureOfInterest")}
        checked(rest, datastream, trial, self._clock.now_ms(), self.runtime.hub.skew_ms)

    def _context(self, resource: Resource, catalogue: Catalogue) -> dict[str, str]:
        """What an address such as Things('x')/Datastreams says of the new entity."""
        if len(resource.steps) == 1:
            return {}
        before = Resource(resource.steps[:-1], "", single=True)
        (ident,) = Reading(catalogue, self._ask, "", "", ()).ids_of(before)
        current = resource.steps[0].name
        for step in resource.steps[1:-1]:
            current = TYPES[current].navigation[step.name].target
        kind = TYPES[resource.entity_set]
        way = next((way for way, one in kind.navigation.items() if one.target == current), None)
        if way is None:
            raise wrong(f"{resource.entity_set} are not created below {current}")
        return {way: ident}

    def _change(self, resource: Resource, given: Any, who: str, whole: bool, steps: bool) -> None:
        with self.store.writing():
            catalogue = self.catalogue()
            (ident,) = Reading(catalogue, self._ask, "", "", ()).ids_of(resource)
            writing = Writing(catalogue, self.store, self._clock.now_ms(), who)
            if steps and (old := self.store.find(resource.entity_set, ident)):
                given, whole = patched(old.body, given), True
            writing.update(
                resource.entity_set, ident, table(given, "The change") if not steps or whole else {}, whole=whole
            )
            self._save(writing.change, catalogue)

    def _delete(self, resource: Resource, who: str) -> None:
        with self.store.writing():
            catalogue = self.catalogue()
            (ident,) = Reading(catalogue, self._ask, "", "", ()).ids_of(resource)
            writing = Writing(catalogue, self.store, self._clock.now_ms(), who)
            writing.delete(resource.entity_set, ident)
            self._save(writing.change, catalogue)

    def _save(self, change: Change, catalogue: Catalogue) -> None:
        """Write a change in one transaction; the running park takes the points of Datastreams that are new or gone."""
        datastreams = [one for (entity_set, _), one in change.saved.items() if entity_set == "Datastreams"]
        rows = [point_row(one, catalogue, change) for one in datastreams]
        gone = [ident for entity_set, ident in change.dropped if entity_set == "Datastreams"]

        def points(cursor: Any) -> None:
            if gone:
                added_points.remove(cursor, gone)
            if rows:
                added_points.change(cursor, rows)

        def write() -> None:
            self.store.write(change.saved.values(), change.dropped, points)

        if rows or gone:
            self._publisher.change_points(write)
        else:
            write()

    def _base(self, layers: Layers) -> Catalogue:
        found = Catalogue()
        add_park(found, ParkModel.of(self._graph), layers)
        return found

    def _with_created(self, base: Catalogue, layers: Layers) -> Catalogue:
        found = base.copy()
        found.add_created(self.store.all(), visible=layers is None)
        known = found.bodies["Datastreams"]
        found.keys = {name: key for name, key in self._keys.items() if name in known}
        found.points = {key: name for name, key in found.keys.items()}
        return found

    def _follow(self) -> None:
        """Learn the history's keys anew where the park has taken other points."""
        if self._runtime is None or self._runtime.hub is self._hub:
            return
        runtime = self._runtime

        async def both() -> tuple[Hub, list[int]]:  # on the event loop, where they always fit together
            return runtime.hub, runtime.keys.tolist()

        self._hub, keys = asyncio.run_coroutine_threadsafe(both(), self._loop).result()
        self._keys = {point.point_id: key for point, key in zip(self._hub.points, keys, strict=True)}
        park = [point for point in self._hub.points if self.store.find("Datastreams", point.point_id) is None]
        if park != self._park_points:  # else only clients' points changed, and the park's model stays as it was read
            self._park_points, self._park_version = park, self._park_version + 1

    def _kept(
        self,
        kept: dict[Layers, tuple[tuple[object, ...], Catalogue]],
        layers: Layers,
        state: tuple[object, ...],
        make: Callable[[], Catalogue],
    ) -> Catalogue:
        """The catalogue of a state, made again when that has changed; a few sets of layers are remembered."""
        found = kept.get(layers)
        if found is None or found[0] != state:
            if len(kept) >= 8:
                kept.clear()
            found = kept[layers] = (state, make())
        return found[1]

    def _ask(self, question: Callable[[duckdb.DuckDBPyConnection], Any]) -> Any:
        """Ask the history from a thread."""
        waiting: Future[Any] = asyncio.run_coroutine_threadsafe(self.runtime.store.read(question), self._loop)
        return waiting.result()


def _entity(path: str) -> Resource:
    resource = parse_resource(path)
    if not resource.single or resource.keys or resource.ending:
        raise NotAllowed(f"{path!r:.120} is no entity: expected an address like {ROOT}/Things('…')", _allowed(resource))
    if resource.entity_set == "Observations":
        raise NotAllowed("Observations are the park's history: they are not changed or deleted here", "GET")
    return resource


def _allowed(resource: Resource) -> str:
    """The methods that a path takes."""
    if resource.keys or resource.ending:
        return "GET"
    return (
        ("GET" if resource.entity_set == "Observations" else "GET, PATCH, PUT, DELETE")
        if resource.single
        else "GET, POST"
    )
