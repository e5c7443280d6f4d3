"""Triangles of selected objects with their colours, in park metres, out of the tiles of their layers."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from scenes.export.glb.pieces import Merged, Page, Repeated, Soup, contents, pieces
from scenes.picture.looks import F64
from twin.errors import Unavailable
from twin.geometry.images import linear
from twin.graph.chosen import Chosen
from twin.graph.layerfile import TILES

F32 = npt.NDArray[np.float32]
I64 = npt.NDArray[np.int64]
MOST_CORNERS = 40_000_000
"""Corners that one picture may have: some 3 GB while it is drawn."""


@dataclass(frozen=True)
class Shapes:
    """position (n, 3) park metres, normal (n, 3) glTF axes, colour (n, 4) linear RGBA 0..1, faces (m, 3).

    owner (n,): row of `gids` that a corner belongs to.
    """

    position: F64
    normal: F32
    colour: F32
    faces: I64
    owner: I64
    gids: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.position)

    def boxes(self) -> F64:
        """(k, 6) least and greatest corner of each object that has triangles, park metres."""
        low = np.full((len(self.gids), 3), np.inf)
        high = -low
        np.minimum.at(low, self.owner, self.position)
        np.maximum.at(high, self.owner, self.position)
        return np.asarray(np.column_stack((low, high))[np.isfinite(low[:, 0])])

    def part(self, kept: npt.NDArray[np.bool_]) -> Shapes:
        """The corners that are kept; faces belong to their first one."""
        number = np.cumsum(kept) - 1
        faces = number[self.faces[kept[self.faces[:, 0]]]]
        return Shapes(self.position[kept], self.normal[kept], self.colour[kept], faces, self.owner[kept], self.gids)

    def cut(self, kept: npt.NDArray[np.bool_]) -> Shapes:
        """The triangles (m,) that are kept, and the corners that they need."""
        faces = self.faces[kept]
        used = np.zeros(len(self.position), np.bool_)
        used[faces] = True
        number = np.cumsum(used) - 1
        return Shapes(
            self.position[used], self.normal[used], self.colour[used], number[faces], self.owner[used], self.gids
        )


def read_shapes(chosen: Chosen) -> Shapes:
    """The selected objects' triangles at full detail; objects without any are in `gids` all the same.

    Raises Invalid where tiles are broken, Unavailable where it is too much for one picture.
    """
    parts: list[tuple[F64, F32, F32, I64, I64]] = []
    gids: list[str] = []
    means: dict[Page, F64] = {}
    corners = 0
    for folder, objects in chosen.layers.values():
        ordinal = objects.column("ordinal").to_numpy().astype(np.int64)
        row = np.full(int(ordinal.max()) + 1, -1, np.int64)
        row[ordinal] = np.arange(len(ordinal)) + len(gids)
        gids += objects.column("gid").to_pylist()
        for path in contents(folder / TILES):
            for piece in pieces(path, row >= 0):
                part = _merged(piece, row, means) if isinstance(piece, Merged) else _repeated(piece, row, means)
                corners += len(part[0])
                if corners > MOST_CORNERS:
                    raise Unavailable(
                        f"The selection has more than {MOST_CORNERS:,} corners, too many for one picture: select less",
                        code="picture-too-large",
                    )
                parts.append(part)
    if not parts:
        empty = np.empty((0, 3))
        return Shapes(
            empty, empty.astype(np.float32), np.empty((0, 4), np.float32), np.empty((0, 3), np.int64),
            np.empty(0, np.int64), tuple(gids),
        )  # fmt: skip
    starts = np.cumsum([0, *(len(part[0]) for part in parts[:-1])])
    return Shapes(
        np.concatenate([part[0] for part in parts]),
        np.concatenate([part[1] for part in parts]),
        np.concatenate([part[2] for part in parts]),
        np.concatenate([part[3] + start for part, start in zip(parts, starts, strict=True)]),
        np.concatenate([part[4] for part in parts]),
        tuple(gids),
    )


def _merged(piece: Merged, row: I64, means: dict[Page, F64]) -> tuple[F64, F32, F32, I64, I64]:
    soup = piece.soup
    place = _park(soup.position + piece.origin)
    return place, soup.normal.astype(np.float32), _colours(soup, means), soup.faces, row[piece.owner]


def _repeated(piece: Repeated, row: I64, means: dict[Page, F64]) -> tuple[F64, F32, F32, I64, I64]:
    """Each instance written out. Normals are turned; what stretching does to them is left out, as it is seldom there."""
    soup, count = piece.soup, len(piece.owner)
    turn = _matrices(piece.rotation)
    position = np.einsum("kij,knj->kni", turn, soup.position[None] * piece.scale[:, None]) + piece.translation[:, None]
    normal = np.einsum("kij,nj->kni", turn, soup.normal)
    corners = len(soup.position)
    faces = soup.faces[None] + (np.arange(count) * corners)[:, None, None]
    return (
        _park(position.reshape(-1, 3)),
        normal.reshape(-1, 3).astype(np.float32),
        np.tile(_colours(soup, means), (count, 1)),
        faces.reshape(-1, 3),
        np.repeat(row[piece.owner], corners),
    )


def _park(position: F64) -> F64:
    """From glTF axes to park axes: z up."""
    return np.column_stack((position[:, 0], -position[:, 2], position[:, 1]))


def _matrices(rotation: F64) -> F64:
    """(k, 3, 3) of unit quaternions (k, 4), x y z w."""
    x, y, z, w = rotation.T
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    return np.moveaxis(np.array(rows), 2, 0)


def _colours(soup: Soup, means: dict[Page, F64]) -> F32:
    """(n, 4) linear; where an image is shown, tinted by its mean."""
    colour = soup.colour / 255.0
    for number, page in enumerate(soup.pages):
        if page not in means:
            with Image.open(io.BytesIO(page.data)) as image:
                small = np.asarray(image.convert("RGB").resize((32, 32), Image.Resampling.BOX), np.float64)
            means[page] = linear(small / 255).mean(axis=(0, 1))
        colour[soup.page == number, :3] *= means[page]
    return colour.astype(np.float32)
