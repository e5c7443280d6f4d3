"""`kill -9` under load: what was acknowledged is there, once, and alarms stand where they stood.

A hundred rounds at seeded moments; about 80 s on two quiet cores.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from tests.support.killable import Sender, Server, context, until
from tests.support.killed_server import RULES
from twin.park import Park

ROUNDS = 100
MEMORY = "/dev/shm"  # noqa: S108  a folder of its own is made there


def everything(server: Server, sender: Sender) -> bool:
    """Whether all that was acknowledged until now is kept; none of it twice."""
    rows = server.ask("samples")
    twice = [row for row, count in Counter(rows).items() if count > 1]
    assert not twice, f"kept twice: {twice[:5]}"
    return sender.acknowledged <= set(rows)


def stands(server: Server, state: str) -> bool:
    return alarm(server, "flips").get("state") == state


def alarm(server: Server, point: str) -> dict:
    return next((row for row in server.ask("alarms") if row["point_id"] == point), {})


@pytest.fixture
def folder(tmp_path):
    """In memory where that is possible: what a killed process wrote stays there too, and no round waits for a disk."""
    if not os.access(MEMORY, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=MEMORY, ignore_cleanup_errors=True) as made:
        yield Path(made)


@pytest.mark.slow
def test_a_hundred_kills_under_load(folder):
    park = Park.create(folder / "park")
    (park.folder / "alarms.yaml").write_text(RULES, "utf-8")
    with (park.folder / "park.toml").open("a") as settings:
        settings.write("\n[broker]\nack_wait_s = 0.3\n")  # after that it sends again what was not acknowledged
    dice, sender = random.Random(20261127), Sender()
    server, cut, repeated = Server(context(), park.folder), 0, 0
    try:
        sender.connect(server.door)
        sender.send("kept", 1500.0)
        until(lambda: alarm(server, "kept"), "no alarm was raised")
        known, flips = server.ask("acknowledge"), {}
        for number in range(ROUNDS):
            if number % 10 == 0:  # a watched point that moves between kills: raised, cleared, raised again
                state = "cleared" if flips.get("state") == "active" else "active"
                sender.send("flips", 400.0 + number if state == "cleared" else 2000.0 + number)
                until(partial(stands, server, state), f"round {number}: flips is not {state}")
                flips = alarm(server, "flips")
            sender.load(dice.randrange(50, 200))
            time.sleep(dice.uniform(0, 0.25))
            server.kill()
            owed = sender.owed > 0
            server = Server(context(), park.folder)
            cut += owed or not everything(server, sender)
            until(partial(everything, server, sender), f"round {number}: acknowledged samples are lost")
            repeated += server.ask("status")["history"]["repeated_rows"]
            assert alarm(server, "kept") == known, f"round {number}"
            assert alarm(server, "flips") == flips, f"round {number}"
        until(lambda: sender.owed == 0 and everything(server, sender), "what was not acknowledged did not come again")
    finally:
        sender.close()
        server.kill()
    assert cut > ROUNDS // 10, "the kills missed the load: nothing was shown"
    assert repeated > 0, "no sample came twice: nothing was shown of it"
