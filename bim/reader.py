"""The reader of building models: any IFC file to a LayerDraft, its meshes to the spool."""

from __future__ import annotations

import traceback
from contextlib import closing
from pathlib import Path
from typing import Any

import ifcopenshell
import numpy as np

from bim.geometry.engine import F64
from bim.geometry.engines import engines_of
from bim.geometry.isolation import Isolated, Patience
from bim.geometry.mesher import Mesher, Placed, has_body
from bim.geometry.paint import Paint
from bim.geometry.placements import Placements
from bim.georef.extent import Extent
from bim.georef.locate import locate
from bim.georef.survey import Survey
from bim.graph.concepts import name_of
from bim.graph.elevations import storey_elevations
from bim.graph.hierarchy import Hierarchy
from bim.graph.id_book import IdBook
from bim.graph.products import Products, distribution_systems, find_products, objects_table
from bim.graph.whole import read_graph
from bim.order import Subject, put_in_order
from bim.order.declared import declared_solids
from bim.order.subject import product_boxes
from bim.source.images import ModelImages
from bim.source.open_model import open_model
from bim.source.parser_error import by_parser
from bim.source.step_text import StepText
from bim.units.unit_table import UnitTable
from twin.errors import Invalid
from twin.geometry.spool import MeshSpool
from twin.layer import LayerDraft, LayerKind, Meshed, ReadContext

_READ, _GRAPH, _GEOMETRY = 0.10, 0.30, 0.98
"""Done shares at the end of the phases."""
KEPT_BYTES = 64 << 20
"""A file up to this size stays in memory where its reader's process ends soon; a larger one is freed for the tiles."""

HERE_BYTES = 8 << 20
"""The shapes of a file up to this size are made in the reader's process: a second core would not pay for a child's cost."""


def read(context: ReadContext, spool: MeshSpool) -> LayerDraft:
    """Read an IFC model.

    Every IfcProduct with a GlobalId that is no opening becomes one object. Geometry is placed in the
    park frame: metres, east-north-up. Raises Invalid with one sentence where the file cannot be read
    or lands too far from the park.
    """
    try:
        return _read(context, spool)
    except (ifcopenshell.Error, RuntimeError) as error:
        if not by_parser(error):
            raise
        traceback.print_exc()
        raise Invalid(
            f"{context.source.name} breaks the schema that it names ({_first_line(error)}): expected a file that passes"
            " the buildingSMART validation service; export it again",
            code="malformed",
        ) from error


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).split("\n", 1)[0][:200]


def _read(context: ReadContext, spool: MeshSpool) -> LayerDraft:
    progress = context.progress
    progress(0.0, "read")
    opened = open_model(context.source, lean=True)
    if context.kept is not None and context.source.stat().st_size <= KEPT_BYTES:
        context.kept.append(opened)
    progress(_READ, "graph")
    model, schema = opened.file, opened.schema
    units = UnitTable.of_model(model)
    placements = Placements(units.length)
    book = IdBook()
    products = find_products(model, book)
    placements.resolve(products.by_step.values(), opened.text)  # before the geometry child starts: it needs them too
    survey = Survey.of_model(model, units, placements, context.crs, context.placing)
    hierarchy = Hierarchy(model, products.by_step)
    bodies = [product for product in products.by_step.values() if has_body(product, schema)]
    engines = engines_of(model, placements, units.length, opened.text)
    here = (
        engines_of(model, placements, units.length, opened.text, kernels=False)
        if context.expendable and context.source.stat().st_size <= HERE_BYTES
        else ()
    )
    # A child meshes on its own while this process reads the graph.
    patience = Patience(context.silence_s, context.memory)
    with closing(Isolated(engines, model, bodies, patience, here=here)) as geometry:
        graph = read_graph(
            opened, units, book, hierarchy, products, lambda done: progress(_READ + (_GRAPH - _READ) * done, "graph")
        )
        progress(_GRAPH, "geometry")
        paint = Paint(spool, model, ModelImages(context.source))
        placed = Mesher(spool, schema, paint, units.length).run(
            bodies,
            [engine.name for engine in engines],
            geometry.batches(),
            lambda done: progress(_GRAPH + (_GEOMETRY - _GRAPH) * done, "geometry"),
        )
    location = locate(context.source.name, survey, _extent(placed, products, placements), context.frame)
    put_in_frame(placed, location.matrix, book, spool)
    elevations = {
        step: z + float(location.matrix[2, 3]) for step, z in storey_elevations(model, units, placements).items()
    }
    objects = objects_table(products, hierarchy, book, schema, elevations, placed.engines, distribution_systems(model))
    properties, quantities = graph.collector.tables()
    triples = graph.relations.table()
    placed.culprits.update(geometry.culprits)
    placed.defects.update(geometry.defects)
    boxes = product_boxes(placed, products, float(location.matrix[2, 3]))
    subject = Subject(model, schema, units, products, hierarchy, book, objects, triples, boxes)
    objects, disorder = put_in_order(subject, placed, properties, placements, opened.texts)
    counts: dict[str, int] = {}
    for engine in placed.engines.values():
        counts[engine] = counts.get(engine, 0) + 1
    progress(1.0, "geometry")
    return LayerDraft(
        kind=LayerKind.BIM,
        title=_title(model, context),
        frame=location.frame,
        objects=objects,
        concepts=graph.concepts.table(),
        relations=triples,
        properties=properties,
        quantities=quantities,
        georef=location.report,
        crs=location.crs,
        findings=[
            *opened.findings,
            *book.findings(),
            *hierarchy.findings(book.get_step),
            *disorder,
            *location.findings,
            *paint.findings(),
        ],
        engines=counts,
        solids=declared_solids(model, products, placed, set(hierarchy.hosts.values()), book.get_step),
        placements=placements.table(products.by_step.values(), products.ids),
        source_matrix=tuple(location.matrix.ravel().tolist()),
        meshed=_meshed(placed, opened.text, context.source) if all(map(book.get_step, placed.step.tolist())) else None,
    )


def _meshed(placed: Placed, text: StepText | None, source: Path) -> Meshed:
    """What the next version may be made from. text: what was read, of the source or of what was mended of it."""
    index = text.index() if text is not None and text.path == source else None
    return Meshed(placed.boxes, placed.content, None if index is None else index.encoded())


def _extent(placed: Placed, products: Products, placements: Placements) -> Extent:
    """The model's extent by its meshes; by its placements where it has none."""
    if len(placed.low):
        return Extent.of_boxes(placed.low, placed.high)
    origins = [placements.matrix(product)[:3, 3] for product in products.by_step.values()]
    points = np.array(origins, np.float64).reshape(-1, 3)
    return Extent.of_boxes(points, points)


def put_in_frame(placed: Placed, matrix: F64, book: IdBook, spool: MeshSpool) -> None:
    """Put the shapes on their objects. matrix (4, 4): from the model's frame to the park's."""
    turned = matrix[:3, :3] @ placed.matrix
    turned[:, :, 3] += matrix[:3, 3]
    names = [book.get_step(step) for step in placed.step.tolist()]
    known = np.array([name is not None for name in names], np.bool_)
    square = np.concatenate((turned[known], np.tile([[[0.0, 0.0, 0.0, 1.0]]], (int(known.sum()), 1, 1))), axis=1)
    spool.place_all([name for name in names if name is not None], placed.shape[known], square)


def _title(model: Any, context: ReadContext) -> str:
    """The building's name, else the project's, else the file's."""
    for ifc_class in ("IfcBuilding", "IfcProject"):
        for entity in model.by_type(ifc_class):
            name = name_of(entity)
            if name:
                return name
    return context.source.stem
