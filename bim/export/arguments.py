"""The arguments of one STEP instance, as the bytes they are."""

from __future__ import annotations

import re
from collections.abc import Callable

PAGE_QUOTE = rb"\\S\\'(?=[^']|'\s*[,)])"
"""`\\S\\'`: a character of a code page (ISO 10303-21, 6.4.3.1) whose quote some exporters do not double."""
TEXT = rb"'(?:" + PAGE_QUOTE + rb"|[^']|'')*'"
_TOKEN = re.compile(TEXT + rb"|\([^'()]+\)|[(),]|[^'(),]+")
"""A list that holds nothing nested is one: relations hold thousands of references."""
_REFERENCE = re.compile(rb"#\s*(\d+)")


def split(text: bytes) -> list[bytes]:
    """The top-level arguments of `(…);`, outer blanks removed. text: from the opening parenthesis on."""
    parts: list[bytes] = []
    current: list[bytes] = []
    depth = 1
    for token in _TOKEN.findall(text, text.index(b"(") + 1):
        if token == b"(":
            depth += 1
        elif token == b")":
            depth -= 1
            if depth == 0:
                break
        elif token == b"," and depth == 1:
            parts.append(b"".join(current).strip())
            current = []
            continue
        current.append(token)
    parts.append(b"".join(current).strip())
    return parts


def references(argument: bytes) -> list[int]:
    """Instance numbers that an argument names; texts and typed values name none."""
    if b"#" not in argument or argument.startswith(b"'"):
        return []
    return [int(number) for number in _REFERENCE.findall(argument)]


def only(argument: bytes, keep: Callable[[int], bool]) -> bytes | None:
    """A reference or a list of references, without those that are not kept; None where nothing is left."""
    numbers = references(argument)
    kept = [number for number in numbers if keep(number)]
    if len(kept) == len(numbers):
        return argument
    if not kept:
        return None
    return b"(" + b",".join(b"#%d" % number for number in kept) + b")"
