"""A picture of the served park has the colours that the stage shows at that moment."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from scenes.picture.looks import theme, token
from scenes.picture.source import read_source
from scenes.picture.theme import themed
from tests.browser.conftest import ROOT

pytestmark = pytest.mark.slow


def test_the_picture_has_the_stages_colours(screen, tmp_path):
    rows = screen.served.sql(
        "SELECT p.gid, p.source, l.base + o.ordinal FROM point p JOIN object o ON o.gid = p.gid JOIN layer l ON l.layer = o.layer"
        " WHERE p.kind = 'temperature' AND o.layer = 'a2' ORDER BY p.point_id LIMIT 5"
    )
    for number, (_, source, _) in enumerate(rows):
        screen.served.publish(source.removeprefix("mqtt:"), 17.5 + 2.6 * number)
    states = {gid: state for gid, _, state in rows}
    screen.open("/brain?theme=temperature&quality=low")
    last = list(states.values())[-1]
    stale = "#{:02x}{:02x}{:02x}".format(*token("--severity-stale"))
    screen.page.wait_for_function(
        "([state, stale]) => { const c = window.__parktwin.viewer.state.colorOf(state); return c !== null && c !== stale }",
        arg=[last, int(stale[1:], 16)],
    )
    shown = screen.run("return a.map((state) => v.state.colorOf(state))", list(states.values()))
    found = themed(theme("temperature"), read_source(screen.served.folder, values=True).readings).colours
    assert [found[gid] for gid in states] == [(c >> 16, c >> 8 & 255, c & 255) for c in shown]
    assert len(set(shown)) == len(rows)

    gid, target = next(iter(states)), tmp_path / "room.png"
    command = [sys.executable, "-m", "server.cli", "picture", str(screen.served.folder), str(target), "--gid", gid]
    command += ["--theme", "temperature", "--camera", "top", "--size", "320x240", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["theme"]["fresh"] >= len(rows)
    with Image.open(target) as image:
        middle = np.asarray(image.convert("RGB"), np.float64)[110:130, 150:170].reshape(-1, 3).mean(axis=0)
    # A room is a veil: through its upper and its lower face, half each, a quarter of what is behind is seen.
    colour = np.array(found[gid], np.float64)
    behind = np.array([0xD4, 0xDF, 0xEC], np.float64)
    assert np.abs(middle - (0.75 * colour + 0.25 * behind)).max() < 12, (middle, colour)
