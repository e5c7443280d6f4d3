"""Terrain triangles in the park frame: gather, weld, simplify, shade, skirt."""

from __future__ import annotations

from itertools import pairwise

import fast_simplification
import numpy as np

from scenes.tiles.arrays import F64, I64, starts, unit
from scenes.tiles.edges import find_edges
from scenes.tiles.inventory import Inventory
from scenes.tiles.soup import Soup, heap, heaped
from scenes.tiles.weld import weld_near
from twin.geometry.spool import SpoolReader

WELD_M = 0.01
"""Terrain vertices nearer than this are one: chunks are rounded around different centres."""


def gather(spool: SpoolReader, inventory: Inventory, rows: I64) -> Soup:
    """The triangles of these objects, vertices at one place made one, triangles without area dropped."""
    return _welded(heap(spool, inventory, rows))[0]


def joined(soups: list[Soup]) -> tuple[Soup, list[I64]]:
    """Several soups in one, borders welded where they match; for each soup the numbers of its vertices there."""
    before = starts(np.array([len(soup.position) for soup in soups]))
    whole, number = _welded(heaped(soups))
    return whole, [number[begin:end] for begin, end in pairwise(before)]


def _welded(soup: Soup) -> tuple[Soup, I64]:
    """A soup whose vertices stand at different places, and the number of each given vertex in it.

    Triangles without area are dropped, and vertices that no triangle uses: their number is -1.
    """
    position = soup.position
    at = weld_near(position, WELD_M)
    faces = at[soup.faces]
    a, b, c = (position[faces[:, i]] for i in range(3))
    across = np.cross(b - a, c - a)
    kept = np.einsum("ij,ij->i", across, across) > 1e-16
    faces = faces[kept]
    used = np.zeros(len(position), np.bool_)
    used[faces] = True
    number = np.where(used, np.cumsum(used) - 1, -1)
    return Soup(position[used], number[faces], soup.row[kept], soup.material[kept]), number[at]


def simplify(soup: Soup, target: int) -> Soup:
    """About `target` triangles (quadric edge collapse); each keeps the row and material of the one it was."""
    if len(soup.faces) <= target:
        return soup
    middle = soup.position.mean(axis=0)
    position, faces, collapses = fast_simplification.simplify(
        soup.position - middle, soup.faces.astype(np.int32), target_count=target, return_collapses=True
    )
    target_of = np.arange(len(soup.position))
    target_of[collapses[:, 1]] = collapses[:, 0]
    while True:
        jumped = target_of[target_of]
        if np.array_equal(jumped, target_of):
            break
        target_of = jumped
    moved = target_of[soup.faces]
    left = np.flatnonzero((moved[:, 0] != moved[:, 1]) & (moved[:, 1] != moved[:, 2]) & (moved[:, 2] != moved[:, 0]))
    used = np.unique(moved[left])
    if len(left) != len(faces) or len(used) != len(position):  # the library dropped more: go by the nearest face
        left = _nearest(soup, np.asarray(position)[faces].mean(axis=1) + middle)
    return Soup(np.asarray(position) + middle, np.asarray(faces, np.int64), soup.row[left], soup.material[left])


def _nearest(soup: Soup, points: F64) -> I64:
    """For each point the face of the soup whose middle is nearest along a space-filling order (approximate)."""
    middles = soup.position[soup.faces].mean(axis=1)
    low, span = middles.min(axis=0), max(float(np.ptp(middles, axis=0).max()), 1e-9)
    size = 64
    cell = np.clip((middles - low) / span * size, 0, size - 1).astype(np.int64) @ np.array([size, 1, 0])
    order = np.argsort(cell, kind="stable")
    wanted = np.clip((points - low) / span * size, 0, size - 1).astype(np.int64) @ np.array([size, 1, 0])
    return np.asarray(order[np.clip(np.searchsorted(cell[order], wanted), 0, len(order) - 1)])


def normals(soup: Soup) -> F64:
    """(n, 3) smooth normals, weighted by area, upwards."""
    a, b, c = (soup.position[soup.faces[:, i]] for i in range(3))
    across = np.cross(b - a, c - a)
    across *= np.where(across[:, 2:] < 0, -1.0, 1.0)
    corners = soup.faces.ravel()
    total = [np.bincount(corners, np.repeat(across[:, axis], 3), minlength=len(soup.position)) for axis in range(3)]
    return unit(np.column_stack(total))


def skirt(soup: Soup, normal: F64, depth: float) -> tuple[Soup, F64]:
    """Add walls of `depth` metres under every open border, lit like the surface above them."""
    edges = find_edges(soup.faces, max(len(soup.position), 1))
    border = np.flatnonzero(edges.size == 1)
    if depth <= 0 or not len(border):
        return soup, normal
    half = edges.first[border]
    face = half // 3
    start, end = soup.faces.ravel()[half], soup.faces[face, (half + 1) % 3]
    top, number = np.unique(np.concatenate((start, end)), return_inverse=True)
    low = len(soup.position) + number
    low_start, low_end = low[: len(half)], low[len(half) :]
    walls = np.concatenate((np.column_stack((end, start, low_start)), np.column_stack((end, low_start, low_end))))
    return (
        Soup(
            np.concatenate((soup.position, soup.position[top] - [0.0, 0.0, depth])),
            np.concatenate((soup.faces, walls)),
            np.concatenate((soup.row, soup.row[face], soup.row[face])),
            np.concatenate((soup.material, soup.material[face], soup.material[face])),
        ),
        np.concatenate((normal, normal[top])),
    )
