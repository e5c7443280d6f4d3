"""OpenStreetMap's tags as kinds: rules in order, the first that fits a feature decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

REST = "*"


@dataclass(frozen=True)
class TagRule:
    """key: the tag; values: kind by value, `*` for all others; dimensions: 0 points, 1 lines, 2 areas it holds for."""

    key: str
    values: Mapping[str, str]
    dimensions: frozenset[int] = frozenset({0, 1, 2})


_AREA, _POINT, _LINE = frozenset({2}), frozenset({0}), frozenset({1})
_PATHS = ("footway", "path", "pedestrian", "steps", "cycleway", "bridleway", "corridor")
_LEAFY = (
    "grass", "forest", "meadow", "recreation_ground", "village_green", "flowerbed", "orchard", "allotments", "cemetery",
    "greenfield", "plant_nursery", "vineyard", "wood", "scrub", "grassland", "heath", "park", "garden", "pitch",
    "golf_course", "nature_reserve", "playground", "common", "dog_park", "fell", "shrubbery",
)  # fmt: skip
_leafy = dict.fromkeys(_LEAFY, "green")

RULES: tuple[TagRule, ...] = (
    TagRule("building:part", {"no": "", REST: "building"}, _AREA),
    TagRule("building", {"no": "", REST: "building"}, _AREA),
    TagRule("highway", {"street_lamp": "lamp", REST: "poi"}, _POINT),
    TagRule("highway", {**dict.fromkeys(_PATHS, "footpath"), "proposed": "", REST: "road"}),
    TagRule("emergency", {"fire_hydrant": "hydrant", REST: "poi"}, _POINT),
    TagRule("man_made", {"manhole": "manhole", "pipeline": "pipe", "mast": "pole", "street_cabinet": "poi"}),
    TagRule("natural", {"tree": "tree", "tree_row": "tree", "water": "water", "bay": "water", **_leafy,
                        "wetland": "green", "shrub": "tree", REST: "landuse"}),
    TagRule("waterway", {"riverbank": "water", "dam": "barrier", "weir": "barrier", REST: "water"}),
    TagRule("water", {REST: "water"}, _AREA),
    TagRule("landuse", {**_leafy, "reservoir": "water", "basin": "water", REST: "landuse"}, _AREA),
    TagRule("leisure", {**_leafy, "swimming_pool": "water"}, _AREA),
    TagRule("amenity", {"parking": "parking", "parking_space": "parking", "fountain": "water"}, _AREA),
    TagRule("power", {"pole": "pole", "tower": "pole"}, _POINT),
    TagRule("barrier", {REST: "barrier"}),
    TagRule("railway", {"abandoned": "", "razed": "", REST: "railway"}, _LINE),
    TagRule("boundary", {REST: "plot"}),
    TagRule("amenity", {REST: "poi"}, _POINT),
    TagRule("amenity", {REST: "landuse"}, _AREA),
    TagRule("leisure", {REST: "poi"}, _POINT),
    *(TagRule(key, {REST: "poi"}, _POINT) for key in ("shop", "tourism", "office", "historic", "public_transport", "railway")),
)  # fmt: skip
