"""Observations that clients post: checked, given to the running park, and answered once they are committed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from server.sta.body import number, reference, table
from server.sta.catalogue import Catalogue
from server.sta.errors import wrong
from server.sta.observation_filter import QUALITIES
from server.sta.schema import TYPES
from server.sta.syntax.tokens import instant
from server.sta.units import TRUTH
from twin.connectors.connector import Readings
from twin.errors import Invalid, NotFound
from twin.runtime.park_runtime import ParkRuntime

KNOWN = {*TYPES["Observations"].properties, "Datastream", "FeatureOfInterest", "@iot.id", "@iot.selfLink", "id"}
NOT_KEPT = ("validTime", "parameters")
MAX_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class Posted:
    """One checked Observation. t: epoch ms; quality: the history's code."""

    datastream: str
    value: float
    t: int
    quality: int = 0


def checked(body: Mapping[str, Any], datastream: str, catalogue: Catalogue, now_ms: int, skew_ms: int) -> Posted:
    """An Observation as it will be kept. datastream: from the address, "" where the body names it.

    Raises Invalid naming what is wrong, NotFound where there is no such Datastream.
    """
    unknown = sorted(set(body) - KNOWN)
    if unknown:
        raise wrong(f"Observation has no {unknown[0]!r:.80}: expected {', '.join(TYPES['Observations'].properties)}")
    ident = datastream or _datastream(body)
    if ident not in catalogue.keys:
        raise NotFound(f"Datastreams has no entity {ident!r:.120}", code="sta-entity")
    for name in NOT_KEPT:
        if body.get(name):
            raise wrong(f"Observation: {name} is not kept by this service: leave it out")
    _check_feature(body, ident, catalogue)
    kind = catalogue.bodies["Datastreams"][ident].get("observationType", "")
    value = _value(body, kind, ident)
    quality = body.get("resultQuality")
    if quality is not None and quality not in QUALITIES:
        raise wrong(f"Observation: resultQuality is {quality!r:.80}: expected {', '.join(QUALITIES)}")
    return Posted(ident, value, _time(body, now_ms, skew_ms), 0 if quality is None else QUALITIES.index(str(quality)))


def readings(posted: Sequence[Posted], runtime: ParkRuntime) -> Readings:
    """Columns for the park. Raises NotFound where a point is gone meanwhile. Call it on the event loop, then ingest at once."""
    index = runtime.hub.index
    gone = next((one.datastream for one in posted if one.datastream not in index), None)
    if gone is not None:
        raise NotFound(f"Datastream {gone!r:.120} is not among the park's points", code="sta-entity")
    return Readings(
        np.array([index[one.datastream] for one in posted], np.int64),
        np.array([one.value for one in posted], np.float64),
        np.array([one.t for one in posted], np.int64),
        np.array([one.quality for one in posted], np.int64),
        np.zeros(len(posted), np.bool_),
    )


def from_arrays(body: object) -> list[tuple[str, dict[str, Any]] | Invalid]:
    """What a `CreateObservations` body holds: (Datastream, Observation) in order, an error in the place of a bad row."""
    if not isinstance(body, list):
        raise wrong("CreateObservations takes a list of objects with Datastream, components and dataArray")
    found: list[tuple[str, dict[str, Any]] | Invalid] = []
    for part in body:
        group = table(part, "A data array")
        names, rows = group.get("components"), group.get("dataArray")
        if (
            not isinstance(names, list)
            or not isinstance(rows, list)
            or not all(isinstance(name, str) for name in names)
        ):
            raise wrong("A data array lacks components (a list of names) or dataArray (a list of lists)")
        ident = _datastream(group)
        if len(found) + len(rows) > MAX_ROWS:
            raise wrong(f"More than {MAX_ROWS} Observations in one request: send several")
        for row in rows:
            if isinstance(row, list) and len(row) == len(names):
                given = dict(zip(names, row, strict=True))
                feature = given.pop("FeatureOfInterest/id", None)
                found.append(
                    (ident, given if feature is None else {**given, "FeatureOfInterest": {"@iot.id": feature}})
                )
            else:
                found.append(wrong(f"A row {row!r:.80} does not fit the components {', '.join(names)}"))
    return found


def _datastream(body: Mapping[str, Any]) -> str:
    given = body.get("Datastream")
    ident = reference(given) if isinstance(given, dict) else None
    if ident is None:
        raise wrong("Observation lacks its Datastream: expected {'Datastream': {'@iot.id': …}}")
    return ident


def _check_feature(body: Mapping[str, Any], datastream: str, catalogue: Catalogue) -> None:
    feature = catalogue.features.get(datastream)
    given = body.get("FeatureOfInterest")
    if given is not None:
        named = reference(table(given, "FeatureOfInterest"))
        if named is None or named != feature:
            raise wrong(
                f"Datastream {datastream!r} observes {feature!r}: a Datastream here has one FeatureOfInterest; leave it"
                " out, or make a Datastream for the other"
            )
    elif feature is None:
        raise wrong(
            f"Datastream {datastream!r} has no FeatureOfInterest: give its Thing a Location, or the Datastream a"
            " FeatureOfInterest"
        )


def _value(body: Mapping[str, Any], kind: str, datastream: str) -> float:
    if "result" not in body:
        raise wrong("Observation lacks its result")
    result = body["result"]
    if result is None:
        return float("nan")
    if kind == TRUTH and isinstance(result, bool):
        return float(result)
    value = number(result)
    if value is None:
        expected = "true, false, a number or null" if kind == TRUTH else "a number or null"
        raise wrong(f"Observation of {datastream!r}: result is {result!r:.80}: expected {expected}")
    return value


def _time(body: Mapping[str, Any], now_ms: int, skew_ms: int) -> int:
    """phenomenonTime, else resultTime, else now. Of an interval its end: then the value is known."""
    given = body.get("phenomenonTime") or body.get("resultTime")
    if given is None:
        return now_ms
    if not isinstance(given, str):
        raise wrong(f"Observation: phenomenonTime is {given!r:.80}: expected an instant like 2026-11-27T08:00:00Z")
    t = round(instant(given.rpartition("/")[2]).timestamp() * 1000)
    if not 0 < t <= now_ms + skew_ms:
        raise wrong(
            f"Observation: phenomenonTime {given!r:.60} is in the future or before 1970: expected at most"
            f" {skew_ms // 1000} s after the server's clock"
        )
    return t
