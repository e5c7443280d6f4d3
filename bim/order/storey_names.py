"""The number that a storey's name gives it: 1F, B2, Level 3, 地下一层, 2.OG …"""

from __future__ import annotations

import re

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_HAN = "零〇一二两三四五六七八九十"
_BELOW = re.compile(r"(?:地下|负|负\s*第|B|basement|UG|sous-sol)\s*([0-9]{1,3}|[" + _HAN + r"]{1,3})", re.IGNORECASE)
_BELOW_AFTER = re.compile(r"([0-9]{1,2})\s*\.?\s*(?:UG|SS)\b", re.IGNORECASE)
_ABOVE = (
    re.compile(r"(?:第\s*)?([0-9]{1,3}|[" + _HAN + r"]{1,3})\s*(?:层|楼|階)"),
    re.compile(r"(-?[0-9]{1,3})\s*F\b", re.IGNORECASE),
    re.compile(r"\bF\s*(-?[0-9]{1,3})\b", re.IGNORECASE),
    re.compile(
        r"\b(?:level|floor|storey|story|stock|étage|planta|piano|etage|geschoss|L)\s*(-?[0-9]{1,3})\b", re.IGNORECASE
    ),
    re.compile(r"\b([0-9]{1,2})(?:st|nd|rd|th)\s+(?:floor|level|storey|story)\b", re.IGNORECASE),
    re.compile(r"\b([0-9]{1,2})\s*\.?\s*(?:OG|Obergeschoss|étage|floor)\b", re.IGNORECASE),
)
_PLAIN = re.compile(r"^\s*(-?[0-9]{1,3})\s*$")


def storey_number(name: str | None) -> int | None:
    """The number of a storey by its name, below ground negative; None where the name gives none.

    Names that hold several numbers of different meaning (“Level 1 +0.00”) are read by the word before the number.
    A name with words such as mezzanine, 夹层 or roof is no numbered storey.
    """
    if not name or re.search(
        r"夹层|设备层|屋|机房|mezz|roof|top of|t\.?o\.?|footing|found|parapet", name, re.IGNORECASE
    ):
        return None
    for pattern in (_BELOW, _BELOW_AFTER):
        below = pattern.search(name)
        if below and (number := _number(below[1])):
            return -number
    for pattern in _ABOVE:
        above = pattern.search(name)
        if above:
            return _number(above[1])
    plain = _PLAIN.match(name)
    return int(plain[1]) if plain else None


def _number(text: str) -> int | None:
    """An Arabic or Chinese number up to 99 (十二 is 12, 二十 is 20)."""
    if text.lstrip("-").isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if ten:
        return 10 * (_DIGITS.get(tens, 1) if tens else 1) + (_DIGITS.get(ones, 0) if ones else 0)
    return _DIGITS.get(text) if len(text) == 1 else None
