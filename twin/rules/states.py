"""The states of an alarm after ISA-18.2 (IEC 62682) and how one follows another: the one table.

An alarm has a *process state* (what the condition did, and what people said to it), and *holds* that take it off the
operator's list: shelved, suppressed by design, out of service. The process goes on beneath a hold, and shows again when
the hold ends. The state that is shown is the strongest hold, else the process state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class AlarmState(StrEnum):
    """Where an alarm stands. All but `NORMAL` are open."""

    NORMAL = "normal"  # over, and nothing is owed: closed
    ACTIVE = "active"  # the condition holds, nobody has acknowledged it
    ACKNOWLEDGED = "acknowledged"  # it holds, and somebody knows
    CLEARED = "cleared"  # it returned to normal, and nobody has acknowledged it
    LATCHED = "latched"  # it returned to normal, waits for an acknowledgement and then for a reset
    LATCHED_ACKNOWLEDGED = "latched-acknowledged"  # it returned to normal and is known, waits for a reset
    SHELVED = "shelved"  # put aside by a person, until a time
    SUPPRESSED = "suppressed"  # hidden by design: the machine is off, its gateway is lost, a worse limit is passed
    OUT_OF_SERVICE = "out-of-service"  # taken out by a person, until returned


LETTERS: Final[Mapping[AlarmState, str]] = MappingProxyType(
    {
        AlarmState.NORMAL: "A",
        AlarmState.ACTIVE: "B",
        AlarmState.ACKNOWLEDGED: "C",
        AlarmState.CLEARED: "D",
        AlarmState.SHELVED: "E",
        AlarmState.SUPPRESSED: "F",
        AlarmState.OUT_OF_SERVICE: "G",
        AlarmState.LATCHED: "",
        AlarmState.LATCHED_ACKNOWLEDGED: "",
    }
)
"""The letters of the standard's state diagram; latched alarms have none of A to G."""

HOLDING: Final = frozenset({AlarmState.ACTIVE, AlarmState.ACKNOWLEDGED})
"""Process states in which the condition holds."""
UNACKNOWLEDGED: Final = frozenset({AlarmState.ACTIVE, AlarmState.CLEARED, AlarmState.LATCHED})
HOLDS: Final = (AlarmState.OUT_OF_SERVICE, AlarmState.SHELVED, AlarmState.SUPPRESSED)
"""The strongest first: that one is shown."""


class Step(StrEnum):
    """What can happen to an alarm. `LATCH`: a latching alarm's condition is over."""

    RAISE = "raise"
    CLEAR = "clear"
    LATCH = "latch"
    ACKNOWLEDGE = "acknowledge"
    RESET = "reset"
    SHELVE = "shelve"
    UNSHELVE = "unshelve"
    SUPPRESS = "suppress"
    UNSUPPRESS = "unsuppress"
    REMOVE = "remove"  # from service
    RETURN = "return"  # to service


_A, _B, _C, _D = AlarmState.NORMAL, AlarmState.ACTIVE, AlarmState.ACKNOWLEDGED, AlarmState.CLEARED
_L, _K = AlarmState.LATCHED, AlarmState.LATCHED_ACKNOWLEDGED

PROCESS: Final[Mapping[AlarmState, Mapping[Step, AlarmState]]] = MappingProxyType(
    {
        _A: {Step.RAISE: _B},
        _B: {Step.CLEAR: _D, Step.LATCH: _L, Step.ACKNOWLEDGE: _C},
        _C: {Step.CLEAR: _A, Step.LATCH: _K},
        _D: {Step.RAISE: _B, Step.ACKNOWLEDGE: _A},
        _L: {Step.RAISE: _B, Step.ACKNOWLEDGE: _K},
        _K: {Step.RAISE: _B, Step.RESET: _A},
    }
)
"""Process state → step → next; a step that is not there is refused, or has happened already."""

HELD_BY: Final[Mapping[Step, AlarmState]] = MappingProxyType(
    {
        Step.SHELVE: AlarmState.SHELVED,
        Step.SUPPRESS: AlarmState.SUPPRESSED,
        Step.REMOVE: AlarmState.OUT_OF_SERVICE,
    }
)
FREED_BY: Final[Mapping[Step, AlarmState]] = MappingProxyType(
    {
        Step.UNSHELVE: AlarmState.SHELVED,
        Step.UNSUPPRESS: AlarmState.SUPPRESSED,
        Step.RETURN: AlarmState.OUT_OF_SERVICE,
    }
)
FOR_PEOPLE: Final = frozenset({Step.ACKNOWLEDGE, Step.RESET})
"""Steps that answer what is shown: a held alarm shows nothing to answer."""


@dataclass(frozen=True, slots=True)
class Position:
    """A process state, and the holds above it."""

    process: AlarmState = AlarmState.NORMAL
    holds: frozenset[AlarmState] = frozenset()

    @property
    def shown(self) -> AlarmState:
        """The state that people see; a closed alarm is closed whatever holds it."""
        if self.process is AlarmState.NORMAL:
            return AlarmState.NORMAL
        return next((hold for hold in HOLDS if hold in self.holds), self.process)

    def after(self, step: Step) -> Position | None:
        """Where a step leads; None where it is not allowed here."""
        if step in HELD_BY:
            hold = HELD_BY[step]
            return None if hold in self.holds else Position(self.process, self.holds | {hold})
        if step in FREED_BY:
            hold = FREED_BY[step]
            return Position(self.process, self.holds - {hold}) if hold in self.holds else None
        if self.holds and step in FOR_PEOPLE:
            return None
        process = PROCESS[self.process].get(step)
        return None if process is None else Position(process, self.holds)
