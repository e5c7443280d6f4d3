"""The scene graph in DuckDB. Only this package writes SQL on the tables of `schema.py`.

The store is imported when it is first asked for: a build writes tables and needs no DuckDB.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from twin.graph.database import Database
    from twin.graph.store import GraphStore

__all__ = ["Database", "GraphStore"]


def __getattr__(name: str) -> Any:
    if name == "Database":
        from twin.graph.database import Database  # noqa: PLC0415

        return Database
    if name == "GraphStore":
        from twin.graph.store import GraphStore  # noqa: PLC0415

        return GraphStore
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
