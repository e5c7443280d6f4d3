"""The order (规整) of a published layer for its page: findings with the states of their objects, and the printed report.

Also the worker that sets the PDF: `python -m server.order SPEC`; texts of a model never run through the
typesetter inside the server.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from scenes.reports import order_pictures, order_report, render_order_html, render_order_pdf
from server.jobs.process import run_module
from twin.clock import iso
from twin.errors import ParkError
from twin.graph import GraphStore
from twin.graph.layerfile import version_folder

PDF_SECONDS = 120.0
"""A report of the longest allowed findings takes two, its pictures some twenty."""


def folder_of(graph: GraphStore, layer: str) -> Path:
    """Where the published version of a layer stands. Raises NotFound."""
    return version_folder(graph.park, layer, str(graph.layer(layer)["version"]))


def findings(graph: GraphStore, layer: str, now_ms: int) -> dict[str, Any]:
    """`{layer, version, title, counts, items}`; each item with gids, states, and where its first object is."""
    report = order_report(folder_of(graph, layer), iso(now_ms))
    gids = {element["gid"] for item in report.items for element in item["elements"] if element["gid"]}
    placed = {row["gid"]: row for row in graph.items(sorted(gids))}
    items = []
    for item in report.items:
        for element in item["elements"]:
            element["state"] = placed[element["gid"]]["state"] if element["gid"] in placed else None
        known = [element for element in item["elements"] if element["state"] is not None]
        boxes = [box for one in known if (box := placed[one["gid"]]["box"])]
        items.append(
            {
                **item,
                "gids": [element["gid"] for element in known],
                "states": [element["state"] for element in known],
                "at": item["at"] or next((_middle(box) for box in boxes), None),
                "box": _union(boxes),
            }
        )
    version = report.version
    return {
        "layer": layer,
        "version": version.version,
        "title": version.title,
        "source": version.source,
        "counts": report.counts(),
        "items": items,
    }


def page(graph: GraphStore, layer: str, now_ms: int) -> str:
    """The report as HTML, without pictures: they are drawn outside the server only."""
    return render_order_html(order_report(folder_of(graph, layer), iso(now_ms)))


def document(graph: GraphStore, layer: str, now_ms: int) -> bytes:
    """The report as PDF, set in a process of its own. Raises Unavailable where that fails."""
    with tempfile.TemporaryDirectory(prefix="parktwin-order-") as folder:
        out = Path(folder) / "order.pdf"
        spec = {"folder": str(folder_of(graph, layer)), "out": str(out), "made_ms": now_ms}
        run_module(__name__, spec, progress=lambda _done, _phase: None, cancelled=lambda: False, seconds=PDF_SECONDS)
        return out.read_bytes()


def _middle(box: list[float]) -> list[float]:
    return [(box[axis] + box[axis + 3]) / 2 for axis in range(3)]


def _union(boxes: list[list[float]]) -> list[float] | None:
    """The box around all of them."""
    if not boxes:
        return None
    sides = list(zip(*boxes, strict=True))
    return [*map(min, sides[:3]), *map(max, sides[3:])]


def main() -> int:
    """Set one report; the caller reads the outcome from standard output."""
    spec = json.loads(sys.argv[1])
    try:
        report = order_report(Path(spec["folder"]), iso(spec["made_ms"]))
        shown = order_pictures(Path(spec["folder"]), report)
        Path(spec["out"]).write_bytes(render_order_pdf(report, shown))
    except ParkError as error:
        row: dict[str, Any] = {"error": {"class": type(error).__name__, "code": error.code, "message": error.message}}
    else:
        row = {"done": {}}
    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    return 0 if "done" in row else 1


if __name__ == "__main__":
    sys.exit(main())
