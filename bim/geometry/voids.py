"""Which openings are cut from which products."""

from __future__ import annotations

from typing import Any

from bim.source.attribute import step_of, steps_of

MAX_DEPTH = 32


class Voids:
    """Openings by product: its own, and those of the elements it is a part of.

    A wall that is an aggregate of parts has its openings cut from every part (IFC, `IfcElement`,
    openings of decomposed elements); IfcOpenShell's kernels do the same.
    """

    def __init__(self, model: Any) -> None:
        self._own: dict[int, list[Any]] = {}
        self._whole: dict[int, Any] = {}
        for relation in model.by_type("IfcRelVoidsElement"):
            owner, opening = step_of(relation[4]), relation[5]
            if owner and step_of(opening):
                self._own.setdefault(owner, []).append(opening)
        if self._own:
            for relation in model.by_type("IfcRelAggregates"):
                if step_of(relation[4]):
                    self._whole.update(dict.fromkeys(steps_of(relation[5]), relation[4]))

    def of(self, step: int) -> list[Any]:
        """The openings of a product by its STEP id; empty for most."""
        if step not in self._own and step not in self._whole:
            return []
        found = list(self._own.get(step, ()))
        whole = self._whole.get(step)
        for _ in range(MAX_DEPTH):  # an aggregate that holds itself ends here
            if whole is None:
                break
            found += self._own.get(whole.id(), ())
            whole = self._whole.get(whole.id())
        return found
