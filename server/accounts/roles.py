"""Roles and what each may do: the one table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from twin.errors import Invalid


class Permission(StrEnum):
    """What a route asks for."""

    SCENE_READ = "scene.read"
    LIVE_READ = "live.read"
    LIVE_WRITE = "live.write"
    ALARM_ACKNOWLEDGE = "alarm.acknowledge"  # also to shelve and to reset
    ALARM_SERVICE = "alarm.service"  # to take rules, points and objects out of service, and to put rules in force
    POINT_COMMAND = "point.command"
    HISTORY_CORRECT = "history.correct"
    SCHEME_DECIDE = "scheme.decide"
    SUBMISSION_CREATE = "submission.create"
    SUBMISSION_READ = "submission.read"
    LAYER_PUBLISH = "layer.publish"
    USER_MANAGE = "user.manage"
    AUDIT_READ = "audit.read"
    EMBED_MANAGE = "embed.manage"
    CONNECTOR_MANAGE = "connector.manage"
    DEVICE_READ = "device.read"
    DEVICE_MANAGE = "device.manage"
    SESSION_OWN = "session.own"  # everyone who is signed in: their own session and password


class Role(StrEnum):
    """A user has one or more."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    PLANNER = "planner"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"


_READ = frozenset({Permission.SCENE_READ, Permission.LIVE_READ, Permission.DEVICE_READ, Permission.SESSION_OWN})

ROLES: Mapping[Role, frozenset[Permission]] = {
    Role.VIEWER: _READ,
    Role.OPERATOR: _READ
    | {Permission.ALARM_ACKNOWLEDGE, Permission.LIVE_WRITE, Permission.POINT_COMMAND, Permission.HISTORY_CORRECT},
    Role.PLANNER: _READ | {Permission.SCHEME_DECIDE},
    Role.REVIEWER: _READ | {Permission.SUBMISSION_CREATE, Permission.SUBMISSION_READ},
    Role.ADMINISTRATOR: frozenset(Permission),
}

ANONYMOUS_EMBED = frozenset({Permission.SCENE_READ, Permission.LIVE_READ})
"""What a caller without a session may do at most: by `[embed] public = true`, or by an embed token."""


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """All that these roles may do together."""
    return frozenset().union(*(ROLES[role] for role in roles))


def roles_from(names: Iterable[str]) -> tuple[Role, ...]:
    """Roles by name, without repeats, in the order of the table. Raises Invalid naming the unknown one."""
    given = set(names)
    known = {role.value for role in Role}
    for name in sorted(given - known):
        raise Invalid(f"Role {name!r} is unknown: expected some of {', '.join(r.value for r in Role)}", code="role")
    if not given:
        raise Invalid(f"A user needs a role: give some of {', '.join(r.value for r in Role)}", code="role")
    return tuple(role for role in Role if role.value in given)
