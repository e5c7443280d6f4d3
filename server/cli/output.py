"""What commands print: tables for people, JSON for programs, progress on standard error."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
WIDE = 200
"""Columns where standard output is no terminal: nothing is folded for a pipe."""
out = Console(soft_wrap=True, markup=False, highlight=False)
err = Console(stderr=True)


def print_json(value: object) -> None:
    """One JSON document on standard output."""
    print(json.dumps(value, ensure_ascii=False, default=str))


def print_table(names: Sequence[str], rows: Sequence[Sequence[Any]], title: str = "") -> None:
    """Rows as a table that fits a terminal."""
    table = Table(title=title or None)
    for name in names:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row))
    (out if out.is_terminal else Console(width=WIDE, markup=False, highlight=False)).print(table)


class Bars:
    """Progress bars by task; silent where standard error is no terminal."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def update(self, task: str, done: float, phase: str) -> None:
        """Move one bar to `done` (0..1)."""
        if task not in self._tasks:
            self._tasks[task] = self._progress.add_task(task, total=1.0, phase=phase)
        self._progress.update(self._tasks[task], completed=done, phase=phase)


@contextmanager
def bars() -> Iterator[Bars]:
    """Show progress bars on standard error while the block runs."""
    columns = (
        TextColumn("{task.description:<24.24}"),
        BarColumn(bar_width=30),
        TextColumn("{task.percentage:>3.0f}% {task.fields[phase]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, disable=not err.is_terminal, transient=True) as progress:
        yield Bars(progress)
