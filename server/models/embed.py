"""Embed tokens, and what a caller may see."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from server.models.base import Body, Shape


class EmbedTokenCreate(Body):
    """A token to issue. layers, origins: none means all published layers, the origins of park.toml; `expires_at` null: never."""

    name: str = Field(max_length=200)
    layers: list[str] = Field(default_factory=list, max_length=1000)
    live: bool = False
    origins: list[str] = Field(default_factory=list, max_length=200)
    expires_at: int | None = Field(default=None, description="epoch ms")


class EmbedTokenShape(Shape):
    """An embed token without its secret. Times in epoch ms."""

    id: str
    name: str
    state: Literal["active", "expired", "revoked"]
    layers: list[str]
    live: bool
    origins: list[str]
    created_at: int
    created_by: str
    expires_at: int | None
    revoked_at: int | None
    used_at: int | None


class EmbedTokenSaved(EmbedTokenShape):
    """A token just issued; `token` is shown this once."""

    token: str


class EmbedAccess(Shape):
    """What the caller may see, and which pages may show it. layers: null for all; expires_at: epoch ms, null for never."""

    layers: list[str] | None
    live: bool
    origins: list[str]
    expires_at: int | None
    revision: int
