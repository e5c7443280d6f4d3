"""glTF 2.0 and GLB: one object for each node that shows something, the hierarchy kept, meshes stored once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from bim.mesh_model.gltf.document import Document
from bim.mesh_model.gltf.materials import Material, Materials
from bim.mesh_model.limits import MAX_DEPTH, MAX_FACES, MAX_NODES, MAX_PLACEMENTS, MAX_VERTICES, check_count
from bim.mesh_model.model import F64, U16, U32, Model, Node
from twin.errors import Invalid

_UNDERSTOOD = {
    "KHR_mesh_quantization", "EXT_meshopt_compression", "KHR_meshopt_compression", "EXT_mesh_gpu_instancing",
    "KHR_texture_transform", "EXT_texture_webp", "KHR_texture_basisu", "EXT_texture_avif", "KHR_lights_punctual",
    "EXT_mesh_features", "EXT_instance_features", "EXT_structural_metadata", "KHR_xmp_json_ld",
    "KHR_node_visibility", "KHR_animation_pointer", "CESIUM_primitive_outline",
}  # fmt: skip
"""Extensions that are read, or whose lack does not change where a surface is. All KHR_materials_… change looks only."""
_ADVICE = {
    "KHR_draco_mesh_compression": "unpack it first, as `gltf-transform copy` or Blender do",
}


def read(path: Path, name: str) -> Model:
    """Read a document with what lies beside it. Raises Invalid with one sentence where it is broken."""
    document = Document(path, name)
    try:
        return _Reader(document).read()
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError) as error:
        # A member of the wrong type somewhere in the JSON; members that matter are checked by name.
        raise document.broken(f"{type(error).__name__} {error}") from error


class _Reader:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._model = Model(unit=1.0, up="y")
        self._materials = Materials(document, self._model)
        self._meshes: dict[int, int] = {}
        self._faces = self._vertices = self._placements = 0

    def read(self) -> Model:
        self._check_extensions()
        document, model = self._document, self._model
        for key, what in (("animations", "animation"), ("skins", "skin")):
            model.leave_out(what, len(document.list(key)))
        scenes, nodes = document.list("scenes"), document.list("nodes")
        check_count(document.name, "nodes", len(nodes), MAX_NODES)
        if scenes:
            scene = document.item("scenes", document.json.get("scene", 0))
            model.title = str(scene.get("name") or "")
            roots = list(scene.get("nodes") or ())
            model.leave_out("scene", len(scenes) - 1)
        else:
            children = {child for node in nodes for child in node.get("children") or ()}
            roots = [index for index in range(len(nodes)) if index not in children]
        self._walk(roots)
        if not any(node.mesh >= 0 for node in model.nodes):
            raise Invalid(
                f"{document.name} shows no triangle: expected a mesh in its scene; export it again", code="mesh-empty"
            )
        return model

    def _check_extensions(self) -> None:
        required = [str(item) for item in self._document.list("extensionsRequired")]
        unknown = [item for item in required if item not in _UNDERSTOOD and not item.startswith("KHR_materials_")]
        if unknown:
            advice = _ADVICE.get(unknown[0], "export it without")
            raise Invalid(
                f"{self._document.name} requires the glTF extension {unknown[0]}, which is not read: {advice}",
                code="mesh-extension",
            )

    def _walk(self, roots: list[Any]) -> None:
        """Nodes in the order of the document, parents first. A node on its own path is a circle."""
        model, document = self._model, self._document
        waiting: list[tuple[Any, int, F64, tuple[int, ...]]] = [(index, -1, np.eye(4), ()) for index in reversed(roots)]
        while waiting:
            index, parent, above, path = waiting.pop()
            item = document.item("nodes", index)
            if index in path:
                raise document.broken(f"node {index} contains itself")
            if len(path) >= MAX_DEPTH:
                raise document.broken(f"its nodes are nested deeper than {MAX_DEPTH}")
            check_count(document.name, "nodes", len(model.nodes), MAX_NODES)
            matrix = above @ _matrix(item, document)
            node = Node(str(item.get("name") or ""), parent)
            if item.get("mesh") is not None:
                mesh = self._mesh(item["mesh"])
                if mesh is not None:
                    node.mesh, node.places = mesh, matrix @ self._instances(item)
                    self._placements += len(node.places)
                    check_count(document.name, "placed meshes", self._placements, MAX_PLACEMENTS)
                    node.name = node.name or model.meshes[mesh].name
            model.nodes.append(node)
            here = len(model.nodes) - 1
            waiting += [(child, here, matrix, (*path, index)) for child in reversed(item.get("children") or ())]

    def _instances(self, item: Any) -> F64:
        """(p, 4, 4) of EXT_mesh_gpu_instancing, else one identity."""
        attributes = ((item.get("extensions") or {}).get("EXT_mesh_gpu_instancing") or {}).get("attributes") or {}
        parts = {
            key: self._document.numbers(attributes[key])
            for key in ("TRANSLATION", "ROTATION", "SCALE")
            if key in attributes
        }
        if not parts:
            return np.eye(4)[None]
        count = min(len(part) for part in parts.values())
        places = np.tile(np.eye(4), (count, 1, 1))
        turned = _rotation(parts["ROTATION"][:count]) if "ROTATION" in parts else places[:, :3, :3]
        scale = parts["SCALE"][:count] if "SCALE" in parts else np.ones((count, 3))
        places[:, :3, :3] = turned * scale[:, None, :]
        if "TRANSLATION" in parts:
            places[:, :3, 3] = parts["TRANSLATION"][:count]
        return places

    def _mesh(self, index: Any) -> int | None:
        """The number of a mesh in the model, None where it has no triangle."""
        item = self._document.item("meshes", index)
        if index not in self._meshes:
            self._meshes[index] = self._read_mesh(item, str(item.get("name") or ""))
        found = self._meshes[index]
        return found if found >= 0 else None

    def _read_mesh(self, item: Any, name: str) -> int:
        vertices: list[F64] = []
        faces: list[U32] = []
        looks: list[U16] = []
        uv: list[F64] = []
        mapped = False
        total = 0
        for primitive in item.get("primitives") or ():
            part = self._primitive(primitive, name)
            if part is None:
                continue
            vertices.append(part[0])
            faces.append(part[1] + np.uint32(total))
            looks.append(part[2])
            uv.append(np.full((len(part[0]), 2), np.nan) if part[3] is None else part[3])
            mapped = mapped or part[3] is not None
            total += len(part[0])
        if not faces or not sum(map(len, faces)):
            return -1
        return self._model.add_mesh(
            np.concatenate(vertices),
            np.concatenate(faces),
            np.concatenate(looks),
            name,
            np.concatenate(uv) if mapped else None,
        )

    def _primitive(self, primitive: Any, name: str) -> tuple[F64, U32, U16, F64 | None] | None:
        document, attributes = self._document, primitive.get("attributes") or {}
        mode = primitive.get("mode", 4)
        if mode not in (4, 5, 6):
            self._model.leave_out("line or point primitive")
            return None
        if "POSITION" not in attributes:
            self._model.leave_out("primitive without positions")
            return None
        self._model.leave_out("morph target", len(primitive.get("targets") or ()))
        points = document.numbers(attributes["POSITION"])
        if points.shape[1] != 3:
            raise document.broken(f"positions of mesh {name!r} have {points.shape[1]} coordinates")
        index = primitive.get("indices")
        order = np.arange(len(points)) if index is None else document.accessor(index)[:, 0]
        if order.dtype.kind == "f":
            raise document.broken(f"indices of mesh {name!r} are no whole numbers")
        order = order.astype(np.int64)
        if len(order) and not (int(order.min()) >= 0 and int(order.max()) < len(points)):
            wrong = int(order[(order < 0) | (order >= len(points))][0])
            raise document.broken(f"a face of mesh {name!r} names vertex {wrong} of {len(points)}")
        faces = _triangles(order, mode)
        self._vertices += len(points)
        self._faces += len(faces)
        check_count(document.name, "vertices", self._vertices, MAX_VERTICES)
        check_count(document.name, "triangles", self._faces, MAX_FACES)
        material = self._materials.get(primitive.get("material"))
        uv = None if material.texture is None else self._coordinates(attributes, material, len(points))
        colour = self._colours(attributes, faces, len(points))
        return points, faces, self._materials.looks(material, len(faces), mapped=uv is not None, colour=colour), uv

    def _coordinates(self, attributes: Any, material: Material, count: int) -> F64 | None:
        """(count, 2) texture coordinates of the vertices, moved as the material says."""
        key = f"TEXCOORD_{material.coordinates}"
        if key not in attributes:
            return None
        values = self._document.numbers(attributes[key])
        if len(values) != count or values.shape[1] < 2:
            return None
        uv = values[:, :2]
        return uv if material.moved is None else np.asarray(uv @ material.moved[:, :2].T + material.moved[:, 2])

    def _colours(self, attributes: Any, faces: U32, count: int) -> F64 | None:
        """(m, 3, 4) linear colours of the corners."""
        colour = None
        if "COLOR_0" in attributes:
            values = self._document.numbers(attributes["COLOR_0"])
            if len(values) == count and values.shape[1] in (3, 4):
                colour = values[faces]
                if values.shape[1] == 3:
                    colour = np.concatenate([colour, np.ones((*colour.shape[:2], 1))], axis=2)
        return colour


def _triangles(order: np.ndarray[Any, np.dtype[np.int64]], mode: int) -> U32:
    """(m, 3) of a list, strip or fan."""
    if mode == 4:
        return order[: len(order) // 3 * 3].reshape(-1, 3).astype(np.uint32)
    if len(order) < 3:
        return np.empty((0, 3), np.uint32)
    if mode == 6:
        return np.column_stack([np.full(len(order) - 2, order[0]), order[1:-1], order[2:]]).astype(np.uint32)
    faces = np.column_stack([order[:-2], order[1:-1], order[2:]])
    faces[1::2] = faces[1::2][:, [1, 0, 2]]
    return faces.astype(np.uint32)


def _matrix(item: Any, document: Document) -> F64:
    """(4, 4) from the node's frame to its parent's."""
    if item.get("matrix") is not None:
        matrix = np.array(item["matrix"], np.float64).reshape(4, 4).T
    else:
        matrix = np.eye(4)
        turn = np.array(item.get("rotation", (0.0, 0.0, 0.0, 1.0)), np.float64).reshape(1, 4)
        matrix[:3, :3] = _rotation(turn)[0] * np.array(item.get("scale", (1.0, 1.0, 1.0)), np.float64).reshape(3)
        matrix[:3, 3] = np.array(item.get("translation", (0.0, 0.0, 0.0)), np.float64).reshape(3)
    if not np.isfinite(matrix).all():
        raise document.broken(f"node {item.get('name')!r} has a placement that is not finite")
    return matrix


def _rotation(quaternion: F64) -> F64:
    """(n, 3, 3) of unit quaternions x, y, z, w (n, 4); others are brought to unit length."""
    length = np.linalg.norm(quaternion, axis=1, keepdims=True)
    x, y, z, w = (quaternion / np.where(length > 0, length, 1.0)).T
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    return np.moveaxis(np.array(rows), 2, 0)
