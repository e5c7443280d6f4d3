"""`live-fanout`: a served park with 200 viewers in other processes, from the sender's clock to the viewer's handler."""

from __future__ import annotations

import json
import subprocess
import sys
import threading

import httpx
import numpy as np
import paho.mqtt.client as mqtt
import psutil

from tests.bench.race import Check, Context, Outcome, Race
from tests.support.live_park import ROOT, Serving, many_points, serving

PROCESSES = 2
EVERY_S = 0.2


def send(served: Serving, points: int, stop: threading.Event) -> int:
    """A tenth of the points every 0.2 s, with the sender's clock; returns how many were sent."""
    import time

    door = json.loads((served.folder / "broker" / "door.json").read_text(encoding="utf-8"))
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    client.max_queued_messages_set(0)
    client.username_pw_set(door["user"], door["password"])
    client.connect(door["host"], door["mqtt_port"])
    client.loop_start()
    number = 0
    while not stop.wait(EVERY_S):
        for _ in range(max(1, points // 10)):
            number += 1
            body = json.dumps({"v": number, "t": time.time_ns() // 1_000_000})
            client.publish(f"live/p{number % points:06d}", body)
    client.disconnect()
    client.loop_stop()
    return number


def run(context: Context) -> Outcome:
    """Serve, follow, send, measure."""
    viewers, points, seconds = context.size(200, 4), context.size(1000, 20), context.size(10, 1)
    park = many_points(context.folder / "fanout", points)
    with serving(park.folder, PARK_LIVE_CLIENTS_MAX="1000", PARK_LIVE_CLIENTS_PER_USER="1000") as served:
        answer = httpx.post(f"{served.url}/api/v1/session", json={"username": served.user, "password": served.password})
        cookie = "; ".join(f"{name}={value}" for name, value in answer.cookies.items())
        server = psutil.Process(served.process.pid)
        before = server.memory_info().rss
        url = served.url.replace("http", "ws", 1) + "/api/v1/live"
        command = [sys.executable, "-m", "tests.bench.viewers", url, cookie, str(viewers // PROCESSES), str(seconds)]
        watching = [
            subprocess.Popen([*command, str(int(number == 0))], cwd=ROOT, stdout=subprocess.PIPE, text=True)
            for number in range(PROCESSES)
        ]
        stop, sent = threading.Event(), [0]
        thread = threading.Thread(target=lambda: sent.__setitem__(0, send(served, points, stop)))
        thread.start()
        cpu = sum(server.cpu_times()[:2])
        found = [json.loads(process.communicate(timeout=300)[0]) for process in watching]
        cpu = sum(server.cpu_times()[:2]) - cpu
        grown = server.memory_info().rss - before
        stop.set()
        thread.join()
    delays = np.concatenate([np.array(one["delays"]) for one in found])
    slow = np.concatenate([np.array(one["slow"]) for one in found])
    told = sum(one["told"] for one in found)
    p50, p95, p99 = np.percentile(delays, [50, 95, 99])
    late = float(np.median(slow)) if len(slow) else float("nan")
    return Outcome(
        columns=("viewers", "points", "frames", "p50 ms", "p95 ms", "p99 ms", "one a second, ms", "object updates × viewers per CPU-s", "KiB per viewer"),
        rows=[
            (viewers, points, len(delays), round(float(p50)), round(float(p95)), round(float(p99)), round(late),
             round(told / max(cpu, 0.01)), round(grown / 1024 / viewers, 1)),
        ],
        checks=[
            Check("every viewer heard of changes", len(delays) >= viewers, f"{len(delays)} frames"),
            Check("something was sent", sent[0] > 0, f"{sent[0]} readings"),
        ],
        verdict=f"From the sender's clock to {viewers} viewers' handlers: median {p50:.0f} ms, p99 {p99:.0f} ms.",
    )  # fmt: skip


RACE = Race(
    name="live-fanout",
    title="Live: 200 viewers of one park",
    method=(
        "A served park; a sender over MQTT changes a tenth of the points five times a second; viewers in two other processes take binary"
        " frames. The delay is from the sender's clock of a frame's newest value to the viewer's handler, on one machine. One more viewer"
        " reads one frame a second under a window of one. CPU is the server process's, ingest and history included."
    ),
    run=run,
)
