"""The coordinate system that an IfcCoordinateReferenceSystem means, as a name pyproj knows."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pyproj.exceptions import CRSError

from bim.text import clean
from twin.errors import Invalid
from twin.geometry.frame import crs as known_crs

_EPSG = re.compile(r"(?:EPSG\W{0,3}|urn:ogc:def:crs:EPSG:[^:]*:)(\d{4,6})", re.IGNORECASE)
_BARE = re.compile(r"\s*(\d{4,5})\s*")
_UTM = re.compile(r"UTM\D{0,12}(\d{1,2})\s*([NS])?", re.IGNORECASE)


def crs_name(texts: Mapping[str, object]) -> str:
    """A usable name from the attributes Name, WellKnownText, Description, GeodeticDatum, MapProjection, MapZone.

    An EPSG code counts wherever it stands in the name; then WKT, the plain name, the zone of a UTM
    projection, and a code that was put into MapProjection/MapZone. '' where nothing fits.
    """
    text = {key: clean(value) or "" for key, value in texts.items()}
    name, description = text.get("Name", ""), text.get("Description", "")
    tries = [f"EPSG:{match.group(1)}" for match in (_EPSG.search(name),) if match]
    if _BARE.fullmatch(name):
        tries.append(f"EPSG:{name.strip()}")
    tries += [text.get("WellKnownText", ""), name]
    tries += [f"EPSG:{match.group(1)}" for match in (_EPSG.search(description),) if match]
    if text.get("MapProjection", "").upper() == "EPSG" and _BARE.fullmatch(text.get("MapZone", "")):
        tries.append(f"EPSG:{text['MapZone'].strip()}")
    tries += _utm(f"{name} {text.get('MapProjection', '')}{text.get('MapZone', '')} {description}", text)
    return next((found for found in tries if found and _usable(found)), "")


def _utm(words: str, text: Mapping[str, str]) -> list[str]:
    match = _UTM.search(words)
    if not match or not 1 <= int(match.group(1)) <= 60:
        return []
    zone, south = int(match.group(1)), (match.group(2) or "N").upper() == "S"
    datum = f"{text.get('GeodeticDatum', '')} {words}".upper()
    if "ETRS" in datum and not south and 28 <= zone <= 38:
        return [f"EPSG:{25800 + zone}"]
    return [f"EPSG:{(32700 if south else 32600) + zone}"]


def _usable(name: str) -> bool:
    try:
        found = known_crs(name)
    except (Invalid, CRSError):
        return False
    return bool(found.is_projected or found.is_geographic or found.is_compound)
