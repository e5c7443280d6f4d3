"""Another version is published while a page shows the park: what the page asked for by gid stays on the same objects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from scenes.build import ingest
from tests.bim.ifc_files import new_model
from tests.widget.conftest import until
from tests.widget.test_element import note, open_page, ready
from twin.park import Park

pytestmark = pytest.mark.slow
LAYER, BEHIND = "a0", "a9"
"""The second one's objects follow the first one's, so that a larger version of the first finds its place elsewhere."""
IDS = {name: f"2O2Fr$t4X7Zf8NOew3FN{name}{name}" for name in "ABCXYZ"}
TOMATO, TEAL = 0xFF6347, 0x008080
FLAGS = """(states) => states.map((s) => [park.viewer.state.colorOf(s), !!(park.viewer.state.flags(s) & 32), !!(park.viewer.state.flags(s) & 64)])"""
RED = """async () => {
  await park.viewer.idle()
  const { png } = await park.screenshot()
  const bitmap = await createImageBitmap(png), c = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
  c.drawImage(bitmap, 0, 0)
  const { data } = c.getImageData(0, 0, bitmap.width, bitmap.height)
  const seen = []
  for (let i = 0; i < data.length; i += 4) if (data[i] > 150 && data[i + 1] < 130 && data[i + 2] < 110 && data[i] > 1.6 * data[i + 1]) seen.push(i / 4)
  if (seen.length < 200) return null
  const at = seen[Math.floor(seen.length / 2)], scale = park.viewer.canvas.clientWidth / bitmap.width
  return park.viewer.pick((at % bitmap.width) * scale, Math.floor(at / bitmap.width) * scale)?.gid
}"""


def gid(name: str, layer: str = LAYER) -> str:
    return f"{layer}/{IDS[name]}"


@pytest.fixture
def walls(server, tmp_path: Path) -> Iterator[Any]:
    """Publishes a version of a layer with these walls, in this order."""

    def publish(names: Sequence[str], layer: str = LAYER) -> None:
        model = new_model()
        for name in names:
            model.wall(name, at=(0.0, 8.0 * "XYABCZ".index(name), 0.0), GlobalId=IDS[name])
        folder = tmp_path / "".join(names)
        folder.mkdir()
        done = ingest(Park.load(server.park), model.write(folder, f"{layer}.ifc"), layer=layer)
        with server.admin() as client:
            answer = client.post(f"/layers/{layer}/publish", json={"version": done.version.version})
            assert answer.is_success, answer.text

    yield publish
    with server.admin() as client:
        for layer in (LAYER, BEHIND):
            client.delete(f"/layers/{layer}")


def states(server: Any, gids: Sequence[str]) -> list[int]:
    with server.admin() as client:
        rows = {row["gid"]: row["state"] for row in client.get("/objects/items", params={"gid": gids}).json()}
    return [rows[one] for one in gids]


def base_of_layer(server: Any) -> int:
    with server.admin() as client:
        scene = client.get(f"{server.url}/tiles/scene.json").json()
    return next(int(layer["base"]) for layer in scene["layers"] if layer["layer"] == LAYER)


@pytest.fixture(scope="module")
def token(server, host) -> str:
    return server.issue("republished", origins=[host.url], live=True)["token"]


def test_colours_selection_and_isolation_follow_their_objects(page, server, host, token, walls):
    walls(["A", "B", "C"])
    walls(["Z"], BEHIND)
    other = gid("Z", BEHIND)
    open_page(page, host, server, token=token, live="temperature")
    ready(page)
    until(page, "park.shadowRoot.querySelector('.legend').hidden === false")
    followed = [gid("A"), gid("B"), other]
    before = states(server, followed)
    base = base_of_layer(server)
    page.evaluate(
        "([a, b, c, other]) => park.colour({[a]: 'tomato', [c]: 'teal'}).then(() => park.select([b, other]))"
        ".then(() => park.isolate([a, other, c]))",
        [gid("A"), gid("B"), gid("C"), other],
    )
    assert [row[1:] for row in page.evaluate(FLAGS, before)] == [[False, True], [True, False], [True, True]]

    revision = page.evaluate("park.load()")["revision"]
    walls(["X", "Y", "B", "A"])
    until(page, "(n) => told.some(([name, scene]) => name === 'ready' && scene.revision > n)", revision)
    after = states(server, followed)
    assert [a == b for a, b in zip(before, after, strict=True)] == [False, False, True], (before, after)
    assert base_of_layer(server) != base
    marked = page.evaluate(FLAGS, after)
    assert [row[1:] for row in marked] == [[False, True], [True, False], [True, True]]
    assert [marked[0][0], marked[1][0]] == [TOMATO, None]
    # Nothing else carries a mark, and what is gone is told.
    total = page.evaluate("park.viewer.state.size")
    everything = page.evaluate(FLAGS, list(range(total)))
    assert [s for s, row in enumerate(everything) if row[0] == TOMATO] == [after[0]]
    assert [s for s, row in enumerate(everything) if row[0] == TEAL] == []
    assert [s for s, row in enumerate(everything) if row[1]] == sorted(after[1:])
    assert [s for s, row in enumerate(everything) if row[2]] == sorted([after[0], after[2]])
    assert gid("C") in note(page, "gone")
    gone = page.evaluate("told.findLast(([name, detail]) => name === 'error' && detail.code === 'gone')[1]")
    assert gid("C") in gone["message"]
    assert gid("A") not in gone["message"]
    # As it is seen: what is red is still this wall.
    page.evaluate("(gid) => park.select([]).then(() => park.flyTo(gid, 0))", gid("A"))
    assert until(page, RED) == gid("A")


def test_a_page_without_live_values_notices_the_new_version_when_it_asks(page, server, host, token, walls):
    walls(["A", "B", "C"])
    open_page(page, host, server, token=token)
    ready(page)
    page.evaluate("(gid) => park.colour(gid, 'tomato')", gid("A"))
    walls(["X", "Y", "B", "A"])
    # Of the layer that was known before, and of objects that were not.
    assert page.evaluate("(gid) => park.select([gid])", gid("X")) == {"objects": 1}
    a, x = states(server, [gid("A"), gid("X")])
    assert page.evaluate(FLAGS, [a, x]) == [[TOMATO, False, False], [None, True, False]]
    refused = page.evaluate("(gid) => park.isolate(gid).catch(({code}) => code)", gid("C"))
    assert refused == "no-object"
    assert page.evaluate("(gid) => park.isolate(gid)", gid("B")) == {"objects": 1}
    # Isolated alone, and then gone: nothing is left to isolate, so all is shown again.
    walls(["C", "A"])
    assert page.evaluate("(gid) => park.colour(gid, 'teal')", gid("C")) == {"objects": 1}
    a, c = states(server, [gid("A"), gid("C")])
    assert page.evaluate(FLAGS, [a, c]) == [[TOMATO, False, False], [TEAL, False, False]]
    assert page.evaluate("park.viewer.state.isolating") is False
