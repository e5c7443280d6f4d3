"""Alarms: what is wrong, and what people do about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response

from server.access import Caller, Trail, requires
from server.accounts.roles import Permission
from server.http.respond import json_response
from server.models.alarms import (
    AcknowledgeMany,
    AlarmFigures,
    AlarmGroup,
    AlarmIds,
    AlarmRules,
    AlarmsDone,
    HoldShape,
    OutOfServiceBody,
    ShelveBody,
)
from server.models.live import Acknowledge, AlarmPage, AlarmShape
from server.runtime import Runtime
from server.services import Services, Use
from twin.errors import Unavailable
from twin.rules.alarm import Alarm
from twin.rules.alarms import Done
from twin.rules.hold import HoldKind

router = APIRouter(prefix="/alarms", tags=["alarms"])
DAY_MS = 86_400_000
ListedState = Literal[
    "open", "held", "active", "acknowledged", "cleared", "latched", "latched-acknowledged", "shelved", "suppressed",
    "out-of-service", "all",
]  # fmt: skip
GroupKey = Literal["object", "storey", "building", "system", "cause", "rule"]


def _runtime(use: Services) -> Runtime:
    if use.runtime is None:
        raise Unavailable("This park runs without live state: it raises no alarms", code="no-live")
    return use.runtime


def _placed(runtime: Runtime, alarms: Iterable[Alarm]) -> list[dict[str, Any]]:
    return [runtime.placed(alarm.as_dict()) for alarm in alarms]


def _done(runtime: Runtime, done: Done) -> Response:
    return json_response({"items": _placed(runtime, done.alarms), "refused": done.refused})


@router.get("", response_model=AlarmPage, dependencies=[requires("live.read")])
async def list_alarms(
    use: Use,
    state: Annotated[
        ListedState, Query(description="open: all that are shown; held: shelved, suppressed or out of service")
    ] = "open",
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """Alarms: the most severe first, then the newest; `all` newest first."""
    if use.runtime is None:
        return json_response({"items": [], "total": 0})
    return json_response(await use.runtime.alarms(None if state == "all" else state, limit, offset))


@router.get("/groups", response_model=list[AlarmGroup], dependencies=[requires("live.read")])
async def groups(use: Use, by: Annotated[GroupKey, Query()] = "cause") -> Response:
    """Shown alarms in groups, the one with the worst alarm first."""
    if use.runtime is None:
        return json_response([])
    found = use.runtime.book.groups(by)
    names = use.runtime.names([group.key for group in found])
    return json_response(
        [
            {
                **group.as_dict(),
                "name": names.get(group.key, ""),
                "first": use.runtime.placed(group.first.as_dict()),
            }
            for group in found
        ]
    )


@router.get("/statistics", response_model=AlarmFigures, dependencies=[requires("live.read")])
async def statistics(
    use: Use,
    start: Annotated[int | None, Query(alias="from", description="epoch ms; a day before `to`")] = None,
    end: Annotated[int | None, Query(alias="to", description="epoch ms; now")] = None,
    operators: Annotated[int, Query(ge=1, le=1000, description="on duty at a time")] = 1,
) -> Response:
    """How the alarms fared: times, rates, floods, chattering, standing, the ten most frequent."""
    until = use.clock.now_ms() + 1 if end is None else end
    since = until - DAY_MS if start is None else start
    return json_response((await _runtime(use).book.figures(since, until, operators)).as_dict())


@router.get("/holds", response_model=list[HoldShape], dependencies=[requires("live.read")])
async def holds(use: Use) -> Response:
    """What is shelved or out of service, the latest first."""
    return json_response([] if use.runtime is None else [hold.as_dict() for hold in use.runtime.book.holds()])


@router.get("/rules", response_model=AlarmRules, dependencies=[requires("live.read")])
async def rules(use: Use) -> Response:
    """The rules in force, and what is wrong with those of the file."""
    return json_response(_runtime(use).rules())


@router.post("/rules/reload", response_model=AlarmRules, dependencies=[requires("alarm.service")])
async def reload_rules(use: Use, trail: Trail) -> Response:
    """Put the rules of `alarms.yaml` in force; where it is wrong those before go on."""
    runtime = _runtime(use)
    await runtime.reload_rules()
    found = runtime.rules()
    await trail.record_later("alarm.rules", "alarms.yaml", rules=len(found["items"]))
    return json_response(found)


@router.post("/acknowledge", response_model=AlarmsDone, dependencies=[requires("alarm.acknowledge")])
async def acknowledge_many(body: AcknowledgeMany, use: Use, caller: Caller, trail: Trail) -> Response:
    """Say of several alarms that they were seen; what cannot be is told."""
    runtime = _runtime(use)
    done = await runtime.book.acknowledge_many(body.ids, caller.name, body.comment)
    await trail.record_each_later("alarm.acknowledge", {alarm.id: {"comment": body.comment} for alarm in done.alarms})
    return _done(runtime, done)


@router.post("/reset", response_model=AlarmsDone, dependencies=[requires("alarm.acknowledge")])
async def reset(body: AcknowledgeMany, use: Use, caller: Caller, trail: Trail) -> Response:
    """Close latched alarms that are over and acknowledged."""
    runtime = _runtime(use)
    done = await runtime.book.reset(body.ids, caller.name, body.comment)
    await trail.record_each_later("alarm.reset", {alarm.id: {"comment": body.comment} for alarm in done.alarms})
    return _done(runtime, done)


@router.post("/shelve", response_model=AlarmsDone, dependencies=[requires("alarm.acknowledge")])
async def shelve(body: ShelveBody, use: Use, caller: Caller, trail: Trail) -> Response:
    """Put alarms aside for a time, which ends by itself."""
    runtime = _runtime(use)
    done = await runtime.book.shelve(body.ids, caller.name, body.seconds, body.reason)
    await trail.record_each_later(
        "alarm.shelve",
        {alarm.id: {"reason": body.reason, "until": alarm.shelved_until} for alarm in done.alarms},
    )
    return _done(runtime, done)


@router.post("/unshelve", response_model=AlarmsDone, dependencies=[requires("alarm.acknowledge")])
async def unshelve(body: AlarmIds, use: Use, caller: Caller, trail: Trail) -> Response:
    """Take alarms off the shelf before their time."""
    runtime = _runtime(use)
    done = await runtime.book.unshelve(body.ids, caller.name)
    await trail.record_each_later("alarm.unshelve", {alarm.id: {} for alarm in done.alarms})
    return _done(runtime, done)


@router.post("/out-of-service", response_model=HoldShape, dependencies=[requires("alarm.service")])
async def out_of_service(body: OutOfServiceBody, use: Use, caller: Caller, trail: Trail) -> Response:
    """Take a rule, a point or an object out of service until it is returned."""
    hold = await _runtime(use).book.remove_from_service(
        caller.name, body.reason, rule=body.rule, point_id=body.point_id, gid=body.gid
    )
    target = body.point_id or body.gid or body.rule
    await trail.record_later("alarm.out-of-service", target, rule=body.rule, hold=hold.id, reason=body.reason)
    return json_response(hold.as_dict())


@router.post("/holds/{hold}/end", response_model=HoldShape, dependencies=[requires("alarm.acknowledge")])
async def end_hold(hold: str, use: Use, caller: Caller, trail: Trail) -> Response:
    """End a shelving; return to service, which asks for `alarm.service`."""
    book = _runtime(use).book
    if any(found.id == hold and found.kind is HoldKind.OUT_OF_SERVICE for found in book.holds()):
        caller.demand(Permission.ALARM_SERVICE)
    ended = await book.end_hold(hold, caller.name)
    target = ended.point_id or ended.gid or ended.rule
    await trail.record_later("alarm.return", target, rule=ended.rule, hold=hold, kind=ended.kind.value)
    return json_response(ended.as_dict())


@router.post("/{alarm}/acknowledge", response_model=AlarmShape, dependencies=[requires("alarm.acknowledge")])
async def acknowledge(alarm: str, body: Acknowledge, use: Use, caller: Caller, trail: Trail) -> Response:
    """Say that an alarm was seen; everyone's screens show it."""
    done = await _runtime(use).acknowledge(alarm, caller.name, body.comment)
    await trail.record_later("alarm.acknowledge", alarm, comment=body.comment)
    return json_response(done)
