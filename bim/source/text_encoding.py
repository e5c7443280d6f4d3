r"""Raw non-ASCII bytes in a STEP file, turned into the escapes the standard asks for.

STEP text is ASCII; other characters stand as `\X2\…\X0\` (ISO 10303-21, 6.4.3). Several exporters
write their system's code page instead, and the parser drops such bytes: names would come out empty.
"""

from __future__ import annotations

import re
from pathlib import Path

_RAW = re.compile(r"[\x80-\uffff]+|[\U00010000-\U0010ffff]+")
_ENCODINGS = ("gb18030", "cp932", "cp1252")
_SAMPLE = 200_000
_PIECE = 1 << 16
"""Bytes read together: larger pieces are fresh memory each time, which costs four times the looking."""


def has_raw_text(path: Path) -> bool:
    """Whether any byte is outside ASCII (a byte order mark counts)."""
    with path.open("rb") as stream:
        while chunk := stream.read(_PIECE):
            if not chunk.isascii():
                return True
    return False


def escape_raw_text(source: Path, target: Path) -> str:
    """Write `source` to `target` with every raw character escaped; returns the encoding it was read as."""
    data = source.read_bytes().removeprefix(b"\xef\xbb\xbf")
    encoding = guess_encoding(data)
    text = data.decode(encoding, "replace")
    target.write_bytes(escaped(text).encode("ascii"))
    return encoding


def escaped(text: str) -> str:
    """Text with every character outside ASCII escaped as the standard asks."""
    return _RAW.sub(_escape, text)


def guess_encoding(data: bytes) -> str:
    """UTF-8 where it fits; else the code page whose everyday characters occur most."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    sample = b" ".join(re.findall(rb"'[^'\r\n]*[\x80-\xff][^'\r\n]*'", data)[:2000])[:_SAMPLE]
    return max(_ENCODINGS, key=lambda name: _plausible(sample, name))


def _plausible(sample: bytes, encoding: str) -> float:
    """Share of everyday characters among those outside ASCII, 0..1; below 0 where it cannot be decoded."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return -1.0
    return everyday_share(text, encoding)


def everyday_share(text: str, encoding: str) -> float:
    """Share of the characters outside ASCII, 0..1, that people who write in this encoding use every day."""
    odd = [char for char in text if ord(char) > 127]
    return sum(_everyday(char, encoding) for char in odd) / max(len(odd), 1)


def _everyday(char: str, encoding: str) -> float:
    try:
        if encoding == "gb18030":  # GB 2312 level 1: the 3,755 most used characters, rows 16 to 55
            lead = char.encode("gb2312")[0]
            return 1.0 if 0xB0 <= lead <= 0xD7 or 0xA1 <= lead <= 0xA3 else 0.2
        if encoding == "cp932":  # kana and JIS level 1
            lead = char.encode("cp932")[0]
            return 1.0 if lead in (0x82, 0x83) or 0x88 <= lead <= 0x97 else 0.1
    except UnicodeEncodeError:
        return 0.0
    return 0.6 if char.isalpha() and ord(char) < 0x180 else 0.1


def _escape(match: re.Match[str]) -> str:
    """Characters of the basic plane in four hexadecimal digits each, the others in eight."""
    text = match.group()
    wide = ord(text[0]) > 0xFFFF
    digits = text.encode("utf-32-be" if wide else "utf-16-be", "replace").hex().upper()
    return rf"\X{4 if wide else 2}\{digits}\X0" + "\\"
