"""Small mesh models authored for the tests, and the reader run over them."""

from __future__ import annotations

import base64
import json
import struct
from pathlib import Path

import numpy as np

from bim.mesh_model import read
from tests.bim.ifc_files import WUHAN
from twin.geometry.spool import MeshSpool
from twin.layer import ReadContext

CORNERS = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], np.float64)
BOX = np.array(
    [[0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1], [2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4], [1, 5, 7], [1, 7, 3]]
)  # fmt: skip
"""A closed unit cube, outward."""


class Gltf:
    """A document under construction; `glb` and `gltf` write it."""

    def __init__(self) -> None:
        self.json = {"asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": []}]}
        self.bin = b""

    def add(self, key, **item):
        self.json.setdefault(key, []).append(item)
        return len(self.json[key]) - 1

    def accessor(self, values, kind="f4", **more):
        values = np.asarray(values, f"<{kind}")
        values = values.reshape(len(values), -1)
        self.bin += b"\0" * (-len(self.bin) % 4)
        view = self.add("bufferViews", buffer=0, byteOffset=len(self.bin), byteLength=values.nbytes)
        self.bin += values.tobytes()
        types = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4"}
        codes = {"i1": 5120, "u1": 5121, "i2": 5122, "u2": 5123, "u4": 5125, "f4": 5126}
        return self.add(
            "accessors",
            bufferView=view,
            componentType=codes[kind],
            count=len(values),
            type=types[values.shape[1]],
            **more,
        )

    def box(self, name=None, size=(1, 1, 1), material=None, **attributes):
        primitive = {
            "attributes": {"POSITION": self.accessor(CORNERS * size), **attributes},
            "indices": self.accessor(BOX.ravel(), "u2"),
        }
        if material is not None:
            primitive["material"] = material
        return self.add("meshes", primitives=[primitive], **({"name": name} if name else {}))

    def node(self, *, root=True, **item):
        index = self.add("nodes", **item)
        if root:
            self.json["scenes"][0]["nodes"].append(index)
        return index

    def _finish(self, uri=None):
        self.json["buffers"] = [{"byteLength": len(self.bin), **({"uri": uri} if uri else {})}]
        return json.dumps(self.json).encode()

    def glb(self, path):
        text = self._finish()
        text += b" " * (-len(text) % 4)
        data = self.bin + b"\0" * (-len(self.bin) % 4)
        body = struct.pack("<II", len(text), 0x4E4F534A) + text + struct.pack("<II", len(data), 0x004E4942) + data
        Path(path).write_bytes(b"glTF" + struct.pack("<II", 2, 12 + len(body)) + body)
        return Path(path)

    def gltf(self, path, side=None):
        if side:
            (Path(path).parent / side).write_bytes(self.bin)
        uri = side or "data:application/octet-stream;base64," + base64.b64encode(self.bin).decode()
        Path(path).write_bytes(self._finish(uri))
        return Path(path)


def read_mesh(path, folder, frame=WUHAN, **context):
    """Read a file; returns the draft and the closed spool."""
    spool = MeshSpool(Path(folder) / "spool")
    try:
        draft = read(ReadContext(Path(path), "m", frame=frame, **context), spool)
    finally:
        reader = spool.close()
    return draft, reader


def objects(draft):
    return {row["id"]: row for row in draft.objects.to_pylist()}


def quantity(draft, local, name):
    return next((q["value"] for q in draft.quantities.to_pylist() if (q["id"], q["name"]) == (local, name)), None)


def prop(draft, local, name):
    return next((p["value"] for p in draft.properties.to_pylist() if (p["id"], p["name"]) == (local, name)), None)


def colours(spool, local):
    """The colours of an object's faces, in order."""
    row = np.flatnonzero(spool.placed_object == spool.objects.index(local))[0]
    return [spool.materials[m].rgba for m in spool.shape(int(spool.placed_shape[row])).material]
