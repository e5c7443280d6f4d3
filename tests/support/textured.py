"""What faces of a spool show, sampled from their images."""

from __future__ import annotations

import numpy as np

from twin.geometry.images import decode


def shown(spool, name, weights=(1 / 3, 1 / 3, 1 / 3)):
    """sRGB 0..255 of each face of an object at a point of it; plain faces show their colour."""
    number = spool.objects.index(name)
    found = []
    for index in np.flatnonzero(spool.placed_object == number):
        shape = spool.shape(int(spool.placed_shape[index]))
        for face, material in zip(shape.faces, shape.material, strict=True):
            look = spool.materials[material]
            if look.texture is None:
                found.append(tuple(round(255 * part) for part in look.rgba[:3]))
                continue
            image = np.asarray(decode(spool.image(look.texture.image), 4096).convert("RGB"))
            u, v = np.asarray(weights) @ shape.uv[face]
            found.append(tuple(int(c) for c in image[int(v % 1 * image.shape[0]), int(u % 1 * image.shape[1])]))
    return found
