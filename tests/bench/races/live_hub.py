"""`live-hub`: the latest value of every point, in batches, against a dictionary per reading."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from functools import partial

import numpy as np

from tests.bench.cost import Timer, interleaved, middle
from tests.bench.race import Check, Context, Outcome, Race, Ratio, times
from twin.clock import ManualClock
from twin.state import quality as q
from twin.state.hub import SKEW_MS, Hub
from twin.state.point import PointSpec

POINTS = 20_000
BATCHES = (10_000, 1_000, 100, 10, 1)
READINGS = {10_000: 1_000_000, 1_000: 500_000, 100: 200_000, 10: 40_000, 1: 8_000}
LOW, HIGH = -20.0, 60.0
Batch = tuple[list[int], list[float], list[int]]


def readings(points: int, size: int, count: int, now: int) -> Iterator[Batch]:
    """Batches of indices, values and times as lists, as a decoder gives them; some late, some out of range."""
    random = np.random.default_rng(7)
    for start in range(0, count, size):
        some = min(size, count - start)
        index = random.integers(0, points, some)
        value = np.round(random.uniform(LOW - 1, HIGH + 1, some), 1)
        time = now + start - random.integers(0, 2 * size, some)
        yield index.tolist(), value.tolist(), time.tolist()


def specs(points: int) -> list[PointSpec]:
    """Points of one kind with bounds."""
    return [PointSpec(f"p{n}", f"a/{n}", kind="temperature", min=LOW, max=HIGH) for n in range(points)]


def ours(points: int, size: int, count: int) -> dict:
    """`Hub.update` on each batch."""
    hub = Hub(specs(points), ManualClock())
    batches = list(readings(points, size, count, hub.clock.now_ms()))
    timer = Timer()
    with timer.run():
        for index, value, time in batches:
            hub.update(index, value, time)
    return timer.row(state=digest(hub.values, hub.quality, hub.sampled_at), late=hub.counters["late"])


def dictionary(points: int, size: int, count: int) -> dict:
    """One dictionary, one reading after the other, with the hub's rules for late, skewed and unusable readings."""
    clock = ManualClock()
    bounds = dict.fromkeys(range(points), (LOW, HIGH))
    state: dict[int, tuple[float, int, int, int, int]] = {}
    batches = list(readings(points, size, count, clock.now_ms()))
    timer = Timer()
    with timer.run():
        for indices, values, stamps in batches:
            now = clock.now_ms()
            newest: dict[int, tuple[int, float]] = {}
            for index, value, stamp in zip(indices, values, stamps, strict=True):
                time = now if stamp > now + SKEW_MS or stamp <= 0 else stamp
                if index not in newest or time >= newest[index][0]:
                    newest[index] = time, value
            for index, (time, value) in newest.items():
                old = state.get(index)
                if old is not None and time < old[2]:
                    continue
                low, high = bounds[index]
                good = math.isfinite(value) and low <= value <= high
                last, changed = (math.nan, 0) if old is None else (old[0], old[3])
                if good and value != last:
                    last, changed = value, time
                state[index] = (last, q.GOOD if good else q.BAD, time, changed, now)
    columns = [
        np.array([state.get(n, (math.nan, q.NEVER, 0))[place] for n in range(points)], kind)
        for place, kind in ((0, np.float64), (1, np.uint8), (2, np.int64))
    ]
    return timer.row(state=digest(*columns))


def digest(*columns: np.ndarray) -> str:
    """Equal for equal states."""
    total = hashlib.sha256()
    for column in columns:
        total.update(np.ascontiguousarray(column).tobytes())
    return total.hexdigest()


def run(context: Context) -> Outcome:
    """Race all batch sizes."""
    rows, checks, ratios = [], [], []
    points = context.size(POINTS, 50)
    for size in BATCHES if not context.tiny else (100, 1):
        count = context.size(READINGS[size], 500)
        given = {"points": points, "size": size, "count": count}
        samples = interleaved(
            {"ours": partial(context.call, ours, **given), "peer": partial(context.call, dictionary, **given)},
            context.rounds,
        )
        mine, peer = middle(samples["ours"]), middle(samples["peer"])
        states = {sample.answer["state"] for runs in samples.values() for sample in runs}
        checks.append(
            Check(
                f"batches of {size:,}: both end in the same state",
                len(states) == 1,
                f"{count:,} readings, {samples['ours'][0].answer['late']} points late",
            )
        )
        ratios.append(Ratio(f"readings per CPU-second, batches of {size:,}", peer.cpu / mine.cpu))
        rows.append((size, count, count / mine.cpu, count / peer.cpu, ratios[-1].value, mine.rss / 1e6, peer.rss / 1e6))
    best, worst = ratios[0].value, ratios[-1].value
    turn = [row[0] for row in rows if row[4] >= 1]
    return Outcome(
        columns=("batch", "readings", "per CPU s ours", "per CPU s dict", "ratio", "RSS MB ours", "RSS MB dict"),
        rows=rows,
        checks=checks,
        ratios=ratios,
        verdict=(
            f"In batches of {rows[0][0]:,} the hub takes {times(best, 'more', 'fewer')} readings per CPU-second than a"
            f" dictionary; one by one it takes {times(worst, 'more', 'fewer')}:"
            f" {f'it wins from batches of {min(turn):,} on' if turn else 'it wins nowhere here'}."
        ),
        notes=[
            (
                "Both apply the same rules (bounds, late and skewed readings, newest of a batch) to the same lists; the hub also"
                " numbers changes for followers and keeps the batch for the history. Connectors gather batches for 50 ms."
            )
        ],
    )


RACE = Race(
    "live-hub",
    "Latest values in batches, against a dictionary",
    "`Hub.update` on 20,000 points, and a plain loop that keeps a tuple per point.",
    run,
)
