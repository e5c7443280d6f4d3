"""A command and its states: what was asked for and what the device confirmed are two things."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum


class CommandState(StrEnum):
    """Where a command stands. `ASKED` and `SENT` are open, all others final."""

    ASKED = "asked"  # taken and kept
    SENT = "sent"  # handed to the connector; the device has not answered
    CONFIRMED = "confirmed"  # the device says that it took the value
    REFUSED = "refused"  # by the device, or because it could not be sent
    TIMED_OUT = "timed-out"  # no answer within the time limit: the device may have taken it
    CANCELLED = "cancelled"  # by a person
    UNKNOWN = "unknown"  # the server ended, or the connection broke, between sending and the answer


OPEN = frozenset({CommandState.ASKED, CommandState.SENT})


@dataclass(frozen=True, slots=True)
class Command:
    """One command. Times are epoch ms, None where it did not happen; value: asked for, in the point's unit.

    key: the asker's name for the wish, empty without one; timeout_s: how long an answer is waited for;
    reason: why it ended as it did, for people.
    """

    id: str
    point_id: str
    gid: str
    value: float
    unit: str
    state: CommandState
    user: str
    comment: str
    key: str
    timeout_s: float
    asked_at: int
    sent_at: int | None = None
    ended_at: int | None = None
    reason: str = ""

    def as_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        row = asdict(self)
        row["state"] = self.state.value
        return row
