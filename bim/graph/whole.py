"""The whole graph of a model: all that is read from it but shapes and place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pyarrow as pa

from bim.graph.associations import Associations
from bim.graph.boundaries import read_boundaries
from bim.graph.concepts import Concepts
from bim.graph.flow import owners_of_ports, read_fillings, read_flow
from bim.graph.hierarchy import Hierarchy
from bim.graph.id_book import IdBook
from bim.graph.products import Products, distribution_systems, find_products, objects_table
from bim.graph.relations import Relations
from bim.graph.schedule import read_cost_quantities, read_lags, read_stations
from bim.graph.sensing import read_sensing
from bim.properties.collect import PropertyCollector
from bim.source.open_model import OpenModel
from bim.units.unit_table import UnitTable


class Graph(NamedTuple):
    """Concepts, relations, and the sets of properties and quantities, before they become tables."""

    concepts: Concepts
    relations: Relations
    collector: PropertyCollector


class GraphTables(NamedTuple):
    """The tables of a LayerDraft that need no shapes: OBJECTS without elevation and engine, CONCEPTS …"""

    objects: pa.Table
    concepts: pa.Table
    relations: pa.Table
    properties: pa.Table
    quantities: pa.Table


def read_graph(
    opened: OpenModel,
    units: UnitTable,
    book: IdBook,
    hierarchy: Hierarchy,
    products: Products,
    progress: Callable[[float], None],
) -> Graph:
    """Concepts, relations and property sets. book: knows the products; gets the concepts' entities too."""
    model, schema = opened.file, opened.schema
    concepts = Concepts(book)
    concepts.add_rooted(model)
    relations = Relations(book)
    collector = PropertyCollector(model, schema, units, book, hierarchy.misfits, opened.text)
    links = hierarchy.links
    relations.read(links)
    read_fillings(relations, hierarchy)
    joined = read_flow(model, relations, owners_of_ports(model, links, relations))
    read_sensing(relations, products, hierarchy, joined)
    read_boundaries(links, relations, book, collector.add_shared_set)
    Associations(model, schema, units, concepts, relations, collector).read()
    read_lags(model, units, book, collector)
    read_cost_quantities(model, book, collector)
    read_stations(model, schema, units, products, relations, collector)
    progress(0.3)
    collector.collect(products, concepts.rooted, lambda done: progress(0.3 + 0.7 * done))
    return Graph(concepts, relations, collector)


def graph_tables(opened: OpenModel) -> GraphTables:
    """The graph of an opened model alone, for whoever needs no shapes."""
    model: Any = opened.file
    units = UnitTable.of_model(model)
    book = IdBook()
    products = find_products(model, book)
    hierarchy = Hierarchy(model, products.by_step)
    graph = read_graph(opened, units, book, hierarchy, products, lambda _done: None)
    objects = objects_table(products, hierarchy, book, opened.schema, {}, {}, distribution_systems(model))
    return GraphTables(objects, graph.concepts.table(), graph.relations.table(), *graph.collector.tables())
