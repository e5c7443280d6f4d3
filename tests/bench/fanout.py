"""What a server spends on sending each update to each viewer: a served park, and servers that send each by itself."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
import paho.mqtt.client as mqtt
import psutil

from tests.bench.cost import ROOT, Cost, Sample
from tests.bench.peer_folder import PEERS
from tests.bench.peers import __path__ as peers
from tests.support.live_park import Serving, many_points, serving

EVERY_S = 0.2
SHARE = 10
"""One in so many points changes per beat."""
PYTHONS = {"websockets": Path(sys.executable), "picows": PEERS / "bin" / "python"}


MANY = {"PARK_LIVE_CLIENTS_MAX": "1000", "PARK_LIVE_CLIENTS_PER_USER": "1000"}
Put = Callable[[list[tuple[int, float]]], None]
"""Sends (point, value) pairs."""


@dataclass(frozen=True)
class Load:
    """What is sent to whom, and for how long."""

    viewers: int
    points: int
    seconds: float

    def until(self, stop: threading.Event, put: Put) -> None:
        """A tenth of the points every 0.2 s until stopped; values never repeat."""
        some, number = max(1, self.points // SHARE), 0
        due = time.monotonic()
        while not stop.wait(max(0.0, due - time.monotonic())):
            put([((number + k) % self.points, float(number + k)) for k in range(some)])
            number += some
            due += EVERY_S

    def send(self, put: Put) -> dict[int, float]:
        """As `until`, for `seconds`, then all points once; returns what each point has in the end."""
        some = max(1, self.points // SHARE)
        final: dict[int, float] = {}
        stop = threading.Event()
        threading.Timer(self.seconds, stop.set).start()
        self.until(stop, put)
        for start in range(0, self.points, some):
            last = [(n, 0.5 + n) for n in range(start, min(start + some, self.points))]
            put(last)
            final.update(last)
            time.sleep(EVERY_S)
        return final


def cookie_of(served: Serving) -> str:
    """Sign in; the header that lets a live connection in."""
    answer = httpx.post(f"{served.url}/api/v1/session", json={"username": served.user, "password": served.password})
    return "; ".join(f"{name}={value}" for name, value in answer.cookies.items())


@contextmanager
def device(served: Serving) -> Iterator[mqtt.Client]:
    """A connected MQTT client of a park's broker."""
    door = json.loads((served.folder / "broker" / "door.json").read_text(encoding="utf-8"))
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    client.max_queued_messages_set(0)
    client.username_pw_set(door["user"], door["password"])
    client.connect(door["host"], door["mqtt_port"])
    client.loop_start()
    yield client
    client.disconnect()
    client.loop_stop()


def by_mqtt(client: mqtt.Client) -> Put:
    """Sends readings as a device does, with its clock."""

    def put(updates: list[tuple[int, float]]) -> None:
        for point, value in updates:
            client.publish(f"live/p{point:06d}", json.dumps({"v": value, "t": time.time_ns() // 1_000_000}))

    return put


def live_url(served: Serving) -> str:
    """Where the live connection is."""
    return served.url.replace("http", "ws", 1) + "/api/v1/live"


def ours(folder: Path, load: Load) -> Sample:
    """A served park: updates come over MQTT, and are kept in the history as well."""
    shutil.rmtree(folder, ignore_errors=True)  # the administrator's password is told once only
    many_points(folder, load.points)
    with serving(folder, **MANY) as served, device(served) as client:
        viewing = [live_url(served), str(load.viewers), cookie_of(served)]
        return _measured(served.process.pid, viewing, lambda: load.send(by_mqtt(client)))


def each(kind: str, load: Load) -> Sample:
    """A server that sends every update as a message of its own: `websockets` or `picows`."""
    script = str(Path(peers[0]) / "broadcast_server.py")
    with subprocess.Popen(
        [str(PYTHONS[kind]), script, kind], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        told = server.stdout.readline()
        if not told:
            raise RuntimeError(f"{kind} did not start: run make bench-peers, which installs what this race is against")
        ports = json.loads(told)
        with socket.create_connection(("127.0.0.1", ports["feed"])) as feed:

            def put(updates: list[tuple[int, float]]) -> None:
                feed.sendall("".join(f'{{"p":{point},"v":{value}}}\n' for point, value in updates).encode())

            url = f"ws://127.0.0.1:{ports['viewers']}/"
            found = _measured(server.pid, [url, str(load.viewers)], lambda: load.send(put))
        server.stdin.close()
    return found


def _measured(pid: int, viewing: list[str], send: Callable[[], dict[int, float]]) -> Sample:
    process = psutil.Process(pid)
    command = [sys.executable, "-m", "tests.bench.raw_viewers", *viewing]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as viewers:
        assert viewers.stdout is not None
        if viewers.stdout.readline() != "ready\n":
            raise RuntimeError("the viewers did not get connected")
        time.sleep(1)  # snapshots leave
        before = sum(process.cpu_times()[:2])
        final = send()
        answer, _ = viewers.communicate("end")
        cpu = sum(process.cpu_times()[:2]) - before
    found = json.loads(answer)
    held = {int(point): value for point, value in found["held"]}
    right = found["alike"] and {p: v for p, v in held.items() if np.isfinite(v)} == final
    return Sample(Cost(cpu), {"told": found["told"], "right": right})
