"""Meshes on their way into a glTF file: vertices and indices on disk, what describes them in memory.

All attributes of one kind stand in one buffer view, so that a file of many objects stays small and quick to read.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

import meshopt
import numpy as np
import numpy.typing as npt

from scenes.export.glb.images import Images
from scenes.export.glb.pieces import F64, I64, Soup
from twin.errors import Unavailable

BYTE, SHORT, UNSIGNED_SHORT, UNSIGNED_INT, FLOAT = 5120, 5122, 5123, 5125, 5126
VERTICES, INDICES = 34962, 34963
HALF = 32767
MOST = (1 << 32) - 1
"""Bytes of a GLB, by its 32-bit length field (glTF 2.0, 4.4.1)."""
MESHOPT, QUANTIZATION, WEBP = "EXT_meshopt_compression", "KHR_mesh_quantization", "EXT_texture_webp"
Array = npt.NDArray[Any]


class MeshStore:
    """Collects meshes. compact: 16-bit positions, 8-bit normals and meshopt compression, else plain float32."""

    def __init__(self, folder: Path, *, compact: bool) -> None:
        self._compact = compact
        self._names = ("position", "normal", "narrow", "wide", "uv")
        self._paths = {name: folder / f"{name}.bin" for name in self._names}
        self._streams: dict[str, BinaryIO] = {name: path.open("wb") for name, path in self._paths.items()}
        self._images = Images()
        self._materials: dict[tuple[int, int], int] = {}
        self._accessors: list[dict[str, Any]] = []
        self.meshes: list[dict[str, Any]] = []
        self.triangles = 0

    def add(self, soup: Soup, group: I64) -> tuple[I64, F64]:
        """Store the triangles of several meshes. group (n,): the mesh of each vertex, 0 … k−1, every one used.

        Returns the meshes' numbers (k,) and the scale (k,) that their nodes need.
        """
        count = int(group.max()) + 1
        scale = self._scales(soup, group, count)
        colour = np.ascontiguousarray(soup.colour).view("<u4").ravel().astype(np.int64)
        shown = self._images.numbers(soup)
        looks = len(self._images.textures) + 1
        primitives, which = np.unique((group * looks + shown + 1) * (1 << 32) + colour, return_inverse=True)
        order = np.argsort(which, kind="stable")
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        starts = np.append(np.searchsorted(which[order], np.arange(len(primitives))), len(order))
        face_key = which[soup.faces[:, 0]]
        face_order = np.argsort(face_key, kind="stable")
        faces = place[soup.faces[face_order]]
        face_starts = np.append(np.searchsorted(face_key[face_order], np.arange(len(primitives))), len(faces))
        self._write_vertices(soup, order, scale[group[order]] if self._compact else None, starts)
        first = len(self.meshes)
        self.meshes += [{"primitives": []} for _ in range(count)]
        base = len(self._accessors) - 2 * len(primitives)
        for number, value in enumerate(primitives.tolist()):
            mesh, image = divmod(value >> 32, looks)
            chosen = faces[face_starts[number] : face_starts[number + 1]] - starts[number]
            if not len(chosen):
                continue
            attributes = {"POSITION": base + 2 * number, "NORMAL": base + 2 * number + 1}
            if image:
                attributes["TEXCOORD_0"] = self._coordinates(soup.uv[order[starts[number] : starts[number + 1]]])
            self.meshes[first + mesh]["primitives"].append(
                {
                    "attributes": attributes,
                    "indices": self._indices(chosen, int(starts[number + 1] - starts[number])),
                    "material": self._materials.setdefault((value & 0xFFFFFFFF, image - 1), len(self._materials)),
                }
            )
        self.triangles += len(faces)
        return np.arange(first, len(self.meshes)), scale

    def _scales(self, soup: Soup, group: I64, count: int) -> F64:
        """By mesh, metres of one unit of the stored positions."""
        if not self._compact:
            return np.ones(count)
        reach = np.zeros(count)
        np.maximum.at(reach, group, np.abs(soup.position).max(axis=1))
        return np.where(reach > 0, reach / HALF, 1.0)

    def _write_vertices(self, soup: Soup, order: I64, scale: F64 | None, starts: I64) -> None:
        """Positions and normals in order; two accessors for each primitive."""
        if scale is None:
            position: Array = soup.position[order].astype("<f4")
            normal: Array = soup.normal[order].astype("<f4")
        else:
            position = np.zeros((len(order), 4), "<i2")
            position[:, :3] = np.rint(soup.position[order] / scale[:, None])
            normal = np.zeros((len(order), 4), np.int8)
            normal[:, :3] = np.rint(soup.normal[order] * 127)
        offset, normal_offset = (self._streams[name].tell() for name in ("position", "normal"))
        self._put("position", position)
        self._put("normal", normal)
        low = np.minimum.reduceat(position[:, :3], starts[:-1]).tolist()
        high = np.maximum.reduceat(position[:, :3], starts[:-1]).tolist()
        step, normal_step = position.itemsize * position.shape[1], normal.itemsize * normal.shape[1]
        kind = FLOAT if scale is None else SHORT
        for number, (start, end) in enumerate(zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)):
            common = {"count": end - start, "type": "VEC3"}
            self._accessors.append(
                {"bufferView": 0, "byteOffset": offset + start * step, "componentType": kind, **common,
                 "min": low[number], "max": high[number]}
            )  # fmt: skip
            extra = {} if scale is None else {"normalized": True}
            self._accessors.append(
                {"bufferView": 1, "byteOffset": normal_offset + start * normal_step,
                 "componentType": FLOAT if scale is None else BYTE, **common, **extra}
            )  # fmt: skip

    def _coordinates(self, uv: F64) -> int:
        offset = self._streams["uv"].tell()
        self._put("uv", uv.astype("<f4"))
        self._accessors.append(
            {"bufferView": 4, "byteOffset": offset, "componentType": FLOAT, "count": len(uv), "type": "VEC2"}
        )
        return len(self._accessors) - 1

    @property
    def has_images(self) -> bool:
        """Whether some of the meshes show an image."""
        return bool(self._images.data)

    def _indices(self, faces: I64, vertices: int) -> int:
        narrow = vertices < 0xFFFF  # the greatest number is kept free: it restarts strips
        name = "narrow" if narrow else "wide"
        offset = self._streams[name].tell()
        self._put(name, faces.ravel().astype("<u2" if narrow else "<u4"))
        self._accessors.append(
            {"bufferView": 2 if narrow else 3, "byteOffset": offset, "count": faces.size, "type": "SCALAR",
             "componentType": UNSIGNED_SHORT if narrow else UNSIGNED_INT}
        )  # fmt: skip
        return len(self._accessors) - 1

    def _put(self, name: str, data: Array) -> None:
        self._streams[name].write(np.ascontiguousarray(data).tobytes())
        if sum(stream.tell() for stream in self._streams.values()) > MOST:
            raise Unavailable(
                f"The selection needs more than {MOST >> 30} GB as one glTF file: select less", code="export-too-large"
            )

    def close(self) -> None:
        """Finish writing; the parts can be read."""
        for stream in self._streams.values():
            stream.close()

    def finish(self) -> tuple[dict[str, Any], list[Path | bytes]]:
        """The members of the glTF document that the store owns, and the parts of its binary chunk in order."""
        self.close()
        views: list[dict[str, Any]] = []
        parts: list[Path | bytes] = []
        renumbered: dict[int, int] = {}
        offset = fallback = 0
        strides = {"position": 8 if self._compact else 12, "normal": 4 if self._compact else 12, "uv": 8}
        for number, name in enumerate(self._names):
            size = self._paths[name].stat().st_size
            if not size:
                continue
            renumbered[number] = len(views)
            view: dict[str, Any] = {"buffer": 0, "byteOffset": offset, "byteLength": size}
            stored: Path | bytes = self._paths[name]
            written = size
            if self._compact:
                stored, extension = self._packed(name, strides.get(name, 0))
                written = len(stored)
                view = {"buffer": 1, "byteOffset": fallback, "byteLength": size}
                view["extensions"] = {MESHOPT: {"buffer": 0, "byteOffset": offset, "byteLength": written, **extension}}
                fallback += size + -size % 4
            if name in strides:
                view["byteStride"] = strides[name]
            view["target"] = VERTICES if name in strides else INDICES
            views.append(view)
            parts += [stored, b"\0" * (-written % 4)]
            offset += written + -written % 4
        for accessor in self._accessors:
            accessor["bufferView"] = renumbered[accessor["bufferView"]]
        images: list[dict[str, Any]] = []
        for data in self._images.data:
            images.append({"bufferView": len(views), "mimeType": "image/webp"})
            views.append({"buffer": 0, "byteOffset": offset, "byteLength": len(data)})
            parts += [data, b"\0" * (-len(data) % 4)]
            offset += len(data) + -len(data) % 4
        buffers: list[dict[str, Any]] = [{"byteLength": offset}]
        if self._compact:
            buffers.append({"byteLength": fallback, "extensions": {MESHOPT: {"fallback": True}}})
        return {
            "meshes": self.meshes,
            "materials": [self._images.material(_material(value), image) for value, image in self._materials],
            **({"images": images, **self._images.document()} if images else {}),
            "accessors": self._accessors,
            "bufferViews": views,
            "buffers": buffers,
        }, parts

    def _packed(self, name: str, stride: int) -> tuple[bytes, dict[str, Any]]:
        dtype = {"position": "<i2", "normal": "i1", "narrow": "<u2", "wide": "<u4", "uv": "<f4"}[name]
        data = np.fromfile(self._paths[name], dtype)
        rows = data.reshape(-1, stride // data.itemsize) if stride else data
        mode = "ATTRIBUTES" if stride else "TRIANGLES"
        packed = bytes(meshopt.encode_gltf_buffer(rows, mode))
        return packed, {"byteStride": stride or data.itemsize, "count": len(rows), "mode": mode}


def _material(value: int) -> dict[str, Any]:
    """A material by its packed linear RGBA; named by its sRGB colour, as people know it."""
    rgba = np.array([value], "<u4").view(np.uint8).astype(np.float64) / 255
    srgb = np.where(rgba[:3] <= 0.0031308, rgba[:3] * 12.92, 1.055 * rgba[:3] ** (1 / 2.4) - 0.055)
    name = "#" + "".join(f"{round(float(part) * 255):02X}" for part in srgb)
    clear = rgba[3] < 1
    found: dict[str, Any] = {
        "name": f"{name} {round(float(rgba[3]) * 100)} %" if clear else name,
        "pbrMetallicRoughness": {
            "baseColorFactor": [round(float(part), 6) for part in rgba],
            "metallicFactor": 0,
            "roughnessFactor": 0.9,
        },
        "doubleSided": True,
    }
    return {**found, "alphaMode": "BLEND"} if clear else found
