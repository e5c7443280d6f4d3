"""What tiles and parts look like from afar, as a version keeps it: arrays of few bytes, from which the same triangles come back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from scenes.tiles.levels import cell_of
from scenes.tiles.result import Coarse, DrawnTile, Far, FarPiece, TileStatistics
from scenes.tiles.soup import Soup
from scenes.tiles.stand_in import step
from scenes.tiles.voxels import Voxels

F64 = npt.NDArray[np.float64]
U8 = npt.NDArray[np.uint8]
Whole = npt.NDArray[np.integer]


@dataclass(frozen=True)
class Afar:
    """Tiles, then the pieces of far views.

    tile (t, 2): first object row, triangles allowed; soup (t + p, 3): level of cells, numbers of points and of triangles;
    place (v, 3): whole steps of the grid of these; faces (f, 3), row, look (f,): object row and material. box (p, 6), cost
    (p, 3): of pieces; bits: of voxels; far: what else is known of far views, in plain words and numbers. Whole
    numbers are of any width.
    """

    tile: Whole
    soup: Whole
    place: Whole
    faces: Whole
    row: Whole
    look: Whole
    box: F64
    cost: F64
    bits: U8
    far: list[dict[str, Any]]

    @classmethod
    def of(cls, coarse: Mapping[int, Coarse], far: Mapping[int, Far]) -> Afar:
        """coarse: by first object row; far: by number."""
        tiles, views = sorted(coarse.items()), sorted(far.items())
        pieces = [(view.level, one) for _, view in views for one in view.pieces]
        soups = [*((one.level, one.soup) for _, one in tiles), *((level, one.soup) for level, one in pieces)]
        place, faces, row, look = (
            np.concatenate([*(part.astype(np.int32) for part in parts), np.empty(shape, np.int32)])
            for parts, shape in (
                ([np.rint(one.position / step(cell_of(level))) for level, one in soups], (0, 3)),
                ([one.faces for _, one in soups], (0, 3)),
                ([one.row for _, one in soups], 0),
                ([one.material for _, one in soups], 0),
            )
        )
        heads = [(level, len(one.position), len(one.faces)) for level, one in soups]
        bits = b"".join(one.bits for _, view in views for one in _voxels(view))
        return cls(
            tile=np.array([(first, one.share) for first, one in tiles], np.int64).reshape(-1, 2),
            soup=np.array(heads, np.int64).reshape(-1, 3),
            place=place,
            faces=faces,
            row=row,
            look=look,
            box=np.array([one.box for _, one in pieces]).reshape(-1, 6),
            cost=np.array([one.cost for _, one in pieces]).reshape(-1, 3),
            bits=np.frombuffer(bits, np.uint8),
            far=[_told(number, view) for number, view in views],
        )

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """All but the words, by name."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name != "far"}

    def coarse(self) -> dict[int, Coarse]:
        """By first object row."""
        heads = zip(self.tile.tolist(), self._soups(0, len(self.tile)), self.soup[:, 0].tolist(), strict=False)
        return {first: Coarse(share, level, soup) for (first, share), soup, level in heads}

    def views(self) -> dict[int, Far]:
        """By number."""
        bits, found = self.bits.tobytes(), {}
        soups = self._soups(len(self.tile), len(self.soup))
        measures = zip(self.box, self.cost, strict=True)
        at = 0

        def voxels(room: Sequence[Sequence[int]] | None) -> Voxels | None:
            nonlocal at
            if room is None:
                return None
            low, size = (tuple(map(int, part)) for part in room)
            end = at + -(-int(np.prod(size)) // 8)
            at, some = end, bits[at:end]
            return Voxels(low, size, some)  # type: ignore[arg-type]

        for told in self.far:
            near, *others = (voxels(room) for room in (told["near"], *told["around"], *told["rooms"]))
            count = len(told["around"])
            pieces = []
            for room, triangles in zip(others[count:], told["triangles"], strict=True):
                box, cost = next(measures)
                pieces.append(FarPiece(box, cost, room, tuple(triangles), next(soups)))
            tile = told["tile"]
            found[int(told["number"])] = Far(
                keys=tuple(told["keys"]),
                base=told["base"],
                voxel=told["voxel"],
                level=told["level"],
                levels=tuple(told["levels"]),
                near=near,
                around=tuple(one for one in others[:count] if one is not None),
                pieces=tuple(pieces),
                centre=tuple(told["centre"]),
                tile=None if tile is None else drawn_of(tile),
            )
        return found

    def _soups(self, first: int, end: int) -> Iterator[Soup]:
        points, triangles = (int(value) for value in self.soup[:first, 1:].sum(axis=0))
        for level, more, faces in self.soup[first:end].tolist():
            some = slice(triangles, triangles + faces)
            position = self.place[points : points + more].astype(np.float64) * step(cell_of(level))
            faces_of, row, look = (part[some].astype(np.int64) for part in (self.faces, self.row, self.look))
            yield Soup(position, faces_of, row, look)
            points, triangles = points + more, triangles + faces


def told_of(tile: DrawnTile) -> dict[str, Any]:
    """What is known of a written tile, as JSON takes it."""
    return {**vars(tile), "statistics": vars(tile.statistics)}


def drawn_of(row: Mapping[str, Any]) -> DrawnTile:
    """The same back."""
    return DrawnTile(**{**row, "statistics": TileStatistics(**row["statistics"])})


def _voxels(view: Far) -> Iterable[Voxels]:
    every = (view.near, *view.around, *(one.voxels for one in view.pieces))
    return (one for one in every if one is not None)


def _told(number: int, view: Far) -> dict[str, Any]:
    return {
        "number": number,
        "keys": view.keys,
        "base": view.base,
        "voxel": view.voxel,
        "level": view.level,
        "levels": view.levels,
        "near": None if view.near is None else view.near[:2],
        "around": [one[:2] for one in view.around],
        "rooms": [None if one.voxels is None else one.voxels[:2] for one in view.pieces],
        "triangles": [one.triangles for one in view.pieces],
        "centre": view.centre,
        "tile": None if view.tile is None else told_of(view.tile),
    }
