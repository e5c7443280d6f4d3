"""Hashes of what objects say: of their rows of properties or quantities, whatever their order."""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from twin.encoded import I64, codes, together

SEPARATOR = "\x1f"
MODULUS = 2**63 - 1


def hashes(rows: pa.Table, ids: pa.Array) -> pa.Array:
    """One int64 per id: the sum of its rows' hashes modulo 2^63 - 1, null without rows. rows: id, set, name, value, unit.

    A row's hash is the last 64 bits of the MD5 of its texts, joined: set and name only where they are given, value and
    unit with nothing for null. A sum does not depend on the order of the rows.
    """
    owner, known = codes(rows.column("id"))
    place = pc.index_in(known, value_set=ids).fill_null(len(ids)).to_numpy()
    place = np.append(place, len(ids))[owner]  # rows of others gather behind
    which, example = _different(rows)
    number = _md5(_told(rows.take(example)))[which]
    # 64 bits would overflow in a sum: 32 at a time, and 2^63 counts as 1.
    low, high = (np.zeros(len(ids) + 1, np.uint64) for _ in range(2))
    np.add.at(low, place, number & np.uint64(0xFFFFFFFF))
    np.add.at(high, place, number >> np.uint64(32))
    total = (high >> np.uint64(31)) + ((high & np.uint64(0x7FFFFFFF)) << np.uint64(32)) + low
    none = np.bincount(place, minlength=len(ids) + 1) == 0
    return pa.array((total % np.uint64(MODULUS)).astype(np.int64)[:-1], mask=none[:-1])


def _different(rows: pa.Table) -> tuple[I64, I64]:
    """Which of the different rows each is (n,), and where one of each stands; set, name, value and unit count."""
    parts = [codes(rows.column(name)) for name in ("set", "name", "value", "unit")]
    whole = pa.array(together(*((number, len(values) + 1) for number, values in parts)))
    which = whole.dictionary_encode().indices.to_numpy().astype(np.int64)
    example = np.zeros(int(which.max(initial=-1)) + 1, np.int64)
    example[which] = np.arange(len(rows))
    return which, example


def _told(rows: pa.Table) -> pa.Array:
    """Each row as one text."""
    rows = rows.combine_chunks()
    value = rows.column("value")
    if pa.types.is_floating(value.type):
        value = pa.array([None if number is None else repr(number) for number in value.to_pylist()], pa.string())
    texts = [rows.column("set"), rows.column("name"), pc.fill_null(value, ""), pc.fill_null(rows.column("unit"), "")]
    plain = [text.cast(pa.string()) for text in texts]
    joined = pc.binary_join_element_wise(*plain, SEPARATOR, null_handling="skip")
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def _md5(texts: pa.Array) -> npt.NDArray[np.uint64]:
    """(n,) uint64: the last eight bytes of each text's MD5, the lowest first."""
    digests = b"".join(
        hashlib.md5(text, usedforsecurity=False).digest() for text in texts.cast(pa.binary()).to_pylist()
    )
    return np.frombuffer(digests, "<u8")[1::2]
