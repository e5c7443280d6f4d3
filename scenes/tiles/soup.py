"""Triangles of many objects in one heap, in the park frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.tiles.arrays import F64, I64, Flags, starts, transform
from scenes.tiles.inventory import Inventory
from twin.geometry.spool import SpoolReader


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

    def near(self, other: Soup, reach: float) -> Soup:
        """The triangles above, below and beside another heap, at most `reach` metres from its box in plan; all vertices."""
        corner, box = self.position[self.faces][:, :, :2], other.position[:, :2]
        low, high = box.min(axis=0) - reach, box.max(axis=0) + reach
        return self.part(((corner.min(axis=1) <= high) & (corner.max(axis=1) >= low)).all(axis=1))


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
