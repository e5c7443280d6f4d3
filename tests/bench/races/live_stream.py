"""`live-stream`: what one tick costs for many subscriptions, against encoding for each of them."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from functools import partial

import numpy as np

from tests.bench.cost import Timer, interleaved, middle
from tests.bench.race import Check, Context, Outcome, Race, Ratio, times
from twin.clock import ManualClock
from twin.state.binary_frame import BINARY
from twin.state.facts import PointFacts
from twin.state.frame import JSON
from twin.state.hub import Hub
from twin.state.point import PointSpec
from twin.state.scope import scope_resolver
from twin.state.stream import LiveStream

LAYERS = 10
ENCODINGS = {"JSON": JSON, "binary": BINARY}
CASES = (
    (50, 1, "JSON"), (50, 10, "JSON"), (50, 50, "JSON"), (200, 1, "JSON"), (200, 10, "JSON"), (200, 200, "binary"),
    (200, 200, "JSON"),
)  # fmt: skip
"""(subscriptions, distinct scopes, encoding of their frames)."""
TINY = ((12, 1, "JSON"), (12, 12, "binary"), (12, 12, "JSON"))


def park(points: int) -> tuple[Hub, LiveStream]:
    """A hub whose points stand in ten layers."""
    specs = [PointSpec(f"p{n}", f"l{n % LAYERS}/{n}", kind="temperature") for n in range(points)]
    hub = Hub(specs, ManualClock())
    return hub, LiveStream(hub, scope_resolver(specs, PointFacts.unknown(specs)))


def scopes(subscriptions: int, distinct: int, points: int) -> list[dict[str, list[str]]]:
    """One scope: everything; up to ten: a layer each; more: a layer's points but one each."""
    if distinct == 1:
        return [{}] * subscriptions
    if distinct <= LAYERS:
        return [{"layers": [f"l{n % distinct}"]} for n in range(subscriptions)]
    return [
        {"points": [f"p{k}" for k in range(n % LAYERS, points, LAYERS) if k // LAYERS != n // LAYERS]}
        for n in range(subscriptions)
    ]


def changes(hub: Hub, ticks: int, share: float) -> Iterator[None]:
    """Change a share of all points, then yield, once per tick."""
    random = np.random.default_rng(3)
    count = round(share * len(hub))
    for _ in range(ticks):
        index = random.choice(len(hub), count, replace=False)
        hub.update(index, np.round(random.uniform(0, 30, count), 1))
        hub.clock.advance(0.2)
        yield


def ours(subscriptions: int, distinct: int, points: int, ticks: int, frames: str = "JSON") -> dict:
    """`LiveStream.tick`, then every feed's next message."""
    return asyncio.run(_ours(subscriptions, distinct, points, ticks, frames))


async def _ours(subscriptions: int, distinct: int, points: int, ticks: int, frames: str) -> dict:
    hub, stream = park(points)
    feeds = [stream.subscribe(scope, encoding=ENCODINGS[frames]) for scope in scopes(subscriptions, distinct, points)]
    total, sent = hashlib.sha256(), 0
    for feed in feeds:
        await feed.next()
    timer = Timer()
    for _ in changes(hub, ticks, 0.2):
        with timer.run():
            stream.tick()
            messages = [await feed.next() for feed in feeds]
        for text in messages:
            total.update(text)
            sent += len(text)
    return timer.row(digest=total.hexdigest(), bytes=sent)


def each(subscriptions: int, distinct: int, points: int, ticks: int, frames: str = "JSON") -> dict:
    """The same messages, encoded for each subscription on its own, without tasks or futures."""
    hub, stream = park(points)
    indices = [np.asarray(stream._resolve(scope)) for scope in scopes(subscriptions, distinct, points)]
    told, encoding = hub.seq, ENCODINGS[frames]
    total, sent = hashlib.sha256(), 0
    timer = Timer()
    for _ in changes(hub, ticks, 0.2):
        with timer.run():
            seq, now = hub.tick(), hub.clock.now_ms()
            messages = []
            for index in indices:
                chosen = index[hub.point_seq[index] > told]
                messages.append(encoding.message("delta", 1, encoding.body(hub, chosen, seq, now)))
            told = seq
        for text in messages:
            total.update(text)
            sent += len(text)
    return timer.row(digest=total.hexdigest(), bytes=sent)


def run(context: Context) -> Outcome:
    """Race all cases."""
    rows, checks, ratios = [], [], []
    points, ticks = context.size(2_000, 200), context.size(100, 3)
    for subscriptions, distinct, frames in TINY if context.tiny else CASES:
        given = {
            "subscriptions": subscriptions,
            "distinct": distinct,
            "points": points,
            "ticks": ticks,
            "frames": frames,
        }
        named = f"{distinct} scopes" + (f", {frames}" if frames != "JSON" else "")
        samples = interleaved(
            {"ours": partial(context.call, ours, **given), "peer": partial(context.call, each, **given)},
            context.rounds,
        )
        mine, peer = middle(samples["ours"]), middle(samples["peer"])
        answers = {(s.answer["digest"], s.answer["bytes"]) for runs in samples.values() for s in runs}
        checks.append(
            Check(f"{subscriptions} subscriptions, {named}: the same bytes", len(answers) == 1, f"{ticks} ticks")
        )
        ratio = peer.cpu / mine.cpu
        ratios.append(Ratio(f"CPU per tick, {subscriptions} subscriptions of {named}", ratio))
        size = samples["ours"][0].answer["bytes"] / ticks / subscriptions
        rows.append(
            (
                subscriptions,
                distinct,
                frames,
                1e3 * mine.cpu / ticks,
                1e3 * peer.cpu / ticks,
                ratio,
                1e6 * mine.cpu / ticks / subscriptions,
                size / 1e3,
                mine.rss / 1e6,
                peer.rss / 1e6,
            )
        )
    shared = max(ratios, key=lambda ratio: ratio.value).value
    alone = rows[-1]
    return Outcome(
        columns=(
            "subscriptions",
            "scopes",
            "frames",
            "CPU ms per tick ours",
            "each encoded",
            "ratio",
            "CPU µs per message ours",
            "kB per message",
            "RSS MB ours",
            "RSS MB each",
        ),
        rows=rows,
        checks=checks,
        ratios=ratios,
        verdict=(
            f"Sharing one encoding makes a tick up to {shared:.2g} times cheaper; where all {alone[0]} scopes differ, writing"
            f" each column once for all makes it {times(alone[5], 'cheaper', 'dearer')}. A tick for {alone[0]} different scopes"
            f" takes {alone[3]:.2g} ms of CPU, {alone[3] / 2:.2g} % of a core at five ticks a second."
        ),
        notes=[
            (
                f"{points:,} points in ten layers, a fifth of which change per tick; JSON is written with orjson from the same arrays on both sides,"
                " and the peer has no task, queue or client at all. Sending over sockets is not in it."
            )
        ],
    )


RACE = Race(
    "live-stream",
    "Deltas for 50 and 200 subscriptions, against encoding each",
    "`LiveStream.tick` and every feed's message, per tick of 200 ms.",
    run,
)
