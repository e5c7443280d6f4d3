"""Commands: what is asked for and what became of it."""

from __future__ import annotations

from pydantic import Field

from server.models.base import Body, Shape


class CommandAsk(Body):
    """A value that a point shall take. key: asking again with the same one repeats nothing."""

    point_id: str = Field(max_length=300)
    value: float
    timeout_s: float = Field(default=30.0, gt=0, le=3600)
    comment: str = Field(default="", max_length=1000)
    key: str = Field(default="", max_length=200)


class CommandShape(Shape):
    """A command. `value`: asked for; `state`: asked, sent, confirmed, refused, timed-out, cancelled, unknown; times in epoch ms."""

    id: str
    point_id: str
    gid: str
    value: float
    unit: str
    state: str
    user: str
    comment: str
    key: str
    timeout_s: float
    asked_at: int
    sent_at: int | None
    ended_at: int | None
    reason: str


class CommandPage(Shape):
    """Commands, newest first."""

    items: list[CommandShape]
    total: int
