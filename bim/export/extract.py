"""Cut selected elements out of an IFC file: exactly what they are, and nothing else.

The statements of the source are copied as they stand, with their instance numbers and GlobalIds; only relations and
layers are cut down to what is kept, and elements that merely hold a selected one (storeys, assemblies) lose their
shape. Nothing is parsed into entities: time and memory follow the bytes of the file.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bim.export.arguments import split
from bim.export.closure import WHOLE, Closure
from bim.export.step_index import StepIndex
from bim.graph.id_book import IdBook
from bim.source.archive import unpack
from bim.source.kind import SourceKind, source_kind
from bim.source.open_model import open_model
from bim.source.step_file import step_schema
from bim.source.text_encoding import escape_raw_text, has_raw_text
from twin.errors import Conflict
from twin.layer import Progress


@dataclass(frozen=True)
class Extracted:
    """What was written: selected products; products that came along as parts, and as context; instances; bytes."""

    selected: int
    parts: int
    context: int
    instances: int
    bytes: int


def extract(
    source: Path, ids: Sequence[str], target: Path, progress: Progress = lambda _done, _phase: None
) -> Extracted:
    """Write the products `ids` (local ids, as the reader gave them) of the model `source` to the file `target`.

    With them come: what holds them up to the project (without shape), types, property sets, quantities, materials,
    classifications, groups and systems, styles, layers, openings and what fills them, ports, units, contexts and the
    georeference; and the relations among what is kept. Equal input gives equal bytes. Raises Invalid where the source
    is no readable model, Conflict where it lacks one of the ids.
    """
    progress(0.0, "read")
    with tempfile.TemporaryDirectory(prefix="parktwin-extract-") as folder:
        path = _plain(source, Path(folder))
        closure = Closure(StepIndex.read(path), step_schema(path, source.name))
        progress(0.4, "select")
        chosen = _rows(closure, ids, source.name)
        closure.take(chosen)
        closure.close()
        progress(0.7, "write")
        written = _write(closure, target)
    progress(1.0, "write")
    picked = set(chosen)
    others = {row: level for row, level in closure.level.items() if closure.of(row).product and row not in picked}
    whole = sum(level == WHOLE for level in others.values())
    return Extracted(len(chosen), whole, len(others) - whole, int(closure.kept.sum()), written)


def _plain(source: Path, folder: Path) -> Path:
    """The source as plain STEP text in ASCII: unpacked, escaped, translated from other formats where needed."""
    path = unpack(source, folder) if source_kind(source) is SourceKind.ZIP else source
    if source_kind(path) is not SourceKind.STEP:
        model = open_model(path).file
        path = folder / "translated.ifc"
        model.write(str(path))
    if has_raw_text(path):
        escaped = folder / "escaped.ifc"
        escape_raw_text(path, escaped)
        return escaped
    return path


def _rows(closure: Closure, ids: Sequence[str], name: str) -> list[int]:
    """Rows of the products by local id."""
    book = IdBook()
    found: dict[str, int] = {}
    for row in closure.products().tolist():
        first = split(closure.index.after(row))[0]
        global_id = first[1:-1].replace(b"''", b"'").decode("ascii", "replace") if first.startswith(b"'") else None
        local = book.add_step(int(closure.index.number[row]), global_id)
        if local is not None:
            found[local] = row
    missing = [one for one in ids if one not in found]
    if missing:
        raise Conflict(
            f"{name} lacks {len(missing)} of the selected objects, such as {missing[0]!r}:"
            " expected the file that the layer was built from; ingest it again",
            code="source-differs",
        )
    return [found[one] for one in dict.fromkeys(ids)]


def _write(closure: Closure, target: Path) -> int:
    """Copy what is kept, in file order, neighbours in one piece; the bytes written."""
    index = closure.index
    changed = {row: text for row, text in closure.statements() if text is not None}
    kept = closure.kept | (index.number < 0)
    rows = np.flatnonzero(kept)
    cut = np.zeros(len(kept), np.bool_)
    cut[list(changed)] = True
    # A run ends where the next kept statement is no neighbour, and before and after a changed one.
    ends = np.flatnonzero((np.diff(rows) != 1) | cut[rows[:-1]] | cut[rows[1:]])
    with target.open("wb") as stream:
        for start, end in zip([0, *(ends + 1).tolist()], [*ends.tolist(), len(rows) - 1], strict=True):
            row = int(rows[start])
            stream.write(changed.get(row) or index.data[int(index.begin[row]) : int(index.end[rows[end]])])
        stream.write(b"\n")
        return stream.tell()
