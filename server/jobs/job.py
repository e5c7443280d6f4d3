"""A job: its states and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from twin.clock import iso
from twin.errors import Unavailable


class JobState(StrEnum):
    """queued → running → done, failed or cancelled."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing will change any more."""
        return self in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class Cancelled(Unavailable):
    """Raised inside a job that was asked to stop."""

    code = "cancelled"


@dataclass(frozen=True)
class Job:
    """One piece of long work. progress: 0..1; phase: a short name; times: epoch milliseconds."""

    id: str
    kind: str
    target: str
    owner: str
    state: JobState
    created_ms: int
    progress: float = 0.0
    phase: str = ""
    message: str = ""
    result: dict[str, Any] | None = None
    error: dict[str, Any] | None = None
    started_ms: int | None = None
    ended_ms: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON; times as RFC 3339 text."""
        return {
            "id": self.id,
            "kind": self.kind,
            "target": self.target,
            "owner": self.owner,
            "state": self.state.value,
            "progress": round(self.progress, 4),
            "phase": self.phase,
            "message": self.message,
            "result": self.result,
            "error": self.error,
            "created_at": iso(self.created_ms),
            "started_at": None if self.started_ms is None else iso(self.started_ms),
            "ended_at": None if self.ended_ms is None else iso(self.ended_ms),
        }
