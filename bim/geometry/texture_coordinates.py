"""Texture coordinates for textured faces: those of the file, else made from places."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bim.geometry.engine import F64
from bim.geometry.texture_style import TextureStyle
from twin.geometry.spool import MAX_UV

IMAGE_M = 1.0
"""Metres that an image covers where the file says nothing: coordinates made from places count metres."""
_AXES = np.array([[1, 2], [0, 2], [0, 1]])
"""For faces that look along x, y or z: which of x, y, z run along the image's width and height."""
_SIGN = np.array([[1.0, -1.0, 1.0], [-1.0, 1.0, -1.0]])
"""Sense of the width for faces that look along + and - x, y, z, so that no image is mirrored."""


def texture_coordinates(
    points: F64, texture: npt.NDArray[np.integer], textures: Sequence[TextureStyle], given: F64, length: float
) -> F64:
    """(m, 3, 2) coordinates at the corners of faces, (0, 0) the image's upper left, v downwards; NaN at plain faces.

    points (m, 3, 3) metres in the body's frame; texture (m,): index into `textures`, -1 at plain faces; given
    (m, 3, 2): those of the file, v upwards, NaN where there are none. Faces without coordinates in the file get the
    generator COORD's (x and y in the file's unit; length: metres in it), all others the planes of a box: the two axes
    across the face's direction, in metres. The texture's transform is applied to all of them (ISO 10303-21 texts of
    IfcSurfaceTexture, after X3D).
    """
    result = np.full(given.shape, np.nan)
    for index, style in enumerate(textures):
        mine = np.flatnonzero(texture == index)
        uv = given[mine]
        bare = np.isnan(uv).any(axis=(1, 2))
        if bare.any():
            at = points[mine[bare]]
            uv[bare] = at[..., :2] / length if style.generator == "COORD" else _box(at)
        move = np.array(style.move).reshape(2, 3)
        uv = uv @ move[:, :2].T + move[:, 2]
        result[mine] = np.stack((uv[..., 0], 1.0 - uv[..., 1]), axis=-1)
    result[~(np.abs(result) <= MAX_UV).all(axis=2)] = np.nan
    return result


def _box(points: F64) -> F64:
    """(k, 3, 2) for faces (k, 3, 3) in metres: each is seen along the axis that it looks along most."""
    normal = np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0])
    axis = np.argmax(np.abs(normal) * (1.0, 1.0, 1.0 + 1e-9), axis=1)
    row = np.arange(len(points))
    width, height = (points[row, :, _AXES[axis, column]] for column in (0, 1))
    sign = np.where(normal[row, axis] >= 0, _SIGN[0, axis], _SIGN[1, axis])
    return np.stack((width * sign[:, None], height), axis=-1) / IMAGE_M
