"""Small city models, made by hand."""

from __future__ import annotations

import json
from pathlib import Path

CRS = "https://www.opengis.net/def/crs/EPSG/0/4547"
CORNER = (528770.0, 3386660.0, 20.0)
CUBE = [[0, 3, 2, 1], [4, 5, 6, 7], [0, 1, 5, 4], [1, 2, 6, 5], [2, 3, 7, 6], [3, 0, 4, 7]]
NAMESPACES = (
    'xmlns:core="http://www.opengis.net/citygml/{v}" xmlns:bldg="http://www.opengis.net/citygml/building/{v}"'
    ' xmlns:gml="http://www.opengis.net/gml" xmlns:gen="http://www.opengis.net/citygml/generics/{v}"'
    ' xmlns:veg="http://www.opengis.net/citygml/vegetation/{v}" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' xmlns:grp="http://www.opengis.net/citygml/cityobjectgroup/{v}" xmlns:app="http://www.opengis.net/citygml/appearance/{v}"'
)


def block(width=10.0, depth=20.0, height=5.0, x=0.0, y=0.0, z=0.0):
    """Eight corners as whole millimetres."""
    plan = ((x, y), (x + width, y), (x + width, y + depth), (x, y + depth))
    return [[round(1000 * v) for v in (px, py, z + up)] for up in (0.0, height) for px, py in plan]


def solid(first=0, lod="2", **more):
    """A box over eight vertices."""
    return {"type": "Solid", "lod": lod, "boundaries": [[[[first + v for v in face]] for face in CUBE]], **more}


def surface(*rings, lod="1", **more):
    """A MultiSurface of one polygon."""
    return {"type": "MultiSurface", "lod": lod, "boundaries": [list(map(list, rings))], **more}


def document(objects, vertices, version="2.0", crs=CRS, corner=CORNER, **more):
    root = {
        "type": "CityJSON",
        "version": version,
        "transform": {"scale": [0.001] * 3, "translate": list(corner)},
        "metadata": {"referenceSystem": crs} if crs else {},
        "CityObjects": objects,
        "vertices": vertices,
    }
    return {**root, **more}


def building(geometry, **more):
    return {"type": "Building", "geometry": geometry, **more}


def write(folder: Path, root, name="a.city.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(root, ensure_ascii=False), encoding="utf-8")
    return path


def ring(points) -> str:
    numbers = " ".join(f"{value:.9g}" if abs(value) < 1000 else f"{value:.3f}" for point in points for value in point)
    return f"<gml:LinearRing><gml:posList>{numbers}</gml:posList></gml:LinearRing>"


def polygon(points, holes=(), name="") -> str:
    """A gml:Polygon; the first point closes each ring."""
    inner = "".join(f"<gml:interior>{ring([*hole, hole[0]])}</gml:interior>" for hole in holes)
    mark = f' gml:id="{name}"' if name else ""
    return f"<gml:Polygon{mark}><gml:exterior>{ring([*points, points[0]])}</gml:exterior>{inner}</gml:Polygon>"


def box_points(width=10.0, depth=20.0, height=5.0, corner=CORNER):
    x, y, z = corner
    plan = ((x, y), (x + width, y), (x + width, y + depth), (x, y + depth))
    return [(px, py, z + up) for up in (0.0, height) for px, py in plan]


def faces(points):
    return [[points[v] for v in face] for face in CUBE]


def member(inner, tag="bldg:Building", name="b1") -> str:
    return f'<core:cityObjectMember><{tag} gml:id="{name}">{inner}</{tag}></core:cityObjectMember>'


def surfaces(items) -> str:
    return "".join(f"<gml:surfaceMember>{item}</gml:surfaceMember>" for item in items)


def gml_solid(items) -> str:
    return f"<gml:Solid><gml:exterior><gml:CompositeSurface>{surfaces(items)}</gml:CompositeSurface></gml:exterior></gml:Solid>"


def gml(members, srs="EPSG:4547", version="2.0", envelope=True) -> str:
    box = f'<gml:boundedBy><gml:Envelope srsName="{srs}" srsDimension="3"/></gml:boundedBy>' if envelope else ""
    return f"<?xml version='1.0' encoding='UTF-8'?>\n<core:CityModel {NAMESPACES.format(v=version)}>{box}{members}</core:CityModel>"


def write_gml(folder: Path, text, name="a.gml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
