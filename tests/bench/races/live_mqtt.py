"""`live-mqtt`: readings from a device over a real broker into hub and history, against a bare paho callback."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sys
import threading
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import orjson
import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from tests.bench.cost import ROOT, Timer, interleaved, middle
from tests.bench.peers import __path__ as peers
from tests.bench.race import Check, Context, Outcome, Race, Ratio, times
from twin.connectors.broker import Broker
from twin.connectors.connector import Readings, State
from twin.connectors.mqtt import MqttConnector
from twin.state.history import History
from twin.state.history_schema import open_history
from twin.state.hub import Hub
from twin.state.point import PointSpec

TOPICS = 500
LIMIT_S = 120.0


async def publish(broker: Broker, count: int) -> None:
    """Let a device in a process of its own send all readings."""
    door = broker.door
    script = str(Path(peers[0]) / "mqtt_publisher.py")
    given = (script, door.host, str(door.mqtt_port), door.user, door.password, str(count), str(TOPICS))
    device = await asyncio.create_subprocess_exec(sys.executable, *given, cwd=ROOT)
    if await device.wait() != 0:
        raise RuntimeError("the publisher failed")


async def consume(
    folder: Path, count: int, start: Callable[[Broker], Awaitable[tuple[asyncio.Event, Callable[[], Awaitable[dict]]]]]
) -> dict:
    """Broker, consumer, publisher; CPU of this process, which is the consumer, while the readings come."""
    shutil.rmtree(folder, ignore_errors=True)
    broker = Broker(folder / "broker")
    await broker.start()
    try:
        done, finish = await start(broker)
        timer = Timer()
        with timer.run():
            async with asyncio.timeout(LIMIT_S):
                await asyncio.gather(publish(broker, count), done.wait())
        return timer.row(**await finish())
    finally:
        await broker.stop()


def ours(folder: str, count: int) -> dict:
    """`MqttConnector` into hub and history, acknowledged after the commit: the way of a running park."""
    return asyncio.run(_ours(Path(folder), count))


async def _ours(folder: Path, count: int) -> dict:
    points = [PointSpec(f"p{n}", f"a/{n}", source=f"mqtt:park/{n}/temperature") for n in range(TOPICS)]

    async def start(broker: Broker) -> tuple[asyncio.Event, Callable[[], Awaitable[dict]]]:
        history = await History.open(folder / "history.duckdb")
        keys = await history.register([point.point_id for point in points])
        done = asyncio.Event()

        class Late:
            """The park's clock stands at the last reading, so that none is taken for the future."""

            def now_ms(self) -> int:
                return 1_700_000_000_000 + count

            def monotonic(self) -> float:
                return 0.0

        hub = Hub(points, Late())

        def sink(readings: Readings) -> Awaitable[None]:
            samples = hub.update(readings.points, readings.values, readings.times, readings.quality, readings.simulated)
            return history.append(samples, keys)

        connector = MqttConnector("bench", broker.url, points, sink)
        await connector.start()
        await connector.wait_for(State.CONNECTED)

        async def all_acknowledged() -> None:
            await connector.wait_until(lambda: connector.counters.acknowledged >= count)
            done.set()

        task = asyncio.create_task(all_acknowledged())

        async def finish() -> dict:
            await task
            await connector.stop()
            rows = await history.read(lambda cursor: cursor.execute("SELECT count(*) FROM sample").fetchone()[0])
            await history.close()
            return {"last": hub.values.tolist(), "rows": rows}

        return done, finish

    return await consume(folder, count, start)


def callback(folder: str, count: int, *, insert: bool = False) -> dict:
    """`on_message`: decode, put into a dictionary. insert: and INSERT the row, as a first version would."""
    return asyncio.run(_callback(Path(folder), count, insert=insert))


async def _callback(folder: Path, count: int, *, insert: bool) -> dict:
    async def start(broker: Broker) -> tuple[asyncio.Event, Callable[[], Awaitable[dict]]]:
        door, loop = broker.door, asyncio.get_running_loop()
        done, subscribed = asyncio.Event(), threading.Event()
        state: dict[str, tuple[float, int]] = {}
        rows = 0
        table = open_history(folder / "history.duckdb") if insert else None

        def on_message(_client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
            nonlocal rows
            row = orjson.loads(message.payload)
            state[message.topic] = (row["v"], row["t"])
            if table is not None:
                point = int(message.topic.split("/")[1])
                table.execute("INSERT INTO fresh VALUES (?, ?, ?, 0)", [point, row["t"], row["v"]])
            rows += 1
            if rows == count:
                loop.call_soon_threadsafe(done.set)

        client = paho.Client(CallbackAPIVersion.VERSION2, client_id="bench-callback")
        client.username_pw_set(door.user, door.password)
        client.on_connect = lambda one, *_: one.subscribe("park/#", qos=1)
        client.on_subscribe = lambda *_: subscribed.set()
        client.on_message = on_message
        client.connect(door.host, door.mqtt_port)
        client.loop_start()
        if not await asyncio.to_thread(subscribed.wait, 30):
            raise RuntimeError("the broker did not let the callback in")

        async def finish() -> dict:
            client.disconnect()
            with contextlib.suppress(RuntimeError):
                await asyncio.to_thread(client.loop_stop)
            if table is not None:
                table.close()
            return {"last": [state[f"park/{n}/temperature"][0] for n in range(TOPICS)], "rows": rows}

        return done, finish

    return await consume(folder, count, start)


def run(context: Context) -> Outcome:
    """Send the same readings to each."""
    count, few = context.size(100_000, TOPICS), context.size(3_000, TOPICS)
    counts = {"ours": count, "paho callback": count, "paho callback + INSERT": few}
    folder = context.folder / "mqtt"
    found = interleaved(
        {
            "ours": partial(context.call, ours, folder=str(folder), count=count),
            "paho callback": partial(context.call, callback, folder=str(folder), count=count),
            "paho callback + INSERT": partial(context.call, callback, folder=str(folder), count=few, insert=True),
        },
        context.rounds,
    )
    shutil.rmtree(folder, ignore_errors=True)
    costs = {name: middle(runs) for name, runs in found.items()}
    rates = {name: number / costs[name].cpu for name, number in counts.items()}
    bare, naive = (rates["ours"] / rates[name] for name in list(counts)[1:])
    return Outcome(
        columns=(
            "consumer",
            "readings",
            "CPU s",
            "readings per CPU s",
            "wall s",
            "readings per s end to end",
            "RSS MB",
        ),
        rows=[
            (
                name,
                number,
                costs[name].cpu,
                rates[name],
                costs[name].wall,
                number / costs[name].wall,
                costs[name].rss / 1e6,
            )
            for name, number in counts.items()
        ],
        checks=[
            Check(
                f"{name}: every reading arrives, the last one of each topic stands",
                all(right(sample.answer, number) for sample in found[name]),
                f"{number:,} readings",
            )
            for name, number in counts.items()
        ],
        ratios=[
            Ratio("readings per CPU-second, against a bare callback", bare),
            Ratio("readings per CPU-second, against callback and INSERT", naive),
        ],
        verdict=(
            f"Over MQTT a park takes {rates['ours'] / 1e3:,.0f} thousand readings per CPU-second into hub and committed history,"
            f" {times(bare, 'more', 'fewer')} than a bare paho callback that keeps nothing (goal: 5 times more"
            f"{'' if bare >= 5 else '; missed'}),"
            f" and {times(naive, 'more', 'fewer')} than one that inserts each row."
        ),
        notes=[
            (
                "QoS 1 over the embedded broker (NATS with its MQTT door) on loopback, the device a process of its own; CPU is the"
                " consumer's process alone, from the device's start to the last acknowledgement; waiting on a history group or an"
                " inbox costs wall time, not CPU. End to end rates are bounded by the device and the broker's disk, not by us."
            )
        ],
    )


def right(answer: dict, count: int) -> bool:
    """Whether all readings came, and the newest stands for each topic. At least once: a repetition is allowed."""
    last = [(count - TOPICS + (n - count) % TOPICS) % 300 / 10 for n in range(TOPICS)]
    return answer["rows"] >= count and answer["last"] == last


RACE = Race(
    "live-mqtt",
    "MQTT end to end, against a paho callback",
    "The same readings of 500 topics through `MqttConnector`, hub and history, and through `on_message`.",
    run,
)
