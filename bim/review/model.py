"""The model under review: the layer's tables with the look-ups that checks need."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from twin.graph.layertables import LayerTables


def _plain(name: str) -> str:
    """A property name for comparing: without case, spaces and punctuation (`standards.md` 1.7)."""
    return re.sub(r"[\W_]+", "", name).lower()


@dataclass(frozen=True)
class ReviewModel:
    """Objects, properties and quantities of one layer version, by gid."""

    tables: LayerTables
    build_findings: Sequence[dict[str, object]] = field(default_factory=tuple)

    @cached_property
    def _row(self) -> dict[str, int]:
        return {gid: row for row, gid in enumerate(self.tables.object.column("gid").to_pylist())}

    @cached_property
    def boxes(self) -> npt.NDArray[np.float64]:
        """(n, 6) boxes in the park frame by object row; NaN without geometry."""
        names = ("min_x", "min_y", "min_z", "max_x", "max_y", "max_z")
        columns = [self.tables.object.column(name).to_numpy(zero_copy_only=False) for name in names]
        return np.column_stack(columns).astype(np.float64)

    @cached_property
    def _parents(self) -> dict[str, str | None]:
        table = self.tables.object
        return dict(zip(table.column("gid").to_pylist(), table.column("parent").to_pylist(), strict=True))

    def above(self, gid: str) -> list[str]:
        """Gids of the objects that contain this one, nearest first, as the file says it."""
        found: list[str] = []
        node = self._parents.get(gid)
        while node is not None and node not in found:
            found.append(node)
            node = self._parents.get(node)
        return found

    def __contains__(self, gid: object) -> bool:
        return gid in self._row

    def of_type(self, *types: str) -> list[str]:
        """Gids of the objects of these types, in ordinal order."""
        mask = pc.is_in(self.tables.object.column("type"), pa.array(types))
        return list(self.tables.object.filter(mask).column("gid").to_pylist())

    def column(self, gids: Iterable[str], name: str) -> list[object]:
        """One column's values for some objects."""
        rows = pa.array([self._row[gid] for gid in gids], pa.int64())
        return list(self.tables.object.column(name).take(rows).to_pylist())

    def name(self, gid: str) -> str:
        """What people call the object."""
        return str(self.column([gid], "name")[0] or self.column([gid], "type")[0])

    def box(self, gid: str) -> npt.NDArray[np.float64] | None:
        """The object's box (6,), or None."""
        box = self.boxes[self._row[gid]]
        return box if bool(np.isfinite(box).all()) else None

    def centre(self, gid: str) -> tuple[float, float, float] | None:
        """The middle of the object's box, metres in the park frame."""
        box = self.box(gid)
        if box is None:
            return None
        x, y, z = (box[:3] + box[3:]) / 2
        return float(x), float(y), float(z)

    @cached_property
    def _property_names(self) -> dict[str, list[str]]:
        names: dict[str, list[str]] = {}
        for name in pc.unique(self.tables.property.column("name")).to_pylist():
            names.setdefault(_plain(str(name)), []).append(name)
        return names

    def numbers(self, *names: str) -> dict[str, float]:
        """Gid → the number of the first of these properties that it has, SI; names compare without case or spaces."""
        found: dict[str, float] = {}
        for name in reversed(names):
            table = self._with_name(name)
            table = table.filter(pc.is_valid(table.column("number")))
            found.update(zip(table.column("gid").to_pylist(), table.column("number").to_pylist(), strict=True))
        return found

    def texts(self, name: str) -> dict[str, str]:
        """Gid → a property's text, where it is not empty."""
        table = self._with_name(name)
        pairs = zip(table.column("gid").to_pylist(), table.column("value").to_pylist(), strict=True)
        return {gid: str(value) for gid, value in pairs if value not in {None, ""}}

    def quantities(self, *names: str, origin: str | None = None) -> dict[str, float]:
        """Gid → the value of the first of these quantities that it has, SI; of one origin, where it is given."""
        found: dict[str, float] = {}
        table = self.tables.quantity
        if origin is not None:
            table = table.filter(pc.equal(table.column("origin"), origin))
        for name in reversed(names):
            rows = table.filter(pc.equal(table.column("name"), name))
            found.update(zip(rows.column("gid").to_pylist(), rows.column("value").to_pylist(), strict=True))
        return found

    def _with_name(self, name: str) -> pa.Table:
        table = self.tables.property
        known = self._property_names.get(_plain(name), [])
        return table.filter(pc.is_in(table.column("name"), pa.array(known, pa.string())))
