"""Probes and metrics."""

from __future__ import annotations

import hmac

import psutil
from fastapi import APIRouter, Request, Response

from server.access import public
from server.errors import NotSignedIn
from server.http.respond import json_response
from server.services import Use
from twin.errors import Unavailable

router = APIRouter(tags=["health"])
PROCESS = psutil.Process()


@router.get("/healthz", dependencies=[public("a probe has no session; it learns only that the process answers")])
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz", dependencies=[public("a probe has no session; it learns only that the park is open")])
def readyz(use: Use) -> Response:
    """The graph answers and the live state runs; 503 otherwise."""
    if use.runtime is not None and (why := use.runtime.trouble()):
        raise Unavailable(f"The live state does not run: {why}", code="not-ready")
    revision = use.graph.revision()
    return json_response({"status": "ready", "revision": revision})


@router.get(
    "/metrics",
    response_class=Response,
    dependencies=[public("a collector has no session; PARK_METRICS_TOKEN closes it where that matters")],
)
def metrics(request: Request, use: Use) -> Response:
    """Counters, timings and gauges in Prometheus' text format."""
    wanted = use.settings.metrics_token
    if wanted and not hmac.compare_digest(
        request.headers.get("authorization", "").encode(), f"Bearer {wanted}".encode()
    ):
        raise NotSignedIn("/metrics needs its bearer token", code="metrics-token")
    gauges = {
        "parktwin_resident_bytes": ("Resident memory of the server process.", float(PROCESS.memory_info().rss)),
        "parktwin_uptime_seconds": ("Seconds since the start.", (use.clock.now_ms() - use.started_ms) / 1000),
        "parktwin_live_clients": ("Open live connections.", float(use.live.taken)),
        "parktwin_sessions": ("Sessions that hold.", float(use.accounts.sessions.count())),
        "parktwin_scene_revision": ("Counts publishes.", float(use.graph.revision())),
    }
    for state, count in use.jobs.counts().items():
        gauges[f"parktwin_jobs_{state}"] = (f"Jobs that are {state}.", float(count))
    if use.runtime is not None:
        hub = use.runtime.hub
        gauges["parktwin_points"] = ("Points that are known.", float(len(hub)))
        gauges["parktwin_live_feeds"] = ("Open subscriptions.", float(use.runtime.stream.feeds))
        for name, count in hub.counters.items():
            gauges[f"parktwin_hub_{name}"] = (f"Readings: {name}, since the start.", float(count))
    return Response(use.metrics.text(gauges), media_type="text/plain; version=0.0.4")
