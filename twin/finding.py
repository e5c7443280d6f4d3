"""A finding: one thing that was observed about a source, an object or a scheme, in plain words."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """One scale everywhere: alarms, findings, limits (screens, 'Severity')."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    NOTICE = "notice"


@dataclass(frozen=True)
class Finding:
    """What was found, where, and how to mend it. Texts in Chinese and English.

    `ids` are ids in the source (IFC GlobalId, feature id); `at` is a point in the park frame, metres.
    `value`/`limit`/`unit` state a measured figure against its limit where there is one. `repaired`: the
    reader mended it already, and the text says how; else the author must. `data["notes"]` may hold a word
    per id (the storey it lies in, the text it had), the same in every language.
    """

    code: str
    severity: Severity
    zh: str
    en: str
    ids: tuple[str, ...] = ()
    fix_zh: str = ""
    fix_en: str = ""
    value: float | None = None
    limit: float | None = None
    unit: str = ""
    at: tuple[float, float, float] | None = None
    data: dict[str, object] = field(default_factory=dict)
    repaired: bool = False

    def as_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        row = asdict(self)
        row["severity"] = self.severity.value
        row["ids"] = list(self.ids)
        row["at"] = None if self.at is None else list(self.at)
        return row

    @classmethod
    def from_dict(cls, row: dict[str, object]) -> Finding:
        """Read back what `as_dict` wrote."""
        data = dict(row)
        data["severity"] = Severity(str(data["severity"]))
        data["ids"] = tuple(data.get("ids") or ())  # type: ignore[arg-type]
        at = data.get("at")
        data["at"] = None if at is None else tuple(at)  # type: ignore[arg-type]
        return cls(**data)  # type: ignore[arg-type]
