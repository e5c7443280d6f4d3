"""The place of a model: candidates weighed, one chosen, its placement in the park frame."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from bim.georef.candidate import CONVERSIONS, EXPLICIT, F64, USE, Candidate, GeorefKind
from bim.georef.contradictions import Landed, contradictions
from bim.georef.coordinates import coordinate_candidates
from bim.georef.extent import HUGE_M, Extent
from bim.georef.findings import (
    AT_ASSUMED,
    AT_ORIGIN,
    FAR_SITE,
    NO_GEOREFERENCE,
    OFFSET,
    READ_AS,
    STRAY_OBJECTS,
    UNUSABLE,
)
from bim.georef.landing import Landing, land, origin_of, plausible
from bim.georef.map_conversion import is_empty
from bim.georef.repair import neighbour_systems, repairs
from bim.georef.report import report_of
from bim.georef.survey import Survey
from twin.errors import Invalid
from twin.finding import Finding, Severity
from twin.geometry.frame import ASSUMED, MAX_DISTANCE_M, Frame

ZERO_MEANS_EMPTY = {GeorefKind.MAP_CONVERSION, GeorefKind.PROPERTY_SET}


@dataclass(frozen=True)
class Location:
    """Where a model stands. matrix (4, 4): model frame, metres → park frame."""

    frame: Frame
    matrix: F64
    crs: str
    report: dict[str, object]
    findings: list[Finding] = field(default_factory=list)


def locate(name: str, survey: Survey, extent: Extent, park: Frame | None) -> Location:
    """Choose the candidate that the user names, else the first that holds, and place the model by it.

    name: the file, for messages; park: its frame, None where it has no origin yet. Raises Invalid where the
    chosen candidate lands too far from the park, or the user names one that the model does not have.
    """
    items = _complete(survey, extent, park)
    frame = park or _origin(items, extent) or ASSUMED
    landed = _land_all(items, extent, frame, park)
    used = _choose(name, landed, survey, park)
    landing = used.landing
    if landing is None:
        raise Invalid(f"{name} cannot be placed by its {used.item.kind.value}: {used.item.why}", code="georef")
    conflicts = contradictions(survey, landed, extent)
    if park is None and used.item.kind is not GeorefKind.LOCAL:  # a user's choice may not be the first that holds
        own = origin_of(used.item, extent)
        if own != frame:
            return locate(name, replace(survey, candidates=items), extent, own)
    assumed = park is None and used.item.kind is GeorefKind.LOCAL
    findings = [*_notes(survey, landed, used, extent, park, assumed=assumed), *conflicts]
    report = report_of(survey, landed, used, extent, conflicts, assumed=assumed)
    return Location(frame, landing.matrix, used.item.crs, report, findings)


def _complete(survey: Survey, extent: Extent, park: Frame | None) -> list[Candidate]:
    """The survey's candidates with what only the extent tells: empty conversions, map coordinates, the user's anchor and height."""
    items = [_without_empty(item, extent) for item in survey.candidates]
    if not any(item.kind in (GeorefKind.OVERRIDE, GeorefKind.COORDINATES) for item in items):
        site = next((item for item in items if item.kind is GeorefKind.SITE and item.usable), None)
        near = None if site is None else (site.base[0], site.base[1])
        empty = next((item.crs for item in items if item.kind in CONVERSIONS and item.usable and is_empty(item)), "")
        known = [] if empty else coordinate_candidates(extent, park, near, survey.named)
        first = next(i for i, item in enumerate(items) if item.kind in (GeorefKind.SITE, GeorefKind.LOCAL))
        items[first:first] = known
    place = survey.placing.place
    if place is None:
        return items
    x, y = place.anchor or extent.anchor
    height = place.height if place.height is not None else 0.0 if park is None else park.height
    return [
        replace(item, base=(*item.base[:2], height), local=(x, y, 0.0)) if item.kind is GeorefKind.PLACED else item
        for item in items
    ]


def _without_empty(item: Candidate, extent: Extent) -> Candidate:
    """A conversion that shifts by nothing is no place, unless the model's own coordinates already are a map's."""
    if item.usable and item.kind in ZERO_MEANS_EMPTY and is_empty(item) and extent.outside(np.zeros(3)) <= HUGE_M:
        return replace(item, usable=False, why="its coordinates are all zero: an empty field, no place")
    return item


def _origin(items: list[Candidate], extent: Extent) -> Frame | None:
    """The origin that a park without one takes: of the first candidate that lands at a possible place, mended or not."""
    for item in items:
        if item.kind is GeorefKind.LOCAL or not (item.usable or item.kind is GeorefKind.SITE):
            continue
        for one in (item, *repairs(item, extent)) if item.kind in CONVERSIONS else (item,):
            try:
                frame = origin_of(one, extent)
                if one.usable and plausible(one, land(one, extent, frame), None):
                    return frame
            except Invalid:
                continue
    return None


def _land_all(items: list[Candidate], extent: Extent, frame: Frame, park: Frame | None) -> list[Landed]:
    """Every candidate with its landing, each followed by its repair where it lands at no possible place and the repair does."""
    counts: dict[str, int] = {}
    found: list[Landed] = []
    for item in items:
        count = counts[item.kind.value] = counts.get(item.kind.value, 0) + 1
        name = item.kind.value + (f"-{count}" if count > 1 else "")
        landing, item = _try(item, extent, frame) if item.usable else (None, item)  # noqa: PLW2901  the reason why not
        found.append(Landed(name, item, landing))
        if landing is not None and plausible(item, landing, park):
            continue
        for one in repairs(item, extent):
            mended, _ = _try(one, extent, frame) if one.usable else (None, one)
            if mended is not None and plausible(one, mended, park or (frame if item.kind is GeorefKind.SITE else None)):
                found.append(Landed(f"{name}:{one.repair}", one, mended))
                break
    return found


def _try(item: Candidate, extent: Extent, frame: Frame) -> tuple[Landing | None, Candidate]:
    try:
        return land(item, extent, frame), item
    except Invalid as error:
        return None, replace(item, why=error.message)


def _choose(name: str, landed: list[Landed], survey: Survey, park: Frame | None) -> Landed:
    """The user's choice, else the first that is usable; conversions that land nowhere possible are an error, or mended."""
    use = survey.placing.use
    if use in USE:
        return _named(name, landed, use, park)
    for one in landed:
        if one.item.kind in EXPLICIT and one.item.usable:
            if one.landing is not None and (park is None or plausible(one.item, one.landing, park)):
                return _mended(landed, one) if park is None and not plausible(one.item, one.landing, None) else one
            return _mended(landed, one, name, park)
        if one.landing is not None and not one.item.repair and plausible(one.item, one.landing, park):
            return one
    raise Invalid(
        f"{name} cannot be placed: expected a map conversion, a site location or local coordinates", code="georef"
    )


def _named(name: str, landed: list[Landed], use: str, park: Frame | None) -> Landed:
    kinds = {USE[use], GeorefKind.OVERRIDE} if use == "coordinates" else {USE[use]}
    of_kind = [one for one in landed if one.item.kind in kinds]
    if use == "coordinates":  # a conversion's shift left out is the same thing
        of_kind += [one for one in landed if one.item.repair == "double"]
    if not of_kind:
        have = sorted({key for key, kind in USE.items() for one in landed if one.item.kind is kind})
        raise Invalid(f"{name} has no source {use!r} of a place: it has {', '.join(have)}", code="georef-use")
    first = next((one for one in of_kind if one.item.usable and not one.item.repair), of_kind[0])
    if first.landing is not None and plausible(first.item, first.landing, park):
        return first
    if first.item.kind is GeorefKind.LOCAL:
        return first
    return next((one for one in of_kind if one.item.repair and one.landing is not None), None) or _mended(
        landed, first, name, park
    )


def _mended(landed: list[Landed], one: Landed, name: str = "", park: Frame | None = None) -> Landed:
    """The candidate's repair; without one an error that tells where it lands, and what system would fit."""
    mended = next((other for other in landed if other.item.repair and other.name.startswith(f"{one.name}:")), None)
    if mended is not None:
        return mended
    if not name:
        return one
    if one.landing is None:
        raise Invalid(
            f"{name} cannot be placed by its {one.item.kind.value}: {one.item.why}; mend it in the authoring tool or"
            " name the right system with --crs",
            code="crs",
        )
    if park is None:
        return one
    far = park.distance(one.landing.middle[None, :]) / 1000
    raise Invalid(
        f"{name} ({one.item.kind.value}) lands {far:,.0f} km from the park's origin when read as {one.item.crs}:"
        f" expected within {MAX_DISTANCE_M / 1000:.0f} km; {_advice(one.item, landed, park)}",
        code="far-away",
    )


def _advice(item: Candidate, landed: list[Landed], park: Frame) -> str:
    """What a user may try: a system in which the same numbers land near the park, else another source."""
    if item.kind is GeorefKind.PLACED:
        return "give another --place"
    for crs in (park.crs, *neighbour_systems(item.crs)):
        if not crs or crs == item.crs:
            continue
        try:
            there = park.from_crs([[*item.base[:2], item.base[2]]], crs)
        except Invalid:
            continue
        distance = park.distance(there)
        if distance <= MAX_DISTANCE_M:
            return f"as {crs} it lands {distance / 1000:,.1f} km away: name the right system with --crs {crs}"
    others = [key for key, kind in USE.items() if any(_near(one, kind, park) for one in landed)]
    return "name the right system with --crs" + (f", or another source with --use {others[0]}" if others else "")


def _near(one: Landed, kind: GeorefKind, park: Frame) -> bool:
    return one.item.kind is kind and one.landing is not None and plausible(one.item, one.landing, park)


def _notes(
    survey: Survey, landed: list[Landed], used: Landed, extent: Extent, park: Frame | None, *, assumed: bool
) -> list[Finding]:
    notes = [*survey.findings]
    notes += [
        UNUSABLE.told(source=one.item.source, why=one.item.why)
        for one in landed
        if not one.item.usable and one.item.kind is not GeorefKind.LOCAL
    ]
    for one in landed:
        far = one.landing is not None and one.item.kind is GeorefKind.SITE and not one.item.repair and one is not used
        if far and one.landing is not None and park is not None and not plausible(one.item, one.landing, park):
            km = one.landing.distance / 1000
            notes.append(FAR_SITE.told(value=round(km, 1), limit=MAX_DISTANCE_M / 1000, unit="km", far=km))
    if used.item.kind is GeorefKind.COORDINATES and used.landing is not None:
        far_m = used.landing.distance
        notes.append(READ_AS.told(value=round(far_m, 1), limit=MAX_DISTANCE_M, unit="m", crs=used.item.crs, far=far_m))
    if used.landing is not None and used.landing.offset.any():
        x, y, z = (float(value) for value in used.landing.offset)
        notes.append(OFFSET.told(data={"offset": [x, y, z]}, x=-x, y=-y, z=-z))
    if used.item.kind is GeorefKind.LOCAL:
        severity = Severity.MAJOR if assumed else Severity.MINOR
        notes.append(NO_GEOREFERENCE.told(severity=severity, where=AT_ASSUMED if assumed else AT_ORIGIN))
    if extent.strays:
        notes.append(STRAY_OBJECTS.told(value=float(extent.strays), limit=HUGE_M, n=extent.strays))
    return notes
