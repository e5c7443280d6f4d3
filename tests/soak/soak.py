"""A served sample park with live devices, a wall that is used round after round, and what both hold after each."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.soak.probe import ACCOUNT, Probe
from tests.soak.routine import Wall
from tests.soak.verdict import told
from tests.support.browser import sign_in

ROOT = Path(__file__).resolve().parents[2]
START_S = 1800
"""A park that is not built yet is built first."""
SIZE = {"width": 1280, "height": 720}


@dataclass(frozen=True)
class Demo:
    """A running `parktwin demo`."""

    url: str
    password: str
    process: psutil.Process


@contextmanager
def demo(folder: Path) -> Iterator[Demo]:
    """`parktwin demo FOLDER` on a free port, its simulator included; ended on leaving."""
    command = [sys.executable, "-u", "-m", "server.cli", "demo", str(folder), "--port", "0"]
    log = folder.parent / f"{folder.name}.soak.log"
    with log.open("w+", encoding="utf-8") as said:
        process = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT, text=True)
        try:
            deadline = time.monotonic() + START_S
            while "Sample park" not in (text := log.read_text(encoding="utf-8")):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"the demo did not start: {text[-2000:]}")
                time.sleep(0.2)
            url = text.split("Sample park", 1)[1].split()[0]
            password = (folder / "sign-in.txt").read_text(encoding="utf-8").split()[1]
            yield Demo(url, password, psutil.Process(process.pid))
        finally:
            process.terminate()
            process.wait(60)
    log.unlink()


@contextmanager
def wall(browser: Any, served: Demo, faults: list[str], *, brief: bool) -> Iterator[Wall]:
    """The brain page, signed in; errors of its scripts are put into `faults`."""
    context = browser.new_context(viewport=SIZE, reduced_motion="reduce", locale="zh-CN")
    sign_in(context, served.url, "admin", served.password)
    context.add_init_script(path=ACCOUNT)
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    made = Wall(page, brief)
    made.open(served.url)
    yield made
    context.close()


def soak(
    browser: Any,
    served: Demo,
    seconds: float,
    say: Callable[[str], None] = lambda _: None,
    *,
    brief: bool = False,
) -> list[dict[str, float]]:
    """Use the wall for so long, but at least as many rounds as a verdict needs; one row of measures a round.

    What grew is given more rounds (`told`). The context is lost once, in the first half.
    Raises AssertionError where a script of the page failed.
    """
    faults: list[str] = []
    with wall(browser, served, faults, brief=brief) as used:
        probe = Probe(used.page, served.process)
        began = time.monotonic()
        while (spent := time.monotonic() - began) < seconds or not told(probe.rounds):
            for act in used.round():
                assert not faults, f"after {act}: {faults}"
            if len(probe.rounds) == 1:
                used.lose_context()
                used.rest()
            row = probe.take()
            row["at"] = spent
            say(
                f"round {len(probe.rounds)}, {time.monotonic() - began:.0f} s: heap {row['heap'] / 1e6:.1f} MB,"
                f" {row['attached']:.0f} + {row['detached']:.0f} nodes, {row['listeners']:.0f} listeners, textures {row['texture_bytes'] / 1e6:.1f} MB,"
                f" buffers {row['buffer_bytes'] / 1e6:.1f} MB, server {row['server'] / 1e6:.0f} MB"
            )
    assert not faults
    return probe.rounds
