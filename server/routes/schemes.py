"""Planning schemes, their comparison, and the choice."""

from __future__ import annotations

from fastapi import APIRouter, Response

from server.access import Caller, Trail, requires
from server.http.respond import json_response
from server.models.schemes import Comparison, Decide, Decision, SchemeShape
from server.services import Use

router = APIRouter(prefix="/schemes", tags=["schemes"])


@router.get("", response_model=list[SchemeShape], dependencies=[requires("scene.read")])
def list_schemes(use: Use) -> Response:
    """The park's schemes."""
    return json_response(use.schemes.list())


@router.get("/comparison", response_model=Comparison, dependencies=[requires("scene.read")])
def compare_schemes(use: Use) -> Response:
    """Indicators of all schemes against the plot's limits, with the objects that make each figure."""
    return json_response(use.schemes.comparison())


@router.post("/decision", status_code=201, dependencies=[requires("scheme.decide")])
def decide(body: Decide, caller: Caller, use: Use, trail: Trail) -> Decision:
    """Save which scheme was chosen and why; earlier choices stay."""
    made = use.schemes.decide(body.scheme, body.reason, caller.name)
    trail.record("scheme.decide", body.scheme, reason=body.reason)
    return Decision(**made)
