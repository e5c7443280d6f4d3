"""Holds that people lay on alarms: shelving one for a time, taking a rule, point or object out of service."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum

import numpy as np

from twin.rules.conditions import Flags
from twin.rules.watch import Watch


class HoldKind(StrEnum):
    """Which of the states of ISA-18.2 the hold is."""

    SHELVED = "shelved"
    OUT_OF_SERVICE = "out-of-service"


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold. rule, point_id, gid: what it is on; "" leaves that open, all that are given must fit.

    gid is of the object or the device. author, reason: who laid it on, and why. since, until: epoch ms; until is None
    where only a person ends it.
    """

    id: str
    kind: HoldKind
    rule: str
    point_id: str
    gid: str
    author: str
    reason: str
    since: int
    until: int | None = None

    def as_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        return {**asdict(self), "kind": self.kind.value}

    def fits(self, rule: str, point_id: str, gid: str, device: str = "") -> bool:
        """Whether it is on an alarm of this rule, point, object and device."""
        return self.rule in {"", rule} and self.point_id in {"", point_id} and self.gid in {"", gid, device}

    def mark(self, watch: Watch, flags: Flags) -> None:
        """Set the flags of a watch's rows that it is on."""
        if self.rule and self.point_id:
            row = watch.rows.get((self.rule, self.point_id))
            rows = np.array([] if row is None else [row], dtype=np.int64)
        else:
            on = np.ones(len(watch), dtype=np.bool_)
            if self.rule:
                on &= np.array([rule.id == self.rule for rule in watch.rules], dtype=np.bool_)[watch.rule]
            if self.point_id:
                on &= watch.point == watch.hub.index.get(self.point_id, -1)
            rows = np.flatnonzero(on)
        if self.gid:
            points = watch.point[rows]
            rows = rows[(watch.hub.gid[points] == self.gid) | (watch.hub.device[points] == self.gid)]
        flags[rows] = True


def marks(holds: Iterable[Hold], kind: HoldKind, watch: Watch) -> Flags:
    """(m,) rows of a watch that holds of a kind are on."""
    flags: Flags = np.zeros(len(watch), dtype=np.bool_)
    for hold in holds:
        if hold.kind is kind:
            hold.mark(watch, flags)
    return flags
