import asyncio
import json
import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from twin.connectors.broker import Broker
from twin.connectors.handshake import handshake
from twin.errors import Denied, Unavailable

ROOT = Path(__file__).parents[3]


async def test_only_the_generated_password_lets_in(broker):
    door = broker.door
    assert broker.url == f"mqtt://{door.user}:{door.password}@127.0.0.1:{door.mqtt_port}"
    assert broker.status()["state"] == "running"
    with pytest.raises(Denied, match="refuses user 'park'"):
        await handshake(door.host, door.mqtt_port, door.user, "guess")
    await handshake(door.host, door.mqtt_port, door.user, door.password)
    assert (broker.folder / "door.json").stat().st_mode & 0o777 == 0o600
    assert (broker.folder / "nats.conf").stat().st_mode & 0o777 == 0o600
    assert door.password not in json.dumps(broker.status())


async def test_port_and_password_are_kept_over_a_restart(broker):
    before = broker.door
    await broker.stop()
    with pytest.raises(Unavailable):
        await handshake(before.host, before.mqtt_port, before.user, before.password)
    await broker.start()
    assert broker.door == before


async def test_a_broker_that_ends_is_started_again(broker):
    door, pid = broker.door, broker._process.pid
    os.kill(pid, signal.SIGKILL)
    async with asyncio.timeout(20):
        await broker.wait_until(lambda: broker.restarts > 0 and broker.state == "running")
    assert broker._process.pid != pid
    await handshake(door.host, door.mqtt_port, door.user, door.password)


async def test_a_port_in_use_is_named(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Unavailable, match=f"Port {port} on 127.0.0.1 is in use"):
            await Broker(tmp_path / "broker", port=port).start()


async def test_a_broken_store_is_told_in_the_servers_own_words(tmp_path):
    folder = tmp_path / "broker"
    folder.mkdir()
    (folder / "store").write_text("not a folder")
    broker = Broker(folder)
    with pytest.raises(Unavailable, match="ended"):
        await broker.start()
    assert broker.state == "stopped"


PARENT = """
import asyncio, sys
from pathlib import Path
from twin.connectors.broker import Broker

async def main():
    broker = Broker(Path(sys.argv[1]))
    await broker.start()
    print(broker._process.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_it_dies_with_its_parent_and_the_next_one_takes_over(tmp_path):
    folder = tmp_path / "broker"
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, str(folder), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    watch = os.pidfd_open(int(await parent.stdout.readline()))
    door = json.loads((folder / "door.json").read_text())
    parent.kill()
    await parent.wait()
    broker = Broker(folder)
    await broker.start()  # at once, while the old one may still be ending
    assert broker.door.mqtt_port == door["mqtt_port"]
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(watch, ended.set)
    async with asyncio.timeout(10):
        await ended.wait()
    asyncio.get_running_loop().remove_reader(watch)
    os.close(watch)
    await broker.stop()
