"""What a piece of work costs: CPU-seconds (user + system), peak resident bytes, wall seconds."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LAUNCH = Path(__file__).with_name("launch.py")


@dataclass(frozen=True)
class Cost:
    """cpu, wall: seconds; rss, pss: peak bytes of the process, of it and its children, 0 where not measured."""

    cpu: float
    rss: int = 0
    wall: float = 0.0
    pss: int = 0


@dataclass(frozen=True)
class Sample:
    """One run of one contestant: its cost and what it answered."""

    cost: Cost
    answer: dict


class Failed(RuntimeError):
    """A contestant ended with an error."""


def child(command: Sequence[str]) -> tuple[Cost, str]:
    """Run a program to its end from the checkout's root; its cost with all its waited-for children, and its output."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        report, output, errors = (Path(folder, name) for name in ("report", "out", "err"))
        with output.open("wb") as out, errors.open("wb") as err:
            done = subprocess.run(
                [sys.executable, "-I", "-S", str(LAUNCH), str(report), *command],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
                check=False,
            )
        text = output.read_text(encoding="utf-8", errors="replace")
        row = json.loads(report.read_text()) if report.exists() else {"code": done.returncode}
        if row["code"] != 0:
            last = (errors.read_text(encoding="utf-8", errors="replace") or text).strip().splitlines()[-1:]
            raise Failed(f"{' '.join(command)[:120]} ended with {row['code']}: {' '.join(last)[:300]}")
    return Cost(row["cpu"], row["rss"], row["wall"], row["pss"]), text


class Timer:
    """CPU and wall seconds of this process between the ends of a `with` block; threads count too."""

    cpu = wall = 0.0

    @contextmanager
    def run(self) -> Iterator[None]:
        """Measure what runs inside; several blocks add up."""
        cpu, wall = time.process_time(), time.perf_counter()
        try:
            yield
        finally:
            self.cpu += time.process_time() - cpu
            self.wall += time.perf_counter() - wall

    def row(self, **answer: object) -> dict:
        """What a contestant returns."""
        return {"cpu": self.cpu, "wall": self.wall, **answer}


def interleaved(contestants: Mapping[str, Callable[[], Sample]], rounds: int) -> dict[str, list[Sample]]:
    """Run all contestants in turn, `rounds` times; who goes first changes with the round."""
    names = list(contestants)
    samples: dict[str, list[Sample]] = {name: [] for name in names}
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            samples[name].append(contestants[name]())
    return samples


def middle(samples: Sequence[Sample]) -> Cost:
    """Medians of the costs."""
    costs = [sample.cost for sample in samples]
    return Cost(
        statistics.median(cost.cpu for cost in costs),
        int(statistics.median(cost.rss for cost in costs)),
        statistics.median(cost.wall for cost in costs),
        int(statistics.median(cost.pss for cost in costs)),
    )
