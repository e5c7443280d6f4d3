"""What a message of HJ 212 measures: readings by pollutant code and field."""

from __future__ import annotations

import datetime as dt
import math
import re

from twin.connectors.hj212.message import Message
from twin.connectors.intake import Arrived
from twin.state.quality import BAD, GOOD, STALE

DATA = {"2011": "", "2021": "", "2051": "minute.", "2061": "hour.", "2031": "day."}
"""Commands that carry values, and what stands before the field in a point's address."""
FLAGS = {"N": GOOD, "S": STALE, "F": BAD, "M": BAD, "D": BAD, "C": BAD, "T": BAD, "B": BAD}
"""Normal; typed in by hand; stopped, in maintenance, defective, calibrating, beyond the range, without connection."""
NO_VALUES = ("Flag", "EFlag", "SampleTime", "Info", "SN")
MAX_FIELDS = 2000
_NAME = re.compile(r"([0-9A-Za-z]{1,20})-([0-9A-Za-z]{1,20})")
_TIME = re.compile(r"\d{14}")


def readings(message: Message, zone: dt.tzinfo) -> list[Arrived]:
    """The readings of a message; times are of the zone. Never raises; what cannot be read is NaN and bad."""
    head = DATA.get(message.cn)
    if head is None:
        return []
    time = 0
    values: dict[tuple[str, str], str] = {}
    flags: dict[str, str] = {}
    for part in re.split("[;,]", message.cp, maxsplit=MAX_FIELDS)[:MAX_FIELDS]:
        name, mark, text = part.partition("=")
        if name == "DataTime" and mark:
            time = epoch_ms(text, zone)
            continue
        match = _NAME.fullmatch(name.strip())
        if match is None or not mark:
            continue
        if match[2] == "Flag":
            flags[match[1]] = text.strip()
        elif match[2] not in NO_VALUES:
            values[match[1], match[2]] = text.strip()
    made = []
    for (code, field), text in values.items():
        value = _number(text)
        quality = FLAGS.get(flags.get(code, "N"), STALE)
        address = f"{message.mn}/{code}/{head}{field}"
        made.append(Arrived(address, value, time, BAD if math.isnan(value) else quality, sample=text[:60].encode()))
    return made


def epoch_ms(text: str, zone: dt.tzinfo) -> int:
    """Epoch milliseconds of `YYYYMMDDhhmmss`; 0 where it is none."""
    if not _TIME.fullmatch(text):
        return 0
    try:
        time = dt.datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=zone)
        return max(0, round(time.timestamp() * 1000))
    except (ValueError, OverflowError):
        return 0


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan
