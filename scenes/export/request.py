"""What is to be exported, and what came of it: plain data that crosses the process border."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from twin.errors import Invalid
from twin.graph.selection import Selection
from twin.park import Park

REQUEST = "request.json"
ARCHIVE = "zip"
TABLES = ("objects", "properties", "quantities", "relations", "concepts")
WIDE = "wide"
MAX_BYTES = 4 << 30
"""Largest result, where the caller names no other limit."""


class Format(StrEnum):
    """What the selection becomes."""

    IFC = "ifc"
    GLB = "glb"
    CSV = "csv"
    PARQUET = "parquet"

    @property
    def tabular(self) -> bool:
        """Whether it holds one table per file."""
        return self in (Format.CSV, Format.PARQUET)


@dataclass(frozen=True)
class ExportRequest:
    """One export.

    table: for CSV and Parquet one of TABLES or `wide`, a row per object with a column for each property; archive: a
    zip with one IFC per layer, or with all tables; language: of a CSV's column titles, `en` being the plain names;
    compact: GLB with quantisation and meshopt; made_at: the time that is written into the result.
    """

    selection: Selection
    format: Format
    table: str = TABLES[0]
    archive: bool = False
    language: str = "en"
    compact: bool = False
    made_at: str = ""
    max_bytes: int = MAX_BYTES

    def __post_init__(self) -> None:
        if self.table not in (*TABLES, WIDE):
            raise Invalid(
                f"Table {self.table!r} is unknown: expected one of {', '.join((*TABLES, WIDE))}", code="export-table"
            )

    @property
    def suffix(self) -> str:
        """The ending of the result's name, without dot."""
        return ARCHIVE if self.archive else self.format.value

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {**asdict(self), "selection": self.selection.as_dict()}

    @classmethod
    def from_dict(cls, row: dict[str, Any]) -> ExportRequest:
        """Read back what `as_dict` wrote."""
        return cls(**{**row, "selection": Selection.from_dict(row["selection"]), "format": Format(row["format"])})


@dataclass(frozen=True)
class Exported:
    """The result: file, its size, selected objects by layer, and figures that the format adds."""

    path: Path
    format: str
    bytes: int
    objects: int
    layers: dict[str, int]
    figures: dict[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON; the file by its name."""
        return {**asdict(self), "path": self.path.name}


def write_request(folder: Path, park: Park, layers: list[dict[str, Any]], request: ExportRequest) -> None:
    """Put down what the worker shall do. layers: rows of `GraphStore.layers`."""
    rows = [{name: row[name] for name in ("layer", "version", "title", "source")} for row in layers]
    document = {"park": str(park.folder), "layers": rows, "request": request.as_dict()}
    (folder / REQUEST).write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def format_of(path: Path, wanted: str | None) -> tuple[Format, bool]:
    """(format, archive) by a file's ending; `wanted` says what a .zip shall hold. Raises Invalid."""
    known = ", ".join(f".{one}" for one in (*Format, ARCHIVE))
    ending = path.suffix.lower().removeprefix(".")
    if ending == ARCHIVE:
        chosen, archive = wanted or Format.IFC.value, True
    else:
        chosen, archive = ending, False
    if chosen not in list(Format):
        raise Invalid(f"{path.name} is of no kind that can be written: expected {known}", code="export-format")
    if wanted not in (None, chosen):
        raise Invalid(
            f"{path.name} and the format {wanted} contradict each other: expected an ending of .{wanted} or .{ARCHIVE}",
            code="export-format",
        )
    return Format(chosen), archive


def file_stem(text: str) -> str:
    """A file name without ending that every system takes, made of an object's or a park's name."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\s\\/:*?\"<>|]+", "_", text).strip("._ ")[:60] or "export"
