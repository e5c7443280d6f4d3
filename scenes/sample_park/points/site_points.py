"""Points of the open space: bays, lamps, poles, manholes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scenes.sample_park.gis.feature import Feature
from scenes.sample_park.points.row import PointRow, point

_POLE = ("lamp_power", "pm25", "noise", "air_temperature")
_WEATHER = ("wind_speed", "rainfall", "humidity")
_WET = {"rd", "sw", "ws"}


def site_points(bays: Iterable[Feature], lamps: Iterable[Feature], manholes: Iterable[Feature]) -> Iterator[PointRow]:
    """One value per bay, lamp and drainage manhole; several per multi-function pole, weather on every fourth."""
    for bay in bays:
        yield _row("parking", bay, "bay_occupied")
    poles = 0
    for lamp in lamps:
        kinds: tuple[str, ...] = ("lamp_power",)
        if lamp.kind == "pole":
            kinds = (*_POLE, *_WEATHER) if poles % 4 == 0 else _POLE
            poles += 1
        for kind in kinds:
            yield _row("lamps", lamp, kind, float(lamp.fields["power_w"]) if kind == "lamp_power" else None)
    for cover in manholes:
        if cover.fields["network"] in _WET:
            yield _row("manholes", cover, "manhole_level", float(cover.fields["depth"]))


def _row(layer: str, feature: Feature, kind: str, maximum: float | None = None) -> PointRow:
    gid = f"{layer}/{feature.id}"
    return point("site", layer, feature.id, kind, gid=gid, device_gid=gid, name=feature.name, maximum=maximum)
