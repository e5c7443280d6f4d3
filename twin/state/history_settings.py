"""How long the history keeps what: `[history]` of park.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from twin.errors import Invalid
from twin.park import FILE, Park
from twin.state.history_tables import DAY_MS, HOUR_MS
from twin.state.kinds import canonical

MONTH_DAYS = 31


@dataclass(frozen=True, slots=True)
class Keep:
    """How long samples stay as they are.

    raw_days: days after which samples become buckets of `bucket_s` seconds; bucket_months: months (of 31 days) after
    which these become hours, which stay for ever. 0 is never.
    """

    raw_days: float = 0.0
    bucket_s: int = 300
    bucket_months: float = 0.0


@dataclass(frozen=True)
class HistorySettings:
    """keep: for all kinds of points that `kinds` (by canonical name) does not list."""

    keep: Keep = Keep()
    kinds: Mapping[str, Keep] = field(default_factory=dict)

    @classmethod
    def of(cls, park: Park) -> HistorySettings:
        """Settings of a park. Raises Invalid naming the entry and what was expected."""
        table = park.tables.get("history", {})
        if not isinstance(table, dict):
            raise _wrong(park, "[history]", table, "a table")
        kinds = table.get("kinds", {})
        if not isinstance(kinds, dict):
            raise _wrong(park, "[history.kinds]", kinds, "tables by kind of point")
        keep = _keep(park, "[history]", {name: value for name, value in table.items() if name != "kinds"}, Keep())
        found = {}
        for kind, row in kinds.items():
            if not isinstance(row, dict):
                raise _wrong(park, f"[history.kinds.{kind}]", row, "a table")
            found[canonical(str(kind))] = _keep(park, f"[history.kinds.{kind}]", row, keep)
        return cls(keep, found)

    def of_kind(self, kind: str) -> Keep:
        """What holds for a kind of point."""
        return self.kinds.get(canonical(kind), self.keep)

    @property
    def forgets(self) -> bool:
        """Whether anything is ever summarised."""
        return any(keep.raw_days for keep in (self.keep, *self.kinds.values()))


def _keep(park: Park, section: str, row: Mapping[str, object], base: Keep) -> Keep:
    keep = base
    for name, value in row.items():
        if name not in {"raw_days", "bucket_s", "bucket_months"}:
            raise _wrong(park, f"{section} {name}", value, "raw_days, bucket_s, bucket_months or kinds")
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise _wrong(park, f"{section} {name}", value, "a number of at least 0")
        if name == "bucket_s":
            keep = replace(keep, bucket_s=int(value))
        elif name == "raw_days":
            keep = replace(keep, raw_days=float(value))
        else:
            keep = replace(keep, bucket_months=float(value))
    if not 0 < keep.bucket_s <= HOUR_MS // 1000 or HOUR_MS // 1000 % keep.bucket_s:
        raise _wrong(park, f"{section} bucket_s", keep.bucket_s, "seconds that divide an hour, as 60, 300, 900")
    if 0 < keep.bucket_months * MONTH_DAYS <= keep.raw_days:
        raise _wrong(
            park, f"{section} bucket_months", keep.bucket_months, f"more than raw_days, {keep.raw_days:g} days"
        )
    return keep


def raw_before(keep: Keep, now: int) -> int:
    """Samples before this instant, epoch ms, become buckets; 0 where they stay."""
    return now - round(keep.raw_days * DAY_MS) if keep.raw_days else 0


def buckets_before(keep: Keep, now: int) -> int:
    """Buckets before this instant, epoch ms, become hours; 0 where they stay."""
    return now - round(keep.bucket_months * MONTH_DAYS * DAY_MS) if keep.raw_days and keep.bucket_months else 0


def _wrong(park: Park, name: str, value: object, expected: str) -> Invalid:
    return Invalid(f"{park.folder / FILE}: {name} is {value!r}; expected {expected}", code="park-file")
