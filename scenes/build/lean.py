"""Keeps a build worker from importing what its libraries only use on the side.

pyarrow loads pandas to see whether a list is a pandas object: 0.2 to 0.4 CPU-seconds, in a worker that
lives for less. IfcOpenShell loads lark and makes a parser for a text that no reader of ours asks for: 0.05.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any


class _Absent(MetaPathFinder):
    """Answers for one module as if it were not installed."""

    def __init__(self, name: str) -> None:
        self._name = name

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Raise ModuleNotFoundError for that module, None for all others."""
        if fullname == self._name:
            raise ModuleNotFoundError(fullname, name=fullname)
        return None


def without_pandas() -> None:
    """For a build that reads no vector maps (geopandas needs it): pyarrow then does without."""
    if "pandas" not in sys.modules:
        sys.meta_path.insert(0, _Absent("pandas"))


def ifcopenshell_without_lark() -> None:
    """Import IfcOpenShell as where lark is not installed, which it looks for in another way."""
    modules: dict[str, Any] = sys.modules
    modules.setdefault("lark", None)
    with redirect_stderr(io.StringIO()):  # it tells that it has no `ifcopenshell.stream` then
        import_module("ifcopenshell")
