"""Embed tokens of a park that no server has open."""

from __future__ import annotations

from typing import Any

from server.access import COMMAND_LINE
from server.accounts import AuditLog
from server.embedding import EmbedTokens
from server.models.embed import EmbedTokenCreate
from server.routes.embed import shape_of
from twin.clock import SystemClock
from twin.graph import GraphStore

CLOCK = SystemClock()


def _tokens(graph: GraphStore) -> EmbedTokens:
    return EmbedTokens(graph.db, CLOCK, graph.park)


def listed(graph: GraphStore) -> list[dict[str, Any]]:
    """Every token, newest first."""
    return [shape_of(token, CLOCK.now_ms()).model_dump() for token in _tokens(graph).all()]


def issued(graph: GraphStore, wish: dict[str, Any]) -> dict[str, Any]:
    """Issue a token; leaves an audit row."""
    body = EmbedTokenCreate(**wish)
    made, token = _tokens(graph).issue(
        body.name, by=COMMAND_LINE, layers=body.layers, live=body.live, origins=body.origins, expires_ms=body.expires_at
    )
    _audit(graph, "embed.issue", made.id, {**wish})
    return {**shape_of(made, CLOCK.now_ms()).model_dump(), "token": token}


def revoked(graph: GraphStore, ident: str) -> dict[str, Any]:
    """End a token; leaves an audit row."""
    ended = _tokens(graph).revoke(ident)
    _audit(graph, "embed.revoke", ended.id, {"name": ended.name})
    return shape_of(ended, CLOCK.now_ms()).model_dump()


def _audit(graph: GraphStore, action: str, target: str, detail: dict[str, object]) -> None:
    AuditLog(graph.db, CLOCK).write(COMMAND_LINE, action, target, detail, "")
