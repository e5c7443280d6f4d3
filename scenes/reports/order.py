"""The report of a layer's order (规整): what reading repaired, and what the author must mend."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scenes.reports.pictures import NONE, WHOLE, Pictures, Subject, pictures
from scenes.reports.typeset import COLOURS, SEVERITIES, html, pdf
from twin.graph.layerfile import LayerVersion, read_version
from twin.graph.layertables import name_objects

RANK = {name: place for place, name in enumerate(SEVERITIES)}
SHOWN = 40
"""Elements printed of one finding; the data and the screen have all that the finding lists."""


@dataclass(frozen=True)
class OrderReport:
    """The findings of one layer version, the worst first, what is to mend before what was repaired.

    items: `{id, code, severity, zh, en, fix_zh, fix_en, repaired, count, elements, value, limit, unit, at}`; an
    element is `{id, gid, name, type, storey, note}`, gid None where the finding names something that is no object.
    """

    version: LayerVersion
    items: list[dict[str, Any]]
    made_at: str

    def counts(self) -> dict[str, dict[str, int]]:
        """Findings by severity, those to mend and those repaired apart."""
        found = {name: dict.fromkeys(SEVERITIES, 0) for name in ("open", "repaired")}
        for item in self.items:
            found["repaired" if item["repaired"] else "open"][item["severity"]] += 1
        return found


def order_report(folder: Path, made_at: str) -> OrderReport:
    """The report of the version in `folder`; made_at: RFC 3339, UTC. Raises NotFound."""
    version = read_version(folder)
    names = name_objects(folder, (ident for row in version.findings for ident in row.get("ids") or ()))
    rows = sorted(
        version.findings, key=lambda row: (bool(row.get("repaired")), RANK.get(str(row["severity"]), len(RANK)))
    )
    return OrderReport(version, [_item(number, row, names) for number, row in enumerate(rows, 1)], made_at)


def _item(number: int, row: Mapping[str, Any], names: Mapping[str, Mapping[str, str | None]]) -> dict[str, Any]:
    data = row.get("data") or {}
    notes = data.get("notes") or {}
    ids = list(row.get("ids") or ())
    elements = [
        {
            "id": ident,
            **(names.get(ident) or dict.fromkeys(("gid", "name", "type", "storey"))),
            "note": notes.get(ident),
        }
        for ident in ids
    ]
    return {
        "id": f"{row['code']}-{number}",
        "code": row["code"],
        "severity": row["severity"],
        "zh": row["zh"],
        "en": row["en"],
        "fix_zh": row.get("fix_zh", ""),
        "fix_en": row.get("fix_en", ""),
        "repaired": bool(row.get("repaired")),
        # Where the ids are more than a finding lists, its value tells their number.
        "count": int(row["value"]) if ids and not row.get("unit") and (row.get("value") or 0) > len(ids) else len(ids),
        "elements": elements,
        "value": row.get("value"),
        "limit": row.get("limit"),
        "unit": row.get("unit", ""),
        "at": row.get("at"),
    }


def order_pictures(folder: Path, report: OrderReport) -> Pictures:
    """Where the elements of what is to mend are. folder: of the report's version. Takes seconds; not for a server's own process."""
    subjects = (
        Subject(item["id"], item["severity"], [element["gid"] for element in item["elements"] if element["gid"]])
        for item in report.items
        if not item["repaired"]
    )
    return pictures(folder, report.version, subjects)


def _data(report: OrderReport, shown: Pictures, picture: Callable[[str], str]) -> dict[str, Any]:
    """Plain data for both templates. picture: what a template shows for a key, empty where there is none."""
    version = report.version
    items = [
        {
            **item,
            "number": number,
            "severity_words": SEVERITIES[item["severity"]],
            "picture": picture(item["id"]),
            "shown": [_line(element) for element in item["elements"][:SHOWN]],
            "more": max(item["count"] - SHOWN, 0) if item["elements"] else 0,
        }
        for number, item in enumerate(report.items, 1)
    ]
    return {
        "title": version.title,
        "layer": version.layer,
        "version": version.version,
        "source": version.source,
        "sha256": version.sha256,
        "crs": version.crs or "—",
        "objects": version.count,
        "built_at": version.built_at,
        "made_at": report.made_at,
        "picture": picture(WHOLE),
        "colours": COLOURS,
        "lacking": shown.lacking,
        "counts": report.counts(),
        "severities": [{"id": key, "words": words} for key, words in SEVERITIES.items()],
        "groups": [
            {"title": title, "none": none, "items": [item for item in items if item["repaired"] is repaired]}
            for repaired, title, none in (
                (False, ("需作者处理", "To be mended by the author"), ("没有需要处理的问题。", "Nothing to mend.")),
                (True, ("已自动修复", "Repaired automatically"), ("没有自动修复的内容。", "Nothing was repaired.")),
            )
        ],
    }


def _line(element: Mapping[str, str | None]) -> dict[str, str]:
    """An element as a person knows it, then its id, then its note."""
    words = [element["type"], element["name"], element["storey"]]
    return {
        "what": " · ".join(dict.fromkeys(word for word in words if word)),
        "id": str(element["id"]),
        "note": element["note"] or "",
    }


def render_order_html(report: OrderReport, shown: Pictures = NONE) -> str:
    """A page that stands alone and prints well."""
    return html("order.html.j2", _data(report, shown, shown.link))


def render_order_pdf(report: OrderReport, shown: Pictures = NONE) -> bytes:
    """The same as PDF. Raises Unavailable where the report fonts were not set up."""
    return pdf("order.typ", _data(report, shown, shown.name), shown.files())
