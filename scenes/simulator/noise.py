"""Randomness as a function: the same seed, stream and time always give the same number.

So the simulator needs no state: it can be stopped, started, or asked about any instant.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Floats = NDArray[np.float64]

_GOLDEN, _MIX1, _MIX2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def stream(names: Sequence[str], seed: int, salt: str) -> Hashes:
    """A number per name, (n,) uint64: the start of its own random stream."""
    codes = [zlib.crc32(f"{salt}|{name}".encode()) for name in names]
    return _mix(np.array(codes, dtype=np.uint64) ^ (np.uint64(seed & 0xFFFFFFFF) << np.uint64(32)))


def uniform(start: Hashes, step: NDArray[np.int64] | int = 0) -> Floats:
    """Uniform numbers in [0, 1) of each stream at an integer step."""
    code = _mix(start + np.atleast_1d(np.asarray(step, dtype=np.int64)).astype(np.uint64) * _GOLDEN)
    return (code >> np.uint64(11)).astype(np.float64) / float(1 << 53)


def wander(start: Hashes, t: Floats | float, period: Floats | float) -> Floats:
    """Smooth noise in [-1, 1]: a new value every `period` seconds, eased between. t: seconds."""
    place = np.asarray(t, dtype=np.float64) / period + uniform(start, -1)
    step = np.floor(place).astype(np.int64)
    part = place - step
    ease = part * part * (3 - 2 * part)
    return 2 * ((1 - ease) * uniform(start, step) + ease * uniform(start, step + 1)) - 1


def _mix(code: Hashes) -> Hashes:
    """splitmix64's finaliser (Steele, Lea, Flood 2014)."""
    code = (code ^ (code >> np.uint64(30))) * _MIX1
    code = (code ^ (code >> np.uint64(27))) * _MIX2
    mixed: Hashes = code ^ (code >> np.uint64(31))
    return mixed
