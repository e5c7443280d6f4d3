"""Reads tiles back: an own GLB decoder that shares no code with the writer."""

from __future__ import annotations

import io
import itertools
import json
import struct
from dataclasses import dataclass

import meshopt
import numpy as np
from PIL import Image

DTYPES = {5120: "i1", 5121: "u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
WIDTH = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}
LIMIT = {"int8": 127, "uint8": 255, "int16": 32767, "uint16": 65535}


@dataclass
class Drawn:
    """One primitive in the park frame: position (n, 3), normal (None: each face has its own), colour (linear 0..1),
    ordinal (n,), faces.

    Textured ones: uv (n, 2), image (h, w, channels) 0..255, wrap as in the sampler.
    """

    material: str
    position: np.ndarray
    normal: np.ndarray | None
    colour: np.ndarray | None
    ordinal: np.ndarray
    faces: np.ndarray
    uv: np.ndarray | None = None
    image: np.ndarray | None = None
    wrap: tuple[int, int] | None = None

    def shown(self, face, weights=(1 / 3, 1 / 3, 1 / 3)):
        """The image's colour at a point of a face, 0..255."""
        u, v = np.asarray(weights) @ self.uv[self.faces[face]]
        height, width = self.image.shape[:2]
        at = []
        for value, size, wrap in ((u, width, self.wrap[0]), (v, height, self.wrap[1])):
            inside = {10497: value % 1.0, 33071: min(max(value, 0), 1), 33648: 1 - abs(value % 2.0 - 1)}[wrap]
            at.append(min(int(inside * size), size - 1))
        return self.image[at[1], at[0], :3].astype(int)


class Glb:
    def __init__(self, data: bytes):
        magic, version, length = struct.unpack_from("<4sII", data)
        assert (magic, version, length) == (b"glTF", 2, len(data))
        size, kind = struct.unpack_from("<I4s", data, 12)
        assert kind == b"JSON"
        self.json = json.loads(data[20 : 20 + size])
        start = 20 + size
        self.binary = b""
        if start < len(data):
            length, kind = struct.unpack_from("<I4s", data, start)
            assert kind == b"BIN\0"
            assert (start + 8) % 8 == 0
            self.binary = data[start + 8 : start + 8 + length]

    def view(self, index, *, octahedral=True):
        """The bytes of a view. octahedral: normals as they are drawn, else as they are stored."""
        view = self.json["bufferViews"][index]
        packed = view.get("extensions", {}).get("EXT_meshopt_compression")
        if packed is None:
            return self.binary[view["byteOffset"] : view["byteOffset"] + view["byteLength"]]
        stream = self.binary[packed["byteOffset"] : packed["byteOffset"] + packed["byteLength"]]
        kept = packed.get("filter")
        kept = None if kept == "OCTAHEDRAL" and not octahedral else kept
        out = meshopt.decode_gltf_buffer(stream, packed["count"], packed["byteStride"], packed["mode"], kept)
        return np.ascontiguousarray(out).tobytes()

    def accessor(self, index):
        item = self.json["accessors"][index]
        dtype, width = np.dtype(DTYPES[item["componentType"]]), WIDTH[item["type"]]
        data = self.view(item["bufferView"])
        stride = self.json["bufferViews"][item["bufferView"]].get("byteStride", dtype.itemsize * width)
        rows = np.frombuffer(data, np.uint8).reshape(item["count"], stride)[:, : dtype.itemsize * width]
        values = np.ascontiguousarray(rows).view(dtype).reshape(item["count"], width)
        if "min" in item:
            assert values.min(axis=0).tolist() == item["min"]
            assert values.max(axis=0).tolist() == item["max"]
        if item.get("normalized"):
            values = values / LIMIT[values.dtype.name]
        return values if width > 1 else values[:, 0]

    def table(self):
        extension = self.json["extensions"]["EXT_structural_metadata"]
        (table,) = extension["propertyTables"]
        declared = extension["schema"]["classes"][table["class"]]["properties"]
        assert set(declared) == set(table["properties"])
        count, columns = table["count"], {}
        for name, item in table["properties"].items():
            data = self.view(item["values"])
            if declared[name]["type"] == "SCALAR":
                columns[name] = np.frombuffer(data, "<u4")
                continue
            offsets = np.frombuffer(
                self.view(item["stringOffsets"]), "<" + {"UINT16": "u2", "UINT32": "u4"}[item["stringOffsetType"]]
            )
            assert len(offsets) == count + 1
            assert offsets[-1] == len(data)
            columns[name] = [data[a:b].decode() for a, b in itertools.pairwise(offsets)]
        return {**{name: [""] * count for name in ("gid", "name", "class", "storey")}, **columns}

    def texture(self, material):
        """(image, wrap) of a material, or (None, None)."""
        base = material["pbrMetallicRoughness"].get("baseColorTexture")
        if base is None:
            return None, None
        texture = self.json["textures"][base["index"]]
        image = self.json["images"][texture["extensions"]["EXT_texture_webp"]["source"]]
        assert image["mimeType"] == "image/webp"
        sampler = self.json["samplers"][texture["sampler"]]
        pixels = np.asarray(Image.open(io.BytesIO(self.view(image["bufferView"])), formats=("WEBP",)))
        return pixels, (sampler["wrapS"], sampler["wrapT"])

    def drawn(self):
        table = self.table()
        result = []
        for node in self.json.get("nodes", []):
            shift, scale = np.array(node["translation"]), np.array(node.get("scale", [1, 1, 1]))
            extensions = node.get("extensions", {})
            instances = extensions.get("EXT_mesh_gpu_instancing")
            for primitive in self.json["meshes"][node["mesh"]]["primitives"]:
                attributes = primitive["attributes"]
                position = self.accessor(attributes["POSITION"]).astype(float)
                normal = self.accessor(attributes["NORMAL"]).astype(float) if "NORMAL" in attributes else None
                colour = self.accessor(attributes["COLOR_0"]) if "COLOR_0" in attributes else None
                corners = 2 if primitive.get("mode", 4) == 1 else 3
                faces = self.accessor(primitive["indices"]).astype(int).reshape(-1, corners)
                uv = self.accessor(attributes["TEXCOORD_0"]) if "TEXCOORD_0" in attributes else None
                material = self.json["materials"][primitive["material"]]
                image, wrap = self.texture(material)
                material, look = material["name"], {"uv": uv, "image": image, "wrap": wrap}
                if instances is None:
                    feature = self.accessor(attributes["_FEATURE_ID_0"])
                    (ids,) = primitive["extensions"]["EXT_mesh_features"]["featureIds"]
                    assert ids == {"featureCount": len(set(feature.tolist())), "attribute": 0, "propertyTable": 0}
                    result.append(
                        Drawn(
                            material,
                            z_up(position * scale + shift),
                            z_up(normal),
                            colour,
                            table["ordinal"][feature],
                            faces,
                            **look,
                        )
                    )
                    continue
                (ids,) = extensions["EXT_instance_features"]["featureIds"]
                given = {name: self.accessor(index) for name, index in instances["attributes"].items()}
                assert ids["featureCount"] == len(set(given["_FEATURE_ID_0"].tolist()))
                for i, feature in enumerate(given["_FEATURE_ID_0"]):
                    turn = rotation(given["ROTATION"][i]) if "ROTATION" in given else np.eye(3)
                    points = (position * given["SCALE"][i]) @ turn.T + given["TRANSLATION"][i] + shift
                    ordinal = np.full(len(points), table["ordinal"][feature])
                    turned = None if normal is None else z_up(normal @ turn.T)
                    result.append(Drawn(material, z_up(points), turned, colour, ordinal, faces, **look))
        return result


def rotation(q):
    x, y, z, w = (float(value) for value in q)
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def z_up(points):
    """3D Tiles turns glTF's y up to z up: (x, y, z) → (x, -z, y)."""
    return None if points is None else np.column_stack((points[:, 0], -points[:, 2], points[:, 1]))


def read_tiles(folder):
    """(tile JSON, Glb or None) of all tiles, parents first, and the tileset."""
    tileset = json.loads((folder / "tileset.json").read_text(encoding="utf-8"))
    result, queue = [], [tileset["root"]]
    while queue:
        tile = queue.pop(0)
        content = tile.get("content")
        result.append((tile, Glb((folder / content["uri"]).read_bytes()) if content else None))
        queue.extend(tile.get("children", []))
    return tileset, result


def bounds(volume):
    centre, half = np.array(volume["box"][:3]), np.array(volume["box"][3:]).reshape(3, 3)
    assert np.array_equal(half, np.diag(np.diag(half)))
    return centre - np.diag(half), centre + np.diag(half)
