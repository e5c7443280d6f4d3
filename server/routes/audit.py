"""The audit, to read and search."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from server.access import requires
from server.models.session import AuditPage
from server.services import Use

router = APIRouter(prefix="/audit", tags=["audit"])


@router.get("", dependencies=[requires("audit.read")])
def search_audit(
    use: Use,
    q: Annotated[str, Query(max_length=200)] = "",
    user: Annotated[str, Query(max_length=64)] = "",
    action: Annotated[str, Query(max_length=64)] = "",
    since: Annotated[int | None, Query(alias="from", description="epoch ms, inclusive")] = None,
    until: Annotated[int | None, Query(alias="to", description="epoch ms, exclusive")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> AuditPage:
    """Changes, newest first; `q` searches user, action, target and detail, `action` may be a beginning like `user.`."""
    found = use.audit.search(q=q, who=user, action=action, since_ms=since, until_ms=until, limit=limit, offset=offset)
    return AuditPage(**found)
