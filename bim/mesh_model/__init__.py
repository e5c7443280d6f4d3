"""Models without elements in: glTF, OBJ, STL and PLY, each node, group or solid one object."""

from __future__ import annotations

from twin.geometry.spool import MeshSpool
from twin.layer import LayerDraft, ReadContext


def read(context: ReadContext, spool: MeshSpool) -> LayerDraft:
    """Read a mesh model; see `bim.mesh_model.reader.read`. Imported late: telling formats apart needs no reader."""
    from bim.mesh_model.reader import read as read_model  # noqa: PLC0415

    return read_model(context, spool)


__all__ = ["read"]
