"""`parktwin order`: what reading a layer repaired, and what its author must mend."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from server.cli.access import access
from server.cli.output import JsonFlag, out, print_json, print_table
from twin.clock import SystemClock, iso
from twin.errors import Invalid, NotFound
from twin.graph.layerfile import version_folder
from twin.ids import layer_name
from twin.park import Park

NAMED = 3
"""Elements named in a row of the table."""


def order(
    park: Annotated[Path, typer.Argument(help="Folder of the park.")],
    layer: Annotated[str, typer.Argument(help="Name of the layer.")],
    *,
    version: Annotated[str | None, typer.Option(help="A version on disk; default the published one.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the report, with pictures, as a page to print.")] = None,
    pdf: Annotated[Path | None, typer.Option(help="Write the report, with pictures, as PDF.")] = None,
    json: JsonFlag = False,
) -> None:
    """Report what was repaired in a layer and what its author must mend (规整)."""
    from scenes.reports import order_pictures, order_report, render_order_html, render_order_pdf  # noqa: PLC0415 - half the start-up

    loaded = Park.load(park)
    folder = version_folder(loaded, layer_name(layer), version or _published(loaded, layer))
    report = order_report(folder, iso(SystemClock().now_ms()))
    if html is not None or pdf is not None:
        shown = order_pictures(folder, report)
        if html is not None:
            _write(html, render_order_html(report, shown).encode())
        if pdf is not None:
            _write(pdf, render_order_pdf(report, shown))
    if json:
        print_json(
            {
                "layer": report.version.layer,
                "version": report.version.version,
                "source": report.version.source,
                "counts": report.counts(),
                "findings": report.items,
            }
        )
        return
    open_items = [item for item in report.items if not item["repaired"]]
    repaired = [item for item in report.items if item["repaired"]]
    out.print(
        f"{report.version.title} ({report.version.layer}, {report.version.source}): {len(open_items)} to mend 待处理,"
        f" {len(repaired)} repaired 已修复"
    )
    for title, items in (("To mend 需作者处理", open_items), ("Repaired 已自动修复", repaired)):
        if items:
            print_table(["severity", "what", "fix", "elements"], [_row(item) for item in items], title)


def _write(path: Path, content: bytes) -> None:
    """Write a report. Raises Invalid where its folder does not exist or the path is one."""
    if path.is_dir() or not path.parent.is_dir():
        raise Invalid(f"{path} cannot be written: expected a file in a folder that exists", code="path")
    path.write_bytes(content)


def _published(park: Park, layer: str) -> str:
    """The version that is published. Raises NotFound."""
    with access(park) as store:
        known = {row["layer"]: str(row["version"]) for row in store.layers()}
    if layer not in known:
        raise NotFound(f"Layer {layer!r} is not published: known are {', '.join(sorted(known)) or 'none'}")
    return known[layer]


def _row(item: dict[str, Any]) -> tuple[str, str, str, str]:
    elements = [f"{element['name'] or element['type'] or ''} {element['id']}".strip() for element in item["elements"]]
    more = item["count"] - NAMED
    shown = "\n".join([*elements[:NAMED], *([f"… +{more}"] if elements and more > 0 else [])])
    return (
        str(item["severity"]),
        f"{item['zh']}\n{item['en']}\n{item['code']}",
        f"{item['fix_zh']}\n{item['fix_en']}".strip(),
        shown,
    )
