"""The GLB container: header, JSON chunk, binary chunk."""

from __future__ import annotations

import json
import struct
from typing import Any

MAGIC = b"glTF"


def pack(document: dict[str, Any], binary: bytes) -> bytes:
    """A GLB whose binary data starts at a multiple of 8 bytes, as property tables need."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-(len(text) + 28) % 8)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text
    if binary:
        chunks += struct.pack("<I4s", len(binary), b"BIN\0") + binary
    return struct.pack("<4sII", MAGIC, 2, 12 + len(chunks)) + chunks


def unpack(data: bytes) -> tuple[dict[str, Any], bytes]:
    """The document and the binary data of a GLB that `pack` made."""
    document, begin = described(data)
    return document, data[begin:]


def described(data: bytes) -> tuple[dict[str, Any], int]:
    """The document of a GLB that `pack` made, and where its binary data begins (or would)."""
    (length,) = struct.unpack_from("<I", data, 12)
    return json.loads(data[20 : 20 + length]), min(28 + length, len(data))
