"""How the products look whose shape, place or look may have changed: meshed from small parts of both texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from bim.changes.shape_part import shape_part
from bim.changes.shape_reach import Shaped
from bim.changes.texts import Texts
from bim.changes.whole import Whole
from bim.geometry.batch import Batch, Packer
from bim.geometry.chain import run_chain
from bim.geometry.engine import F64, GeometryEngine
from bim.geometry.engines import exact_engines_of
from bim.geometry.mesher import Mesher, Placed, has_body
from bim.geometry.placements import Placements
from bim.graph.hierarchy import Hierarchy
from bim.graph.id_book import IdBook
from bim.graph.products import find_products
from bim.order.declared import declared_solids
from bim.reader import put_in_frame
from bim.source.open_model import open_model
from bim.source.parser_error import by_parser
from bim.units.unit_table import UnitTable
from twin.errors import ParkError
from twin.geometry.spool import Material, MeshSpool, SpoolReader
from twin.process import ended_after

PATIENCE_S = 60.0
"""For the meshes of all the products: they are few."""


@dataclass(frozen=True)
class Drawn:
    """Some products of a file, in its order.

    ids: all of them; placements: rows of PLACEMENTS; meshes: those that have a body, in the park's frame; boxes (p, 6):
    by placement, in the model's frame, metres; content (s,): hashes of the shapes without their looks; engines: by id; solids: see
    LayerDraft; signs: what else may be said of them in findings.
    """

    ids: list[str]
    placements: pa.Table
    meshes: SpoolReader
    boxes: F64
    content: tuple[bytes, ...]
    engines: dict[str, str]
    solids: frozenset[str]
    signs: tuple[object, ...]


def reshaped(
    texts: Texts, found: Shaped, materials: Sequence[Material], matrix: F64, scratch: Path
) -> tuple[Drawn, Drawn]:
    """These products as they were and as they are. Raises Whole where an engine is needed that sees the whole file.

    materials: of the version, whose numbers they keep; matrix (4, 4): from the model's frame to the park's; scratch:
    a folder to write in.
    """
    before, after = (
        _drawn(texts, found.products, materials, matrix, scratch, name, old=name == "before")
        for name in ("before", "after")
    )
    if before.engines != after.engines or before.meshes.objects != after.meshes.objects:
        raise Whole("a shape that another engine makes")
    if before.ids != after.ids or before.signs != after.signs:
        raise Whole("shapes that are out of order")
    return before, after


def drawn_alone(texts: Texts, ids: Sequence[str], materials: Sequence[Material], matrix: F64, scratch: Path) -> Drawn:
    """Products that nothing has changed, by their ids, as `reshaped` draws others. Raises Whole."""
    return _drawn(texts, {texts.rooted(local) for local in ids}, materials, matrix, scratch, "alone", old=False)


def _drawn(
    texts: Texts,
    wanted: set[int],
    materials: Sequence[Material],
    matrix: F64,
    scratch: Path,
    which: str,
    *,
    old: bool,
) -> Drawn:
    name = f"drawn-{which}"
    path = scratch / f"{name}.ifc"
    path.write_bytes(shape_part(texts, wanted, old=old))
    try:
        opened = open_model(path)
    except ParkError as error:
        raise Whole(f"the part that changed cannot be read: {error.message}") from error
    if opened.texts or opened.findings:
        raise Whole("shapes in text that is out of order")
    model, units, book = opened.file, UnitTable.of_model(opened.file), IdBook()
    placements = Placements(units.length)
    products = find_products(model, book)
    placements.resolve(products.by_step.values())
    chosen = {
        local: product
        for (step, product), local in zip(products.by_step.items(), products.ids, strict=True)
        if step in wanted
    }
    if len(chosen) != len(wanted):
        raise Whole("products without a GlobalId")
    bodies = [product for product in chosen.values() if has_body(product, opened.schema)]
    hierarchy = Hierarchy(model, products.by_step)
    spool = MeshSpool(scratch / name)
    for known in materials:
        spool.material(known.rgba, known.name)
    engines = exact_engines_of(model, placements, units.length, opened.text)
    mesher, names = Mesher(spool, opened.schema, length=units.length), [engine.name for engine in engines]
    # In this process: another one costs more than the few meshes. Where it ends on them, the file is read whole.
    with ended_after(PATIENCE_S):
        placed = mesher.run(bodies, names, _batches(engines, model, bodies), lambda _done: None)
    put_in_frame(placed, matrix, book, spool)
    local = book.get_step
    return Drawn(
        ids=list(chosen),
        placements=placements.table(chosen.values(), list(chosen)),
        meshes=spool.close(),
        boxes=placed.boxes,
        content=placed.content,
        engines={str(local(step)): engine for step, engine in placed.engines.items()},
        solids=declared_solids(model, products, placed, set(hierarchy.hosts.values()), local),
        signs=(_turned(placed), placed.failed, units.problems, book.repeated, dict(placements.misfits.found)),
    )


def _batches(engines: Sequence[GeometryEngine], model: Any, bodies: Sequence[Any]) -> Iterator[Batch]:
    """The meshes of a few products, made in this process. Raises Whole where an engine fails on one."""
    classes = {int(body.id()): str(body.is_a()) for body in bodies}
    packer = Packer(classes.__getitem__)
    try:
        for index, mesh in run_chain(engines, model, bodies):
            packer.add(index, mesh)
    except Exception as error:
        if not by_parser(error) and not isinstance(error, MemoryError):
            raise
        raise Whole("a shape that no engine could make") from error
    batch = packer.take()
    if batch is not None:
        yield batch


def _turned(placed: Placed) -> set[int]:
    """Products with a shape that was inside out."""
    pairs = zip(placed.step.tolist(), placed.shape.tolist(), strict=True)
    return {step for step, shape in pairs if shape in placed.turned}
