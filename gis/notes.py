"""Collects findings while a source is read: one finding per code, counted, with the ids it concerns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from twin.finding import Finding, Severity

MAX_IDS = 200
"""A finding names at most this many ids; its count is always whole."""


@dataclass(frozen=True)
class Text:
    """A finding's words; `{n}` stands for the count and any other `{name}` for a given detail."""

    zh: str
    en: str
    fix_zh: str = ""
    fix_en: str = ""
    severity: Severity = Severity.NOTICE
    repaired: bool = False


@dataclass
class _Entry:
    text: Text
    count: int = 0
    ids: list[str] = field(default_factory=list)
    detail: dict[str, object] = field(default_factory=dict)


class Notes:
    """Findings by code, in the order of their first mention."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}

    def add(
        self, code: str, text: Text, ids: Iterable[object] = (), *, count: int | None = None, **detail: object
    ) -> None:
        """Count `ids` (or `count`) more cases of `code`; nothing is noted where there are none."""
        names = [str(item) for item in ids]
        number = len(names) if count is None else count
        if number == 0:
            return
        entry = self._entries.setdefault(code, _Entry(text))
        entry.count += number
        entry.ids += names[: MAX_IDS - len(entry.ids)]
        entry.detail.update(detail)

    def findings(self) -> list[Finding]:
        """All that was noted."""
        found = []
        for code, entry in self._entries.items():
            values = {"n": entry.count, **entry.detail}
            found.append(
                Finding(
                    code=code,
                    severity=entry.text.severity,
                    zh=entry.text.zh.format(**values),
                    en=entry.text.en.format(**values),
                    ids=tuple(entry.ids),
                    fix_zh=entry.text.fix_zh.format(**values),
                    fix_en=entry.text.fix_en.format(**values),
                    value=float(entry.count),
                    data={"count": entry.count, **entry.detail},
                    repaired=entry.text.repaired,
                )
            )
        return found
