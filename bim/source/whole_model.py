"""The whole of a model of which only a part was parsed (`lean_text`), for those few who need what was left out."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import ifcopenshell
import numpy as np

from bim.source.attribute import id_of
from bim.source.lean_text import LeanText
from bim.source.step_columns import I64
from bim.source.step_text import StepText

_ASIDE = "parktwin_whole"
_MANY = 16
"""Entities of which it is asked whether they lack something; of more the whole file is parsed without asking."""


class WholeModel:
    """Parsed when it is first asked for. shells, relations: as in LeanText."""

    def __init__(self, text: StepText, lean: LeanText) -> None:
        self._text = text
        self.shells = lean.shells
        self.relations = lean.relations
        self._changes: list[Callable[[Any], object]] = []

    @cached_property
    def model(self) -> Any:
        """The model, changed as the part was."""
        with tempfile.NamedTemporaryFile(suffix=".ifc") as file:
            file.write(self._text.data)
            file.flush()
            model = ifcopenshell.open(file.name)
        for change in self._changes:
            change(model)
        return model

    def change(self, how: Callable[[Any], object]) -> None:
        """Change the model now, or once it is parsed."""
        self._changes.append(how)
        if "model" in self.__dict__:
            how(self.model)


def put_whole(model: Any, whole: WholeModel) -> None:
    """Note of which whole a model is a part."""
    setattr(model, _ASIDE, whole)


def change(model: Any, how: Callable[[Any], object]) -> None:
    """Change a model, and the whole of which it is a part."""
    how(model)
    whole: WholeModel | None = getattr(model, _ASIDE, None)
    if whole is not None:
        whole.change(how)


def left_out(model: Any) -> I64:
    """STEP ids of the IfcRelDefinesByProperties that the file has and the model has not."""
    whole: WholeModel | None = getattr(model, _ASIDE, None)
    return np.empty(0, np.int64) if whole is None else whole.relations


def entity_of(model: Any, step: int) -> Any:
    """An entity by its STEP id, of the whole where the model lacks it. Raises RuntimeError where there is none."""
    whole: WholeModel | None = getattr(model, _ASIDE, None)
    try:
        return model.by_id(step)
    except RuntimeError:
        if whole is None:
            raise
    return whole.model.by_id(step)


def complete(model: Any, entities: Sequence[Any], more: Sequence[Any] = ()) -> tuple[Any, list[Any]]:
    """The model and entities themselves where they hold all that the file says of them, else those of the whole.

    more: what belongs to them without being named by them.
    """
    whole: WholeModel | None = getattr(model, _ASIDE, None)
    every = (*entities, *more)
    if whole is None or (len(every) <= _MANY and not any(_lacks(model, one, whole.shells) for one in every)):
        return model, list(entities)
    return whole.model, [whole.model.by_id(id_of(entity)) for entity in entities]


def _lacks(model: Any, entity: Any, shells: frozenset[int]) -> bool:
    return any(id_of(part) in shells for part in model.traverse(entity))
