"""All that a model says about its place, read from its entities before any geometry is made."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

import numpy as np

from bim.geometry.placements import Placements
from bim.georef.candidate import GEOGRAPHIC, Candidate, GeorefKind
from bim.georef.findings import MALFORMED
from bim.georef.grf import check_rules
from bim.georef.map_conversion import axis_unit, map_conversions
from bim.georef.property_sets import property_set_conversions
from bim.georef.real import Malformed
from bim.georef.rigid_operation import rigid_operations
from bim.georef.site_location import site_locations, true_north
from bim.georef.world_coordinates import world_coordinates
from bim.source.attribute import attribute
from bim.text import clean
from bim.units.unit_table import UnitTable
from twin.finding import Finding
from twin.placing import Placing

T = TypeVar("T")
_ADDRESS = ("AddressLines", "Town", "Region", "PostalCode", "Country")


@dataclass(frozen=True)
class Survey:
    """candidates: strongest first, the local one last; north: radians of true north in the model's plan, None where not given.

    spatial_heights: metres, z of the placements of sites and buildings; addresses: for the report only.
    """

    candidates: list[Candidate]
    placing: Placing = field(default_factory=Placing)
    north: float | None = None
    named: tuple[str, ...] = ()
    spatial_heights: dict[str, float] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)
    checks: list[dict[str, object]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @classmethod
    def of_mesh(cls, crs: str | None, placing: Placing) -> Survey:
        """For a mesh model, which says nothing of its place: the user's word, else the park's origin."""
        found = [Candidate(GeorefKind.LOCAL, "", (0.0, 0.0, 0.0), source="model origin")]
        if placing.place is not None:
            found.insert(0, _placed(placing))
        elif crs:
            unit = axis_unit(crs)
            found.insert(0, Candidate(GeorefKind.OVERRIDE, crs, (0.0, 0.0, 0.0), unit=unit, source="--crs"))
        return cls(found, placing, named=(crs,) if crs else ())

    @classmethod
    def of_model(
        cls, model: Any, units: UnitTable, placements: Placements, override: str | None, placing: Placing
    ) -> Survey:
        """Read a model. override: the system that the user names for its map coordinates."""
        crs = override or placing.crs or None
        read = _Reader()
        none: list[Candidate] = []
        conversions = [
            item
            for name, source in _CONVERSIONS.items()
            for item in read(name, partial(source, model, units, crs), none)
        ]
        origin, turn = read("WorldCoordinateSystem", lambda: world_coordinates(model, units), ((0.0, 0.0, 0.0), 0.0))
        if any(origin) or turn:
            conversions = [replace(item, local=origin, rotation=item.rotation - turn) for item in conversions]
        found = conversions
        if placing.place is not None:
            found = [_placed(placing), *found]
        elif crs and placing.use in ("", "coordinates") and (placing.use or not any(item.usable for item in found)):
            unit = axis_unit(crs)
            found = [Candidate(GeorefKind.OVERRIDE, crs, (0.0, 0.0, 0.0), unit=unit, source="--crs"), *found]
        named = tuple(item.crs for item in found if item.crs and item.kind is not GeorefKind.PLACED)
        north = read("TrueNorth", lambda: true_north(model), None)
        found = [*found, *read("IfcSite", lambda: site_locations(model, units, placements, north), none)]
        return cls(
            [*found, Candidate(GeorefKind.LOCAL, "", (0.0, 0.0, 0.0), source="model origin")],
            placing,
            north,
            named,
            read("ObjectPlacement", lambda: _heights(model, placements), {}),
            read("IfcPostalAddress", lambda: _addresses(model), []),
            check_rules(model, units),
            read.findings,
        )


_CONVERSIONS: dict[str, Callable[[Any, UnitTable, str | None], list[Candidate]]] = {
    "IfcMapConversion": map_conversions,
    "IfcRigidOperation": rigid_operations,
    "ePSet_MapConversion": property_set_conversions,
}


class _Reader:
    """Reads one source at a time: a malformed one is a finding, and the others still count."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def __call__(self, name: str, read: Callable[[], T], default: T) -> T:
        try:
            return read()
        except Malformed as error:
            self.findings.append(MALFORMED.told(source=name, why=str(error)[:160]))
            return default


def _heights(model: Any, placements: Placements) -> dict[str, float]:
    found = {
        f"#{item.id()}={item.is_a()}": float(placements.matrix(item)[2, 3])
        for ifc_class in ("IfcSite", "IfcBuilding")
        for item in model.by_type(ifc_class)
    }
    return {name: height for name, height in found.items() if math.isfinite(height)}


def _placed(placing: Placing) -> Candidate:
    """The user's place; an anchor and a height that are not given are filled in once the extent is known."""
    place = placing.place
    if place is None:
        raise ValueError("the placing names no place")
    x, y = place.anchor or (0.0, 0.0)
    return Candidate(
        GeorefKind.PLACED,
        GEOGRAPHIC,
        (place.longitude, place.latitude, place.height or 0.0),
        rotation=float(np.radians(place.rotation_deg)),
        local=(x, y, 0.0),
        source="--place",
    )


def _addresses(model: Any) -> list[str]:
    """Postal addresses of sites and buildings, each once."""
    texts: dict[str, None] = {}
    for name, place in (("IfcSite", "SiteAddress"), ("IfcBuilding", "BuildingAddress")):
        for item in model.by_type(name):
            address = attribute(item, place)
            parts: list[str] = []
            for key in _ADDRESS:
                value = attribute(address, key)
                parts += [clean(one) or "" for one in (value if isinstance(value, tuple) else (value,))]
            text = ", ".join(part for part in parts if part)
            if text:
                texts.setdefault(text)
    return list(texts)
