"""Connectors, the mapping of their addresses, and readings that are pushed."""

from __future__ import annotations

from pydantic import Field

from server.models.base import Body, Shape


class ConnectorShape(Shape):
    """A connector and its counters since it was started. token_at: when its token was issued, epoch ms; push kinds only."""

    name: str
    kind: str
    state: str
    detail: str
    detail_zh: str | None
    messages: int
    readings: int
    acknowledged: int
    unknown: int
    undecodable: int
    dropped: int
    bad: int
    late: int
    skewed: int
    thinned: int
    simulated: int
    connections: int
    subscriptions: int
    mapped: int
    candidates: int
    token_at: int | None


class Candidate(Shape):
    """An address that sends values but belongs to no point. heard_at: epoch ms."""

    connector: str
    address: str
    count: int
    sample: str
    heard_at: int


class Connectors(Shape):
    """All connectors, and the addresses that wait to be bound."""

    items: list[ConnectorShape]
    candidates: list[Candidate]


class MappingRow(Shape):
    """An entry of `mappings.yaml`; problem: why it does nothing, empty where it works."""

    connector: str
    address: str
    point: str
    scale: float
    offset: float
    unit: str
    values: dict[str, float]
    min_interval_s: float
    problem: str
    problem_zh: str | None


class MappingPage(Shape):
    """The mapping. revision: changes with the file; units: by quantity, those that are converted into each other."""

    entries: list[MappingRow]
    revision: str
    units: dict[str, list[str]]


class MappingFields(Body):
    """The fields of an entry (`docs/reference/connectors.md`)."""

    connector: str = Field(max_length=1000)
    address: str = Field(max_length=1000)
    point: str = Field(max_length=1000)
    scale: float = 1.0
    offset: float = 0.0
    unit: str = Field(default="", max_length=100)
    values: dict[str, float] = Field(default_factory=dict, max_length=1000)
    min_interval_s: float = 0.0


class MappingKey(Body):
    """What stands once in the file."""

    connector: str = Field(max_length=1000)
    address: str = Field(max_length=1000)


class MappingSave(Body):
    """An entry to write. replaces: the entry in whose place it comes; revision: of the page it was made on."""

    entry: MappingFields
    replaces: MappingKey | None = None
    revision: str = Field(default="", max_length=64)


class PreviewShape(Shape):
    """What an entry makes of the last value of its address; problem: why it would do nothing, or the value be bad."""

    raw: str
    paths: list[str]
    value: float | None
    text: str
    converted: float | None
    unit: str
    time: int
    problem: str
    problem_zh: str | None


class TokenSaved(Shape):
    """A token just issued; it is shown this once."""

    connector: str
    token: str


class ItemFault(Shape):
    """What is wrong with an item of a request. item: its place, from 0; kept: whether its point shows it as bad."""

    item: int
    message: str
    kept: bool


class PushAnswer(Shape):
    """accepted: readings that are committed; errors: the first 100 of `faulty`."""

    accepted: int
    faulty: int
    errors: list[ItemFault]
