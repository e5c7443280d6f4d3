"""The scene graph in DuckDB. Only this package writes SQL on the tables of `schema.py`."""

from twin.graph.database import Database
from twin.graph.store import GraphStore

__all__ = ["Database", "GraphStore"]
