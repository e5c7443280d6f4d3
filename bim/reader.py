"""The reader of building models: any IFC file to a LayerDraft, its meshes to the spool."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bim.geometry.box_engine import BoxEngine
from bim.geometry.engine import GeometryEngine
from bim.geometry.kernel_engine import OPEN_CASCADE, KernelEngine
from bim.geometry.mesher import Mesher, Placed, mesh_findings
from bim.geometry.placements import Placements
from bim.georef.locate import Extent, Location, candidates, locate
from bim.graph.concepts import Concepts, name_of
from bim.graph.elevations import storey_elevations
from bim.graph.hierarchy import Hierarchy
from bim.graph.id_book import IdBook
from bim.graph.materials import Materials
from bim.graph.model_findings import model_findings
from bim.graph.products import Products, find_products, objects_table
from bim.graph.relations import Relations, distribution_systems
from bim.properties.collect import PropertyCollector
from bim.source.open_model import OpenModel, open_model
from bim.units.unit_table import UnitTable
from twin.geometry.spool import MeshSpool
from twin.layer import LayerDraft, LayerKind, ReadContext

_READ, _GRAPH, _GEOMETRY = 0.10, 0.30, 0.98
"""Done shares at the end of the phases."""


def read(context: ReadContext, spool: MeshSpool) -> LayerDraft:
    """Read an IFC model.

    Every IfcProduct with a GlobalId that is no opening becomes one object. Geometry is placed in the
    park frame: metres, east-north-up. Raises Invalid with one sentence where the file cannot be read
    or lands too far from the park.
    """
    progress = context.progress
    progress(0.0, "read")
    opened = open_model(context.source)
    progress(_READ, "graph")
    model, schema = opened.file, opened.schema
    units = UnitTable.of_model(model)
    placements = Placements(units.length)
    book = IdBook()
    products = find_products(model, book)
    found = candidates(model, units, placements, context.crs)
    hierarchy = Hierarchy(model, products.by_step)
    graph = _graph(
        opened, units, book, hierarchy, products, lambda done: progress(_READ + (_GRAPH - _READ) * done, "graph")
    )
    progress(_GRAPH, "geometry")
    engines: list[GeometryEngine] = [
        KernelEngine(),
        KernelEngine(OPEN_CASCADE),
        BoxEngine(placements, units.length),
    ]
    placed = Mesher(spool, schema).run(
        model,
        list(products.by_step.values()),
        engines,
        lambda done: progress(_GRAPH + (_GEOMETRY - _GRAPH) * done, "geometry"),
    )
    location = locate(context.source.name, found, _extent(placed, products, placements), context.frame)
    _place(placed, location, book, spool)
    elevations = {
        step: z + float(location.matrix[2, 3]) for step, z in storey_elevations(model, units, placements).items()
    }
    objects = objects_table(products, hierarchy, book, schema, elevations, placed.engines, distribution_systems(model))
    concepts, relations, collector = graph
    properties, quantities = collector.tables()
    counts: dict[str, int] = {}
    for engine in placed.engines.values():
        counts[engine] = counts.get(engine, 0) + 1
    progress(1.0, "geometry")
    return LayerDraft(
        kind=LayerKind.BIM,
        title=_title(model, context),
        frame=location.frame,
        objects=objects,
        concepts=concepts.table(),
        relations=relations.table(),
        properties=properties,
        quantities=quantities,
        georef=location.report,
        crs=location.crs,
        findings=[
            *opened.findings,
            *book.findings(),
            *hierarchy.findings(book.get_step),
            *model_findings(model, units, products, hierarchy, book),
            *mesh_findings(placed, book.get_step),
            *location.findings,
        ],
        engines=counts,
        placements=placements.table(products.by_step.values(), products.ids),
        source_matrix=tuple(location.matrix.ravel().tolist()),
    )


def _graph(
    opened: OpenModel,
    units: UnitTable,
    book: IdBook,
    hierarchy: Hierarchy,
    products: Products,
    progress: Callable[[float], None],
) -> tuple[Concepts, Relations, PropertyCollector]:
    """Concepts, relations and property sets."""
    model = opened.file
    concepts = Concepts(book)
    concepts.add_rooted(model)
    relations = Relations(book)
    relations.read(model, hierarchy)
    collector = PropertyCollector(model, opened.schema, units, book)
    materials = Materials(concepts, units, opened.schema, relations.put, collector.add_set)
    relations.associate(model, materials, concepts)
    progress(0.3)
    collector.collect(products, lambda done: progress(0.3 + 0.7 * done))
    return concepts, relations, collector


def _extent(placed: Placed, products: Products, placements: Placements) -> Extent:
    """The model's extent by its meshes; by its placements where it has none."""
    if len(placed.low):
        return Extent.of_boxes(placed.low, placed.high)
    origins = [placements.matrix(product)[:3, 3] for product in products.by_step.values()]
    points = np.array(origins, np.float64).reshape(-1, 3)
    return Extent.of_boxes(points, points)


def _place(placed: Placed, location: Location, book: IdBook, spool: MeshSpool) -> None:
    """Put the shapes on their objects, in the park frame."""
    turned = location.matrix[:3, :3] @ placed.matrix
    turned[:, :, 3] += location.matrix[:3, 3]
    bottom = np.array([[0.0, 0.0, 0.0, 1.0]])
    for step, shape, matrix in zip(placed.step.tolist(), placed.shape.tolist(), turned, strict=True):
        local = book.get_step(step)
        if local is not None:
            spool.place(local, shape, np.vstack((matrix, bottom)))


def _title(model: Any, context: ReadContext) -> str:
    """The building's name, else the project's, else the file's."""
    for ifc_class in ("IfcBuilding", "IfcProject"):
        for entity in model.by_type(ifc_class):
            name = name_of(entity)
            if name:
                return name
    return context.source.stem
