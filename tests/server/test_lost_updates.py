"""No update is lost: 100 objects change five times, fast, and every reader's last value is the last one sent.

Readers of JSON and of binary frames, quick and slow ones together, over a real server and its real broker. What a slow
reader does not see was conflated: what it sees of a point is never older than what it saw before.
"""

from __future__ import annotations

import asyncio
import json
import time

import paho.mqtt.client as mqtt
import pytest

from tests.support.live_park import many_points, serving
from twin.client import connect

OBJECTS, UPDATES = 100, 5


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    park = many_points(tmp_path_factory.mktemp("lost") / "park", OBJECTS)
    with serving(park.folder) as found:
        yield found


def device(served):
    door = json.loads((served.folder / "broker" / "door.json").read_text("utf-8"))
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    client.max_inflight_messages_set(1000)
    client.username_pw_set(door["user"], door["password"])
    client.connect(door["host"], door["mqtt_port"])
    client.loop_start()
    return client


def send(client, start):
    """Every object five times, as fast as it goes; returns when the broker has all."""
    now = time.time_ns() // 1_000_000
    sent = [
        client.publish(f"live/p{n:06d}", json.dumps({"v": start + update, "t": now + update}), qos=1)
        for update in range(UPDATES)
        for n in range(OBJECTS)
    ]
    for one in sent:
        one.wait_for_publish(20)


class Reader:
    """A subscriber; `seen`: values of each point in the order they came."""

    def __init__(self, subscription, pause_s):
        self.subscription, self.pause_s = subscription, pause_s
        self.seen: dict[int, list[float]] = {}
        self.last_seq = -1
        self.ready = asyncio.Event()

    async def until(self, final):
        async for frame in self.subscription:
            assert frame.seq > self.last_seq or frame.kind == "snapshot"
            self.last_seq = frame.seq
            for point, value in zip(frame.points.tolist(), frame.values.tolist(), strict=True):
                self.seen.setdefault(point, []).append(value)
            self.ready.set()
            if all(values[-1] == final for values in self.seen.values()) and len(self.seen) == OBJECTS:
                return
            await asyncio.sleep(self.pause_s)


@pytest.mark.parametrize("round_", range(2))
async def test_every_reader_ends_with_the_last_value_of_every_object(served, round_):
    start = 10.0 * (round_ + 1)
    final = start + UPDATES - 1
    quick, slow = 0.0, 0.7
    async with (
        connect(served.url, user=served.user, password=served.password, binary=True) as binary,
        connect(served.url, user=served.user, password=served.password, binary=False) as texts,
        asyncio.timeout(60),
    ):
        readers = [Reader(one.subscribe({}, 50), pause) for one in (binary, texts) for pause in (quick, slow)]
        tasks = [asyncio.create_task(reader.until(final)) for reader in readers]
        await asyncio.gather(*(reader.ready.wait() for reader in readers))
        client = device(served)
        since = time.time_ns() // 1_000_000
        await asyncio.to_thread(send, client, start)
        await asyncio.gather(*tasks)
        client.disconnect()
        await asyncio.to_thread(client.loop_stop)
        for reader in readers:
            for point, values in reader.seen.items():
                told = values[1:]  # after the snapshot
                assert told == sorted(told), f"point {point}: an old value was shown as new: {values}"
                assert set(told) <= {start + update for update in range(UPDATES)}
        rows = await binary._session.request("GET", f"/points/history?point_id=p000042&buckets=1&from={since}")
        assert (rows["min"], rows["max"]) == ([start], [final])
        assert rows["count"] == [UPDATES], "the history has every update"


async def test_who_polls_over_http_never_sees_a_value_go_back_and_ends_with_the_last(served):
    start = 1000.0
    final = start + UPDATES - 1
    seen: dict[str, list[float]] = {f"p{n:06d}": [] for n in range(OBJECTS)}
    async with (
        connect(served.url, user=served.user, password=served.password) as park,
        asyncio.timeout(60),
    ):
        ask = park._session.request

        async def poll():
            for n in range(OBJECTS):
                card = await ask("GET", f"/objects/card?gid=a1/s0-r{n}")
                for point in card["points"]:
                    seen[point["point_id"]].append(point["value"])

        await poll()
        client = device(served)
        since = time.time_ns() // 1_000_000
        sending = asyncio.create_task(asyncio.to_thread(send, client, start))
        while not all(values[-1] == final for values in seen.values()):
            await poll()
        await sending
        await poll()
        client.disconnect()
        await asyncio.to_thread(client.loop_stop)
        for point, values in seen.items():
            told = [value for value in values[1:] if value != values[0]]
            assert told == sorted(told), f"{point}: an old value was answered after a newer one: {values}"
            assert set(told) <= {start + update for update in range(UPDATES)}
            assert values[-1] == final
        for n in (0, 42, OBJECTS - 1):
            rows = await ask("GET", f"/points/history?point_id=p{n:06d}&buckets=1&from={since}")
            assert (rows["min"], rows["max"], rows["count"]) == ([start], [final], [UPDATES])
