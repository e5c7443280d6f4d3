"""Exports: what is asked for, and how far it is."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from scenes.export import Format
from server.jobs import JobState
from server.models.base import Body, Shape

Gid = Annotated[str, Field(max_length=300)]
State = Annotated[int, Field(ge=0, lt=1 << 24)]
Word = Annotated[str, Field(max_length=200)]


class SelectionBody(Body):
    """Which objects: all that is given must hold; nothing given is everything that is published.

    states: inclusive ranges of state indices, what a viewer shows; they need the `revision` of the scene they are of.
    """

    gids: list[Gid] = Field(default_factory=list, max_length=20_000)
    states: list[tuple[State, State]] = Field(default_factory=list, max_length=20_000)
    revision: int | None = None
    under: Gid = ""
    layer: Word = ""
    type: Word = ""
    storey: Gid = ""
    building: Gid = ""
    discipline: Word = ""
    q: Word = ""


class ExportBody(Body):
    """One export. table: for csv and parquet, `all` being a zip of all tables; language: of a CSV's titles."""

    selection: SelectionBody
    format: Format
    table: Literal["objects", "properties", "quantities", "relations", "concepts", "wide", "all"] = "objects"
    language: Literal["en", "zh"] = "en"
    compact: bool = False
    name: Word = ""


class ExportShape(Shape):
    """An export. file: the name of what `GET /exports/{id}/file` gives; result: counts, once it is done."""

    id: str
    file: str
    state: JobState
    progress: float
    phase: str
    result: dict[str, Any] | None
    error: dict[str, Any] | None
    created_at: str


class ExportList(Shape):
    """One's own exports, newest first."""

    items: list[ExportShape]
    total: int
