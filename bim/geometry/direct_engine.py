"""Bodies whose every item can be written down without a kernel; openings cut by exact solids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bim.geometry.axes import Axes
from bim.geometry.engine import F64, Look, Mesh
from bim.geometry.openings import Host
from bim.geometry.representation import mapped_once, sole_body
from bim.geometry.shared import Shared
from bim.source.attribute import UNREADABLE, class_of, id_of, value_at

I32 = npt.NDArray[np.int32]
_BATCH = 1024
"""Products whose items are made together."""


class _Body(NamedTuple):
    """A meshed representation: item, part (m,) tell which item, and which closed piece, a face belongs to."""

    vertices: F64
    faces: I32
    item: I32
    part: I32
    items: tuple[Any, ...]


class _Task(NamedTuple):
    """items: of the representation that holds them; matrix: from its frame to the model's; mapped: it may come again."""

    product: Any
    step: int
    items: tuple[Any, ...]
    matrix: F64
    mapped: bool


class DirectEngine:
    """Products whose body holds nothing but extrusions of known profiles and planar faces, mapped or not."""

    name = "parktwin/direct"

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._axes = Axes(shared.length)
        self._mapped: dict[int, _Body | None] = {}

    def meshes(self, model: Any, products: Sequence[Any]) -> Iterator[Mesh]:  # noqa: ARG002 - the protocol's
        """Meshes of such products in their order; the rest is left out."""
        for at in range(0, len(products), _BATCH):
            tasks = [task for product in products[at : at + _BATCH] if (task := self._readable(product)) is not None]
            self._prepare(tasks)
            made = [(task, body) for task in tasks if (body := self._body(task)) is not None]
            self._shared.openings.cut_boxes(self._hosts(made))
            for task, body in made:
                mesh = self._meshed(task, body)
                if mesh is not None:
                    yield mesh

    def _prepare(self, tasks: Sequence[_Task]) -> None:
        """Mesh the items of tasks and of the openings that are cut from them, as far as that is cheaper together."""
        shared = self._shared
        openings = chain.from_iterable(shared.voids.of(id_of(task.product)) for task in tasks)
        items = (item for task in tasks if task.step not in self._mapped for item in task.items)
        shared.items.prepare(chain(items, shared.openings.items_of(openings)))

    def _readable(self, product: Any) -> _Task | None:
        try:
            return self._task(product)
        except UNREADABLE:
            return None

    def _task(self, product: Any) -> _Task | None:
        body = sole_body(product)
        if body is None:
            return None
        matrix = self._shared.placements.exact_matrix(product)
        if matrix is None:
            return None
        representation, inner, items = body, None, value_at(body, 3)
        if any(class_of(item) == "IfcMappedItem" for item in items):
            found = mapped_once(body, self._shared.length, self._axes)
            if found is None:
                return None
            representation, inner = found
            items = value_at(representation, 3)
            if not items:
                return None
        return _Task(
            product, id_of(representation), items, matrix if inner is None else matrix @ inner, inner is not None
        )

    def _hosts(self, made: Sequence[tuple[_Task, _Body]]) -> Iterator[Host]:
        """Bodies of one part that have openings."""
        for task, body in made:
            step = id_of(task.product)
            openings = self._shared.voids.of(step)
            if openings and not body.part.any():
                yield Host(step, body.vertices, body.faces, task.matrix, openings)

    def _meshed(self, task: _Task, made: _Body) -> Mesh | None:
        shared = self._shared
        mesh = self._mesh(task, made)
        openings = shared.voids.of(mesh.step)
        if not openings:
            return mesh
        shared.openings.prepare(openings)
        return shared.openings.without(mesh, made.part, openings)

    def _mesh(self, task: _Task, made: _Body) -> Mesh:
        looks: list[Look] = []
        index = []
        for item in made.items:
            look = self._shared.styles.of(item, task.product)
            if look is not None and look not in looks:
                looks.append(look)
            index.append(-1 if look is None else looks.index(look))
        count = len(made.faces)
        return Mesh(
            step=id_of(task.product),
            matrix=task.matrix,
            key=("direct", task.step, *index),  # equal looks are the packer's to tell
            vertices=made.vertices,
            faces=made.faces,
            look=_same(count, index[0]) if len(index) == 1 else np.array(index, np.int32)[made.item],
            looks=looks,
        )

    def _body(self, task: _Task) -> _Body | None:
        """The meshed items; kept where they are mapped."""
        if not task.mapped:
            return self._made(task.items)
        if task.step not in self._mapped:
            self._mapped[task.step] = self._made(task.items)
        return self._mapped[task.step]

    def _made(self, items: tuple[Any, ...]) -> _Body | None:
        found = []
        for item in items:
            made = self._shared.items.of(item)
            if made is None:
                return None
            found.append(made)
        if len(found) == 1:
            vertices, faces, part = found[0]
            item = _same(len(faces), 0)
            return _Body(vertices, faces, item, item if part is None else part, items)
        starts = np.cumsum([0, *(len(made.vertices) for made in found[:-1])])
        parts, count = [], 0
        for made in found:
            parts.append(np.full(len(made.faces), count, np.int32) if made.part is None else made.part + count)
            count = int(parts[-1].max()) + 1
        return _Body(
            np.concatenate([made.vertices for made in found]),
            np.concatenate([made.faces + start for made, start in zip(found, starts, strict=True)]).astype(np.int32),
            np.repeat(np.arange(len(found), dtype=np.int32), [len(made.faces) for made in found]),
            np.concatenate(parts).astype(np.int32),
            items,
        )


@lru_cache(maxsize=1024)
def _same(count: int, value: int) -> I32:
    """One value for many faces; not to be written to."""
    found = np.full(count, value, np.int32)
    found.setflags(write=False)
    return found
