"""Six underground networks: mains along the ring road, branches to the buildings, connections to the city."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from shapely.geometry import LineString, Point
from shapely.ops import substring

from scenes.sample_park import ground, site
from scenes.sample_park.gis.feature import Feature


@dataclass(frozen=True)
class Network:
    """A network: offset of its main from the ring's centre line (inwards positive), depth of its axis, size."""

    key: str
    zh: str
    en: str
    medium: str
    offset: float
    depth: float
    diameter: float
    branch: float
    spacing: float
    material: str
    covers: bool = True


NETWORKS = (
    Network("ws", "给水", "Water supply", "supply", 2.2, 1.2, 0.30, 0.10, 60.0, "球墨铸铁"),
    Network("rd", "雨水", "Rain drainage", "storm", -1.2, 2.2, 0.60, 0.30, 32.0, "钢筋混凝土"),
    Network("sw", "污水", "Sewage", "sewage", 0.8, 2.8, 0.40, 0.20, 34.0, "HDPE"),
    Network("gs", "燃气", "Gas", "gas", -3.0, 1.0, 0.16, 0.06, 90.0, "PE100", covers=False),
    Network("ht", "冷热水", "Heating and cooling", "heat", 3.4, 1.5, 0.35, 0.15, 70.0, "预制直埋保温管"),
    Network("el", "电力通信", "Power and telecom duct", "power", -4.6, 0.9, 0.45, 0.20, 45.0, "CPVC 排管"),
)
_NO_GAS = {"a1", "a2", "p1", "g1", "x1"}


def _main(network: Network) -> LineString:
    return LineString(site.ring(-network.offset).exterior.coords)


def _pieces(line: LineString, spacing: float) -> Iterator[LineString]:
    count = max(1, round(line.length / spacing))
    step = line.length / count
    for index in range(count):
        yield LineString(substring(line, index * step, (index + 1) * step).coords)


def _deep(line: LineString, depth: float) -> LineString:
    """The pipe's axis: the ground's height less the depth, sampled at the line's vertices."""
    coords = list(line.coords)
    heights = ground.heights([c[0] for c in coords], [c[1] for c in coords])
    return LineString(
        [(round(x, 3), round(y, 3), round(float(z) - depth, 3)) for (x, y), z in zip(coords, heights, strict=True)]
    )


def _segments() -> Iterator[tuple[Network, str, LineString, float]]:
    for network in NETWORKS:
        main = _main(network)
        for piece in _pieces(main, network.spacing):
            yield network, "main", piece, network.diameter
        for key, lot in site.LOTS.items():
            if network.key == "gs" and key in _NO_GAS:
                continue
            start = Point(lot.footprint.centroid)
            near = main.interpolate(main.project(start))
            edge = lot.footprint.exterior.interpolate(lot.footprint.exterior.project(near))
            shift = network.offset * 0.9
            branch = LineString([(near.x + shift, near.y + shift), (edge.x + shift, edge.y + shift)])
            for piece in _pieces(branch, 30.0):
                yield network, key, piece, network.branch
        # The main's connection to the city network leaves through the south gate.
        y = site.RING[1] + network.offset
        gate = LineString([(network.offset * 1.4, y), (network.offset * 1.4, -220.0)])
        for piece in _pieces(gate, network.spacing):
            yield network, "gate", piece, network.diameter


@cache
def pipes() -> tuple[Feature, ...]:
    """All pipe segments as 3D lines."""
    made: list[Feature] = []
    count: dict[str, int] = {}
    for network, serves, line, diameter in _segments():
        count[network.key] = number = count.get(network.key, 0) + 1
        made.append(
            Feature(
                f"{network.key}-{number:03d}", f"{network.zh}管 {number:03d}", f"{network.en} {number:03d}", "pipe",
                _deep(line.segmentize(12.0), network.depth),
                {
                    "medium": network.medium, "network": network.key, "diameter": diameter, "depth": network.depth,
                    "material": network.material, "serves": serves,
                },
            )
        )  # fmt: skip
    return tuple(made)


def manhole_places() -> Iterator[tuple[str, str, str, int, float, float, float]]:
    """Network key, names, number, place and depth of each cover: the start of each main's piece."""
    for network in NETWORKS:
        if not network.covers:
            continue
        for number, piece in enumerate(_pieces(_main(network), network.spacing), start=1):
            x, y = piece.coords[0]
            yield network.key, network.zh, network.en, number, x, y, round(network.depth + 0.3, 2)
