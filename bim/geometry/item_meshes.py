"""The mesh of a representation item, by the maker that knows its kind; no kernel takes part."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bim.geometry.engine import F64
from bim.geometry.extrusion import Extrusions
from bim.geometry.face_reader import FACETED
from bim.geometry.facets import facets_of
from bim.geometry.revolution import bend, elbow
from bim.source.attribute import UNREADABLE, class_of, id_of
from bim.source.step_text import StepText

I32 = npt.NDArray[np.int32]
_FEWEST = 64
"""Extrusions that are read together: of fewer one by one costs less."""


class ItemMesh(NamedTuple):
    """In the item's representation frame, metres, faces outwards; part (m,): the closed piece a face belongs to, None for one."""

    vertices: F64
    faces: I32
    part: I32 | None = None


class ItemMeshes:
    """Meshes of items of one model. length, angle: metres, radians in the file's units; text: the file."""

    def __init__(
        self, model: Any, length: float, extrusions: Extrusions, angle: float = 1.0, text: StepText | None = None
    ) -> None:
        self._model = model
        self._length = length
        self._extrusions = extrusions
        self._angle = angle
        self._text = text
        self._ready: dict[int, ItemMesh | None] = {}

    def prepare(self, items: Iterable[Any]) -> None:
        """Make what is cheaper together: faceted items and extrusions. They are kept until this is called again."""
        wanted: dict[int, Any] = {}
        swept: list[int] = []
        for item in items:
            kind = class_of(item)
            if kind in FACETED:
                wanted[id_of(item)] = item
            elif kind == "IfcExtrudedAreaSolid":
                swept.append(id_of(item))
        self._ready = dict.fromkeys(wanted) | self._faceted(wanted.values())
        if self._text is not None and len(swept) >= _FEWEST:
            made = self._extrusions.meshes(self._model, self._text, np.array(swept, np.int64))
            self._ready |= {step: ItemMesh(*mesh) for step, mesh in made.items()}

    def of(self, item: Any) -> ItemMesh | None:
        """The item's mesh; None where it is of a kind, or in a state, that is left to the kernels."""
        step = id_of(item)
        if step in self._ready:
            return self._ready[step]
        if class_of(item) in FACETED:
            return self._faceted((item,)).get(step)
        try:
            made = self._extrusions.mesh(item) or self._revolved(item)
        except UNREADABLE:
            return None
        return None if made is None else ItemMesh(*made)

    def _revolved(self, item: Any) -> tuple[F64, I32] | None:
        made = elbow(item, self._length, self._angle)
        return made or bend(item, self._length, self._angle, self._extrusions.prism_of)

    def _faceted(self, items: Iterable[Any]) -> dict[int, ItemMesh | None]:
        return {step: ItemMesh(*made) for step, made in facets_of(self._model, items, self._length, self._text).items()}
