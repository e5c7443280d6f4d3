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
Whole = npt.NDArray[np.integer]


@dataclass(frozen=True)
class Coarsest:
    """Tiles one after another. tile (k, 4): first object row, triangles allowed, numbers of points and of triangles; cell (k,): metres.

    place (v, 3): whole steps of the tile's grid; faces (f, 3), row, look (f,): object row and material. Whole numbers of any width.
    """

    tile: Whole
    cell: F64
    place: Whole
    faces: Whole
    row: Whole
    look: Whole

    @classmethod
    def of(cls, coarse: Mapping[int, Coarse]) -> Coarsest:
        """By first object row."""
        every = sorted(coarse.items())
        heads = [(first, one.share, len(one.soup.position), len(one.soup.faces)) for first, one in every]
        place, faces, row, look = (
            np.concatenate([*(part.astype(np.int32) for part in parts), np.empty(shape, np.int32)])
            for parts, shape in (
                ([np.rint(one.soup.position / step(one.cell)) for _, one in every], (0, 3)),
                ([one.soup.faces for _, one in every], (0, 3)),
                ([one.soup.row for _, one in every], 0),
                ([one.soup.material for _, one in every], 0),
            )
        )
        cells = np.array([one.cell for _, one in every], np.float64)
        return cls(np.array(heads, np.int64).reshape(-1, 4), cells, place, faces, row, look)

    def soups(self) -> dict[int, Coarse]:
        """By first object row."""
        found: dict[int, Coarse] = {}
        points = triangles = 0
        for (first, share, more, faces), cell in zip(self.tile.tolist(), self.cell.tolist(), strict=True):
            some = slice(triangles, triangles + faces)
            position = self.place[points : points + more].astype(np.float64) * step(cell)
            faces_of, row, look = (part[some].astype(np.int64) for part in (self.faces, self.row, self.look))
            found[first] = Coarse(share, cell, Soup(position, faces_of, row, look))
            points, triangles = points + more, triangles + faces
        return found
