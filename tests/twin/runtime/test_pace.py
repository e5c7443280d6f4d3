import asyncio
import selectors

import pytest

from twin.runtime.pace import Pace


class Instant(selectors.SelectSelector):
    """Waiting moves the loop's time instead of taking it."""

    now = 0.0

    def select(self, timeout=None):
        self.now += timeout or 0.0
        return super().select(0)


@pytest.fixture
def run():
    """Runs readings at given seconds against a pace of 0.2 s; returns when ticks came, and which told something."""
    selector = Instant()
    loop = asyncio.SelectorEventLoop(selector)
    loop.time = lambda: selector.now

    def runner(readings, until, fails=()):
        ticks, fresh = [], []

        async def action(passed):
            at = round(selector.now, 3)
            assert passed == pytest.approx(at - (ticks[-1][0] if ticks else 0.0), abs=2e-3)
            told = bool(fresh)
            fresh.clear()
            ticks.append((at, told))
            if len(ticks) in fails:
                raise RuntimeError("a listener failed")
            return told

        async def script():
            pace = Pace(0.2)
            task = asyncio.ensure_future(pace.run(action))
            for at in [*readings, until]:
                await asyncio.sleep(at - selector.now)
                if at != until:
                    fresh.append(at)
                    pace.hurry()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        loop.run_until_complete(script())
        return ticks

    yield runner
    loop.close()


def test_it_beats_while_nothing_comes(run):
    assert run([], 0.7) == [(0.2, False), (0.4, False), (0.6, False)]


def test_the_first_reading_after_a_quiet_while_waits_for_its_burst_only(run):
    assert run([0.45], 0.5) == [(0.2, False), (0.4, False), (0.47, True)]


def test_readings_without_a_pause_are_told_once_per_beat(run):
    ticks = run([0.25 + 0.03 * n for n in range(30)], 1.1)
    told = [at for at, fresh in ticks if fresh]
    assert told == pytest.approx([0.27, 0.47, 0.67, 0.87, 1.07])


def test_a_burst_is_told_in_one_tick(run):
    assert run([0.25, 0.26, 0.269], 0.6) == [(0.2, False), (0.27, True), (0.47, False)]


def test_a_burst_on_a_beat_is_not_cut_in_two(run):
    assert run([0.25, 0.46, 0.475], 0.6) == [(0.2, False), (0.27, True), (0.48, True)]


def test_what_comes_behind_a_tick_is_told_a_beat_later(run):
    assert run([0.25, 0.28], 0.6) == [(0.2, False), (0.27, True), (0.47, True)]


def test_a_tick_that_fails_is_not_repeated_at_once(run):
    ticks = run([0.25 + 0.03 * n for n in range(10)], 0.7, fails={2})
    assert [at for at, _ in ticks] == pytest.approx([0.2, 0.27, 0.47, 0.67])
