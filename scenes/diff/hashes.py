"""Hashes of what objects say: of their rows of properties or quantities, whatever their order."""

from __future__ import annotations

import hashlib

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

SEPARATOR = "\x1f"
MODULUS = 2**63 - 1


def hashes(rows: pa.Table, ids: pa.Array) -> pa.Array:
    """One int64 per id: the sum of its rows' hashes modulo 2^63 - 1, null without rows. rows: id, set, name, value, unit.

    A row's hash is the last 64 bits of the MD5 of its texts, joined: set and name only where they are given, value and
    unit with nothing for null. A sum does not depend on the order of the rows.
    """
    owner = pc.index_in(rows.column("id"), value_set=ids)
    known = owner.is_valid()
    place = owner.filter(known).combine_chunks().to_numpy()
    told = _told(rows.filter(known)).dictionary_encode()
    number = _md5(told.dictionary)[told.indices.to_numpy()]
    # 64 bits would overflow in a sum: 32 at a time, and 2^63 counts as 1.
    low, high = (np.zeros(len(ids), np.uint64) for _ in range(2))
    np.add.at(low, place, number & np.uint64(0xFFFFFFFF))
    np.add.at(high, place, number >> np.uint64(32))
    total = (high >> np.uint64(31)) + ((high & np.uint64(0x7FFFFFFF)) << np.uint64(32)) + low
    none = np.bincount(place, minlength=len(ids)) == 0
    return pa.array((total % np.uint64(MODULUS)).astype(np.int64), mask=none)


def _told(rows: pa.Table) -> pa.Array:
    """Each row as one text."""
    value = rows.column("value")
    if pa.types.is_floating(value.type):
        found = value.combine_chunks().dictionary_encode()
        value = pa.array([repr(number) for number in found.dictionary.to_pylist()], pa.string()).take(found.indices)
    texts = [rows.column("set"), rows.column("name"), pc.fill_null(value, ""), pc.fill_null(rows.column("unit"), "")]
    joined = pc.binary_join_element_wise(*texts, SEPARATOR, null_handling="skip")
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def _md5(texts: pa.Array) -> np.ndarray:
    """(n,) uint64: the last eight bytes of each text's MD5, the lowest first."""
    digests = b"".join(
        hashlib.md5(text, usedforsecurity=False).digest() for text in texts.cast(pa.binary()).to_pylist()
    )
    return np.frombuffer(digests, "<u8")[1::2]
