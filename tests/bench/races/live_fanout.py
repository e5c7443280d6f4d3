"""`live-fanout`: 200 viewers of a served park: how late they hear of a change, and what that costs against one message per update."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
import psutil

from tests.bench.cost import interleaved
from tests.bench.fanout import MANY, PYTHONS, Load, by_mqtt, cookie_of, device, each, live_url, ours
from tests.bench.lazy import lagging
from tests.bench.race import Cell, Check, Context, Outcome, Race, Ratio, times
from tests.support.live_park import ROOT, many_points, serving
from twin.state.stream import TICK_MS

PROCESSES = 2


@dataclass(frozen=True)
class Watched:
    """What viewers that acknowledge and handle each frame saw: delays in ms, updates told, CPU-seconds, bytes grown."""

    delays: np.ndarray
    slow: np.ndarray
    told: int
    cpu: float
    grown: int


def watched(folder: Path, load: Load) -> Watched:
    """A served park whose viewers handle each frame as it comes, from the sender's clock to the handler."""
    many_points(folder, load.points)
    with serving(folder, **MANY) as served, device(served) as client:
        server = psutil.Process(served.process.pid)
        before = server.memory_info().rss
        command = [sys.executable, "-m", "tests.bench.viewers", live_url(served), cookie_of(served)]
        watching = [
            subprocess.Popen(
                [*command, str(load.viewers // PROCESSES), str(load.seconds), str(int(number == 0))],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                text=True,
            )
            for number in range(PROCESSES)
        ]
        stop = threading.Event()
        thread = threading.Thread(target=lambda: load.until(stop, by_mqtt(client)))
        thread.start()
        cpu = sum(server.cpu_times()[:2])
        found = [json.loads(process.communicate(timeout=300)[0]) for process in watching]
        cpu = sum(server.cpu_times()[:2]) - cpu
        grown = server.memory_info().rss - before
        stop.set()
        thread.join()
    delays, slow = (np.concatenate([np.array(one[name]) for one in found]) for name in ("delays", "slow"))
    return Watched(delays, slow, sum(one["told"] for one in found), cpu, grown)


def run(context: Context) -> Outcome:
    """The delay of our viewers, then what ours and two servers that send each update spend on it, in turn."""
    load = Load(context.size(200, 4), context.size(1000, 20), context.size(10, 1))
    seen = watched(context.folder / "fanout", load)
    p50, p95, p99 = (float(p) for p in np.percentile(seen.delays, [50, 95, 99]))
    spent = 1e6 * max(seen.cpu, 0.01) / max(seen.told, 1)
    rows: list[tuple[Cell, ...]] = [
        ("parktwin, viewers that acknowledge", load.viewers, load.points, seen.told, spent, 1e6 / spent,
         round(p50), round(p95), round(p99), float(np.median(seen.slow)) if len(seen.slow) else None,
         round(seen.grown / 1024 / load.viewers, 1)),
    ]  # fmt: skip
    checks = [Check("every viewer heard of changes", len(seen.delays) >= load.viewers, f"{len(seen.delays)} frames")]
    brief = Load(load.viewers, load.points, context.size(5, 1))
    contestants = {
        "parktwin": partial(ours, context.folder / "raced", brief),
        "websockets.broadcast": partial(each, "websockets", brief),
    }
    if PYTHONS["picows"].exists():
        contestants["picows"] = partial(each, "picows", brief)
    samples = interleaved(contestants, context.rounds)
    costs = {
        name: median(1e6 * max(one.cost.cpu, 0.01) / max(one.answer["told"], 1) for one in some)
        for name, some in samples.items()
    }
    for name, some in samples.items():
        told = some[-1].answer["told"]
        rows.append(
            (name, load.viewers, load.points, told, costs[name], 1e6 / costs[name], None, None, None, None, None)
        )
        checks.append(
            Check(
                f"{name}: all viewers end with the last value of each point",
                all(one.answer["right"] for one in some),
                f"{told:,} updates told",
            )
        )
    ratios = [
        Ratio(f"updates × viewers per CPU-second, against {name}", cost / costs["parktwin"])
        for name, cost in costs.items()
        if name != "parktwin"
    ]
    few, lazy = context.size(10, 2), context.size(20, 2)
    alone, beside = (
        lagging(context.folder / f"lazy-{number}", load.points, context.size(30, 2), few, number)
        for number in (0, lazy)
    )
    usual, slowed = (float(np.percentile(one.quick, 99)) for one in (alone, beside))
    kept = round((beside.peak - alone.peak) / 1024 / lazy, 1)
    rows += [
        (f"parktwin, all points ten times a second, {few} viewers", few, load.points, None, None, None,
         round(float(np.median(alone.quick))), None, round(usual), None, None),
        (f"the same with {lazy} more that read one message a second", few + lazy, load.points, None, None, None,
         round(float(np.median(beside.quick))), None, round(slowed), float(np.median(beside.ages)) if len(beside.ages) else None, kept),
    ]  # fmt: skip
    checks.append(
        Check(
            "viewers that read one message a second end with the last value of each point",
            beside.right,
            f"{lazy} viewers; memory of one {kept:,} KiB; p99 of the others {usual:.0f} ms without and {slowed:.0f} ms with them",
        )
    )
    against = ", ".join(
        f"{times(ratio.value, 'more', 'fewer')} than {ratio.name.rpartition(' ')[2]}" for ratio in ratios
    )
    return Outcome(
        columns=("server", "viewers", "points", "updates × viewers", "CPU µs per update and viewer", "per CPU-s",
                 "p50 ms", "p95 ms", "p99 ms", "one a second, ms", "KiB per viewer"),
        rows=rows,
        checks=checks,
        ratios=ratios,
        verdict=(
            f"A CPU-second brings {1e6 / costs['parktwin']:,.0f} updates to a viewer each, {against} (goals: 8 and 5 times more)."
            f" From the sender's clock to {load.viewers} viewers' handlers: median {p50:.0f} ms, p99 {p99:.0f} ms"
            f" (goal: a tick of {TICK_MS} ms and 10)."
        ),
        notes=[
            "The peers get each update as a finished text over a socket and send it on as it is; ours takes it over MQTT, and keeps it in the history, within the same CPU.",
            *([] if "picows" in costs else ["picows was not there: make bench-peers."]),
        ],
    )  # fmt: skip


RACE = Race(
    name="live-fanout",
    title="Live: 200 viewers of one park",
    method=(
        "A sender changes a tenth of the points five times a second. First a served park and viewers in two other processes, which take"
        " and acknowledge binary frames: the delay is from the sender's clock of a frame's newest value to the viewer's handler, on one"
        " machine; one more viewer reads one frame a second under a window of one. Then the park, `websockets.broadcast` and picows in"
        " turn, for viewers that only receive. CPU is the server process's. Last, all points change ten times a second, without and with"
        " viewers that read one message a second and set no window: memory is what they add to the server's peak, the milliseconds the age"
        " of what they read."
    ),
    run=run,
)
