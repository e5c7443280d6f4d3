"""A filter expression as tokens."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from server.sta.errors import wrong

MAX_LENGTH = 8000
TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<geometry>(?:geography|geometry)'[^']*')
    | (?P<duration>duration'[^']*')
    | (?P<text>'(?:[^']|'')*')
    | (?P<instant>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)
    | (?P<date>\d{4}-\d{2}-\d{2})
    | (?P<time>\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)
    | (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<name>[^\W\d][\w.]*|@iot\.\w+)
    | (?P<mark>[(),/-])
    """,
    re.VERBOSE,
)
SEGMENT = re.compile(r"[\w@.$:-]+")
"""A name behind a `/`: keys of JSON objects may hold more than letters."""
DURATION = re.compile(
    r"(?P<sign>-?)P(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)


class Token(NamedTuple):
    """kind: the group in TOKEN, `end` behind the last; value: read already."""

    kind: str
    value: object
    at: int


def tokens(text: str) -> list[Token]:
    """Tokens without spaces, and an `end`. Raises Invalid with the place of what cannot be read."""
    if len(text) > MAX_LENGTH:
        raise wrong(f"The expression has {len(text)} characters: expected at most {MAX_LENGTH}")
    found: list[Token] = []
    at = 0
    while at < len(text):
        behind_slash = bool(found) and found[-1].kind == "mark" and found[-1].value == "/"
        match = SEGMENT.match(text, at) if behind_slash else TOKEN.match(text, at)
        if match is None:
            raise wrong(f"{_around(text, at)} cannot be read at character {at + 1}: expected an expression")
        kind = "name" if behind_slash else str(match.lastgroup)
        if kind != "space":
            found.append(Token(kind, _value(kind, match.group()), at))
        at = match.end()
    return [*found, Token("end", "", len(text))]


def instant(text: str) -> datetime:
    """An aware instant from ISO 8601; without an offset UTC. Raises Invalid."""
    try:
        found = datetime.fromisoformat(_microseconds(text))
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        found.astimezone(UTC)  # at the ends of time an offset leads outside
    except (ValueError, OverflowError) as error:
        raise wrong(f"{text!r:.80} is no instant: expected one like 2026-11-27T08:00:00Z") from error
    return found


def _value(kind: str, text: str) -> object:
    try:
        match kind:
            case "text":
                return text[1:-1].replace("''", "'")
            case "geometry":
                return text[text.index("'") + 1 : -1]
            case "duration":
                return _duration(text[len("duration'") : -1])
            case "instant":
                return instant(text)
            case "date":
                return date.fromisoformat(text)
            case "time":
                return time.fromisoformat(_microseconds(text))
            case "number":
                return _number(text)
    except ValueError as error:
        raise wrong(f"{text!r} is no {kind}: {error}") from error
    return text


def _number(text: str) -> int | float:
    if text.isdecimal():
        if len(text) > 18:
            return float(text)
        return int(text)
    return float(text)


def _duration(text: str) -> timedelta:
    match = DURATION.fullmatch(text)
    if match is None or text.endswith(("P", "T")):
        raise wrong(f"duration'{text}' cannot be read: expected one like duration'P1DT12H' or duration'PT30M'")
    parts = {name: float(value) for name, value in match.groupdict().items() if value and name != "sign"}
    try:
        found = timedelta(**parts)
    except OverflowError as error:
        raise wrong(f"duration'{text}' is too long: expected less than a billion days") from error
    return -found if match["sign"] else found


def _microseconds(text: str) -> str:
    """Fractions of a second cut to six digits: all that the language keeps."""
    return re.sub(r"(\.\d{6})\d+", r"\1", text)


def _around(text: str, at: int) -> str:
    return repr(text[max(0, at - 10) : at + 20])
