"""A kind of finding, said once: its code, its words, and whether reading mends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from twin.finding import Finding, Severity

MAX_IDS = 200
"""At most so many ids are listed in one finding; its value tells the true number."""


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
        told = {name: notes[name] for name in listed if name in notes} if notes else {}
        data: dict[str, object] = {"notes": told} if told else {}
        return [
            replace(
                self._filled({**detail, "n": number}, severity), ids=listed, value=float(number), limit=0.0, data=data
            )
        ]

    def told(
        self,
        *,
        value: float | None = None,
        limit: float | None = None,
        unit: str = "",
        data: dict[str, object] | None = None,
        severity: Severity | None = None,
        **detail: object,
    ) -> Finding:
        """The finding of one case. value, limit, unit: a measured figure; details as in `found`."""
        return replace(self._filled(detail, severity), value=value, limit=limit, unit=unit, data=data or {})

    def _filled(self, detail: Mapping[str, object], severity: Severity | None) -> Finding:
        pairs = {key: given if isinstance(given, tuple) else (given, given) for key, given in detail.items()}
        zh, en = ({key: pair[side] for key, pair in pairs.items()} for side in (0, 1))
        return Finding(
            self.code,
            severity or self.severity,
            self.zh.format(**zh),
            self.en.format(**en),
            fix_zh=self.fix_zh,
            fix_en=self.fix_en,
            repaired=self.repaired,
        )
