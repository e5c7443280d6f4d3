"""Reproducible IFC GlobalIds: the same seed and key give the same id."""

from __future__ import annotations

import hashlib

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$"


def global_id(seed: int, key: str) -> str:
    """22 characters of the IFC base-64 alphabet from 128 bits of a keyed hash (a UUID in IFC's writing)."""
    number = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=16, key=seed.to_bytes(8, "big")).digest(), "big")
    # RFC 9562 version 8 (custom) and variant bits, so that the id reads back as a valid UUID.
    number = number & ~(0xF << 76) | (0x8 << 76)
    number = number & ~(0x3 << 62) | (0x2 << 62)
    return "".join(_DIGITS[(number >> shift) & 63] for shift in range(126, -1, -6))
