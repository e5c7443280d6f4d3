"""Who calls, and what the route asks for. Every route declares `requires(…)`, `public()` or `control()`."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from server.accounts.roles import Permission, Role
from server.accounts.sessions import csrf_of
from server.errors import NotSignedIn
from server.services import Services, services_of
from server.submissions.submission import LAYER_PREFIX
from twin.errors import Denied

COOKIE = "parktwin_session"
CSRF_HEADER = "x-csrf-token"
CONTROL_HEADER = "x-control-token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SUBPROTOCOL = "bearer."
COMMAND_LINE = "command-line"
BASIC_PATHS = ("/sta/",)
"""Where HTTP Basic is taken: the programs of that standard know no sessions."""


@dataclass(frozen=True)
class Principal:
    """The caller of a request. `token` is the session's; empty without one.

    embed: id of the embed token that lets the caller in; layers: the only ones it may see, None for all.
    """

    name: str
    display_name: str
    roles: tuple[Role, ...]
    permissions: frozenset[Permission]
    ip: str
    token: str = ""
    embed: str = ""
    layers: frozenset[str] | None = None
    basic: bool = False  # came with name and password, which no page of another origin can make a browser send

    @property
    def signed_in(self) -> bool:
        """Whether a session or a password stands behind the caller."""
        return bool(self.token) or self.basic

    def may(self, permission: Permission) -> bool:
        """Whether the caller has a permission."""
        return permission in self.permissions

    def demand(self, permission: Permission) -> None:
        """Raise NotSignedIn or Denied where the caller lacks a permission."""
        if self.may(permission):
            return
        if self.embed:
            raise Denied(
                f"The embed token does not open {permission.value}: ask for another one", code="token-permission"
            )
        if not self.signed_in:
            raise NotSignedIn("This needs a signed-in user: sign in first")
        raise Denied(
            f"User {self.name!r} lacks the permission {permission.value}: ask an administrator for a role that has it",
            permission=permission.value,
        )

    def sees(self, layer: str | None) -> bool:
        """Whether a layer, or the one that a gid stands in, is among those of the caller's embed token."""
        return self.layers is None or (layer or "").partition("/")[0] in self.layers

    def demand_layer(self, layer: str) -> None:
        """Raise NotSignedIn or Denied where the caller may not read a layer (or a gid's layer).

        Models under review need a permission; an embed token for some layers opens only these, and must name one.
        """
        if layer.startswith(LAYER_PREFIX):
            self.demand(Permission.SUBMISSION_READ)
        if not self.sees(layer):
            raise Denied(
                f"The embed token does not show {layer.partition('/')[0] or 'all layers'!r}: it is for"
                f" {', '.join(sorted(self.layers or ()))}",
                code="token-layers",
            )


def address_of(connection: HTTPConnection) -> str:
    """The caller's address; behind a proxy the server puts the forwarded one here."""
    return connection.client.host if connection.client else ""


def bearer_of(connection: HTTPConnection) -> str:
    """The bearer token of a request; of a live connection the subprotocol `bearer.<token>`, as browsers send no headers."""
    kind, _, given = connection.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return given.strip()
    offered: list[str] = connection.scope.get("subprotocols", [])
    return next((name.removeprefix(SUBPROTOCOL) for name in offered if name.startswith(SUBPROTOCOL)), "")


def principal_of(connection: HTTPConnection) -> Principal:
    """The caller: the session's user, or nobody with the permissions of an embedded view (often none)."""
    services = services_of(connection)
    token = connection.cookies.get(COOKIE, "")
    found = services.accounts.authenticate(token) if token else None
    if found is None:
        grant = services.embed.grant(
            bearer_of(connection), connection.headers.get("origin", "").lower(), connection.headers.get("host", "")
        )
        return Principal("", "", (), grant.permissions, address_of(connection), embed=grant.token, layers=grant.layers)
    user, _session = found
    return Principal(user.name, user.display_name, user.roles, user.permissions, address_of(connection), token)


async def current(connection: HTTPConnection) -> Principal:
    """Dependency: the caller, found once per request (memory only, so it may run on the event loop)."""
    given = connection.headers.get("authorization", "")
    if given[:6].lower() == "basic " and connection.scope["path"].startswith(BASIC_PATHS):
        user = await run_in_threadpool(services_of(connection).basic.user_of, given[6:], address_of(connection))
        return Principal(user.name, user.display_name, user.roles, user.permissions, address_of(connection), basic=True)
    return principal_of(connection)


Caller = Annotated[Principal, Depends(current)]


@dataclass(frozen=True)
class Requires:
    """Lets a caller with the permission pass; a changing request must carry the session's CSRF value too.

    embed: whether embed tokens open the route too; such a route keeps to the layers of its caller.
    """

    permission: Permission
    embed: bool = False

    async def __call__(self, connection: HTTPConnection, caller: Caller) -> None:
        """Raises NotSignedIn or Denied."""
        caller.demand(self.permission)
        if caller.embed and not self.embed:
            raise Denied("Embed tokens do not open this address: it needs a signed-in user", code="token-route")
        method = connection.scope.get("method", "GET")
        if (
            method not in SAFE_METHODS
            and not caller.basic
            and not hmac.compare_digest(
                connection.headers.get(CSRF_HEADER, "").encode(), csrf_of(caller.token).encode()
            )
        ):
            raise Denied(
                "The request lacks the X-CSRF-Token of its session: read it from GET /api/v1/session", code="csrf"
            )


@dataclass(frozen=True)
class Public:
    """Lets everyone pass; says that this was decided and not forgotten."""

    why: str

    async def __call__(self) -> None:
        """Nothing to check."""


@dataclass(frozen=True)
class Control:
    """Lets the command line of this machine pass: it has read the token from the park's `server.json`."""

    async def __call__(self, connection: HTTPConnection) -> None:
        """Raises Denied."""
        expected = services_of(connection).control_token
        given = connection.headers.get(CONTROL_HEADER, "")
        if not expected or not hmac.compare_digest(given.encode(), expected.encode()):
            raise Denied("The control token is wrong: it stands in the park's server.json", code="control-token")


@dataclass(frozen=True)
class ConnectorAccess:
    """Lets a gateway pass that has the token of the connector in the route's `name`, or a device with its own.

    `granted_points` of the request's state: the only points that a device may send values of, None for a gateway.
    """

    async def __call__(self, connection: HTTPConnection) -> None:
        """Raises NotSignedIn."""
        services, token = services_of(connection), bearer_of(connection)
        grant = services.devices.verify(token)
        connection.state.granted_points = None if grant is None else frozenset(grant.points)
        if grant is None:
            services.connector_tokens.check(connection.path_params["name"], token)


Declaration = Requires | Public | Control | ConnectorAccess


def requires(permission: str, *, embed: bool = False) -> Any:
    """Declare the permission of a route: `dependencies=[requires("scene.read")]`; `embed`: tokens open it too."""
    return Depends(Requires(Permission(permission), embed))


def public(why: str) -> Any:
    """Declare a route open to everyone, and why."""
    return Depends(Public(why))


def control() -> Any:
    """Declare a route for the local command line."""
    return Depends(Control())


def connector_token() -> Any:
    """Declare a route for gateways, by the bearer token of their connector, and for devices, by their own."""
    return Depends(ConnectorAccess())


def declarations(dependencies: Sequence[Any]) -> list[Declaration]:
    """The declarations among a route's dependencies."""
    return [call for item in dependencies if isinstance(call := getattr(item, "dependency", None), Declaration)]


class AuditTrail:
    """Writes audit rows for one request's caller. Every changing route has one and uses it."""

    def __init__(self, services: Services, who: str, ip: str) -> None:
        self._services = services
        self.who = who
        self._ip = ip

    def record(self, action: str, target: str, **detail: object) -> None:
        """One change that was made: `record("user.create", "wang", roles=["viewer"])`."""
        self._services.audit.write(self.who, action, target, detail, self._ip)

    async def record_later(self, action: str, target: str, **detail: object) -> None:
        """The same from a route on the event loop: the database is written in a thread."""
        await run_in_threadpool(self._services.audit.write, self.who, action, target, detail, self._ip)

    async def record_each_later(self, action: str, details: Mapping[str, dict[str, object]]) -> None:
        """The same for several targets at once: target → detail."""
        if details:
            await run_in_threadpool(self._services.audit.write_each, self.who, action, details, self._ip)


async def trail_of(connection: HTTPConnection, caller: Caller) -> AuditTrail:
    """Dependency: the audit trail of the caller; of the command line on control routes."""
    from_control = CONTROL_HEADER in connection.headers and not caller.signed_in
    return AuditTrail(services_of(connection), COMMAND_LINE if from_control else caller.name, caller.ip)


Trail = Annotated[AuditTrail, Depends(trail_of)]
