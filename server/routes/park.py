"""The park: its name, clock, connections, what runs here; and its indicators."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Any

import duckdb
from fastapi import APIRouter, Query, Response

from server.access import requires
from server.http.respond import json_response
from server.models.live import Indicator, ParkShape
from server.sentences.chinese import told
from server.services import Use
from twin.clock import iso

router = APIRouter(tags=["park"])


def product_version() -> str:
    """This product's version; `checkout` where it is run without being installed."""
    try:
        return version("parktwin")
    except PackageNotFoundError:
        return "checkout"


VERSIONS = {"parktwin": product_version(), "python": platform.python_version(), "duckdb": duckdb.__version__}
NOT_LIVE: dict[str, Any] = {
    "connections": [],
    "broker": None,
    "simulated": False,
    "history": None,
    "rules_without_points": [],
    "rules_error": "",
    "rules_problems": [],
    "updates": {"updates": 0, "late": 0, "bad": 0, "skewed": 0},
}


def _unheard(count: int) -> dict[str, int]:
    return {"count": count, "good": 0, "stale": 0, "bad": 0, "never": count}


@router.get("/park", response_model=ParkShape, dependencies=[requires("scene.read")])
def park(use: Use) -> Response:
    """Name, the server's clock, the state of the connections to devices, versions."""
    live: dict[str, Any] = (
        {**NOT_LIVE, "points": _unheard(len(use.graph.points()))} if use.runtime is None else use.runtime.status()
    )
    if use.sta_mqtt is not None:
        live["connections"] = [*live["connections"], use.sta_mqtt.status()]
    live["connections"] = [told(row, "detail") for row in live["connections"]]
    here = use.graph.park
    return json_response(
        {
            "id": here.id,
            "name": here.name,
            "name_en": here.name_en,
            "clock": use.clock.now_ms(),
            "started_at": iso(use.started_ms),
            "revision": use.graph.revision(),
            "live": use.runtime is not None,
            **live,
            "versions": VERSIONS,
        }
    )


@router.get("/indicators", response_model=list[Indicator], dependencies=[requires("live.read")])
async def indicators(
    use: Use,
    at: Annotated[int | None, Query(ge=0, description="epoch ms, a past instant; default: now")] = None,
) -> Response:
    """Figures computed from live values and the graph, or as they were at an instant; an empty list without live state."""
    return json_response([] if use.runtime is None else await use.runtime.indicators(at))
