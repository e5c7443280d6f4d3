import asyncio
import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from twin.connectors.broker import Broker

ROOT = Path(__file__).parents[3]
COLUMNS = ("point_id", "gid", "device", "kind", "unit", "min", "max", "role", "name", "address")


@pytest.fixture
def points(tmp_path):
    path = tmp_path / "points.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        rows = csv.writer(stream)
        rows.writerow(COLUMNS)
        for n in range(100):
            rows.writerow(
                [f"r{n}.co2", f"a1/r{n}", "", "co2", "ppm", 380, 2000, "measured", "x", f"mqtt:park/a1/r{n}/co2"]
            )
        rows.writerow(["other", "a1/x", "", "co2", "ppm", 380, 2000, "measured", "x", "opc:ns=2"])
    return path


@pytest.fixture
async def broker(tmp_path):
    broker = Broker(tmp_path / "broker")
    await broker.start()
    yield broker
    await broker.stop()


@pytest.fixture
async def heard(broker):
    """What arrives under `park/#`, in a queue."""
    loop, queue = asyncio.get_running_loop(), asyncio.Queue()
    client = paho.Client(CallbackAPIVersion.VERSION2, client_id="listener")
    client.username_pw_set(broker.door.user, broker.door.password)
    client.reconnect_delay_set(0.05, 0.2)
    client.on_connect = lambda *_: client.subscribe("park/#", 1)
    client.on_message = lambda _c, _d, m: loop.call_soon_threadsafe(queue.put_nowait, (m.topic, m.payload))
    client.connect_async(broker.door.host, broker.door.mqtt_port)
    client.loop_start()
    yield queue
    client.disconnect()
    await asyncio.to_thread(client.loop_stop)


async def take(queue, count):
    async with asyncio.timeout(30):
        return [await queue.get() for _ in range(count)]


@pytest.fixture
async def start(points, broker):
    processes = []

    async def start(*more):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "scenes.simulator", "--points", str(points), "--door", str(broker.folder / "door.json"), *more,
            cwd=ROOT, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        processes.append(process)
        return process

    yield start
    for process in processes:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.mark.parametrize("qos", ["0", "1"])
async def test_it_publishes_marked_readings_and_stops_on_sigterm(start, heard, qos):
    process = await start("--rate", "200", "--qos", qos)
    messages = await take(heard, 300)
    for topic, text in messages:
        assert topic.startswith("park/a1/r")
        data = json.loads(text)
        assert data["sim"] is True
        assert data["q"] == 2 if data["v"] is None else 380 <= data["v"] <= 2000
        assert data["t"] > 1_700_000_000_000
    assert len({topic for topic, _text in messages}) > 90
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(15):
        assert await process.wait() == 0


async def test_it_goes_on_when_the_broker_comes_back(start, heard, broker):
    await start("--rate", "200")
    await take(heard, 20)
    await broker.stop()
    while not heard.empty():
        heard.get_nowait()
    await broker.start()
    await take(heard, 20)


async def test_it_ends_with_the_process_that_started_it(points, broker, heard):
    code = (
        "import os, subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-m', 'scenes.simulator', '--points', sys.argv[1], '--door', sys.argv[2],"
        " '--with-parent', str(os.getpid())])\n"
        "print(child.pid, flush=True)\n"
        "child.wait()\n"
    )
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, str(points), str(broker.folder / "door.json"),
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    watch = os.pidfd_open(int(await parent.stdout.readline()))
    await take(heard, 1)
    parent.kill()
    await parent.wait()
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(watch, ended.set)
    async with asyncio.timeout(15):
        await ended.wait()
    asyncio.get_running_loop().remove_reader(watch)
    os.close(watch)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--points", "no.csv", "--url", "mqtt://h"], 1, "no.csv is missing"),
        (["--points", "{points}", "--url", "http://h"], 1, "expected mqtt://"),
        (["--points", "{points}", "--door", "no.json"], 1, "start the park first"),
        (["--points", "{points}"], 2, "--url"),
        (["--points", "{points}", "--url", "mqtt://h", "--rate", "0"], 2, "above 0"),
    ],
)
def test_wrong_input_is_told_in_one_sentence(points, arguments, code, says):
    command = [sys.executable, "-m", "scenes.simulator", *(a.format(points=points) for a in arguments)]
    result = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert result.returncode == code
    assert says in result.stderr
    assert "Traceback" not in result.stderr
