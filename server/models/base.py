"""What all shapes have in common."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

Box = tuple[float, float, float, float, float, float]
"""min x, min y, min z, max x, max y, max z: metres in the park frame."""


class Shape(BaseModel):
    """An answer: exactly these fields."""

    model_config = ConfigDict(extra="forbid")


class Body(BaseModel):
    """A request's body: unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Problem(BaseModel):
    """RFC 9457 problem details; `code` is stable, `detail` is one sentence for people, `detail_zh` the same in Chinese."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    code: str
    detail: str
    detail_zh: str | None = None


class FindingShape(Shape):
    """One thing observed by a build (`twin/finding.py`)."""

    code: str
    severity: str
    zh: str
    en: str
    ids: list[str]
    fix_zh: str
    fix_en: str
    value: float | None
    limit: float | None
    unit: str
    at: tuple[float, float, float] | None
    data: dict[str, Any] = Field(default_factory=dict)
    repaired: bool = False
