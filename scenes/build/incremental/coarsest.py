"""What tiles look like from afar, as a version keeps it: arrays of few bytes, from which the same triangles come back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenes.tiles.result import Coarse
from scenes.tiles.soup import Soup
from scenes.tiles.stand_in import step

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Coarsest:
    """Tiles one after another. tile (k, 4): first object row, triangles allowed, numbers of points and of triangles; cell (k,): metres.

    place (v, 3): whole steps of the tile's grid; faces (f, 3), row, look (f,): object row and material.
    """

    tile: I64
    cell: F64
    place: I64
    faces: I64
    row: I64
    look: I64

    @classmethod
    def of(cls, coarse: Mapping[int, Coarse]) -> Coarsest:
        """By first object row."""
        every = sorted(coarse.items())
        heads = [(first, one.share, len(one.soup.position), len(one.soup.faces)) for first, one in every]
        places = [np.rint(one.soup.position / step(one.cell)) for _, one in every]
        return cls(
            np.array(heads, np.int64).reshape(-1, 4),
            np.array([one.cell for _, one in every], np.float64),
            np.concatenate([*places, np.empty((0, 3))]).astype(np.int64),
            np.concatenate([*(one.soup.faces for _, one in every), np.empty((0, 3), np.int64)]),
            np.concatenate([*(one.soup.row for _, one in every), np.empty(0, np.int64)]),
            np.concatenate([*(one.soup.material for _, one in every), np.empty(0, np.int64)]),
        )

    def soups(self) -> dict[int, Coarse]:
        """By first object row."""
        found: dict[int, Coarse] = {}
        points = triangles = 0
        for (first, share, more, faces), cell in zip(self.tile.tolist(), self.cell.tolist(), strict=True):
            some = slice(triangles, triangles + faces)
            position = np.asarray(self.place[points : points + more] * step(cell), np.float64)
            found[first] = Coarse(share, cell, Soup(position, self.faces[some], self.row[some], self.look[some]))
            points, triangles = points + more, triangles + faces
        return found
