"""What changed in the ways a model says where it stands, and by how much."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from scenes.diff.difference import Change

KIND = "re-georeferenced"
FIELDS = (  # (field of a candidate, least difference)
    ("x", 1e-3),
    ("y", 1e-3),
    ("height", 1e-3),
    ("rotation_deg", 1e-5),
    ("scale", 1e-9),
    ("true_north_deg", 1e-5),
)
GEOGRAPHIC_DEG = 1e-8
"""Degrees: a millimetre on the ground."""
_GEOGRAPHIC = {"site": ("longitude", "latitude")}
COVERED = {"epset_mapconversion", "epset_projectedcrs"}
"""Property sets that are georeferences: told as such, not as changed properties."""


def georeference_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """Compare the candidates of two georeference reports, kind by kind; the local one says nothing."""
    before, after = _by_kind(old), _by_kind(new)
    found: list[Change] = []
    for kind in [*before, *(kind for kind in after if kind not in before)]:
        a, b = before.get(kind), after.get(kind)
        if a is None or b is None:
            found.append(Change(KIND, kind, _told(a), _told(b)))
        else:
            found += _fields(kind, a, b)
    return found


def _by_kind(report: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    rows: dict[str, Mapping[str, Any]] = {}
    for row in report.get("candidates") or ():
        if row.get("kind") != "local":
            rows.setdefault(str(row["kind"]), row)
    return rows


def _told(row: Mapping[str, Any] | None) -> str | None:
    if row is None:
        return None
    place = ", ".join(f"{float(row[name]):.10g}" for name in ("x", "y", "height") if row.get(name) is not None)
    return f"{row.get('crs') or '?'} {place}"


def _fields(kind: str, a: Mapping[str, Any], b: Mapping[str, Any]) -> list[Change]:
    found = [
        Change(KIND, f"{kind} {name}", a.get(name) or None, b.get(name) or None)
        for name in ("crs", "declared_crs")
        if (a.get(name) or "") != (b.get(name) or "")
    ]
    geographic = kind in _GEOGRAPHIC
    for name, least in FIELDS:
        x, y = _number(a.get(name)), _number(b.get(name))
        limit = GEOGRAPHIC_DEG if geographic and name in {"x", "y"} else least
        if name == "rotation_deg" and "true_north_deg" in a:
            continue  # the same fact, told below
        if x is None or y is None:
            if x is not y:
                found.append(Change(KIND, f"{kind} {name}", _shown(x), _shown(y)))
            continue
        by = y - x
        if name.endswith("_deg"):
            by = math.remainder(by, 360.0)
        if abs(by) > limit:
            shown = dict(zip(("x", "y"), _GEOGRAPHIC[kind], strict=True)).get(name, name) if geographic else name
            unit = (
                "°" if name.endswith("_deg") or (geographic and name in {"x", "y"}) else "" if name == "scale" else "m"
            )
            found.append(Change(KIND, f"{kind} {shown}", _shown(x), _shown(y), by=by, unit=unit))
    return found


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def _shown(value: float | None) -> str | None:
    return None if value is None else f"{value:.12g}"
