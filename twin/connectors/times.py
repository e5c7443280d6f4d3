"""Times as senders write them → epoch milliseconds."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Final

from twin.errors import Invalid

PER_MS: Final = {"ms": 1.0, "s": 1000.0, "us": 1e-3, "ns": 1e-6}
FORMATS: Final = (*PER_MS, "iso")
MAX_MS: Final = 1 << 52


def epoch_ms(value: object, form: str, zone: tzinfo = UTC) -> int:
    """Epoch ms of a time. form: ms, s, us, ns (a number, or its text), or iso (ISO 8601).

    zone: of ISO times that name none. Raises Invalid naming the value.
    """
    time = _iso(value, zone) if form == "iso" else _number(value, PER_MS[form])
    if time is None or not -MAX_MS <= time <= MAX_MS:  # NaN is out of every range
        expected = "an ISO 8601 time" if form == "iso" else f"a number of {form} since 1970"
        raise Invalid(f"Time {str(value)[:40]!r} is not usable: expected {expected}", code="time")
    return round(time)


def _iso(value: object, zone: tzinfo) -> float | None:
    try:
        at = datetime.fromisoformat(value.strip()) if isinstance(value, str) else None
        return None if at is None else (at if at.tzinfo else at.replace(tzinfo=zone)).timestamp() * 1000
    except (ValueError, OverflowError):
        return None


def _number(value: object, per: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value) * per
    except (ValueError, OverflowError):
        return None
