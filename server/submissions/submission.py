"""A submission: one uploaded model and how far its review is."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from twin.clock import iso


class SubmissionState(StrEnum):
    """queued → building → reviewing → reviewed, failed or cancelled."""

    QUEUED = "queued"
    BUILDING = "building"
    REVIEWING = "reviewing"
    REVIEWED = "reviewed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self in (SubmissionState.REVIEWED, SubmissionState.FAILED, SubmissionState.CANCELLED)


@dataclass(frozen=True)
class Submission:
    """id: 12 hexadecimal digits; name: the uploaded file's; layer: `submission-<id>`; counts: findings by severity.

    version, counts, placing: of the review that stands; they stay while the model is reviewed at another place.
    """

    id: str
    name: str
    state: SubmissionState
    owner: str
    created_ms: int
    size: int
    sha256: str
    job: str = ""
    version: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    error: dict[str, Any] | None = None
    placing: dict[str, Any] = field(default_factory=dict)

    @property
    def layer(self) -> str:
        """The layer it becomes."""
        return f"{LAYER_PREFIX}{self.id}"

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state.value,
            "owner": self.owner,
            "created_at": iso(self.created_ms),
            "size": self.size,
            "sha256": self.sha256,
            "job": self.job,
            "layer": self.layer,
            "version": self.version,
            "counts": self.counts,
            "error": self.error,
            "placing": self.placing,
        }


LAYER_PREFIX = "submission-"
"""Layers with this prefix are read only by who may read submissions."""
