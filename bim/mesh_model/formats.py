"""Which mesh format a file is in, by its content; the name helps only where the content says nothing."""

from __future__ import annotations

import re
from enum import StrEnum

SUFFIXES = {".gltf", ".glb", ".obj", ".stl", ".ply"}
_OBJ_WORD = re.compile(rb"(vt|vn|vp|f|l|p|o|g|s|mg|usemtl|mtllib|usemap|maplib|cstype|deg)([ \t].*)?")
_OBJ_VERTEX = re.compile(rb"v([ \t]+[-+0-9.eE]+){3,7}")
_STL_TEXT = re.compile(rb"\s*solid\b[^\n]*\n\s*(facet\s+normal|endsolid)", re.IGNORECASE)
_STL_HEAD, _STL_FACET = 84, 50


class MeshFormat(StrEnum):
    """The formats that are read as models without elements."""

    GLB = "GLB"
    GLTF = "glTF"
    OBJ = "OBJ"
    STL = "STL"
    STL_TEXT = "STL (text)"
    PLY = "PLY"


def mesh_format(head: bytes, size: int, suffix: str = "") -> MeshFormat | None:
    """The format of a file. head: its first bytes, 64 KiB are plenty; size: of the whole; suffix: with its dot."""
    if head.startswith(b"glTF"):
        return MeshFormat.GLB
    if head.startswith((b"ply\n", b"ply\r")):
        return MeshFormat.PLY
    if size >= _STL_HEAD and size == _STL_HEAD + _STL_FACET * int.from_bytes(head[80:84], "little"):
        return MeshFormat.STL  # also where its free header begins with "solid", as some writers have it
    if _STL_TEXT.match(head):
        return MeshFormat.STL_TEXT
    if _is_gltf(head, suffix):
        return MeshFormat.GLTF
    if _is_obj(head):
        return MeshFormat.OBJ
    by_name = {".obj": MeshFormat.OBJ, ".ply": MeshFormat.PLY, ".glb": MeshFormat.GLB, ".gltf": MeshFormat.GLTF}
    if suffix == ".stl":
        text = head.lstrip()[:5].lower() == b"solid" and b"\0" not in head
        return MeshFormat.STL_TEXT if text else MeshFormat.STL
    return by_name.get(suffix)


def _is_gltf(head: bytes, suffix: str) -> bool:
    """A JSON object with `asset` that is no 3D Tiles tileset, which has `asset` too."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text.startswith(b"{") or b'"geometricError"' in head:
        return False
    return suffix == ".gltf" or (
        re.search(rb'"asset"\s*:\s*\{', head) is not None
        and re.search(rb'"(meshes|nodes|scenes|buffers|accessors|extensionsUsed)"\s*:', head) is not None
    )


def _is_obj(head: bytes) -> bool:
    """Lines of OBJ keywords, a vertex among them."""
    lines = [line.strip() for line in head.split(b"\n")[:200]]
    said = [line for line in (lines[:-1] if len(head) > 60_000 else lines) if line and not line.startswith(b"#")]
    vertices = [line for line in said if _OBJ_VERTEX.fullmatch(line)]
    return bool(vertices) and len(vertices) + sum(_OBJ_WORD.fullmatch(line) is not None for line in said) == len(said)
