"""What viewers that read one message a second cost a served park, and those who keep up."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

from tests.bench.cost import ROOT
from tests.bench.fanout import MANY, by_mqtt, cookie_of, device, live_url
from tests.support.live_park import many_points, serving

EVERY_S = 0.1
LOOK_S = 0.25


@dataclass(frozen=True)
class Lagging:
    """What one served park did. peak: resident bytes beyond those before the viewers came; quick: delays of viewers
    that keep up, ms; ages: of what the lazy ones read, ms; right: whether each ended with the last value of each point."""

    peak: int
    quick: np.ndarray
    ages: np.ndarray
    right: bool


def lagging(folder: Path, points: int, seconds: float, quick: int, lazy: int) -> Lagging:
    """A served park of which every point changes ten times a second, with viewers that keep up and lazy ones."""
    shutil.rmtree(folder, ignore_errors=True)  # the administrator's password is told once only
    many_points(folder, points)
    with serving(folder, **MANY) as served, device(served) as client:
        server, put = psutil.Process(served.process.pid), by_mqtt(client)
        put([(point, -1.0) for point in range(points)])
        time.sleep(2)
        before = server.memory_info().rss
        place, cookie = live_url(served), cookie_of(served)
        slow = _started("lazy_viewers", place, str(lazy), cookie)
        fast = _started("viewers", place, cookie, str(quick), str(seconds), "0")
        assert slow.stdout is not None
        slow.stdout.readline()
        stop, seen = threading.Event(), [0]

        def look() -> None:
            while not stop.wait(LOOK_S):
                seen.append(server.memory_info().rss - before)

        looking = threading.Thread(target=look)
        looking.start()
        due, number = time.monotonic(), 0
        while fast.poll() is None:
            put([(point, float(number + point)) for point in range(points)])
            number += 1
            due = max(due + EVERY_S, time.monotonic() - EVERY_S)
            time.sleep(max(0.0, due - time.monotonic()))
        final = {point: 0.5 + point for point in range(points)}
        put(list(final.items()))
        time.sleep(1)
        stop.set()
        looking.join()
        delays = json.loads(fast.communicate()[0])["delays"]
        told = json.loads(slow.communicate("end")[0])
    right = not told["closed"] and all(dict(map(tuple, held)) == final for held in told["held"])
    return Lagging(max(seen), np.array(delays), np.array(told["ages"]), right)


def _started(module: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", f"tests.bench.{module}", *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
