"""Which openings are cut from which products."""

from __future__ import annotations

from typing import Any

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
            if relation[4] is not None and relation[5] is not None:
                self._own.setdefault(relation[4].id(), []).append(relation[5])
        if self._own:
            for relation in model.by_type("IfcRelAggregates"):
                if relation[4] is not None:
                    for part in relation[5] or ():
                        self._whole[part.id()] = relation[4]

    def of(self, step: int) -> list[Any]:
        """The openings of a product by its STEP id; empty for most."""
        if not self._own:
            return []
        found = list(self._own.get(step, ()))
        whole = self._whole.get(step)
        for _ in range(MAX_DEPTH):  # an aggregate that holds itself ends here
            if whole is None:
                break
            found += self._own.get(whole.id(), ())
            whole = self._whole.get(whole.id())
        return found
