"""A park of four points whose clock only moves when told to."""

import pytest

from tests.support.alarms import Park
from twin.clock import ManualClock
from twin.state.history import History


@pytest.fixture
async def history(tmp_path):
    history = await History.open(tmp_path / "history.duckdb", group_ms=1)
    yield history
    await history.close()


@pytest.fixture
def make(history):
    clock = ManualClock()

    def make(*rules, **settings):
        return Park(settings.pop("history", history), clock, rules, **settings)

    return make
