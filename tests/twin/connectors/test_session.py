"""A connector that keeps a session comes back, and tells where it stands."""

from __future__ import annotations

import asyncio
import math

import numpy as np
import pytest

from twin.connectors.connector import Readings, State
from twin.connectors.intake import Arrived
from twin.connectors.session import Lost, SessionConnector
from twin.connectors.setting_reader import SettingReader
from twin.errors import Invalid, Unavailable
from twin.state.point import PointSpec

POINTS = [PointSpec("a", "g", source="probe:1"), PointSpec("b", "g", source="other:1")]


class Probe(SessionConnector):
    kind = "probe"

    def __init__(self, script, sink):
        super().__init__("probe", POINTS, sink, first_pause_s=0.001, longest_pause_s=0.004)
        self.script = script

    async def session(self):
        step = self.script.pop(0) if self.script else None
        if step is None:
            await asyncio.Event().wait()
        if isinstance(step, Exception):
            raise step
        self.connected("there")
        await self.intake.take(step)


class Kept:
    def __init__(self, error=None):
        self.batches, self.error = [], error

    async def __call__(self, readings: Readings) -> None:
        if self.error:
            raise self.error
        self.batches.append(readings)


async def settled(probe):
    for _ in range(2000):
        if not probe.script and probe.counters.messages:
            return
        await asyncio.sleep(0.001)


async def test_it_comes_back_after_every_kind_of_loss():
    sink = Kept()
    probe = Probe([Lost("gone"), OSError("refused"), ValueError("ours"), [Arrived("1", 2.5, 7)]], sink)
    await probe.start()
    await settled(probe)
    await probe.stop()
    assert [batch.values.tolist() for batch in sink.batches] == [[2.5]]
    assert sink.batches[0].times.tolist() == [7]
    assert (probe.state, probe.counters.connections, probe.counters.acknowledged) == (State.STOPPED, 1, 1)


class Waits(Probe):
    """Connects if it is told to, and then hangs for ever."""

    async def session(self):
        if self.script:
            self.connected("there")
            await self.intake.take(self.script)
        await asyncio.Event().wait()


class Polls(Waits):
    polls = True


@pytest.mark.parametrize(("kind", "script"), [(Waits, []), (Polls, []), (Polls, [Arrived("1", 1.0)])])
async def test_a_session_that_hangs_is_told_and_begun_anew(kind, script):
    probe = kind(script, Kept())
    probe.patience_s = 0.02
    await probe.start()
    async with asyncio.timeout(20):
        await probe.wait_for(State.FAILED)
        assert probe.detail == "stuck for 0.02 s; trying again"
        if script:  # it connects anew
            await probe.wait_for(State.CONNECTED)
            assert probe.counters.connections == 2
    await probe.stop()


async def test_what_gets_further_or_only_waits_is_left_alone():
    waits, polls = Waits([Arrived("1", 1.0)], Kept()), Polls([Arrived("1", 1.0)], Kept())
    waits.patience_s = polls.patience_s = 0.2
    await asyncio.gather(waits.start(), polls.start())
    for _ in range(30):
        await asyncio.sleep(0.02)
        polls.alive()
    assert (waits.counters.connections, polls.counters.connections) == (1, 1)
    assert waits.state is polls.state is State.CONNECTED
    await asyncio.gather(waits.stop(), polls.stop())


async def test_unknown_addresses_become_candidates():
    probe = Probe([[Arrived("1", 1.0), Arrived("9", 4.0, sample=b"raw")]], Kept())
    await probe.start()
    await settled(probe)
    assert [(row["address"], row["sample"]) for row in probe.candidates()] == [("9", "raw")]
    probe.bind([PointSpec("c", "g", source="probe:9")])
    assert probe.candidates() == []
    assert dict(probe.intake.addresses) == {"9": 0}
    await probe.stop()


async def test_what_is_not_kept_is_not_acknowledged():
    probe = Probe([[Arrived("1", 1.0)]], Kept(Unavailable("the disk is full")))
    await probe.start()
    await settled(probe)
    await probe.wait_for(State.FAILED)
    assert "the disk is full" in probe.detail
    assert (probe.counters.acknowledged, probe.counters.dropped) == (0, 1)
    await probe.stop()


async def test_values_are_converted():
    sink = Kept()
    probe = Probe([[Arrived("1", 10.0)]], sink)
    probe.intake.bind(POINTS, {"1": lambda raw: raw / 10 - 1})
    await probe.start()
    await settled(probe)
    await probe.stop()
    assert np.array_equal(sink.batches[0].values, [0.0])


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, "host is missing"),
        ({"host": 3}, "host is 3; expected a text"),
        ({"host": "h", "port": 0}, "port is 0; expected a whole number from 1 to 65535"),
        ({"host": "h", "wait": math.nan}, "wait is nan"),
        ({"host": "h", "mode": "x"}, "expected one of a, b"),
        ({"host": "h", "tls": 1}, "true or false"),
        ({"host": "h", "hots": 1}, "'hots' is unknown; expected host, port, wait, mode, tls"),
    ],
)
def test_settings_name_what_is_wrong(settings, told):
    reader = SettingReader("plc", settings)

    def read():
        reader.text("host")
        reader.whole("port", 502, low=1, high=65535)
        reader.number("wait", 1.0, low=0)
        reader.text("mode", "a", one_of=("a", "b"))
        reader.flag("tls", default=False)
        reader.done()

    with pytest.raises(Invalid, match="plc") as caught:
        read()
    assert told in str(caught.value)
