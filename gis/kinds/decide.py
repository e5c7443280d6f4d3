"""Decides what each feature is: by its kind field, its tags, its layer's name, its attributes, its geometry."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import shapely

from gis.columns import Columns, plain
from gis.kinds.catalogue import KINDS
from gis.kinds.osm import REST, RULES
from gis.words import CROWN, DIAMETER, HEIGHT, KIND_FIELDS, LEVELS, SPECIES

Objects = npt.NDArray[np.object_]
I64 = npt.NDArray[np.int64]
_ROAD_FIELDS = ("road_class", "rd_class", "roadclass", "strassenkl", "roadname", "道路等级")
_POI_FIELDS = ("poi_id", "service_type", "placename")


def decide(geometry: Objects, columns: Columns, layer_name: str) -> Objects:
    """(n,) kind names. geometry only counts by its dimension; None is taken as an area."""
    dimension = shapely.get_dimensions(geometry)
    dimension = np.where(dimension < 0, 2, dimension)
    kinds = np.full(len(geometry), None, object)
    _by_field(kinds, columns)
    _by_tags(kinds, columns, dimension)
    named = by_name(layer_name)
    if named is not None:
        _fill(kinds, np.ones(len(kinds), bool), named)
    _by_attributes(kinds, columns, dimension)
    _fill(kinds, np.ones(len(kinds), bool), "feature")
    return kinds


def by_name(layer_name: str) -> str | None:
    """The kind that a layer's name speaks of, by a pair of words or the last word that names one; None where none does."""
    words = [plain(word) for word in re.split(r"[\s_\-.:/,;]+|(?<=[a-z])(?=[A-Z])", layer_name) if word]
    terms = ["".join(words)] + [a + b for a, b in pairwise(words)] + words[::-1]
    for term in terms:
        if term in KINDS.words:
            return KINDS.words[term]
    chinese = [word for word in KINDS.words if not word.isascii() and word in layer_name]
    return KINDS.words[max(chinese, key=len)] if chinese else None


def _fill(kinds: Objects, mask: npt.NDArray[np.bool_], name: str) -> None:
    kinds[mask & (kinds == None)] = name  # noqa: E711  elementwise


def _by_field(kinds: Objects, columns: Columns) -> None:
    for name in KIND_FIELDS:
        if not columns.has(name):
            continue
        words = columns.text((name,))
        for word in {item for item in words if item}:
            kind = KINDS.words.get(plain(word))
            if kind is not None:
                _fill(kinds, words == word, kind)


def _by_tags(kinds: Objects, columns: Columns, dimension: npt.NDArray[np.int32]) -> None:
    for rule in RULES:
        if not columns.has(rule.key):
            continue
        fits = np.isin(dimension, list(rule.dimensions))
        values = columns.text((rule.key,))
        for value in {item for item in values[fits] if item}:
            kind = rule.values.get(value, rule.values.get(REST))
            if kind:  # an empty kind leaves it to the feature's other tags
                _fill(kinds, fits & (values == value), kind)


def _by_attributes(kinds: Objects, columns: Columns, dimension: npt.NDArray[np.int32]) -> None:
    def any_of(names: tuple[str, ...]) -> npt.NDArray[np.bool_]:
        return np.asarray(columns.text(names) != None)  # noqa: E711  elementwise

    area, line, point = dimension == 2, dimension == 1, dimension == 0
    tall = any_of(HEIGHT) | any_of(LEVELS)
    if area.any() and tall[area].mean() > 0.5:  # a layer of buildings, of which some tell no height
        tall |= True
    _fill(kinds, area & tall, "building")
    _fill(kinds, line & any_of(DIAMETER), "pipe")
    _fill(kinds, line & any_of(_ROAD_FIELDS), "road")
    _fill(kinds, point & (any_of(CROWN) | any_of(SPECIES)), "tree")
    _fill(kinds, point & any_of(_POI_FIELDS), "poi")
