"""Engines one after the other: each gets the products that the ones before it left without a mesh."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bim.geometry.engine import GeometryEngine, Mesh

Begin = Callable[[int, list[int]], None]


def run_chain(
    engines: Sequence[GeometryEngine],
    model: Any,
    products: Sequence[Any],
    *,
    start: int = 0,
    chunks: Sequence[Sequence[int]] | None = None,
    skip: Mapping[int, set[int]] | None = None,
    made: set[int] | None = None,
    begin: Begin = lambda _engine, _steps: None,
) -> Iterator[tuple[int, Mesh]]:
    """Meshes with the index of the engine that made each; a product comes at most once.

    start: the first engine to run; chunks: STEP ids for that engine's runs, all products in one run
    where None; skip: products not to be given to an engine; made: products that have a mesh already.
    begin: called before each run with the engine's index and the STEP ids of the run.
    """
    done = set() if made is None else set(made)
    by_step = {int(product.id()): product for product in products}
    for index in range(start, len(engines)):
        avoid = (skip or {}).get(index, set())
        runs = chunks if index == start and chunks is not None else [list(by_step)]
        for run in runs:
            steps = [step for step in run if step not in done and step not in avoid]
            if not steps:
                continue
            begin(index, steps)
            for mesh in engines[index].meshes(model, [by_step[step] for step in steps]):
                if mesh.step not in done:
                    done.add(mesh.step)
                    yield index, mesh
