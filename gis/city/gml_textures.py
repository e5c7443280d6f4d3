"""ParameterizedTexture of CityGML: images on polygons, with coordinates for their rings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

import numpy as np

from gis.city.gml_polygons import PolygonStore, local
from gis.city.polygons import F64, I64, Polygons
from gis.city.textures import LOST, TextureMaterials


@dataclass(frozen=True)
class TextureTarget:
    """An image on one polygon. look: material of the spool; rings: numbers by the gml:id of a ring, u and v in turn."""

    look: int
    rings: dict[str, list[float]]


def read_texture(element: Element, textures: TextureMaterials, into: dict[str, TextureTarget]) -> None:
    """Take a ParameterizedTexture; the first theme that targets a polygon counts. Matrices (TexCoordGen) are not read."""
    values = {local(item.tag): (item.text or "").strip() for item in element}
    uri = values.get("imageURI", "")
    look = textures.material(uri, values.get("wrapMode")) if uri else LOST
    if look == LOST:
        return
    for item in element:
        if local(item.tag) != "target":
            continue
        try:
            rings = {
                node.get("ring", "").removeprefix("#"): list(map(float, (node.text or "").split()))
                for node in item.iter()
                if local(node.tag) == "textureCoordinates"
            }
        except ValueError:
            continue
        if rings:
            into.setdefault((item.get("uri") or "").removeprefix("#"), TextureTarget(look, rings))


def with_coordinates(
    store: PolygonStore, polygons: Polygons, targets: Mapping[str, TextureTarget], paint: I64
) -> Polygons:
    """The polygons with texture coordinates; writes the materials of textured ones into `paint` (p,)."""
    if not targets:
        return polygons
    uv = np.full((len(polygons.corner), 2), np.nan)
    for name, given in targets.items():
        number = store.ids.get(name)
        if number is None:
            continue
        rings = range(int(polygons.polygon[number]), int(polygons.polygon[number + 1]))
        names = store.ring_ids.get(number, list(given.rings)[:1])
        parts = [_coordinates(given.rings.get(ring)) for ring in names]
        low = [int(polygons.ring[ring]) for ring in (*rings, rings.stop)]
        fits = len(parts) == len(rings) and all(
            part is not None and len(part) == high - begin
            for part, begin, high in zip(parts, low, low[1:], strict=False)
        )
        if fits and rings:
            uv[low[0] : low[-1]] = np.concatenate([part for part in parts if part is not None])
            paint[number] = given.look
    return replace(polygons, uv=uv)


def _coordinates(values: list[float] | None) -> F64 | None:
    """(n, 2), v downwards."""
    if not values or len(values) % 2:
        return None
    return np.array(values, np.float64).reshape(-1, 2) * (1.0, -1.0) + (0.0, 1.0)
