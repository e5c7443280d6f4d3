"""An alarm rule: when a value of some kind is not as it should be."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from twin.finding import Severity

Op = Literal[">", ">=", "<", "<=", "==", "!=", "missing", "bad"]
QUALITY_OPS = frozenset({"missing", "bad"})
Text = Annotated[str, Field(min_length=1)]


class AlarmRule(BaseModel):
    """One rule of `alarms.yaml`.

    It watches all points of `kind`, or the one `point_id`. op: compares the value with `limit`, in the
    point's unit; `missing` is true while a point is stale, `bad` while its readings cannot be used:
    these two take no limit. delay_s: the condition must hold that long before the alarm is raised.
    dead_band: the value must come back by that much, in the point's unit, before the alarm is cleared.
    source, mark: where the limit comes from, and how far that was verified.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,62}$")]
    kind: Text | None = None
    point_id: Text | None = None
    severity: Annotated[Severity, Field(strict=False)]
    op: Op
    limit: Annotated[float, Field(allow_inf_nan=False)] | None = None
    delay_s: Annotated[float, Field(ge=0, le=86_400)] = 0.0
    dead_band: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    message_zh: Text
    message_en: Text
    source: str = ""
    mark: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.kind is None) == (self.point_id is None):
            raise ValueError("expected either kind or point_id")
        if (self.op in QUALITY_OPS) != (self.limit is None):
            raise ValueError(
                f"op {self.op} takes no limit" if self.op in QUALITY_OPS else f"op {self.op} expects a limit"
            )
        if self.dead_band and self.op in QUALITY_OPS | {"==", "!="}:
            raise ValueError(f"op {self.op} takes no dead_band")
        return self
