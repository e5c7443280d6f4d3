"""What the engines of one model share: placements, styles, openings, meshes of simple items."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from bim.geometry.csg import Csg
from bim.geometry.directions import normalise_extrusions
from bim.geometry.extrusion import Extrusions
from bim.geometry.item_meshes import ItemMeshes
from bim.geometry.openings import Openings
from bim.geometry.placements import Placements
from bim.geometry.styles import Styles
from bim.geometry.voids import Voids
from bim.source.step_text import StepText
from bim.source.whole_model import change
from bim.units.unit_table import UnitTable


class Shared:
    """Made once per model, each part when it is first asked for.

    length: metres in the file's length unit; text: the file, where it can be read without the parser; kernels: whether
    IfcOpenShell's may mesh openings and operands of booleans.
    """

    def __init__(
        self, model: Any, placements: Placements, length: float, text: StepText | None = None, *, kernels: bool = True
    ) -> None:
        self.model = model
        self.placements = placements
        self.length = length
        self.text = text
        self._kernels = kernels
        self._normalised = False

    def unit_directions(self) -> None:
        """Before a kernel of IfcOpenShell runs: extrusion directions as the kernels take them."""
        if not self._normalised:
            change(self.model, normalise_extrusions)
            self._normalised = True

    @cached_property
    def angle(self) -> float:
        """Radians in the file's plane angle unit."""
        return UnitTable.of_model(self.model).angle

    @cached_property
    def voids(self) -> Voids:
        """Openings by product."""
        return Voids(self.model)

    @cached_property
    def styles(self) -> Styles:
        """Looks of items."""
        return Styles(self.model, self.text)

    @cached_property
    def extrusions(self) -> Extrusions:
        """Prisms without a kernel."""
        return Extrusions(self.length, self.angle)

    @cached_property
    def items(self) -> ItemMeshes:
        """Meshes of single items without a kernel."""
        return ItemMeshes(self.model, self.length, self.extrusions, self.angle, self.text)

    @cached_property
    def openings(self) -> Openings:
        """Solids of openings."""
        return Openings(self.model, self.placements, self.items, kernels=self._kernels)

    @cached_property
    def csg(self) -> Csg:
        """Boolean results."""
        return Csg(self.length, self.angle, self.model, kernels=self._kernels)
