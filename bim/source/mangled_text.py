r"""Texts that a STEP file escapes wrongly, restored before it is parsed.

Three ways of exporters: bytes of a code page (GBK, Shift-JIS) or of UTF-8 written one by one as Latin-1
characters (`\X\`, `\S\`, `\X2\00..`), and escapes escaped once more (`\\X2\\4E2D\\X0\\`). A text is
restored only where the decoding is certain: long sequences of UTF-8 prove themselves; a code page must fit
nearly all such texts of the file and give everyday characters; an escape is unmistakable.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO

import numpy as np

from bim.source.text_encoding import escaped, everyday_share

_SIGN = re.compile(rb"\\[XS]\\|\\\\X2|\\X2\\(?:00|01|02|20)")
"""Escapes that a mangled text begins with: single bytes, escaped escapes, characters of Latin-1 and Windows-1252."""
_TOKEN = re.compile(rb"'[^'\\]*+(?:(?>''|\\\\|\\S\\.|\\)[^'\\]*+)*+'", re.DOTALL)
"""A text of a STEP file; the character after `\\S\\` may be an apostrophe that nobody doubled. Possessive throughout: a
run of backslashes that never ends must not be tried in every way."""
_ESCAPE = re.compile(
    r"\\X2\\((?:[0-9A-Fa-f]{4})+)\\X0\\|\\X4\\((?:[0-9A-Fa-f]{8})+)\\X0\\|\\X\\([0-9A-Fa-f]{2})|\\S\\(.)|(\\\\|'')",
    re.DOTALL,
)
_LEFT = re.compile(r"\\X2\\((?:[0-9A-Fa-f]{4})+)\\X0\\")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_STEP = re.compile(rb"#(\d+)\s*=")
CODE_PAGES = ("gb18030", "cp932")
CERTAIN = 0.8
"""Share of everyday characters that a code page must give; European text read as one gives less than a third."""
LEAST_CHARACTERS = 4
"""Fewer characters in the whole file prove nothing."""
_CHUNK = 1 << 20
_NEWLINE, _HASH, _QUOTE, _BACKSLASH = b"\n#'\\"
_FEW = 256
"""Escapes of a file of which each is looked at where it stands."""


@dataclass(frozen=True)
class Repaired:
    """What was mended in one instance: the encoding, how many texts, the first of them as it now reads."""

    encoding: str
    count: int
    text: str


@dataclass(frozen=True)
class _Text:
    start: int
    end: int
    text: str


def restore_text(source: Path, target: Path) -> dict[int, Repaired]:
    """Write `source` with its mangled texts restored to `target`.

    Returns what was mended by STEP id (0 for the header); nothing is written where that is nothing.
    Memory: the texts that look mangled; the file itself is mapped.
    """
    with source.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if _is_sound(data):
            return {}
        restored = _restored(list(_suspects(data)))
        if not restored:
            return {}
        with target.open("wb") as out:
            at = 0
            for token, text, _encoding in restored:
                _copy(data, out, at, token.start)
                out.write(_quoted(text))
                at = token.end
            _copy(data, out, at, len(data))
        found: dict[int, Repaired] = {}
        for token, text, encoding in restored:
            step = _step_of(data, token.start)
            before = found.get(step)
            found[step] = (
                Repaired(encoding, 1, text)
                if before is None
                else Repaired(before.encoding, before.count + 1, before.text)
            )
        return found


def _is_sound(data: mmap.mmap) -> bool:
    """Whether no text is mangled, as far as that is told by the distinct ones: most files repeat a few over and over.

    False also where texts are not plainly told apart.
    """
    if data.find(b"\\") < 0:
        return True
    file = np.frombuffer(data, np.uint8)
    escapes = np.flatnonzero(file == _BACKSLASH)
    if len(escapes) < _FEW:
        return False
    quotes = np.flatnonzero(file == _QUOTE)
    lines = np.flatnonzero(file[:-1] == _NEWLINE)
    starts = lines[file[lines + 1] == _HASH]
    if len(quotes) % 2 or (np.searchsorted(quotes, starts) % 2).any():  # an instance would begin inside of a text
        return False
    begin, end = quotes.reshape(-1, 2).T
    found = np.unique(np.searchsorted(begin, escapes) - 1)
    joined = np.append(begin[1:], -1)[found] == end[found] + 1  # a quote that is doubled, or that an escape asks for
    if found[0] < 0 or joined.any() or (np.append(-1, end[:-1])[found] + 1 == begin[found]).any():
        return False
    if np.searchsorted(escapes, end[found]).sum() != np.searchsorted(escapes, begin[found]).sum() + len(escapes):
        return False  # an escape outside of texts
    texts = {data[low : high + 1] for low, high in zip(begin[found].tolist(), end[found].tolist(), strict=True)}
    if any(text.endswith(b"\\S\\'") for text in texts):
        return False
    suspects = [_Text(0, 0, text) for text in map(_suspicious, texts) if text is not None]
    return not _restored(suspects)


def _copy(data: mmap.mmap, out: BinaryIO, start: int, end: int) -> None:
    """Copy a stretch of the file in pieces."""
    out.writelines(data[at : min(at + _CHUNK, end)] for at in range(start, end, _CHUNK))


def _suspects(data: mmap.mmap) -> Iterable[_Text]:
    """Texts that hold escapes of single bytes, or escapes of escapes; only instances with such a sign are looked into."""
    at, read = 0, cache(_suspicious)
    while (first := data.find(b"\\", at)) >= 0 and (sign := _SIGN.search(data, first)):
        start = max(data.rfind(b"\n#", at, sign.start()), at)
        end = data.find(b"\n#", sign.start())
        at = end if end >= 0 else len(data)
        for match in _TOKEN.finditer(data, start, at):
            text = read(match.group())
            if text is not None:
                yield _Text(match.start(), match.end(), text)


def _suspicious(raw: bytes) -> str | None:
    """The text of a token that looks mangled; None for others."""
    if _SIGN.search(raw) is None or b"\\P" in raw:  # \PB\ names another alphabet for \S\: the parser knows it
        return None
    text = _decoded(raw[1:-1].decode("latin-1"))
    return text if _LEFT.search(text) or (not text.isascii() and _as_bytes(text) is not None) else None


def _decoded(raw: str) -> str:
    """Text of a STEP token (ISO 10303-21, 6.4.3)."""
    return _ESCAPE.sub(_plain, raw)


def _plain(match: re.Match[str]) -> str:
    two, four, byte, shifted, doubled = match.groups()
    if two:
        return bytes.fromhex(two).decode("utf-16-be", "replace")
    if four:
        return bytes.fromhex(four).decode("utf-32-be", "replace")
    if byte:
        return chr(int(byte, 16))
    return chr(ord(shifted) | 0x80) if shifted else str(doubled[0])


def _as_bytes(text: str) -> bytes | None:
    """The bytes that were taken for Latin-1 or Windows-1252 characters; None where a character is neither."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        pass
    try:
        return b"".join(char.encode("latin-1" if ord(char) < 0x100 else "cp1252") for char in text)
    except UnicodeEncodeError:
        return None


def _restored(suspects: list[_Text]) -> list[tuple[_Text, str, str]]:
    """(token, text, encoding) of what is certain, in file order."""
    found: list[tuple[_Text, str, str]] = []
    rest: list[tuple[_Text, bytes]] = []
    for token in suspects:
        text = _LEFT.sub(_plain_left, token.text)
        data = _as_bytes(token.text)
        if text != token.text:
            found.append((token, text, "ISO 10303-21"))
        elif data is not None:
            rest.append((token, data))
    unique = dict.fromkeys(data for _, data in rest)
    utf8 = {data: plain for data in unique if (plain := _utf8(data)) is not None}
    if 2 * len(utf8) < len(unique):
        # Where most texts are no UTF-8, those that are and hold only short sequences are so by chance.
        utf8 = {data: plain for data, plain in utf8.items() if _long(plain)}
    encoding = _code_page({data for _, data in rest if data not in utf8})
    for token, data in rest:
        if data in utf8:
            found.append((token, utf8[data], "UTF-8"))
        elif encoding is not None:
            decoded = _decode(data, encoding)
            if decoded is not None and not _CONTROL.search(decoded) and everyday_share(decoded, encoding) >= 0.5:
                found.append((token, decoded, {"gb18030": "GBK", "cp932": "Shift-JIS"}[encoding]))
    return sorted(found, key=lambda item: item[0].start)


def _plain_left(match: re.Match[str]) -> str:
    return bytes.fromhex(match[1]).decode("utf-16-be", "replace")


def _utf8(data: bytes) -> str | None:
    """Text whose bytes are UTF-8 and hardly anything else; None where they are not, or may be by chance.

    Sequences of three bytes prove themselves. Two bytes are also one Chinese character in GBK: they
    count as Latin letters among others, or where there are three in a row of them.
    """
    text = _decode(data, "utf-8")
    if text is None or _CONTROL.search(text):
        return None
    short = [char for char in text if char > "\x7f"]
    latin = all(char <= "\u017f" for char in short) and any(char.isascii() and char.isalpha() for char in text)
    return text if _long(text) or latin or len(short) >= 3 else None


def _long(text: str) -> bool:
    """Whether a character takes three or more bytes in UTF-8."""
    return any(char >= "\u0800" for char in text)


def _decode(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _code_page(texts: set[bytes]) -> str | None:
    """The code page that nearly all of these texts fit, in everyday characters; None where it is not certain."""
    best, best_share = None, CERTAIN
    for encoding in CODE_PAGES:
        decoded = [text for text in (_decode(data, encoding) for data in texts) if text is not None]
        joined = "".join(decoded)
        if len(decoded) < 0.9 * len(texts) or sum(char > "\x7f" for char in joined) < LEAST_CHARACTERS:
            continue
        share = everyday_share(joined, encoding)
        if share >= best_share:
            best, best_share = encoding, share
    return best


def _quoted(text: str) -> bytes:
    return b"'" + escaped(text.replace("\\", "\\\\").replace("'", "''")).encode("ascii") + b"'"


def _step_of(data: mmap.mmap, at: int) -> int:
    """STEP id of the instance that a place in the file belongs to; 0 in the header."""
    start = data.rfind(b"\n#", 0, at)
    start = start + 1 if start >= 0 else data.rfind(b"#", 0, at)
    match = _STEP.match(data[start : start + 32]) if start >= 0 else None
    return int(match[1]) if match else 0
