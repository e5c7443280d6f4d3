"""Commands through a connector of our own: every outcome, kept over restarts, never sent twice."""

import asyncio

import pytest

from twin.commands.command import CommandState as S
from twin.connectors.connector import Counters, State
from twin.errors import Conflict, Denied, Invalid, NotFound, Unavailable
from twin.park import Park
from twin.runtime.park_runtime import ParkRuntime
from twin.state.point import PointSpec

POINTS = [
    PointSpec("set", "a1/r1", kind="temperature", unit="°C", min=16, max=30, role="setpoint", source="valve:r1/set"),
    PointSpec("other", "a1/r1", kind="status", role="command", source="valve:r1/on"),
    PointSpec("read", "a1/r1", kind="temperature", role="measured", source="valve:r1/t"),
    PointSpec("lost", "a1/r1", kind="status", role="command", source="fax:1"),
]


class Valve:
    """A connector whose device answers as the test says: `answer` is awaited for each write."""

    kind = "valve"

    def __init__(self, name):
        self.name, self.state, self.detail, self.counters = name, State.CONNECTED, "", Counters()
        self.written = []
        self.answer = asyncio.Event().wait

    async def start(self): ...
    async def stop(self): ...
    def bind(self, points): ...
    def map(self, mapped): ...
    def last(self, address):
        return None

    def candidates(self):
        return []

    async def write(self, address, value):
        self.written.append((address, value))
        await self.answer()


KINDS = {"valve": lambda name, *_: Valve(name)}


async def taken():
    """The device that takes everything at once."""


def refuses(error):
    async def answer():
        raise error

    return answer


@pytest.fixture
def park(tmp_path):
    made = Park.create(tmp_path / "park")
    with (made.folder / "park.toml").open("a") as file:
        file.write('\n[broker]\nurl = "mqtt://127.0.0.1:1"\n[[connectors]]\nkind = "valve"\n')
    return Park.load(made.folder)


@pytest.fixture
async def running(park):
    runtime = ParkRuntime(park, POINTS, kinds=KINDS)
    await runtime.start()
    runtime.told = []
    runtime.listen_commands(lambda command: runtime.told.append(command.state))
    runtime.valve = runtime.connectors[0]
    yield runtime
    await runtime.stop()


async def ended(runtime, command):
    """The command with its outcome."""
    done = asyncio.Event()
    runtime.listen_commands(lambda told: told.id == command.id and told.ended_at and done.set())
    if (await runtime.commands.get(command.id)).ended_at is None:
        async with asyncio.timeout(20):
            await done.wait()
    return await runtime.commands.get(command.id)


async def test_a_confirmed_command_leaves_the_reported_value_alone(running):
    running.valve.answer = taken
    command = await running.commands.ask("set", 22.5, user="li", comment="太热")
    assert (command.state, command.unit, command.gid) == (S.ASKED, "°C", "a1/r1")
    found = await ended(running, command)
    assert (found.state, found.reason, found.user, found.comment) == (S.CONFIRMED, "", "li", "太热")
    assert running.told == [S.ASKED, S.SENT, S.CONFIRMED]
    assert running.valve.written == [("r1/set", 22.5)]
    assert running.hub.quality[0] == 3, "what the device reports comes with its own readings only"
    await running.store.write([])  # what was written before it is committed when it is
    kinds = await running.store.read(lambda c: c.execute("SELECT kind FROM event ORDER BY t, kind").fetchall())
    assert {kind for (kind,) in kinds} == {"command-asked", "command-confirmed"}


@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [
        (refuses(Denied("locked by hand")), S.REFUSED, "locked by hand"),
        (refuses(Invalid("not writable")), S.REFUSED, "not writable"),
        (refuses(Unavailable("the line broke")), S.UNKNOWN, "the line broke"),
        (refuses(RuntimeError("oops")), S.UNKNOWN, "defect"),
        (asyncio.Event().wait, S.TIMED_OUT, "may have taken"),
    ],
)
async def test_other_outcomes(running, answer, state, reason):
    running.valve.answer = answer
    found = await ended(running, await running.commands.ask("set", 20, user="li", timeout_s=0.2))
    assert found.state is state
    assert reason in found.reason
    running.valve.answer = taken
    assert (await ended(running, await running.commands.ask("set", 21, user="li"))).state is S.CONFIRMED


async def test_one_command_of_a_point_is_open(running):
    first = await running.commands.ask("set", 20, user="li")
    with pytest.raises(Conflict, match=first.id):
        await running.commands.ask("set", 21, user="wang")
    await running.commands.ask("other", 1, user="li")
    done = await running.commands.cancel(first.id, "wang")
    assert done.state is S.CANCELLED
    assert "wang" in done.reason
    assert "may have taken" in done.reason
    with pytest.raises(Conflict, match="cancelled already"):
        await running.commands.cancel(first.id, "wang")
    running.valve.answer = taken
    assert (await ended(running, await running.commands.ask("set", 21, user="wang"))).state is S.CONFIRMED
    items, total = await running.commands.page("set", 1, 0)
    assert (total, [item.value for item in items]) == (2, [21.0])


@pytest.mark.parametrize(
    ("point", "value", "error", "words"),
    [
        ("nothing", 1, NotFound, "'nothing' is unknown"),
        ("read", 20, Invalid, "role 'measured'"),
        ("set", 31, Invalid, "expected 16 … 30 °C"),
        ("set", 15.9, Invalid, "expected 16 … 30 °C"),
        ("set", float("nan"), Invalid, "does not fit"),
        ("other", float("inf"), Invalid, "does not fit"),
    ],
)
async def test_what_cannot_be_asked(running, point, value, error, words):
    with pytest.raises(error, match=words):
        await running.commands.ask(point, value, user="li")
    assert running.valve.written == []


async def test_what_cannot_be_delivered_is_refused(running):
    found = await ended(running, await running.commands.ask("lost", 1, user="li"))
    assert found.state is S.REFUSED
    assert "no connector" in found.reason
    running.valve.state = State.FAILED
    found = await ended(running, await running.commands.ask("set", 20, user="li"))
    assert found.state is S.REFUSED
    assert "nothing was sent" in found.reason


async def test_a_key_repeats_nothing(running):
    running.valve.answer = taken
    asked = [running.commands.ask("set", 20, user="li", key="k1") for _ in range(5)]
    assert len({command.id for command in await asyncio.gather(*asked)}) == 1
    first = await running.commands.ask("set", 20, user="li", key="k1")
    await ended(running, first)
    again = await running.commands.ask("set", 20, user="li", key="k1")
    assert (again.id, again.state) == (first.id, S.CONFIRMED)
    assert running.valve.written == [("r1/set", 20.0)]
    with pytest.raises(Conflict, match="new key"):
        await running.commands.ask("set", 21, user="li", key="k1")
    assert (await running.commands.ask("set", 20, user="wang", key="k1")).id != first.id


async def test_an_open_command_is_of_unknown_outcome_after_a_stop_and_not_sent_again(park, running):
    command = await running.commands.ask("set", 20, user="li")
    await asyncio.sleep(0)
    await running.stop()
    again = ParkRuntime(park, POINTS, kinds=KINDS)
    await again.start()
    found = await again.commands.get(command.id)
    assert found.state is S.UNKNOWN
    assert again.connectors[0].written == []
    await again.stop()


async def test_an_open_command_is_of_unknown_outcome_after_a_kill(park, running, monkeypatch):
    command = await running.commands.ask("set", 20, user="li")
    monkeypatch.setattr(running.commands, "stop", taken)  # as if killed: nothing is said at the end
    await running.stop()
    again = ParkRuntime(park, POINTS, kinds=KINDS)
    await again.start()
    found = await again.commands.get(command.id)
    assert found.state is S.UNKNOWN
    assert "ended before" in found.reason
    assert again.connectors[0].written == []
    await again.stop()
