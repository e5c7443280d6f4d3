"""A kind of fault: its code, its words, and whether reading mends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bim.graph.id_book import MAX_IDS
from twin.finding import Finding, Severity


@dataclass(frozen=True)
class Fault:
    """What may be out of order; `{n}` stands for the number of cases, other `{name}`s for given details."""

    code: str
    severity: Severity
    zh: str
    en: str
    fix_zh: str
    fix_en: str
    repaired: bool = False

    def found(
        self,
        ids: Sequence[str] = (),
        *,
        count: int | None = None,
        notes: Mapping[str, str] | None = None,
        severity: Severity | None = None,
        **detail: object,
    ) -> list[Finding]:
        """One finding with every case, or none where there are none.

        count: cases, where they are not one per id; notes: a word per id (a storey, the twin's id);
        severity: where it depends on the case; a detail that is a pair is its Chinese and its English.
        At most MAX_IDS ids are listed.
        """
        number = len(ids) if count is None else count
        if number == 0:
            return []
        listed = tuple(ids[:MAX_IDS])
        pairs = {key: value if isinstance(value, tuple) else (value, value) for key, value in detail.items()}
        zh, en = ({"n": number, **{key: pair[side] for key, pair in pairs.items()}} for side in (0, 1))
        told = {name: notes[name] for name in listed if name in notes} if notes else {}
        return [
            Finding(
                self.code,
                severity or self.severity,
                self.zh.format(**zh),
                self.en.format(**en),
                ids=listed,
                fix_zh=self.fix_zh,
                fix_en=self.fix_en,
                value=float(number),
                limit=0.0,
                data={"notes": told} if told else {},
                repaired=self.repaired,
            )
        ]
