"""Samples as Observations in JSON: one by one, or as a data array."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from server.sta.catalogue import Catalogue
from server.sta.links import self_link
from server.sta.observation_filter import QUALITIES
from server.sta.observations import Found
from server.sta.schema import IDS, SELF_LINK, TYPES
from server.sta.units import COUNT, TRUTH

COMPONENTS = ("id", "phenomenonTime", "result", "resultTime", "resultQuality")


def instants(times: Any) -> list[str]:
    """Epoch ms as RFC 3339 texts in UTC."""
    return [f"{text}Z" for text in np.datetime_as_string(times.astype("datetime64[ms]"), unit="ms").tolist()]


def result_of(value: float, observation_type: str) -> float | int | bool | None:
    """A value as its Datastream's type of observation has it; None where the sender sent no number."""
    if not math.isfinite(value):
        return None
    if observation_type == TRUTH and value in (0.0, 1.0):
        return value == 1.0
    return int(value) if observation_type == COUNT and value.is_integer() else value


def rows(found: Found, catalogue: Catalogue) -> list[dict[str, Any]]:
    """`id` and the properties of each Observation."""
    types = {
        key: catalogue.bodies["Datastreams"][catalogue.points[key]].get("observationType", "")
        for key in set(found.keys.tolist())
    }
    columns = (
        found.keys.tolist(),
        found.times.tolist(),
        instants(found.times),
        found.values.tolist(),
        found.quality.tolist(),
    )
    return [
        {
            "id": f"{key}-{t}",
            "phenomenonTime": at,
            "result": result_of(value, types[key]),
            "resultTime": at,
            "resultQuality": QUALITIES[min(code, 2)],
        }
        for key, t, at, value, code in zip(*columns, strict=True)
    ]


def entity(row: dict[str, Any], root: str, select: Sequence[str] | None) -> dict[str, Any]:
    """One Observation with its links, or what is selected of it."""
    link = f"{root}/Observations('{row['id']}')"  # digits need no quoting
    if select is None:
        body = {"@iot.id": row["id"], SELF_LINK: link, **row}
        del body["id"]
        for way in TYPES["Observations"].navigation:
            body[f"{way}@iot.navigationLink"] = f"{link}/{way}"
        return body
    chosen: dict[str, Any] = {}
    for name in select:
        if name in IDS:
            chosen["@iot.id"] = row["id"]
        elif name == SELF_LINK:
            chosen[name] = link
        elif name in TYPES["Observations"].navigation:
            chosen[f"{name}@iot.navigationLink"] = f"{link}/{name}"
        elif name in row:
            chosen[name] = row[name]
    return chosen


def data_arrays(found: Found, catalogue: Catalogue, root: str, select: Sequence[str] | None) -> list[dict[str, Any]]:
    """Observations by Datastream, each a list of components (18-088, 12.2)."""
    names = [name for name in COMPONENTS if select is None or name in select or (name == "id" and "@iot.id" in select)]
    made = rows(found, catalogue)
    arrays: dict[int, list[list[Any]]] = {}
    for key, row in zip(found.keys.tolist(), made, strict=True):
        arrays.setdefault(key, []).append([row[name] for name in names])
    return [
        {
            "Datastream@iot.navigationLink": self_link(root, "Datastreams", catalogue.points[key]),
            "components": names,
            "dataArray@iot.count": len(values),
            "dataArray": values,
        }
        for key, values in arrays.items()
    ]
