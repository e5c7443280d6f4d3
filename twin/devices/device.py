"""`Device`: what the register holds of one device, and the check of every field of it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, NamedTuple

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
"""Ids stand in MQTT topics and in addresses of the API: no dot, slash, blank or wildcard."""
LENGTHS: Mapping[str, int] = {
    "name": 200, "gid": 300, "kind": 60, "model": 100, "maker": 100, "serial": 100, "firmware": 60, "parent": 64,
    "connector": 64, "notes": 4000,
}  # fmt: skip
LISTS = ("groups", "tags")
DATES = ("installed", "maintained")
FIELDS = (
    "name", "gid", "kind", "model", "maker", "serial", "firmware", "installed", "maintained", "maintain_every_days",
    "parent", "connector", "heartbeat_s", "groups", "tags", "notes",
)  # fmt: skip
"""What people may change, in the order of columns."""
MAX_NAMES = 50
MAX_DAYS = 36_500
MAX_HEARTBEAT_S = 31 * 86_400.0


@dataclass(frozen=True, slots=True)
class Device:
    """One device. gid: the object that it is, or that it serves; parent: id of its gateway; dates: ISO days.

    heartbeat_s: seconds between two signs of life, None takes the shortest period of its points' kinds. state: active
    or retired. version counts changes.
    """

    id: str
    name: str = ""
    gid: str = ""
    kind: str = ""
    model: str = ""
    maker: str = ""
    serial: str = ""
    firmware: str = ""
    installed: str | None = None
    maintained: str | None = None
    maintain_every_days: int | None = None
    parent: str = ""
    connector: str = ""
    heartbeat_s: float | None = None
    groups: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    notes: str = ""
    state: str = "active"
    created_ms: int = 0
    changed_ms: int = 0
    version: int = 1

    def as_dict(self) -> dict[str, Any]:
        """Plain data; lists instead of tuples."""
        row = asdict(self)
        return {**row, "groups": list(self.groups), "tags": list(self.tags)}


class Fault(NamedTuple):
    """Why a field cannot be taken."""

    field: str
    value: object
    expected: str

    def __str__(self) -> str:
        shown = repr(self.value)
        return f"{self.field} is {shown if len(shown) <= 80 else shown[:77] + '…'}; expected {self.expected}"


def check(fields: Mapping[str, object]) -> tuple[dict[str, Any], list[Fault]]:
    """Fields in their types, and what cannot be taken.

    Texts are read as they stand in a list: "30" is a number there, "a; b" two names; an empty text is no value.
    """
    clean: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, value in fields.items():
        if name not in FIELDS:
            faults.append(Fault(name, value, f"one of the fields {', '.join(FIELDS)}"))
            continue
        found = _field(name, value)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            clean[name] = found
    return clean, faults


def check_id(value: object) -> Fault | None:
    """What is wrong with an id."""
    if isinstance(value, str) and ID.fullmatch(value):
        return None
    return Fault("id", value, "1 to 64 letters, digits, '-' or '_', beginning with a letter or digit")


def _field(name: str, value: object) -> Any:
    if name in LISTS:
        return _names(name, value)
    if name in DATES:
        return _day(name, value)
    if name == "maintain_every_days":
        number = _number(value)
        if number is None:
            return None
        return int(number) if 1 <= number <= MAX_DAYS and number == int(number) else Fault(name, value, "whole days from 1 to 36500")  # fmt: skip
    if name == "heartbeat_s":
        number = _number(value)
        return number if number is None or 1 <= number <= MAX_HEARTBEAT_S else Fault(name, value, "seconds from 1 to 2678400")  # fmt: skip
    text = "" if value is None else str(value).strip()
    if len(text) > LENGTHS[name] or any(ord(sign) < 32 and sign not in "\n\t" for sign in text):
        return Fault(name, value, f"a text of at most {LENGTHS[name]} characters without control characters")
    if name == "parent" and text and check_id(text):
        return Fault(name, value, "the id of a device")
    return text


def _number(value: object) -> float | None:
    """The number; NaN, which no bound admits, where it is none; None where there is no value."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return math.nan
    try:
        return float(str(value))
    except ValueError:
        return math.nan


def _day(name: str, value: object) -> Any:
    if value is None or value == "":
        return None
    try:
        return date.fromisoformat(str(value).strip()[:10].replace("/", "-")).isoformat()
    except ValueError:
        return Fault(name, value, "a day like 2026-03-31")


def _names(name: str, value: object) -> Any:
    parts = value.replace("；", ";").split(";") if isinstance(value, str) else value
    if parts is None:
        parts = []
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
        return Fault(name, value, "a list of texts")
    names = tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
    if len(names) > MAX_NAMES or any(len(part) > 100 for part in names):
        return Fault(name, value, f"at most {MAX_NAMES} names of at most 100 characters, divided by ';'")
    return names
