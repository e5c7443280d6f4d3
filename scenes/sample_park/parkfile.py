"""park.toml of the sample park."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from scenes.sample_park import site
from scenes.sample_park.model.units import CRS, VERTICAL_DATUM
from scenes.sample_park.report import SourceFile
from scenes.sample_park.schemes import LIMITS, SCHEMES
from twin.park import FILE, write_atomic

EXTENT_M = 900.0
HEIGHT = 24.0
"""The park frame's origin height, metres in the 1985 datum."""
UNDULATION = -13.5
"""Geoid undulation in Wuhan, about -12 … -15 m (general knowledge, to be verified)."""


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def write_park_file(folder: Path, sources: Sequence[SourceFile]) -> None:
    """Write park.toml: origin, layers, schemes, limits of the plot."""
    longitude, latitude = site.to_lonlat(0.0, 0.0)
    lines = [
        "# The sample park: invented, placed near Wuhan's Optics Valley. Limits of the plot are samples, no law.",
        "[park]",
        'id = "sample"',
        'name = "光谷示范科技园"',
        'name_en = "Optics Valley Sample Park"',
        f"extent_m = {EXTENT_M}",
        'timezone = "Asia/Shanghai"',
        "",
        "[origin]",
        f"longitude = {longitude}",
        f"latitude = {latitude}",
        f"height = {HEIGHT}",
        f"crs = {_text(CRS)}",
        f"height_datum = {_text(VERTICAL_DATUM)}",
        f"geoid_undulation = {UNDULATION}  # general knowledge, to be verified",
        "",
        "[broker]",
        'url = ""  # empty: the embedded broker',
        "",
        "[[connectors]]",
        'kind = "mqtt"',
        'name = "park"',
        "",
        "[plot]",
        'gid = "plot/plot-c"',
        'mark = "sample"',
        "",
        "[plot.limits]",
        *(f"{name} = {value}" for name, value in LIMITS.items()),
        "",
    ]
    for scheme in SCHEMES:
        layers = [f"scheme-{scheme.key}", f"scheme-{scheme.key}-green"]
        lines += [
            "[[schemes]]",
            f"id = {_text(scheme.key)}",
            f"name = {_text(scheme.zh)}",
            f"name_en = {_text(scheme.en)}",
            f"layers = {_text(layers)}",
            'hides = ["green/green-plot-c"]',
            f"colour = {_text(scheme.colour)}",
            "",
        ]
    for order, source in enumerate(sources, start=1):
        lines += [
            f"[layers.{source.layer}]",
            f"title = {_text(source.title)}",
            f"title_en = {_text(source.title_en)}",
            f"group = {_text(source.group)}",
            f"visible = {_text(source.visible)}",
            f"order = {order}",
            "",
        ]
    write_atomic(folder / FILE, "\n".join(lines))
