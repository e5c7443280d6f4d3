"""What integrators are given: types, one light file, and examples that run."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support import weight
from tests.widget.conftest import EXAMPLES, ROOT, TYPES, until

pytestmark = pytest.mark.slow
BUDGET = 300_000
CONSUMER = """
import type { FrameEvent, FrameRequest, Picked, Scene } from './park-viewer'
const park = document.createElement('park-viewer')
export const scene: Promise<Scene> = park.load({ layers: ['a1'], view: { position: [0, 0, 9], target: [0, 0, 0] } })
export const objects: Promise<number> = park.request('select', { gids: ['a1/b'] }).then((answer) => answer.objects)
park.addEventListener('pick', (event) => { const picked = (event as CustomEvent<Picked | null>).detail; picked?.gid })
export const asked: FrameRequest = { parkViewer: 1, id: 7, type: 'flyTo', gids: ['a1/b'], duration: 0 }
export function heard(event: FrameEvent): number { return event.event === 'state' ? event.detail.points.length : 0 }
// @ts-expect-error a command that is none
void park.request('delete', {})
// @ts-expect-error a member that is none
export const wrong: FrameRequest = { parkViewer: 1, id: 7, type: 'select', gid: 'a1/b' }
"""

PLUGIN = """
import type { Plugin, PluginHost } from './park-viewer'
class Mark implements Plugin {
  constructor(private readonly host: PluginHost) { host.scene.add() }
  overlay(context: CanvasRenderingContext2D): void {
    const at = this.host.viewer.toScreen([0, 0, 0])
    if (at) context.fillRect(at[0], at[1], 2, 2)
  }
  dispose(): void {}
}
const park = document.querySelector('park-viewer')
export const mark: Promise<Mark> | undefined = park?.viewer?.use((host) => new Mark(host))
park?.viewer?.state.color([1], 0xff0000)
// @ts-expect-error no way to end it
void park?.viewer?.use({ overlay() {} })
"""
JSX = """
import { useRef } from 'react'
import type {} from './park-viewer-react'
import type { ParkViewerElement } from './park-viewer'
export function Park() {
  const park = useRef<ParkViewerElement>(null)
  return <park-viewer ref={park} src="" theme="night" hover style={{ height: 400 }} onpick={({ detail }) => void park.current?.select(detail ? detail.gid : [])} />
}
// @ts-expect-error a theme that is none
export const Wrong = () => <park-viewer theme="dawn" />
"""


@pytest.mark.parametrize(("name", "text"), [("consumer.ts", CONSUMER), ("plugin.ts", PLUGIN), ("park.tsx", JSX)])
def test_the_types_are_what_pages_need(built: Path, tmp_path: Path, name: str, text: str) -> None:
    shutil.copy(built / "embed" / "park-viewer.d.ts", tmp_path)
    if name == "park.tsx":  # the others stand without React
        shutil.copy(built / "embed" / "park-viewer-react.d.ts", tmp_path)
        (tmp_path / "node_modules").symlink_to(ROOT / "web" / "node_modules")
    (tmp_path / name).write_text(text, encoding="utf-8")
    tsc = ROOT / "web" / "node_modules" / ".bin" / "tsc"
    options = [
        "--noEmit",
        "--strict",
        "--target",
        "es2022",
        "--moduleResolution",
        "bundler",
        "--module",
        "esnext",
        "--jsx",
        "react-jsx",
    ]
    done = subprocess.run([tsc, *options, name], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_what_a_page_loads_at_first_is_light(built: Path) -> None:
    """The widget's file and all that it imports at once; decoders come when the first tile needs them."""
    seen = weight.initial(built / "embed", "park-viewer.js")
    assert sum(seen.values()) < BUDGET, f"{seen} are {sum(seen.values())} bytes gzipped: expected under {BUDGET:,}"
    lazy = {path.name for path in (built / "embed").glob("*.js")} - set(seen)
    assert any("decoder" in name for name in lazy), "the decoder is no file of its own"


@pytest.fixture(scope="module")
def query(server, host) -> str:
    token = server.issue("examples", origins=[host.url], live=True)["token"]
    return f"?server={server.url}&token={token}"


def drawn(page) -> None:
    until(page, "() => document.querySelector('park-viewer')?.viewer?.statistics().tiles > 1", seconds=60)


def test_the_plain_example(page, server, host, query):
    page.goto(f"{host.url}/plain/{query}")
    drawn(page)
    page.get_by_role("button", name="Picture").click()
    until(page, "() => /^PNG \\d+ × \\d+/.test(document.getElementById('card').textContent)")
    box = page.locator("park-viewer").bounding_box()
    for share in (0.5, 0.45, 0.4, 0.55):
        page.mouse.click(box["x"] + box["width"] * share, box["y"] + box["height"] * share)
    until(page, "() => document.getElementById('card').textContent.includes('\"gid\"')")


@pytest.mark.parametrize("framework", ["react", "vue"])
def test_examples_of_frameworks(page, server, host, query, framework, tmp_path):
    vite = ROOT / "web" / "node_modules" / ".bin" / "vite"
    command = [
        vite,
        "build",
        EXAMPLES / framework,
        "--base",
        f"/{framework}-built/",
        "--outDir",
        tmp_path,
        "--emptyOutDir",
    ]
    done = subprocess.run(command, cwd=ROOT / "web", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for path in tmp_path.rglob("*.*"):
        name = path.relative_to(tmp_path).as_posix()
        host.pages[f"/{framework}-built/{name}"] = (TYPES[path.suffix], path.read_text(encoding="utf-8"))
    page.goto(f"{host.url}/{framework}-built/index.html{query}")
    drawn(page)
    page.locator("input").fill("zz")
    page.locator("[role=alert]", has_text="no-layer").first.wait_for()
