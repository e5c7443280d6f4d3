"""`live-load`: a served park under as many readings as its broker passes on, and what its points cost in memory."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import httpx
import psutil

from tests.bench.cost import ROOT
from tests.bench.peers import __path__ as peers
from tests.bench.race import Check, Context, Outcome, Race
from tests.support.live_park import Serving, many_points, serving

LIMIT_S = 300.0
TOPIC = "live/p{:06d}"


@dataclass(frozen=True)
class Load:
    """What one served park did. idle, loaded: resident bytes of the server; kept: samples in its history at the end."""

    points: int
    sent: int
    cpu: float
    wall: float
    idle: int
    loaded: int
    acknowledged: int
    dropped: int
    kept: int


def connector(client: httpx.Client) -> dict:
    """The park's MQTT connector, as its server tells."""
    (found,) = client.get("/api/v1/connectors").raise_for_status().json()["items"]
    return found


def until(client: httpx.Client, name: str, value: object) -> dict:
    """Wait until the connector says so; numbers at least."""
    deadline = time.monotonic() + LIMIT_S
    while True:
        found = connector(client)
        if found[name] >= value if isinstance(value, int) else found[name] == value:
            return found
        if time.monotonic() > deadline:
            raise RuntimeError(f"the connector has {name} {found[name]} after {LIMIT_S:.0f} s: expected {value}")
        time.sleep(0.05)


def load(folder: Path, points: int, count: int) -> Load:
    """Serve a park of so many points and send it so many readings, all points in turn."""
    park = many_points(folder, points)
    with serving(park.folder) as served:
        client = httpx.Client(base_url=served.url, timeout=60)
        client.post("/api/v1/session", json={"username": served.user, "password": served.password}).raise_for_status()
        until(client, "state", "connected")
        server = psutil.Process(served.process.pid)
        idle, cpu, began = server.memory_info().rss, sum(server.cpu_times()[:2]), time.monotonic()
        send(served, points, count)
        told = until(client, "acknowledged", count)
        wall, cpu = time.monotonic() - began, sum(server.cpu_times()[:2]) - cpu
        loaded = server.memory_info().rss
        client.close()
    with duckdb.connect(str(park.folder / "history.duckdb"), read_only=True) as db:
        (kept,) = db.execute("SELECT count(*) FROM (SELECT DISTINCT point, t, value FROM sample)").fetchone()
    return Load(points, count, cpu, wall, idle, loaded, told["acknowledged"], told["dropped"], kept)


def send(served: Serving, points: int, count: int) -> None:
    """Let a sender in a process of its own send all, and be acknowledged by the broker."""
    door = json.loads((served.folder / "broker" / "door.json").read_text(encoding="utf-8"))
    script = str(Path(peers[0]) / "mqtt_publisher.py")
    given = (door["host"], door["mqtt_port"], door["user"], door["password"], count, points, 0, TOPIC)
    subprocess.run([sys.executable, script, *map(str, given)], cwd=ROOT, check=True, timeout=LIMIT_S)


def run(context: Context) -> Outcome:
    """Parks of several sizes, one after the other."""
    sizes = (20, 40) if context.tiny else (1_000, 10_000, 50_000, 100_000)
    count = context.size(200_000, 400)
    loads = [load(context.folder / f"load-{size}", size, count) for size in sizes]
    base, largest = loads[0], loads[-1]

    def grown(one: Load) -> float | None:
        return None if one is base else (one.loaded - base.loaded) / 1024 / (one.points - base.points) * 1000

    worst = min(loads, key=lambda one: one.sent / one.wall)
    return Outcome(
        columns=("points", "readings", "sustained per s", "CPU s", "readings per CPU s", "RSS idle MB", "RSS loaded MB", "KiB per 1,000 points"),
        rows=[
            (one.points, one.sent, one.sent / one.wall, one.cpu, one.sent / max(one.cpu, 0.01), one.idle / 1e6,
             one.loaded / 1e6, grown(one))
            for one in loads
        ],
        checks=[
            Check(
                f"{one.points:,} points: every reading is kept, and none was dropped",
                (one.kept, one.dropped) == (one.sent, 0) and one.acknowledged >= one.sent,
                f"{one.kept:,} of {one.sent:,} readings",
            )
            for one in loads
        ],
        verdict=(
            f"A served park sustains at least {worst.sent / worst.wall:,.0f} readings per second over its broker, all kept, and a"
            f" thousand points cost {grown(largest) or 0:,.0f} KiB of the server's memory, at {largest.points:,} points."
        ),
        notes=[
            (
                "One sender of QoS 1 with 4,000 readings in flight, on the same machine as the broker and the server. CPU is the server"
                " process's, its ticks, alarms and followers included, the broker's not. Memory is compared with the smallest park's, after"
                " the readings."
            )
        ],
    )  # fmt: skip


RACE = Race(
    name="live-load",
    title="Live: a served park under load, and its memory by number of points",
    method=(
        "A sender in a process of its own sends readings of all points in turn over MQTT, QoS 1, as fast as the embedded broker takes"
        " them, to parks of several sizes that `parktwin serve` serves. Every reading must be in the history file at the end."
    ),
    run=run,
)
