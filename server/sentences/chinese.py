"""Chinese sentences of errors, by the pattern of the English one: errors are raised in English and read in either."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "zh"
"""`{code: {pattern: sentence}}` per file: … in a pattern stands for a value, {n} in the Chinese sentence for the n-th of them."""
SLOT = "…"
NESTED = 12
"""Characters besides values that a pattern has at least to be looked for in a value, which may be the sentence of a cause."""
DEPTH = 3
Pattern = tuple[list[str], str, int]
"""(words around the values, Chinese sentence, characters of these words)."""


@cache
def table() -> Mapping[str, Mapping[str, str]]:
    """All sentences: code → English pattern → Chinese."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(FOLDER.glob("*.json")):
        for code, rows in json.loads(path.read_text(encoding="utf-8")).items():
            found.setdefault(code, {}).update(rows)
    return found


def chinese(sentence: str, code: str | None = None) -> str | None:
    """The Chinese of an error's English sentence, or None where it is not known.

    sentence: as raised, with its values; code: the error's code, None to look among all. Of several patterns that fit, the one with
    the most words of its own is taken. A value that is itself a sentence of an error is translated too.
    """
    return _said(sentence, code, DEPTH)


def told(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A row with the Chinese of its sentence `name` as `NAME_zh`: None where there is no sentence, or it is not known."""
    sentence = row.get(name)
    return {**row, f"{name}_zh": chinese(str(sentence)) if sentence else None}


def _said(sentence: str, code: str | None, depth: int) -> str | None:
    for words, said, _ in _of(code) if code else _longest():
        values = _values(sentence, words)
        if values is not None:
            return said.format("", *(_value(value, depth - 1) for value in values))
    return None


def _values(sentence: str, words: list[str]) -> list[str] | None:
    """What stands between the words, None where they are not those of the sentence.

    Each word is taken where it first stands, so that a long value costs no more than a look at each: values come from anybody.
    """
    first, *others = words
    if not others:
        return [] if sentence == first else None
    *inner, last = others
    at, end = len(first), len(sentence) - len(last)
    if end < at or not (sentence.startswith(first) and sentence.endswith(last)):
        return None
    found = []
    for word in inner:
        place = sentence.find(word, at, end)
        if place < 0:
            return None
        found.append(sentence[at:place])
        at = place + len(word)
    return [*found, sentence[at:end]]


def _value(value: str, depth: int) -> str:
    if depth == 0 or len(value) < NESTED:
        return value
    return _said(value, None, depth) or value


@cache
def _of(code: str) -> tuple[Pattern, ...]:
    """Patterns of a code, those with the most words first."""
    return tuple(sorted((_pattern(*row) for row in table().get(code, {}).items()), key=lambda row: -row[2]))


@cache
def _longest() -> tuple[Pattern, ...]:
    """Patterns of all codes that say enough to be known by their words alone."""
    rows = {english: said for known in table().values() for english, said in known.items()}
    every = (_pattern(*row) for row in rows.items())
    return tuple(sorted((row for row in every if row[2] >= NESTED), key=lambda row: -row[2]))


def _pattern(english: str, said: str) -> Pattern:
    words = english.split(SLOT)
    return words, said, sum(map(len, words))
