import asyncio
import json
import sys
import time
from pathlib import Path

import duckdb
import numpy as np
import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from twin.connectors.connector import Readings, State
from twin.errors import Conflict, Invalid, Unavailable
from twin.park import Park
from twin.runtime.park_runtime import ParkRuntime
from twin.runtime.ticker import every
from twin.state import quality as q
from twin.state.facts import PointFacts
from twin.state.point import PointSpec

ROOT = Path(__file__).parents[3]
POINTS = [
    PointSpec(
        f"r{n}.co2",
        f"a1/r{n}",
        device=f"a1/s{n}",
        kind="co2",
        unit="ppm",
        min=0,
        max=5000,
        name=f"房间{n}",
        source=f"mqtt:park/a1/r{n}/co2",
    )
    for n in range(4)
]
RULES = """
- {id: co2-high, kind: co2, severity: major, op: ">", limit: 1000, dead_band: 50, message_zh: 高, message_en: high}
"""


@pytest.fixture
def park(tmp_path):
    park = Park.create(tmp_path / "park", name="测试园区")
    (park.folder / "alarms.yaml").write_text(RULES, "utf-8")
    return park


@pytest.fixture
async def running(park):
    runtime = ParkRuntime(park, POINTS, tick_ms=20)
    await runtime.start()
    async with asyncio.timeout(20):
        await runtime.connectors[0].wait_for(State.CONNECTED)
    yield runtime
    await runtime.stop()


@pytest.fixture
async def device(running):
    client = paho.Client(CallbackAPIVersion.VERSION2, client_id="device")
    client.username_pw_set(running.broker.door.user, running.broker.door.password)
    loop, client.online = asyncio.get_running_loop(), asyncio.Event()
    client.on_connect = lambda *_: loop.call_soon_threadsafe(client.online.set)
    client.on_disconnect = lambda *_: loop.call_soon_threadsafe(client.online.clear)
    client.reconnect_delay_set(0.05, 0.2)
    client.connect(running.broker.door.host, running.broker.door.mqtt_port)
    client.loop_start()
    async with asyncio.timeout(20):
        await client.online.wait()
    yield client
    client.disconnect()
    await asyncio.to_thread(client.loop_stop)


async def following(feed, condition):
    """Read the feed until the picture meets the condition; returns it, point index → value."""
    picture = {}
    async with asyncio.timeout(30):
        while True:
            message = json.loads(await feed.next())
            picture.update(zip(message["points"], message["values"], strict=True))
            if condition(picture):
                return picture


async def acknowledged(runtime, count):
    async with asyncio.timeout(30):
        connector = runtime.connectors[0]
        await connector.wait_until(lambda: connector.counters.acknowledged >= count)


def alarm_events(runtime):
    """A queue of (event, point) of the alarms to come."""
    queue = asyncio.Queue()
    runtime.listen(lambda event: queue.put_nowait((event.event, event.alarm.point_id)))
    return queue


async def soon(queue):
    async with asyncio.timeout(30):
        return await queue.get()


async def test_a_reading_goes_from_the_device_to_hub_history_alarm_and_follower(running, device):
    events = alarm_events(running)
    feed = running.stream.subscribe({"kinds": ["co2"]})
    now = time.time_ns() // 1_000_000
    device.publish("park/a1/r1/co2", json.dumps({"v": 1234.5, "t": now, "q": 0, "sim": True}), qos=1)
    device.publish("park/a1/r2/co2", b"400", qos=0)
    picture = await following(feed, lambda p: p.get(1) is not None and p.get(2) is not None)
    assert (picture[1], picture[2], picture[0]) == (1234.5, 400.0, None)
    await acknowledged(running, 1)
    # Acknowledged means committed: the history has it now.
    found = await running.history("r1.co2", now - 1000, now + 1000, 1)
    assert (found["mean"], found["count"]) == ([1234.5], [1])
    assert await soon(events) == ("raised", "r1.co2")
    page = await running.alarms()
    assert (page["total"], page["items"][0]["value"], page["items"][0]["name"]) == (1, 1234.5, "房间1")
    known = await running.acknowledge(page["items"][0]["id"], "li", "看到了")
    assert known["state"] == "acknowledged"
    status = running.status()
    assert status["simulated"] == 1
    assert status["points"] == {"count": 4, "good": 2, "stale": 0, "bad": 0, "never": 2}
    assert status["connections"][0]["state"] == "connected"
    assert status["history"]["state"] == "ok"
    rows = {row["name"]: row for row in await running.indicators()}
    assert rows["co2"]["value"] == round((1234.5 + 400) / 2)
    assert rows["alarms"]["value"] == 1
    assert rows["power"]["value"] is None


async def test_what_is_wrong_with_readings_is_counted_for_their_connector(running, device):
    now = time.time_ns() // 1_000_000
    for count, (value, t) in enumerate(((9e9, now), (400, now + 3_600_000), (401, now - 60_000)), start=1):
        device.publish("park/a1/r1/co2", json.dumps({"v": value, "t": t}), qos=1)
        await acknowledged(running, count)  # one by one: of a batch only the newest counts
    device.publish("park/a1/r1/nobody", b"1", qos=1)
    await acknowledged(running, 4)
    row = running.status()["connections"][0]
    assert {name: row[name] for name in ("bad", "skewed", "late")} == {"bad": 1, "skewed": 1, "late": 1}
    assert row["unknown"] == 1
    assert running.status()["updates"] == {"updates": 3, "bad": 1, "skewed": 1, "late": 1}


async def test_readings_arrive_again_after_the_broker_was_away(running, device):
    await running.broker.stop()
    async with asyncio.timeout(20):
        await running.connectors[0].wait_for(State.CONNECTING)
    await running.broker.start()
    async with asyncio.timeout(30):
        await running.connectors[0].wait_for(State.CONNECTED)
    feed = running.stream.subscribe({})
    async with asyncio.timeout(30):
        await device.online.wait()
    device.publish("park/a1/r3/co2", b"777", qos=1)
    await following(feed, lambda p: p.get(3) == 777)


async def test_a_restart_shows_the_last_values_as_stale_until_heard(park, running, device):
    events = alarm_events(running)
    device.publish("park/a1/r1/co2", b"1500", qos=1)
    assert await soon(events) == ("raised", "r1.co2")
    await acknowledged(running, 1)
    password = running.broker.door.password
    await running.stop()
    with pytest.raises(Unavailable, match="not running"):
        _ = running.store
    again = ParkRuntime(park, POINTS, tick_ms=20)
    await again.start()
    assert again.hub.values[1] == 1500
    assert again.hub.quality.tolist() == [q.NEVER, q.STALE, q.NEVER, q.NEVER]
    assert [alarm.point_id for alarm in again.book.open()] == ["r1.co2"]
    assert again.broker.door.password == password
    async with asyncio.timeout(20):
        await again.connectors[0].wait_for(State.CONNECTED)
    feed = again.stream.subscribe({})
    async with asyncio.timeout(30):
        await device.online.wait()
    device.publish("park/a1/r1/co2", b"1501", qos=1)
    await following(feed, lambda p: p[1] == 1501)
    assert again.hub.quality[1] == q.GOOD
    await again.stop()


async def test_other_points_keep_what_is_known_and_followers_get_a_new_snapshot(park, running, device):
    feed, events = running.stream.subscribe({}), alarm_events(running)
    device.publish("park/a1/r1/co2", b"1500", qos=1)
    await following(feed, lambda p: p[1] == 1500)
    assert await soon(events) == ("raised", "r1.co2")
    subscribed = running.connectors[0].counters.subscriptions
    others = [PointSpec("new", "b1/x", kind="temperature", source="mqtt:yard/t"), POINTS[1]]
    rows = [{"layer": "b1", "type": "Space", "storey": "", "building": "b1/B"}, {"layer": "a1"}]
    await running.rebind(others, PointFacts.from_rows(rows))
    message = json.loads(await feed.next())
    while message["type"] != "snapshot":
        message = json.loads(await feed.next())
    assert message["points"] == [0, 1]
    assert message["values"] == [None, 1500]
    assert len(running.book.open()) == 1
    scoped = running.stream.subscribe({"layers": ["b1"]}, ident=2)
    assert json.loads(await scoped.next())["points"] == [0]
    async with asyncio.timeout(20):
        connector = running.connectors[0]
        await connector.wait_until(lambda: connector.counters.subscriptions > subscribed)
    device.publish("yard/t", b"21", qos=1)
    await following(scoped, lambda p: p.get(0) == 21)
    (park.folder / "alarms.yaml").write_text("nonsense", "utf-8")
    await running.rebind(POINTS)
    assert "alarms.yaml" in running.status()["rules_error"]
    assert len(running.hub) == len(POINTS)
    assert len(running.book.open()) == 1  # the rules before go on
    with pytest.raises(Invalid, match=r"alarms\.yaml"):
        await running.reload_rules()
    (park.folder / "alarms.yaml").write_text(RULES.replace("1000", "1600"), "utf-8")
    await running.reload_rules()
    running.tick()
    assert running.status()["rules_error"] == ""
    assert [alarm.state.value for alarm in running.book.open()] == ["cleared"]


async def test_energy_counts_from_the_first_reading_of_the_day(park):
    runtime = ParkRuntime(park, [PointSpec("m", "a1/m", kind="energy", unit="kWh")], tick_ms=20)
    await runtime.start()
    now = runtime.clock.now_ms()

    async def read(value, time):
        await runtime.ingest(
            Readings(np.array([0]), np.array([value]), np.array([time]), np.array([0]), np.array([False]))
        )
        await runtime.refresh_baseline()
        return {row["name"]: row["value"] for row in await runtime.indicators()}["energy_today"]

    assert await read(1000.0, now) == 0
    assert await read(1012.5, now + 1) == 12.5
    await runtime.stop()


async def test_a_park_runs_once(park, running):
    with pytest.raises(Conflict, match="running already"):
        await running.start()


async def test_wrong_rules_leave_nothing_open(park):
    (park.folder / "alarms.yaml").write_text("- {id: x}", "utf-8")
    runtime = ParkRuntime(park, POINTS)
    with pytest.raises(Invalid, match=r"alarms\.yaml, line 1"):
        await runtime.start()
    (park.folder / "alarms.yaml").write_text("", "utf-8")
    (park.folder / "park.toml").write_text("[park]\nid='p'\n[[connectors]]\nkind='fax'\n", "utf-8")
    runtime = ParkRuntime(Park.load(park.folder), POINTS)
    with pytest.raises(Invalid, match="'fax' is unknown"):
        await runtime.start()
    duckdb.connect(str(park.history)).close()  # not locked any more
    await runtime.stop()


async def test_a_park_without_points_or_rules_runs(tmp_path):
    park = Park.create(tmp_path / "empty")
    runtime = ParkRuntime(park, [], tick_ms=20)
    await runtime.start()
    async with asyncio.timeout(20):
        await runtime.connectors[0].wait_for(State.CONNECTED)
    assert runtime.status()["points"]["count"] == 0
    assert json.loads(await runtime.stream.subscribe({}).next())["points"] == []
    await runtime.stop()
    await runtime.stop()


async def test_a_beat_goes_on_after_a_failure():
    beats, enough = [], asyncio.Event()

    async def action():
        beats.append(1)
        if len(beats) == 3:
            enough.set()
        if len(beats) == 1:
            raise ValueError("first")

    task = asyncio.create_task(every(0.001, action))
    async with asyncio.timeout(10):
        await enough.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


SERVER = """
import asyncio, sys
from pathlib import Path
from twin.connectors.connector import Readings, State
from twin.park import Park
from twin.runtime.park_runtime import ParkRuntime
from twin.state.point import PointSpec

async def main():
    points = [PointSpec("p", "g", kind="co2", source="mqtt:park/p")]
    runtime = ParkRuntime(Park.load(Path(sys.argv[1])), points)
    await runtime.start()
    await runtime.connectors[0].wait_for(State.CONNECTED)
    print("ready", flush=True)
    while True:
        print(runtime.connectors[0].counters.acknowledged, flush=True)
        await asyncio.sleep(0.02)

asyncio.run(main())
"""


async def test_what_was_acknowledged_over_mqtt_survives_kill_9_of_the_server(tmp_path):
    """Devices send numbered readings; the server is killed in the midst. Each reading is in the history,
    or comes again from the broker at the next start."""
    park = Park.create(tmp_path / "park")
    with (park.folder / "park.toml").open("a", encoding="utf-8") as stream:
        stream.write("[broker]\nack_wait_s = 2\n")
    park = Park.load(park.folder)
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVER, str(park.folder), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert await server.stdout.readline() == b"ready\n"
        door = json.loads((park.folder / "broker" / "door.json").read_text())
        device = paho.Client(CallbackAPIVersion.VERSION2, client_id="device", clean_session=False)
        device.username_pw_set(door["user"], door["password"])
        device.reconnect_delay_set(0.05, 0.2)
        device.connect(door["host"], door["mqtt_port"])
        device.loop_start()
        start = time.time_ns() // 1_000_000 - 100_000
        sent = [device.publish("park/p", json.dumps({"v": n, "t": start + n}), qos=1) for n in range(3000)]
        done = 0
        while done < 200:
            done = int(await server.stdout.readline())
    finally:
        server.kill()
        await server.wait()
    with duckdb.connect(str(park.history), read_only=True) as db:
        kept = {row[0] for row in db.execute("SELECT value FROM sample").fetchall()}
    assert len(kept) >= done
    runtime = ParkRuntime(park, [PointSpec("p", "g", kind="co2", source="mqtt:park/p")])
    await runtime.start()
    connector = runtime.connectors[0]
    async with asyncio.timeout(120):
        await asyncio.to_thread(lambda: [message.wait_for_publish(100) for message in sent])
        count = 0
        while count < 3000:
            seen = connector.counters.acknowledged
            (count,) = await runtime.store.read(
                lambda c: c.execute("SELECT count(DISTINCT value) FROM sample").fetchone()
            )
            if count < 3000:
                await connector.wait_until(lambda seen=seen: connector.counters.acknowledged > seen)
    device.disconnect()
    await asyncio.to_thread(device.loop_stop)
    await runtime.stop()
    with duckdb.connect(str(park.history), read_only=True) as db:
        values = np.array(db.execute("SELECT DISTINCT value FROM sample ORDER BY value").fetchall()).ravel()
    assert values.tolist() == list(range(3000))


@pytest.mark.parametrize(
    ("text", "wanted", "runs"),
    [
        ('[[connectors]]\nkind = "http-push"\nname = "push"\n', False, False),
        ('[[connectors]]\nkind = "mqtt"\nname = "far"\nurl = "mqtt://127.0.0.1:1"\n', False, False),
        ('[[connectors]]\nkind = "http-push"\nname = "push"\n', True, True),
        ('[[connectors]]\nkind = "mqtt"\nname = "near"\n', False, True),
    ],
)
async def test_the_embedded_broker_runs_where_something_needs_it(park, text, wanted, runs):
    with (park.folder / "park.toml").open("a", encoding="utf-8") as stream:
        stream.write(text)
    runtime = ParkRuntime(Park.load(park.folder), POINTS, tick_ms=20)
    runtime.wants_broker = wanted
    await runtime.start()
    try:
        assert (runtime.broker is not None) is runs
        assert (runtime.status()["broker"] is not None) is runs
        assert len(runtime.connectors) == 1
    finally:
        await runtime.stop()
