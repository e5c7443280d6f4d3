"""Users: for administrators."""

from __future__ import annotations

from fastapi import APIRouter

from server.access import Trail, requires
from server.accounts import User
from server.accounts.passwords import generate
from server.models.session import UserChange, UserCreate, UserList, UserSaved, UserShape
from server.services import Use
from twin.clock import iso
from twin.errors import Invalid

router = APIRouter(prefix="/users", tags=["users"])
MANAGE = requires("user.manage")


def _shape(user: User) -> UserShape:
    return UserShape(
        name=user.name,
        display_name=user.display_name,
        roles=list(user.roles),
        disabled=not user.enabled,
        created_at=iso(user.created_ms),
        changed_at=iso(user.changed_ms),
    )


@router.get("", dependencies=[MANAGE])
async def list_users(use: Use) -> UserList:
    """All accounts."""
    items = [_shape(user) for user in use.accounts.users()]
    return UserList(items=items, total=len(items))


@router.post("", status_code=201, dependencies=[MANAGE])
def create_user(body: UserCreate, use: Use, trail: Trail) -> UserSaved:
    """Add an account; without a password one is generated and answered this once."""
    password = body.password or generate()
    user = use.accounts.create(body.name, password, body.roles, display_name=body.display_name)
    trail.record("user.create", user.name, roles=user.roles)
    return UserSaved(**_shape(user).model_dump(), password=None if body.password else password)


@router.patch("/{name}", dependencies=[MANAGE])
def change_user(name: str, body: UserChange, use: Use, trail: Trail) -> UserSaved:
    """Change an account's roles, name, password, or whether it may sign in; its sessions end where that matters."""
    if body.password and body.reset_password:
        raise Invalid("Give a password or ask for a generated one, not both", code="password-twice")
    generated = generate() if body.reset_password else None
    user = use.accounts.update(
        name,
        roles=body.roles,
        enabled=None if body.disabled is None else not body.disabled,
        display_name=body.display_name,
        password=body.password or generated,
    )
    changed = body.model_dump(exclude_none=True, exclude={"password", "reset_password"})
    trail.record("user.change", name, **changed, password=bool(body.password or generated))
    return UserSaved(**_shape(user).model_dump(), password=generated)
