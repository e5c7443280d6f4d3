"""Connected components by hooking and pointer jumping, in NumPy."""

from __future__ import annotations

import numpy as np

from scenes.tiles.arrays import I64


def components(count: int, a: I64, b: I64) -> I64:
    """For each of `count` items the smallest item it hangs together with, where a[i] is tied to b[i]."""
    label = np.arange(count)
    while len(a):
        la, lb = label[a], label[b]
        apart = la != lb
        if not apart.any():
            break
        a, b, la, lb = a[apart], b[apart], la[apart], lb[apart]
        np.minimum.at(label, np.maximum(la, lb), np.minimum(la, lb))
        while True:
            jumped = label[label]
            if np.array_equal(jumped, label):
                break
            label = jumped
    return label
