"""Jobs, submissions, publishing."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from server.jobs import JobState
from server.models.base import Body, Shape
from server.submissions import SubmissionState


class JobShape(Shape):
    """Long work; progress is 0..1."""

    id: str
    kind: str
    target: str
    owner: str
    state: JobState
    progress: float
    phase: str
    message: str
    result: dict[str, Any] | None
    error: dict[str, Any] | None
    created_at: str
    started_at: str | None
    ended_at: str | None


class JobList(Shape):
    """Jobs, newest first."""

    items: list[JobShape]
    total: int


class Accepted(Shape):
    """A review is queued; follow its job."""

    submission: str
    job: str


class SubmissionShape(Shape):
    """A model under review."""

    id: str
    name: str
    state: SubmissionState
    owner: str
    created_at: str
    size: int
    sha256: str
    job: str
    layer: str
    version: str
    counts: dict[str, int]
    error: dict[str, Any] | None
    placing: dict[str, Any]


class SubmissionList(Shape):
    """Submissions, newest first."""

    items: list[SubmissionShape]
    total: int


class SubmissionDetail(SubmissionShape):
    """A submission with its layer as in `scene.json`, once it is built."""

    scene_layer: dict[str, Any] | None


class ReviewFinding(Shape):
    """One finding of a rule: the objects, the measured value against the limit, how to mend it."""

    id: str
    rule: str
    code: str
    severity: str
    zh: str
    en: str
    fix_zh: str
    fix_en: str
    gids: list[str]
    states: list[int]
    value: float | None
    limit: float | None
    unit: str
    at: tuple[float, float, float] | None
    requirement: str
    mark: str


class ReviewRule(Shape):
    """A rule with its verdict: pass, fail, insufficient, na."""

    rule: str
    stage: str
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str
    clause: str
    mark: str
    limit: float | None
    unit: str
    verdict: str
    checked: int
    lacking: int
    failed: int


class Findings(Shape):
    """The outcome of a review."""

    items: list[ReviewFinding]
    rules: list[ReviewRule]
    layer: str


class PublishBody(Body):
    """A built version to publish."""

    layer: str = Field(max_length=63)
    version: str = Field(max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    title: str = Field(default="", max_length=200)
    group: str = Field(default="", max_length=20)


class VersionBody(Body):
    """A version of the layer in the address."""

    version: str = Field(max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")


class PointsBody(Body):
    """A bindings file on the server's machine; without one the park's own `points.csv`."""

    path: str | None = None


class SqlBody(Body):
    """One SELECT."""

    query: str = Field(min_length=1, max_length=100_000)


class SqlAnswer(Shape):
    """Column names and rows."""

    columns: list[str]
    rows: list[list[Any]]
