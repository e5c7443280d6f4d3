"""What the routes work with: one object per running application, made in `server/app.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends
from starlette.requests import HTTPConnection

from server.accounts import AccountStore, AuditLog
from server.accounts.basic import BasicSignIn
from server.comparing import Schemes
from server.connecting import ConnectorTokens
from server.devices import Devices
from server.diffs import Diffs
from server.embedding import Embedding, EmbedTokens
from server.exporting import Exports
from server.http.metrics import Metrics
from server.jobs import Jobs
from server.live.events import Events
from server.live.places import Places
from server.placing import Placings
from server.publishing import Publisher
from server.runtime import Runtime
from server.settings import Settings
from server.sta.mqtt import StaMqtt
from server.sta.service import SensorThings
from server.submissions import Submissions
from twin.clock import Clock
from twin.graph import GraphStore


@dataclass
class Services:
    """The parts of a running server. `runtime` is None where the park runs without live state."""

    settings: Settings
    clock: Clock
    graph: GraphStore
    accounts: AccountStore
    audit: AuditLog
    jobs: Jobs
    submissions: Submissions
    exports: Exports
    publisher: Publisher
    placings: Placings
    schemes: Schemes
    diffs: Diffs
    devices: Devices
    events: Events
    live: Places
    metrics: Metrics
    embed: Embedding
    embed_tokens: EmbedTokens
    connector_tokens: ConnectorTokens
    basic: BasicSignIn
    sta: SensorThings
    started_ms: int
    control_token: str = ""
    runtime: Runtime | None = None
    sta_mqtt: StaMqtt | None = None


def services_of(connection: HTTPConnection) -> Services:
    """The services of the application that serves this request."""
    return cast("Services", connection.app.state.services)


async def _services(connection: HTTPConnection) -> Services:
    return services_of(connection)


Use = Annotated[Services, Depends(_services)]
