"""Embedding: what a page may see, and the tokens that let it."""

from __future__ import annotations

from fastapi import APIRouter, Request

from server.access import AuditTrail, Caller, Trail, bearer_of, requires
from server.accounts import Permission
from server.embedding import EmbedToken
from server.models.embed import EmbedAccess, EmbedTokenCreate, EmbedTokenSaved, EmbedTokenShape
from server.services import Services, Use

router = APIRouter(prefix="/embed", tags=["embed"])
MANAGE = requires("embed.manage")


def shape_of(token: EmbedToken, now: int) -> EmbedTokenShape:
    """A token as it is shown."""
    return EmbedTokenShape(
        id=token.id,
        name=token.name,
        state=token.state(now),
        layers=list(token.layers),
        live=token.live,
        origins=list(token.origins),
        created_at=token.created_ms,
        created_by=token.created_by,
        expires_at=token.expires_ms,
        revoked_at=token.revoked_ms,
        used_at=token.used_ms,
    )


def issue(body: EmbedTokenCreate, use: Services, trail: AuditTrail) -> EmbedTokenSaved:
    """Issue a token and leave an audit row."""
    made, token = use.embed_tokens.issue(
        body.name,
        by=trail.who,
        layers=body.layers,
        live=body.live,
        origins=body.origins,
        expires_ms=body.expires_at,
    )
    shown = shape_of(made, use.clock.now_ms())
    trail.record(
        "embed.issue", made.id, **shown.model_dump(include={"name", "layers", "live", "origins", "expires_at"})
    )
    return EmbedTokenSaved(**shown.model_dump(), token=token)


def revoke(ident: str, use: Services, trail: AuditTrail) -> EmbedTokenShape:
    """End a token and leave an audit row."""
    ended = use.embed_tokens.revoke(ident)
    trail.record("embed.revoke", ended.id, name=ended.name)
    return shape_of(ended, use.clock.now_ms())


@router.get("/access", dependencies=[requires("scene.read", embed=True)])
def access(request: Request, use: Use, caller: Caller) -> EmbedAccess:
    """What the caller may see, and which pages may show it; the widget asks this first."""
    grant = use.embed.grant(bearer_of(request), "", "") if caller.embed else None
    return EmbedAccess(
        layers=None if caller.layers is None else sorted(caller.layers),
        live=caller.may(Permission.LIVE_READ),
        origins=list(grant.origins if grant else use.embed.settings.origins),
        expires_at=grant.expires_ms if grant else None,
        revision=use.graph.revision(),
    )


@router.get("/tokens", dependencies=[MANAGE])
def list_tokens(use: Use) -> list[EmbedTokenShape]:
    """Every token that was issued, newest first."""
    return [shape_of(token, use.clock.now_ms()) for token in use.embed_tokens.all()]


@router.post("/tokens", status_code=201, dependencies=[MANAGE])
def issue_token(body: EmbedTokenCreate, use: Use, trail: Trail) -> EmbedTokenSaved:
    """Issue a token: some layers or all, with or without live values, for some pages, until a time. It is answered this once."""
    return issue(body, use, trail)


@router.delete("/tokens/{token}", dependencies=[MANAGE])
def revoke_token(token: str, use: Use, trail: Trail) -> EmbedTokenShape:
    """End a token at once: its next request is refused, its live connections close within `PARK_LIVE_PING_SECONDS`."""
    return revoke(token, use, trail)
