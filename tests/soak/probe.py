"""What a page and its server hold at a moment of rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

ACCOUNT = Path(__file__).with_name("account.js")
SETTLE_MS = 300
NODES = """() => {
  const walk = document.createTreeWalker(document, NodeFilter.SHOW_ALL)
  let n = 1
  while (walk.nextNode()) n++
  return n
}"""
METRICS = {"JSHeapUsedSize": "heap", "JSEventListeners": "listeners", "Documents": "documents"}


@dataclass(frozen=True)
class Measure:
    """Something that must stay flat. allowed: how much it may grow in the second half; share: of its median, on top."""

    name: str
    title: str
    scale: float = 1.0
    unit: str = ""
    allowed: float = 0.0
    share: float = 0.0


MB = 1 / 1e6
MEASURES = (
    # A wall keeps up to an hour of curves, and its list of alarms grows.
    Measure("heap", "JavaScript heap after collection", MB, "MB", allowed=1.0, share=0.03),
    # What hangs in the document follows what there is to tell (alarms, rooms); what is held beside it is the leak.
    Measure("attached", "DOM nodes in the document", allowed=150, share=0.05),
    Measure("detached", "DOM nodes held outside it", allowed=40, share=0.05),
    Measure("listeners", "event listeners", allowed=40, share=0.05),
    Measure("documents", "documents"),
    Measure("texture_bytes", "textures and render targets", MB, "MB", allowed=0.5, share=0.02),
    Measure("buffer_bytes", "vertex and other buffers", MB, "MB", allowed=0.5, share=0.02),
    Measure("textures", "textures, number", allowed=2),
    Measure("buffers", "buffers, number", allowed=8, share=0.02),
    Measure("programs", "shader programs", allowed=1),
    Measure("geometries", "geometries that three.js knows", allowed=4, share=0.02),
    Measure("workers", "workers"),
    Measure("sockets", "open WebSockets"),
    # The history's buffers hold what arrives, some 35 bytes a reading at a thousand readings a second, up to their limit (512 MB).
    Measure("server", "server memory (RSS)", MB, "MB", allowed=40, share=0.03),
)


@dataclass
class Probe:
    """Reads the measures of a page; `rounds` keeps what was read, one row a round."""

    page: Any
    server: psutil.Process
    rounds: list[dict[str, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._cdp = self.page.context.new_cdp_session(self.page)
        self._cdp.send("Performance.enable")
        self._cdp.send("HeapProfiler.enable")

    def take(self) -> dict[str, float]:
        """One row, after the garbage was collected."""
        for _ in range(2):
            # Finalizers of the first collection free what the second one takes.
            self._cdp.send("HeapProfiler.collectGarbage")
            self.page.wait_for_timeout(SETTLE_MS)
        told = {row["name"]: row["value"] for row in self._cdp.send("Performance.getMetrics")["metrics"]}
        held = self.page.evaluate("__account()")
        row = {
            **{own: told[name] for name, own in METRICS.items()},
            "texture_bytes": held["textureBytes"],
            "buffer_bytes": held["bufferBytes"],
            **{name: held[name] for name in ("textures", "buffers", "programs", "sockets")},
            "geometries": self.page.evaluate("__parktwin.viewer.surface.renderer.info.memory.geometries"),
            "attached": (attached := self.page.evaluate(NODES)),
            "detached": told["Nodes"] - attached,
            "workers": len(self.page.workers),
            "server": self.server.memory_info().rss,
        }
        self.rounds.append(row)
        return row
