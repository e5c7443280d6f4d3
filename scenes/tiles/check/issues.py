"""What a check found: issues with a severity, a type, a place and a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["ERROR", "WARNING", "INFO"]
RANK: dict[Severity, int] = {"ERROR": 0, "WARNING": 1, "INFO": 2}
LIMIT = 1000
"""Issues kept in one file: beyond, the file is reported as too broken to list the rest."""

WARNINGS = frozenset(
    {
        "ARRAY_LENGTH_UNEXPECTED",
        "ASSET_VERSION_UNKNOWN",
        "BUFFERS_WITHOUT_BUFFER_VIEWS",
        "CONTENT_VALIDATION_WARNING",
        "EXTENSION_NOT_SUPPORTED",
        "EXTENSION_USED_BUT_NOT_FOUND",
        "EXTERNAL_TILESET_VALIDATION_WARNING",
        "IO_WARNING",
        "CHECK_LIMIT_REACHED",
        "CONTENT_TYPE_UNKNOWN",
        "TEMPLATE_URI_MISSING_VARIABLE_NAME",
        "TILE_GEOMETRIC_ERRORS_INCONSISTENT",
        "TILE_REFINE_WRONG_CASE",
    }
)
INFOS = frozenset({"CONTENT_VALIDATION_INFO", "EXTERNAL_TILESET_VALIDATION_INFO", "METADATA_SEMANTIC_UNKNOWN"})


def severity_of(kind: str) -> Severity:
    """The severity that an issue type has everywhere."""
    if kind in WARNINGS:
        return "WARNING"
    return "INFO" if kind in INFOS else "ERROR"


@dataclass(frozen=True)
class Issue:
    """One finding. type: a name of the official 3D Tiles validator where it has one; path: JSON pointer or file."""

    severity: Severity
    type: str
    path: str
    message: str
    causes: tuple[Issue, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """JSON of the issue and what caused it."""
        result: dict[str, Any] = {
            "severity": self.severity,
            "type": self.type,
            "path": self.path,
            "message": self.message,
        }
        if self.causes:
            result["causes"] = [cause.as_dict() for cause in self.causes]
        return result

    def walk(self) -> Iterator[Issue]:
        """This issue and everything below it."""
        yield self
        for cause in self.causes:
            yield from cause.walk()


@dataclass
class _Nested:
    kind: str
    path: str
    name: str
    inner: Issues

    def settle(self) -> Iterator[Issue]:
        causes = self.inner.settle()
        if not causes:
            return
        severity = min((cause.severity for cause in causes), key=RANK.__getitem__)
        worst = [cause for cause in causes if cause.severity == severity]
        first = worst[0]
        message = (
            f"{self.name} has {len(worst)} issues of severity {severity}, first {first.type} "
            f"at {first.path or '/'}: {first.message}"
        )
        yield Issue(severity, f"{self.kind}_VALIDATION_{severity}", self.path, message, tuple(causes))


@dataclass
class Issues:
    """Collects the issues of one file; files inside it settle into one issue each, once everything was checked."""

    entries: list[Issue | _Nested] = field(default_factory=list)
    extensions: set[str] = field(default_factory=set)
    """Names of the extensions found in objects of this file."""
    gltf: bool = False
    """Whether a tile's content is a glTF."""
    dropped: int = 0

    def add(self, kind: str, path: str, message: str, *, severity: Severity | None = None) -> Literal[False]:
        """Report an issue; returns False so that a check can say `return issues.add(…)`."""
        if len(self.entries) < LIMIT:
            self.entries.append(Issue(severity or severity_of(kind), kind, path, message))
        else:
            self.dropped += 1
        return False

    def nest(self, kind: Literal["CONTENT", "EXTERNAL_TILESET"], path: str, name: str) -> Issues:
        """A collector for another file that this one refers to at `path`."""
        inner = Issues()
        self.entries.append(_Nested(kind, path, name, inner))
        return inner

    def settle(self) -> list[Issue]:
        """All issues, those of other files rolled up."""
        result: list[Issue] = []
        for entry in self.entries:
            if isinstance(entry, Issue):
                result.append(entry)
            else:
                result.extend(entry.settle())
        if self.dropped:
            result.append(Issue("ERROR", "CHECK_LIMIT_REACHED", "", f"{self.dropped} more issues are not listed"))
        return result


@dataclass(frozen=True)
class CheckReport:
    """Everything found. files: how many files were read and judged."""

    issues: list[Issue]
    files: int

    @property
    def errors(self) -> int:
        """How many issues are errors."""
        return sum(issue.severity == "ERROR" for issue in self.issues)

    @property
    def warnings(self) -> int:
        """How many issues are warnings."""
        return sum(issue.severity == "WARNING" for issue in self.issues)

    def as_dict(self) -> dict[str, Any]:
        """JSON of the report."""
        return {
            "files": self.files,
            "errors": self.errors,
            "warnings": self.warnings,
            "issues": [issue.as_dict() for issue in self.issues],
        }
