"""Ids that stay when a model is exported again: the path of names, and a hash of the geometry where there is no name."""

from __future__ import annotations

import hashlib

import numpy as np

from bim.mesh_model.model import Mesh, Model
from bim.text import clean

ROOT = "model"
_LONGEST = 240


class Names:
    """Ids and names of the nodes that are kept: those with a mesh, and what leads to them.

    kept: their indices, parents first; ids, names: by place in `kept`, None where the file has no name;
    repeated: how many ids needed a number.
    """

    def __init__(self, model: Model) -> None:
        self.kept = _kept(model)
        self.ids: list[str] = []
        self.names: list[str | None] = []
        self.repeated = 0
        place: dict[int, int] = {-1: -1}
        taken: dict[str, int] = {ROOT: 1}
        for number, index in enumerate(self.kept):
            node = model.nodes[index]
            name = clean(node.name)
            own = name or _made_up(model, node.mesh)
            above = place[node.parent]
            path = own if above < 0 else f"{self.ids[above]}/{own}"
            if len(path) > _LONGEST:
                path = f"{path[:200]}#{hashlib.sha256(path.encode()).hexdigest()[:16]}"
            self.ids.append(self._unique(path, taken))
            self.names.append(name)
            place[index] = number
        self.parents = [
            ROOT if model.nodes[i].parent < 0 else self.ids[place[model.nodes[i].parent]] for i in self.kept
        ]

    def _unique(self, path: str, taken: dict[str, int]) -> str:
        """The path, numbered where a sibling has the same."""
        found = path
        while found in taken:
            taken[path] = taken.get(path, 1) + 1
            found = f"{path}~{taken[path]}"
        taken[found] = 1
        self.repeated += found != path
        return found


def _kept(model: Model) -> list[int]:
    wanted = [node.mesh >= 0 for node in model.nodes]
    for index in range(len(model.nodes) - 1, -1, -1):  # parents stand before their children
        if wanted[index] and model.nodes[index].parent >= 0:
            wanted[model.nodes[index].parent] = True
    return [index for index, yes in enumerate(wanted) if yes]


def _made_up(model: Model, mesh: int) -> str:
    if mesh < 0:
        return "node"
    return f"mesh-{geometry_hash(model.meshes[mesh])}"


def geometry_hash(mesh: Mesh) -> str:
    """Ten digits of a hash over the triangles; the same for the same geometry."""
    total = hashlib.sha256(np.ascontiguousarray(mesh.vertices, "<f8").tobytes())
    total.update(np.ascontiguousarray(mesh.faces, "<u4").tobytes())
    return total.hexdigest()[:10]
