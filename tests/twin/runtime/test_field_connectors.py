"""Field connectors in a running park: one that cannot work does not stop the others."""

import asyncio
import socket

import numpy as np

from tests.support.fire_frames import TIME, made
from twin.connectors.connector import State
from twin.connectors.gbt26875.frame import CONFIRM, cut
from twin.park import Park
from twin.runtime.park_runtime import ParkRuntime
from twin.state import quality as q
from twin.state.point import PointSpec

SOURCES = (
    "gbt26875:0000000000a1/1/2/9/fire",
    "modbus:1/holding/0",
    "opcua:ns=2;s=T",
    "bacnet:127.0.0.1:9/analog-input,1",
)
POINTS = [PointSpec(f"p{n}", f"g{n}", kind="state", source=source) for n, source in enumerate(SOURCES)]
FIRE = bytes([2, 1, 1, 2, 40, 9, 0, 0, 0, 0b11, 0]) + bytes(31) + TIME
SENT_AT = 1767294245000
PARK = """
[park]
id = "p"
name = "P"

[[connectors]]
kind = "gbt26875"
host = "127.0.0.1"
port = {fire}

[[connectors]]
kind = "modbus"
host = "127.0.0.1"
port = {dead}

[[connectors]]
kind = "opcua"
url = "opc.tcp://127.0.0.1:{dead}"

[[connectors]]
kind = "bacnet"
host = "127.0.0.1"
port = {bacnet}
timeout_s = 0.05
retries = 0
"""


def free(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


async def test_one_that_cannot_work_does_not_stop_the_others(tmp_path):
    fire = free()
    (tmp_path / "park.toml").write_text(PARK.format(fire=fire, dead=free(), bacnet=free(socket.SOCK_DGRAM)))
    runtime = ParkRuntime(Park.load(tmp_path), POINTS, tick_ms=20)
    await runtime.start()
    try:
        async with asyncio.timeout(60):
            await runtime.connectors[0].wait_for(State.CONNECTED)
            for connector in runtime.connectors[1:]:
                await connector.wait_for(State.FAILED)
                assert "trying again" in connector.detail
            reader, writer = await asyncio.open_connection("127.0.0.1", fire)
            writer.write(made(FIRE).encode())
            _, answer = cut(bytearray(await reader.readexactly(30)))
        writer.close()
        assert answer.command == CONFIRM
        assert (runtime.hub.values[0], runtime.hub.quality[0]) == (1.0, q.GOOD)
        # Confirmed means committed: the history has it now.
        found = await runtime.history("p0", SENT_AT - 1000, SENT_AT + 1000, 1)
        assert (found["mean"], found["count"]) == ([1.0], [1])
        assert np.isnan(runtime.hub.values[1:]).all()
    finally:
        await runtime.stop()
