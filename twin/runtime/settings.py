"""Live settings of a park, from `park.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from twin.errors import Invalid
from twin.park import FILE, Park

ACK_WAIT_S = 30.0


@dataclass(frozen=True)
class LiveSettings:
    """What `park.toml` says of the running park.

    broker_url: an MQTT broker of others; empty starts the embedded one. broker_port: where the embedded
    one listens; None keeps its last port. broker_ack_wait_s: after how long the embedded one sends again
    what was not acknowledged. connectors: entries with kind, name and the kind's settings.
    period_s: expected seconds between reports by point kind. timezone: where the park's day begins.
    """

    broker_url: str = ""
    broker_port: int | None = None
    broker_ack_wait_s: float = ACK_WAIT_S
    connectors: tuple[Mapping[str, object], ...] = ()
    period_s: Mapping[str, float] = field(default_factory=dict)
    timezone: tzinfo = UTC

    @classmethod
    def of(cls, park: Park) -> LiveSettings:
        """Settings under [broker], [[connectors]], [state] period_s and [park] timezone. Raises Invalid."""
        broker = _table(park, park.tables.get("broker"), "[broker]")
        state = _table(park, park.tables.get("state"), "[state]")
        entries = park.tables.get("connectors", [])
        if not isinstance(entries, list):
            raise _wrong(park, "connectors", entries, "[[connectors]] entries")
        port, url = broker.get("port"), broker.get("url", "")
        if port is not None and (not isinstance(port, int) or isinstance(port, bool) or not 0 < port < 65536):
            raise _wrong(park, "[broker] port", port, "a port number")
        if not isinstance(url, str):
            raise _wrong(park, "[broker] url", url, "a text like mqtt://user:password@host:1883")
        wait = broker.get("ack_wait_s", ACK_WAIT_S)
        if not _is_positive(wait):
            raise _wrong(park, "[broker] ack_wait_s", wait, "seconds above 0")
        periods = _table(park, state.get("period_s"), "[state] period_s")
        for kind, seconds in periods.items():
            if not _is_positive(seconds):
                raise _wrong(park, f"[state] period_s {kind}", seconds, "seconds above 0")
        return cls(
            broker_url=url,
            broker_port=port,
            broker_ack_wait_s=float(str(wait)),
            connectors=tuple(_table(park, entry, "[[connectors]]") for entry in entries),
            period_s={kind: float(str(seconds)) for kind, seconds in periods.items()},
            timezone=_timezone(park, park.timezone),
        )


def _is_positive(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def _table(park: Park, value: object, name: str) -> dict[str, object]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _wrong(park, name, value, "a table")
    return dict(value)


def _timezone(park: Park, name: object) -> tzinfo:
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise _wrong(park, "[park] timezone", name, "a name like Asia/Shanghai") from error


def _wrong(park: Park, name: str, value: object, expected: str) -> Invalid:
    return Invalid(f"{park.folder / FILE}: {name} is {value!r}; expected {expected}", code="park-file")
