"""Signing in, users, audit."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from server.accounts.roles import Permission, Role
from server.models.base import Body, Shape


class SignIn(Body):
    """User name and password."""

    username: str = Field(min_length=1, max_length=64)
    password: str = Field(min_length=1, max_length=256)


class SessionShape(Shape):
    """Who the caller is. `csrf` goes into the X-CSRF-Token header of changing requests."""

    user: str
    name: str
    roles: list[Role]
    permissions: list[Permission]
    csrf: str


class PasswordChange(Body):
    """A user's own new password."""

    old: str = Field(min_length=1, max_length=256)
    new: str = Field(min_length=1, max_length=256)


class UserShape(Shape):
    """An account."""

    name: str
    display_name: str
    roles: list[Role]
    disabled: bool
    created_at: str
    changed_at: str


class UserSaved(UserShape):
    """A new or changed account; `password` is a generated one, shown this once, or null."""

    password: str | None


class UserList(Shape):
    """All accounts."""

    items: list[UserShape]
    total: int


class UserCreate(Body):
    """A new account; without a password one is generated and returned once."""

    name: str = Field(max_length=64)
    display_name: str = Field(default="", max_length=64)
    roles: list[str] = Field(max_length=16)
    password: str | None = Field(default=None, max_length=256)


class UserChange(Body):
    """What to change of an account; `reset_password` generates a password and returns it once."""

    display_name: str | None = Field(default=None, max_length=64)
    roles: list[str] | None = Field(default=None, max_length=16)
    disabled: bool | None = None
    password: str | None = Field(default=None, max_length=256)
    reset_password: bool = False


class AuditRow(Shape):
    """One change that somebody made, and from which address."""

    id: int
    at: str
    user: str
    action: str
    target: str
    detail: dict[str, Any]
    address: str


class AuditPage(Shape):
    """Changes, newest first."""

    items: list[AuditRow]
    total: int
