"""IFC in: graph, properties, quantities, meshes. Review out: findings of rules."""

from bim.reader import read

__all__ = ["read"]
