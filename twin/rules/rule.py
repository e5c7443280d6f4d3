"""An alarm rule: when a value of some kind is not as it should be."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from twin.finding import Severity

Op = Literal[
    ">", ">=", "<", "<=", "==", "!=", "limits", "rate", "deviation", "stuck", "bit", "quality", "missing", "bad"
]
Level = Literal["high_high", "high", "low", "low_low"]
LEVELS: Final[tuple[Level, ...]] = ("high_high", "high", "low", "low_low")
COMPARES: Final = frozenset({">", ">=", "<", "<=", "==", "!="})
ORDERS: Final = frozenset({">", ">=", "<", "<="})
QUALITY_OPS: Final = frozenset({"missing", "bad", "quality"})
WINDOWED: Final = frozenset({"rate", "stuck"})
LIMITED: Final = COMPARES | {"rate", "deviation", "bit"}
BANDED: Final = ORDERS | {"limits", "rate", "deviation", "stuck"}
RESERVED: Final = "connection-lost"
"""The rule id of alarms that stand for a lost connector, gateway or controller."""

Text = Annotated[str, Field(min_length=1)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Seconds = Annotated[float, Field(ge=0, le=86_400)]
Priority = Annotated[Severity, Field(strict=False)]
_CONFIG = ConfigDict(frozen=True, extra="forbid", strict=True)


class LevelLimit(BaseModel):
    """One of a rule's four limits, where it differs from the rule in more than the limit."""

    model_config = _CONFIG

    limit: Number
    severity: Priority | None = None
    message_zh: Text | None = None
    message_en: Text | None = None


class SuppressWhen(BaseModel):
    """A condition on another point: of this id, or of this kind on the same object or device."""

    model_config = _CONFIG

    point_id: Text | None = None
    kind: Text | None = None
    op: Literal[">", ">=", "<", "<=", "==", "!="]
    limit: Number

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.kind is None) == (self.point_id is None):
            raise ValueError("expected either kind or point_id")
        return self


class Escalation(BaseModel):
    """What happens when nobody has acknowledged the alarm for `after_s`."""

    model_config = _CONFIG

    after_s: Annotated[float, Field(gt=0, le=604_800)]
    severity: Priority | None = None
    role: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.severity is None and not self.role:
            raise ValueError("expected severity, role or both")
        return self


class AlarmRule(BaseModel):
    """One rule of `alarms.yaml`.

    It watches all points of `kind`, or the one `point_id`. op says which condition; `docs/reference/alarm-rules.md`
    tells the keys of each. severity: the alarm's priority. source, mark: where the limit comes from, and how far that
    was verified.
    """

    model_config = _CONFIG

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,62}$")]
    kind: Text | None = None
    point_id: Text | None = None
    severity: Priority
    op: Op
    limit: Number | None = None
    limits: dict[Level, Number | LevelLimit] | None = None
    window_s: Annotated[float, Field(gt=0, le=604_800)] | None = None
    direction: Literal["both", "up", "down"] = "both"
    set_point: Text | None = None
    set_kind: Text | None = None
    set_value: Number | None = None
    bit: Annotated[int, Field(ge=0, le=52)] | None = None
    quality: Annotated[list[Literal["stale", "bad", "never"]], Field(min_length=1)] | None = None
    delay_s: Seconds = 0.0
    off_delay_s: Seconds = 0.0
    dead_band: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    latching: bool = False
    suppress_when: list[SuppressWhen] = Field(default_factory=list)
    escalate: list[Escalation] = Field(default_factory=list)
    cause: str = ""
    message_zh: Text
    message_en: Text
    source: str = ""
    mark: str = ""
    _over: str = PrivateAttr("")

    @property
    def over(self) -> str:
        """Id of the rule of the next worse limit, whose alarm hides this one's; "" where there is none."""
        return self._over

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.kind is None) == (self.point_id is None):
            raise ValueError("expected either kind or point_id")
        if self.id == RESERVED:
            raise ValueError(f"{RESERVED} is the name of the alarms of lost gateways; expected another id")
        self._belongs("limit", self.op in LIMITED, self.limit is not None)
        self._belongs("limits", self.op == "limits", bool(self.limits))
        self._belongs("window_s", self.op in WINDOWED, self.window_s is not None)
        self._belongs("bit", self.op == "bit", self.bit is not None)
        self._belongs("quality", self.op == "quality", self.quality is not None)
        if self.op == "deviation":
            given = [name for name in ("set_point", "set_kind", "set_value") if getattr(self, name) is not None]
            if len(given) != 1:
                raise ValueError(
                    f"op deviation has {' and '.join(given) or 'no set point'}; expected one of set_point,"
                    " set_kind, set_value"
                )
        for name in ("set_point", "set_kind", "set_value"):
            if self.op != "deviation" and getattr(self, name) is not None:
                raise ValueError(f"op {self.op} takes no {name}")
        if self.op == "bit" and self.limit not in {0, 1}:
            raise ValueError(f"op bit has limit {self.limit}; expected 0 or 1")
        if self.op in {"rate", "deviation"} and self.limit is not None and self.limit <= 0:
            raise ValueError(f"op {self.op} has limit {self.limit}; expected more than 0")
        if self.direction != "both" and self.op not in {"rate", "deviation"}:
            raise ValueError(f"op {self.op} takes no direction")
        if self.dead_band and self.op not in BANDED:
            raise ValueError(f"op {self.op} takes no dead_band")
        self._check_order()
        times = [step.after_s for step in self.escalate]
        if any(later <= earlier for earlier, later in pairwise(times)):
            raise ValueError(f"escalate has after_s {times}; expected each later than the one before")
        return self

    def _belongs(self, name: str, wanted: bool, given: bool) -> None:
        if wanted != given:
            raise ValueError(f"op {self.op} {'expects ' + _a(name) if wanted else 'takes no ' + name}")

    def _check_order(self) -> None:
        found = [(level, limit_of((self.limits or {})[level])) for level in LEVELS if level in (self.limits or {})]
        for (above, upper), (below, lower) in pairwise(found):
            if upper <= lower:
                raise ValueError(f"limits has {above} {upper} and {below} {lower}; expected {above} above {below}")

    def expanded(self) -> list[AlarmRule]:
        """A rule per condition: this one, or one per limit of `limits`, named `<id>.high-high` …, the worst first."""
        if self.limits is None:
            return [self]
        found: dict[str, AlarmRule] = {}
        for level in ("high_high", "high", "low_low", "low"):
            given = self.limits.get(level)
            if given is None:
                continue
            own = given if isinstance(given, LevelLimit) else LevelLimit(limit=given)
            rule = self.model_copy(
                update={
                    "id": f"{self.id}.{level.replace('_', '-')}",
                    "op": ">" if level.startswith("high") else "<",
                    "limit": own.limit,
                    "limits": None,
                    "severity": own.severity or self.severity,
                    "message_zh": own.message_zh or self.message_zh,
                    "message_en": own.message_en or self.message_en,
                }
            )
            worse = found.get(f"{level}_{level}")
            rule._over = worse.id if worse is not None else ""  # noqa: SLF001  a copy of its own class
            found[level] = rule
        return list(found.values())


def limit_of(given: float | LevelLimit) -> float:
    """The number of a limit that is given as a number or with more."""
    return given.limit if isinstance(given, LevelLimit) else given


def _a(name: str) -> str:
    return name if name.endswith("s") and name != "window_s" else f"a {name}"
