"""Triangles of many objects in one heap, in the park frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.tiles.arrays import F64, I64, Flags, starts, transform
from scenes.tiles.inventory import Inventory
from twin.geometry.spool import SpoolReader

MOST_HALVINGS = 40
"""Of a triangle that is much larger than what is looked at."""


@dataclass(frozen=True)
class Soup:
    """position (n, 3) metres in the park frame, faces (m, 3), row and material (m,) of each face."""

    position: F64
    faces: I64
    row: I64
    material: I64

    def part(self, kept: Flags | I64) -> Soup:
        """Some of the triangles, by flag or in the order of their numbers, with all vertices."""
        return Soup(self.position, self.faces[kept], self.row[kept], self.material[kept])

    def within(self, low: F64, high: F64) -> Soup:
        """The triangles above, below and in a rectangle in plan (2,), (2,); of those that are much larger only the near part."""
        part = self.touching(low, high)
        for _ in range(MOST_HALVINGS):
            corner = part.position[part.faces]
            large = (np.ptp(corner[:, :, :2], axis=1) > 2 * (high - low)).any(axis=1)
            if not large.any():
                break
            part = heaped([part.part(~large), part.part(large).halved().touching(low, high)])
        return part

    def touching(self, low: F64, high: F64) -> Soup:
        """The triangles whose boxes meet a rectangle in plan."""
        corner = self.position[self.faces][:, :, :2]
        return self.part(((corner.min(axis=1) <= high) & (corner.max(axis=1) >= low)).all(axis=1)).compact()

    def halved(self) -> Soup:
        """Every triangle cut in two across its longest side."""
        corner = self.position[self.faces]
        side = np.linalg.norm(np.roll(corner, -1, axis=1) - corner, axis=2)
        first = np.argmax(side, axis=1)
        a, b, c = (self.faces[np.arange(len(first)), (first + by) % 3] for by in range(3))
        middle = len(self.position) + np.arange(len(first))
        position = np.concatenate((self.position, (self.position[a] + self.position[b]) / 2))
        faces = np.concatenate((np.column_stack((a, middle, c)), np.column_stack((middle, b, c))))
        return Soup(position, faces, np.tile(self.row, 2), np.tile(self.material, 2))

    def compact(self) -> Soup:
        """The same without the vertices that no triangle has."""
        used = np.zeros(len(self.position), np.bool_)
        used[self.faces] = True
        return Soup(self.position[used], (np.cumsum(used) - 1)[self.faces], self.row, self.material)


def heap(spool: SpoolReader, inventory: Inventory, rows: I64) -> Soup:
    """The triangles of these objects as they are."""
    placed, which = inventory.placements(rows)
    shapes = inventory.shape[placed]
    mesh = spool.gather(shapes)
    counts = spool.counts[shapes].astype(np.int64)
    position = transform(mesh.vertices, inventory.matrix[placed], counts[:, 0])
    return Soup(
        position,
        mesh.faces.astype(np.int64),
        np.repeat(rows[which], counts[:, 1]),
        mesh.material.astype(np.int64),
    )


def heaped(soups: list[Soup]) -> Soup:
    """Several heaps as one; none as an empty one."""
    if not soups:
        return Soup(np.empty((0, 3)), np.empty((0, 3), np.int64), np.empty(0, np.int64), np.empty(0, np.int64))
    before = starts(np.array([len(soup.position) for soup in soups]))
    return Soup(
        np.concatenate([soup.position for soup in soups]),
        np.concatenate([soup.faces + start for soup, start in zip(soups, before, strict=False)]),
        np.concatenate([soup.row for soup in soups]),
        np.concatenate([soup.material for soup in soups]),
    )
