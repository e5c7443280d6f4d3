"""What a layer version changes in a table of an earlier one: rows that give way, and those that stand in their place.

A version in which little changed shares the earlier one's Parquet files (hard links) and has a small file beside
them: `tables/NAME.delta.parquet`, the new rows in the order of the table. Its metadata tells for each object which
rows of the shared file give way to how many of these.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

_GROUPS = b"parktwin.groups"


class Group(NamedTuple):
    """Rows start … end of the shared table give way to `rows`; all of them are those of one object."""

    start: int
    end: int
    gid: str
    rows: pa.Table


@dataclass(frozen=True)
class Delta:
    """groups: in the order of the table; none reaches into another."""

    groups: tuple[Group, ...]

    @classmethod
    def read(cls, path: Path, only: list[str] | None = None) -> Delta | None:
        """The delta in a file; None where there is none. only: these of its columns. Raises as PyArrow does where it is broken."""
        if not path.exists():
            return None
        with pq.ParquetFile(path) as file:
            table, told = file.read(only, use_threads=False), (file.metadata.metadata or {})[_GROUPS]
        table = table if only is None else table.select(only)
        at, groups = 0, []
        for start, end, gid, count in json.loads(told):
            groups.append(Group(start, end, gid, table.slice(at, count)))
            at += count
        return cls(tuple(groups))

    def write(self, path: Path) -> None:
        """Write it; there must be a group."""
        told = json.dumps([(start, end, gid, len(rows)) for start, end, gid, rows in self.groups])
        pq.write_table(self.rows.replace_schema_metadata({_GROUPS: told}), path, write_statistics=False)

    def over(self, earlier: Delta | None) -> Delta:
        """This one on top of an earlier one of the same shared table: its groups count where both have an object's."""
        mine = {group.gid for group in self.groups}
        kept = () if earlier is None else (group for group in earlier.groups if group.gid not in mine)
        return Delta(tuple(sorted((*self.groups, *kept), key=lambda group: (group.start, group.end))))

    def splice(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The whole table, a few rows at a time. batches: those of the shared table, in order."""
        waiting = list(reversed(self.groups))
        row = at = 0  # first row of the batch; first row that is still to be told
        for batch in batches:
            end = row + len(batch)
            while waiting and waiting[-1].start < end:
                group = waiting.pop()
                if group.start > at:
                    yield batch.slice(at - row, group.start - at)
                yield from group.rows.to_batches()
                at = max(at, group.end)
            if at < end:
                yield batch.slice(at - row)
            row, at = end, max(at, end)
        while waiting:
            yield from waiting.pop().rows.to_batches()

    @property
    def rows(self) -> pa.Table:
        """The rows of all groups, one after the other."""
        return pa.concat_tables([group.rows for group in self.groups])

    @property
    def cut(self) -> list[tuple[int, int]]:
        """Ranges of rows of the shared table that give way."""
        return [(group.start, group.end) for group in self.groups if group.end > group.start]
