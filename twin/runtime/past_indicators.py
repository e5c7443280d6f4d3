"""Indicators of a past moment: computed by the same functions as those of now, from what the history keeps."""

from __future__ import annotations

import asyncio
from datetime import tzinfo
from typing import Final, Protocol

from twin.errors import Invalid
from twin.indicators.board import IndicatorBoard
from twin.indicators.indicator import Moment
from twin.rules.past_alarms import counts_at
from twin.runtime.day_start import counter_baseline, day_start, positions
from twin.runtime.replay import Source
from twin.state.facts import PointFacts
from twin.state.past_hub import PastHub
from twin.state.picture import changes, picture_at

SPAN_MS: Final = 30 * 60_000
STEPS: Final = 15
"""The trend of a past moment: the half hour before it, a value every two minutes."""


class Past(Source, Protocol):
    """Where past indicators take points, history and facts from: the running park."""

    facts: PointFacts


async def past_indicators(source: Past, at: int, timezone: tzinfo) -> list[dict[str, object]]:
    """All indicators as they were known at `at`, epoch ms, with the trend of the half hour up to it.

    Raises Invalid where `at` lies ahead, Unavailable where the history cannot be read.
    """
    now = source.clock.now_ms()
    if not SPAN_MS < at <= now:
        raise Invalid(f"at is {at}: expected an instant up to now, {now}, in epoch milliseconds", code="past-instant")
    hub, facts, keys, store = source.hub, source.facts, source.keys, source.store
    first, step = at - SPAN_MS, SPAN_MS // STEPS
    times = [first + step * n for n in range(STEPS + 1)]
    picture, steps, alarms = await store.read(
        lambda cursor: (
            picture_at(cursor, first, keys),
            changes(cursor, first, step, STEPS, keys),
            counts_at(cursor, times),
        )
    )
    ends = {day_start(time, timezone): time for time in times}  # two days where the span reaches over midnight
    baselines = {day: await counter_baseline(hub, store, keys, day, end) for day, end in ends.items()}

    def computed() -> list[dict[str, object]]:
        past = PastHub(hub, first)
        board = IndicatorBoard(kept=len(times))
        for number, time in enumerate(times):
            part = picture if number == 0 else steps.step(number - 1)
            past.show(positions(keys, part.keys), part, time)
            past.tick()
            moment = Moment(past, facts, alarms[number], baselines[day_start(time, timezone)], time)
            board.sample(moment)
        return board.rows(moment)

    return await asyncio.to_thread(computed)
