"""Bounding volumes: box, region, sphere and the S2 extension."""

from __future__ import annotations

import math
import re
from typing import Any

from scenes.tiles.check.issues import Issues
from scenes.tiles.check.shape import Field, Table, check_object

NUMBER = Field("number")
S2 = "3DTILES_bounding_volume_S2"
VOLUME: Table = {
    "box": Field("array", length=(12, 12), items=NUMBER),
    "region": Field("array", length=(6, 6), items=NUMBER),
    "sphere": Field("array", length=(4, 4), items=NUMBER),
}
CELL: Table = {
    "token": Field("string", required=True),
    "minimumHeight": Field("number", required=True),
    "maximumHeight": Field("number", required=True),
}
HALF_PI = math.pi / 2
SLACK = 1e-9
REGION = (
    ("west", -math.pi, math.pi),
    ("south", -HALF_PI, HALF_PI),
    ("east", -math.pi, math.pi),
    ("north", -HALF_PI, HALF_PI),
)


def check_volume(issues: Issues, path: str, raw: Any) -> bool:
    """Judge a bounding volume."""
    if not check_object(issues, path, raw, VOLUME):
        return False
    extensions = raw.get("extensions") or {}
    if not any(raw.get(name) is not None for name in VOLUME) and not extensions:
        return issues.add("ANY_OF_ERROR", path, "a bounding volume has a box, a region or a sphere")
    fine = True
    if raw.get("region") is not None:
        fine &= _region(issues, f"{path}/region", raw["region"])
    if raw.get("sphere") is not None and raw["sphere"][3] < 0:
        fine = issues.add("BOUNDING_VOLUME_INVALID", f"{path}/sphere", f"the radius {raw['sphere'][3]} is negative")
    if S2 in extensions:
        fine &= _cell(issues, f"{path}/extensions/{S2}", extensions[S2])
    return fine


def _region(issues: Issues, path: str, region: list[float]) -> bool:
    fine, kind = True, "BOUNDING_VOLUME_INVALID"
    for value, (name, low, high) in zip(region, REGION, strict=False):
        if not low - SLACK <= value <= high + SLACK:
            fine = issues.add(kind, path, f"{name} is {value}, outside {low:.4f} … {high:.4f} radians")
    if region[1] > region[3]:
        fine = issues.add(kind, path, f"south {region[1]} lies north of north {region[3]}")
    if region[4] > region[5]:
        fine = issues.add(kind, path, f"the least height {region[4]} is above the greatest {region[5]}")
    return fine


def _cell(issues: Issues, path: str, raw: Any) -> bool:
    if not check_object(issues, path, raw, CELL):
        return False
    fine = True
    if not valid_token(raw["token"]):
        fine = issues.add("S2_TOKEN_INVALID", f"{path}/token", f"{raw['token']!r:.40} is no S2 cell")
    low, high = raw["minimumHeight"], raw["maximumHeight"]
    if low > high:
        fine = issues.add("BOUNDING_VOLUME_INVALID", path, f"minimumHeight {low} is above maximumHeight {high}")
    return fine


def valid_token(token: str) -> bool:
    """An S2 cell id in hex without trailing zeros: a face below 6, the lowest set bit at an even place."""
    if not re.fullmatch(r"[0-9a-fA-F]{1,16}", token):
        return False
    cell = int(token.ljust(16, "0"), 16)
    lowest = cell & -cell
    return cell >> 61 < 6 and lowest != 0 and bool(lowest & 0x1555555555555555)
