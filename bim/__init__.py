"""IFC in: graph, properties, quantities, meshes. Models without elements in. Review out: findings of rules."""

from __future__ import annotations

from twin.geometry.spool import MeshSpool
from twin.layer import LayerDraft, ReadContext


def read(context: ReadContext, spool: MeshSpool) -> LayerDraft:
    """Read an IFC model; see `bim.reader.read`. Imported late: telling formats apart needs no geometry kernel."""
    from bim.reader import read as read_ifc  # noqa: PLC0415

    return read_ifc(context, spool)


__all__ = ["read"]
