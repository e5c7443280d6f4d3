"""`create_app`: puts the parts of the system together; the only place where that is done."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, Request, Response

from server.access import public
from server.accounts import AccountStore, AuditLog
from server.accounts.basic import BasicSignIn
from server.comparing import Schemes
from server.connecting import ConnectorTokens
from server.devices import Devices
from server.diffs import Diffs
from server.embedding import Embed, Embedding, EmbedTokens
from server.exporting import Exports
from server.http.body_limit import BodyLimit
from server.http.context import RequestContext
from server.http.headers import SecurityHeaders
from server.http.metrics import Metrics
from server.http.respond import json_bytes, tagged
from server.jobs import Jobs
from server.live.events import Events
from server.live.park import LivePark, park_runtime
from server.live.places import Places
from server.openapi import API_VERSION, TITLE, document
from server.placing import Placings
from server.problems import add_handlers
from server.publishing import Publisher
from server.routes import (
    alarms,
    application,
    audit,
    commands,
    concepts,
    connectors,
    control,
    corrections,
    device_lists,
    devices,
    embed,
    exports,
    georef,
    health,
    history,
    history_control,
    jobs,
    layers,
    live,
    objects,
    overlays,
    points,
    schemes,
    session,
    sta,
    submissions,
    tiles,
    tree,
    users,
)
from server.routes import (
    park as park_routes,
)
from server.runtime import Runtime
from server.services import Services
from server.settings import Settings
from server.sta.mqtt import bridge
from server.sta.service import SensorThings
from server.sta.settings import StaSettings
from server.submissions import Submissions
from server.submissions.service import Review, review_in_process
from twin.clock import Clock, SystemClock
from twin.graph import GraphStore
from twin.park import Park

log = logging.getLogger(__name__)

API = "/api/v1"
BODY_LIMIT = 1 << 20
HOUSEKEEPING_S = 60.0
RuntimeFactory = Callable[[GraphStore, Events, Clock], Runtime | None]


def create_app(
    park: Park,
    settings: Settings | None = None,
    *,
    runtime: RuntimeFactory | None = park_runtime,
    review: Review = review_in_process,
    clock: Clock | None = None,
    control_token: str = "",
    first_admin: Callable[[str], None] = lambda _password: None,
    failed: Callable[[BaseException], None] = lambda _error: None,
) -> FastAPI:
    """The application of one park. Opening the databases happens when it starts, closing when it ends.

    runtime: makes the live state, or None for a park without one; first_admin: is told the generated
    password when the first administrator is made; failed: is told what stopped the start, which an ASGI
    server only logs. Raises Invalid where park.toml's `[embed]` or `[sta]` is wrong;
    starting raises Conflict where another process has the park open.
    """
    chosen = settings or Settings()
    time = clock or SystemClock()
    metrics = Metrics()
    embedding = Embedding(Embed.of(park))
    sta_settings = StaSettings.of(park)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        started = False
        try:
            async with opened(app):
                started = True
                yield
        except BaseException as error:
            if not started:
                failed(error)
            raise

    @asynccontextmanager
    async def opened(app: FastAPI) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as stack:
            graph = await asyncio.to_thread(GraphStore, park)
            stack.push_async_callback(asyncio.to_thread, graph.close)
            accounts = await asyncio.to_thread(AccountStore, graph.db, time, chosen)
            password = await asyncio.to_thread(accounts.create_initial_admin)
            if password is not None:
                first_admin(password)
            tokens = embedding.tokens = await asyncio.to_thread(EmbedTokens, graph.db, time, park)
            events = Events()
            loop = asyncio.get_running_loop()
            events.bind(loop)
            live_state = await asyncio.to_thread(runtime, graph, events, time) if runtime else None
            registered = await asyncio.to_thread(Devices, graph, time)
            if live_state is not None:
                await asyncio.to_thread(registered.prepare, live_state)
                if isinstance(live_state, LivePark):
                    live_state.park.wants_broker = sta_settings.mqtt
                await live_state.start()
                stack.push_async_callback(live_state.close)
            await registered.start(live_state)
            stack.push_async_callback(registered.close)
            work = Jobs(graph.db, time, workers=chosen.job_workers, keep=chosen.job_keep)
            stack.push_async_callback(asyncio.to_thread, work.close)
            publisher = Publisher(graph, events, _rebinder(loop, live_state))
            park_itself = live_state.park if isinstance(live_state, LivePark) else None
            things = SensorThings(graph, publisher, park_itself, time)
            sta_mqtt = bridge(things, park_itself) if park_itself is not None and sta_settings.mqtt else None
            if sta_mqtt is not None:
                sta_mqtt.start()
                stack.push_async_callback(sta_mqtt.stop)
            app.state.services = Services(
                settings=chosen,
                clock=time,
                graph=graph,
                accounts=accounts,
                audit=AuditLog(graph.db, time),
                jobs=work,
                submissions=Submissions(
                    graph, work, publisher, time, max_active=chosen.upload_max_active, review=review
                ),
                exports=Exports(graph, work, time, max_bytes=chosen.export_max_bytes),
                publisher=publisher,
                placings=Placings(graph, work, publisher),
                schemes=Schemes(graph, time),
                diffs=Diffs(graph),
                devices=registered,
                events=events,
                live=Places(chosen.live_clients_max, chosen.live_clients_per_user),
                metrics=metrics,
                embed=embedding,
                embed_tokens=tokens,
                connector_tokens=await asyncio.to_thread(ConnectorTokens, graph.db, time),
                basic=BasicSignIn(accounts),
                sta=things,
                sta_mqtt=sta_mqtt,
                started_ms=time.now_ms(),
                control_token=control_token,
                runtime=live_state,
            )
            keeper = asyncio.create_task(_housekeeping(accounts, tokens))
            try:
                yield
            finally:
                keeper.cancel()
                await asyncio.gather(keeper, return_exceptions=True)
                await asyncio.to_thread(accounts.sessions.flush)
                await asyncio.to_thread(tokens.flush)

    app = FastAPI(
        title=TITLE,
        version=API_VERSION,
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        telemetry={"tracing": False},
    )
    add_routes(app)
    add_handlers(app)
    app.add_middleware(
        BodyLimit,
        limit=BODY_LIMIT,
        free=[
            ("POST", f"{API}/submissions"),
            ("POST", f"{API}/device-lists/import"),
            ("POST", f"{API}/device-models/bind"),
        ],
    )
    app.add_middleware(RequestContext, metrics=metrics, prefix=API)
    app.add_middleware(SecurityHeaders, embedding=embedding)
    return app


def _rebinder(loop: asyncio.AbstractEventLoop, live_state: Runtime | None) -> Callable[[], None]:
    """What a publisher's thread calls: binds the live state to the new scene, and waits until that is done."""

    def rebind() -> None:
        if live_state is not None:
            asyncio.run_coroutine_threadsafe(live_state.rebind(), loop).result(60)

    return rebind


async def _housekeeping(accounts: AccountStore, tokens: EmbedTokens) -> None:
    while True:
        await asyncio.sleep(HOUSEKEEPING_S)
        try:
            await asyncio.to_thread(accounts.sessions.flush)
            await asyncio.to_thread(tokens.flush)
        except Exception:
            log.exception("sessions and uses of tokens were not written down; the next round tries again")


def add_routes(app: FastAPI) -> None:
    """All routes of the system."""
    api = APIRouter(prefix=API)
    for module in (
        session,
        layers,
        georef,
        objects,
        concepts,
        tree,
        points,
        devices,
        device_lists,
        history,
        corrections,
        overlays,
        alarms,
        commands,
        schemes,
        submissions,
        jobs,
        exports,
        users,
        audit,
        embed,
        connectors,
        park_routes,
        live,
        control,
        history_control,
    ):
        api.include_router(module.router)
    kept: list[bytes] = []

    @api.get(
        "/openapi.json", include_in_schema=False, dependencies=[public("the interface's description holds no data")]
    )
    def openapi(request: Request) -> Response:
        """The interface's description."""
        if not kept:
            kept.append(json_bytes(document(app)))
        return tagged(request, kept[0], "application/json")

    app.include_router(api)
    for module in (health, tiles, sta, application):
        app.include_router(module.router)


def describe_only() -> FastAPI:
    """The routes without anything behind them: enough for the OpenAPI document."""
    app = FastAPI(title=TITLE, version=API_VERSION, openapi_url=None, docs_url=None, redoc_url=None)
    add_routes(app)
    return app


__all__ = ["API", "RuntimeFactory", "add_routes", "create_app", "describe_only"]
