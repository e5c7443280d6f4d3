"""For the command line on this machine: it has the token of the park's `server.json`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import APIRouter, Response
from starlette.concurrency import run_in_threadpool

from server.access import Trail, control
from server.devices.desk import DeviceDesk
from server.devices.desk import command as run_command
from server.http.respond import json_response
from server.models.alarms import AlarmRules
from server.models.devices import DeviceWish
from server.models.embed import EmbedTokenCreate, EmbedTokenSaved, EmbedTokenShape
from server.models.graph import PublishedShape
from server.models.work import PointsBody, PublishBody, SqlAnswer, SqlBody
from server.readings import with_readings
from server.routes.alarms import reload_rules
from server.routes.embed import issue, revoke, shape_of
from server.services import Use
from twin.ids import layer_name

router = APIRouter(prefix="/control", tags=["control"])


@router.get("/layers", dependencies=[control()])
def layers(use: Use) -> Response:
    """Published layers as the graph keeps them."""
    return json_response(use.graph.layers())


@router.get("/readings", dependencies=[control()])
def readings(use: Use) -> Response:
    """Present values of all points, as columns `gid, kind, unit, value, quality, heard_at` (epoch ms, 0 where never)."""
    rows = with_readings(use.graph.points(), use.runtime)
    names = ("gid", "kind", "unit", "value", "quality", "heard_at")
    return json_response({name: [row[name] for row in rows] for name in names})


@router.post("/publish", dependencies=[control()])
def publish(body: PublishBody, use: Use, trail: Trail) -> PublishedShape:
    """Publish a version that was built beside the server."""
    done = use.publisher.publish(layer_name(body.layer), body.version, title=body.title, group=body.group)
    trail.record("layer.publish", body.layer, version=done.version)
    return PublishedShape(layer=body.layer, version=done.version, revision=use.graph.revision())


@router.post("/points", dependencies=[control()])
def points(body: PointsBody, use: Use, trail: Trail) -> list[dict[str, Any]]:
    """Make the points of a bindings file the park's points; answers the findings."""
    found = use.publisher.load_points(Path(body.path) if body.path else None)
    trail.record("points.load", body.path or "points.csv", findings=len(found))
    return found


@router.post("/alarm-rules", response_model=AlarmRules, dependencies=[control()])
async def alarm_rules(use: Use, trail: Trail) -> Response:
    """Put the rules of `alarms.yaml` in force; where it is wrong those before go on."""
    return await reload_rules(use, trail)


@router.get("/embed-tokens", dependencies=[control()])
def embed_tokens(use: Use) -> list[EmbedTokenShape]:
    """Every embed token that was issued, newest first."""
    return [shape_of(token, use.clock.now_ms()) for token in use.embed_tokens.all()]


@router.post("/embed-tokens", dependencies=[control()])
def issue_embed_token(body: EmbedTokenCreate, use: Use, trail: Trail) -> EmbedTokenSaved:
    """Issue an embed token; the token itself is answered this once."""
    return issue(body, use, trail)


@router.post("/embed-tokens/{token}/revoke", dependencies=[control()])
def revoke_embed_token(token: str, use: Use, trail: Trail) -> EmbedTokenShape:
    """End an embed token at once."""
    return revoke(token, use, trail)


@router.post("/devices/{command}", dependencies=[control()])
async def device_command(command: str, body: DeviceWish, use: Use, trail: Trail) -> Response:
    """What `parktwin devices` asks for."""
    done = await run_in_threadpool(run_command, DeviceDesk(use.graph, use.devices, trail), command, body.wish)
    await use.devices.sync_broker()
    return json_response(done)


@router.post("/sql", response_model=SqlAnswer, dependencies=[control()])
def sql(body: SqlBody, use: Use, trail: Trail) -> Response:
    """One read-only SELECT."""
    columns, rows = use.graph.select(body.query)
    trail.record("sql.select", "park.duckdb", query=body.query[:2000])
    return json_response({"columns": columns, "rows": rows})
