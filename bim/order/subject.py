"""What is put in order: a model with its table of objects and their boxes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from bim.geometry.engine import F64
from bim.geometry.mesher import Placed
from bim.graph.hierarchy import Hierarchy
from bim.graph.id_book import IdBook
from bim.graph.products import Products
from bim.properties.schema_attributes import ancestry
from bim.units.unit_table import UnitTable

I64 = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Subject:
    """One model while it is read.

    objects: rows of OBJECTS in the order of `products`; boxes (n, 6): min and max by row, metres, in the
    model's axes with heights of the park frame; NaN without mesh.
    """

    model: Any
    schema: str
    units: UnitTable
    products: Products
    hierarchy: Hierarchy
    book: IdBook
    objects: pa.Table
    relations: pa.Table
    boxes: F64

    @cached_property
    def ids(self) -> list[str]:
        """Local ids by row."""
        return self.products.ids

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Local id → row."""
        return {name: row for row, name in enumerate(self.ids)}

    @cached_property
    def row_of_step(self) -> dict[int, int]:
        """STEP id → row."""
        return {step: row for row, step in enumerate(self.products.by_step)}

    def texts(self, name: str) -> list[str | None]:
        """One text column of the objects."""
        return list(self.objects.column(name).to_pylist())

    def rows(self, name: str) -> I64:
        """A column of ids (parent, storey, building) as rows; -1 where empty."""
        place = pc.index_in(self.objects.column(name), value_set=pa.array(self.ids, pa.string()))
        return np.asarray(place.fill_null(-1).to_numpy(), np.int64)

    @cached_property
    def parent(self) -> I64:
        """Row of each object's parent, -1 at a root."""
        return self.rows("parent")

    @cached_property
    def storey(self) -> I64:
        """Row of each object's storey, -1 where it has none."""
        return self.rows("storey")

    @cached_property
    def building(self) -> I64:
        """Row of each object's building, -1 where it has none."""
        return self.rows("building")

    @cached_property
    def meshed(self) -> Flags:
        """Whether each object has a box."""
        return np.asarray(np.isfinite(self.boxes).all(axis=1), np.bool_)

    @cached_property
    def _lines(self) -> tuple[I64, list[frozenset[str]]]:
        """Each row's class as an index, and each class with its supertypes."""
        coded = self.objects.column("ifc_class").combine_chunks().dictionary_encode()
        lines = [frozenset(ancestry(self.schema, name)) for name in coded.dictionary.to_pylist()]
        return np.asarray(coded.indices.to_numpy(zero_copy_only=False), np.int64), lines

    def is_a(self, *classes: str) -> Flags:
        """Whether each object is of one of these classes or below one."""
        index, lines = self._lines
        wanted = set(classes)
        hit = np.array([not wanted.isdisjoint(line) for line in lines], np.bool_)
        return hit[index] if len(index) else np.zeros(0, np.bool_)

    def ids_at(self, rows: Iterable[int]) -> list[str]:
        """Local ids of rows."""
        return [self.ids[row] for row in rows]

    def ids_of(self, entities: Iterable[Any]) -> list[str]:
        """Local ids of entities that have one, each once."""
        return list(dict.fromkeys(filter(None, map(self.book.get, entities))))


def product_boxes(placed: Placed, products: Products, lift: float) -> F64:
    """(n, 6) boxes by row of the objects, heights raised by `lift` metres; NaN without mesh."""
    count = len(products.by_step)
    low, high = np.full((count, 3), np.inf), np.full((count, 3), -np.inf)
    row_of = {step: row for row, step in enumerate(products.by_step)}
    rows = np.array([row_of[step] for step in placed.step.tolist()], np.int64)
    np.minimum.at(low, rows, placed.low)
    np.maximum.at(high, rows, placed.high)
    boxes = np.hstack((low, high))
    boxes[:, [2, 5]] += lift
    boxes[~np.isfinite(boxes).all(axis=1)] = np.nan
    return boxes
