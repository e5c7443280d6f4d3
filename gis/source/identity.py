"""Stable ids of features, so that bindings and findings survive the next import of the same source."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from gis.columns import Columns
from gis.source.layers import SourceLayer

Objects = npt.NDArray[np.object_]
_FIELDS = (
    "id", "gml:id", "gml_id", "@id", "osm_id", "globalid", "global_id", "guid", "uuid", "gid", "uid",
    "feature_id", "featureid", "fid", "objectid", "编号", "标识码",
)  # fmt: skip
MAX_LENGTH = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_PARTIAL = ("_uid", "_id")


@dataclass(frozen=True)
class Ids:
    """ids (n,) unique text; hashed: how many had to be made from the geometry; repeated: ids that came more than once."""

    ids: Objects
    hashed: int
    repeated: list[str]


def identify(layer: SourceLayer, columns: Columns, taken: set[str]) -> Ids:
    """Ids by an id field, the format's feature id, or a hash of layer name and geometry; `taken` grows by them.

    A number counts within its layer only where the format holds several layers, and gets the
    layer's name in front there.
    """
    ids = np.full(len(layer.geometry), None, object)
    prefix = f"{layer.name}." if layer.scoped else ""
    for name in _candidates(columns):
        found = columns.text((name,))
        usable = found != None  # noqa: E711  elementwise
        distinct = len(set(found[usable]))
        if not usable.any() or distinct < 0.9 * int(usable.sum()):
            continue  # a class or a group, no id
        ids = _prefixed(found, prefix)
        break
    open_ = ids == None  # noqa: E711
    if layer.fids is not None and open_.any():
        ids[open_] = _prefixed(np.array([str(value) for value in layer.fids[open_]], object), prefix)
        open_[:] = False
    hashed = int(open_.sum())
    if hashed:
        ids[open_] = [_hash(layer.name, wkb) for wkb in shapely.to_wkb(layer.geometry[open_])]
    return tell_apart(ids, taken, hashed)


def _candidates(columns: Columns) -> list[str]:
    exact = [name for name in _FIELDS if columns.has(name)]
    ending = [name for name in columns.names if name.lower().endswith(_PARTIAL) and name.lower() not in _FIELDS]
    return exact + ending


def _prefixed(values: Objects, prefix: str) -> Objects:
    if not prefix:
        return values
    return np.array([prefix + v if v is not None and v.lstrip("-").isdigit() else v for v in values], object)


def _hash(name: str, wkb: bytes | None) -> str:
    return hashlib.sha256(name.encode() + b"\0" + (wkb or b"")).hexdigest()[:16]


def _plain(value: str) -> str:
    """An id that fits one line of a table or a link: no control characters, at most MAX_LENGTH characters."""
    text = _CONTROL.sub("_", value)
    if len(text) <= MAX_LENGTH:
        return text
    return f"{text[: MAX_LENGTH - 17]}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def _fine(ids: Objects, taken: set[str]) -> bool:
    """Whether all ids can stay as they are: plain, and none twice."""
    listed = ids.tolist()
    distinct = set(listed)
    return (
        len(distinct) == len(listed)
        and distinct.isdisjoint(taken)
        and max(map(len, listed), default=0) <= MAX_LENGTH
        and _CONTROL.search("".join(listed)) is None
    )


def tell_apart(ids: Objects, taken: set[str], hashed: int = 0) -> Ids:
    """Ids made plain and told apart by ~2, ~3 …, in place; `taken` grows by them."""
    if _fine(ids, taken):
        taken.update(ids)
        return Ids(ids, hashed, [])
    repeated = []
    for row, raw in enumerate(ids):
        value = ids[row] = _plain(raw)
        if value in taken:
            repeated.append(value)
            number = 2
            while f"{value}~{number}" in taken:
                number += 1
            ids[row] = f"{value}~{number}"
        taken.add(ids[row])
    return Ids(ids, hashed, repeated)
