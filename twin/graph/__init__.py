"""The scene graph in DuckDB. Only this package writes SQL on the tables of `schema.py`.

The store is imported when it is first asked for: a build writes tables and needs no DuckDB.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from twin.graph.database import Database
    from twin.graph.store import GraphStore

__all__ = ["Database", "GraphStore"]
_WHERE = {"Database": "database", "GraphStore": "store"}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
