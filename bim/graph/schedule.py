"""Order in time, amounts of cost items, and stations along alignments: values that stand on relations and placements."""

from __future__ import annotations

from typing import Any

from bim.graph.id_book import IdBook
from bim.graph.products import Products
from bim.graph.relations import Relations
from bim.properties.collect import PropertyCollector
from bim.properties.property_rows import Row, attribute_rows
from bim.properties.values import EMPTY, Value, plain_value, wrapped_value
from bim.source.attribute import attribute, entities_of, instances, step_of
from bim.text import clean
from bim.units.unit_table import UnitTable


def read_lags(model: Any, units: UnitTable, book: IdBook, collector: PropertyCollector) -> None:
    """Kind and lag of each IfcRelSequence, as a property of the later process named by the earlier one."""
    for relation in model.by_type("IfcRelSequence"):
        earlier, later = relation.get_argument(4), book.get_step(step_of(relation.get_argument(5)))
        if later is None or not step_of(earlier):
            continue
        lag = _lag(relation.get_argument(6), units)
        kind = clean(relation.get_argument(7))
        text = " + ".join(filter(None, (kind, lag.text)))
        if text:
            name = clean(attribute(earlier, "Name")) or clean(attribute(earlier, "GlobalId")) or "?"
            collector.add_set(later, "RelSequence", [Row(name, Value(text, lag.number, lag.unit))])


def _lag(lag: Any, units: UnitTable) -> Value:
    """IFC2X3: a number in the project's unit of time; from IFC4 on an IfcLagTime."""
    if lag is None:
        return EMPTY
    if not step_of(lag):
        return (
            plain_value(lag, units.of_type("TIMEUNIT")) if isinstance(lag, int | float) else wrapped_value(lag, units)
        )
    return wrapped_value(attribute(lag, "LagValue"), units)


def read_cost_quantities(model: Any, book: IdBook, collector: PropertyCollector) -> None:
    """The amounts that cost items are computed from."""
    for item in instances(model, "IfcCostItem"):
        amounts = attribute(item, "CostQuantities")
        local = book.get(item)
        if amounts and local is not None:
            collector.add_quantities(local, "CostQuantities", amounts)


def read_stations(
    model: Any, schema: str, units: UnitTable, products: Products, relations: Relations, collector: PropertyCollector
) -> None:
    """Linear placements (IFC4X3): the distance along and off the curve, and the alignment whose curve it is."""
    curves: dict[int, int] = {}
    for alignment in instances(model, "IfcLinearPositioningElement"):
        for representation in entities_of(attribute(alignment.Representation, "Representations")):
            for item in entities_of(attribute(representation, "Items")):
                curve: Any = item
                for _ in range(3):  # segmented reference curve → gradient curve → composite curve
                    if not step_of(curve):
                        break
                    curves.setdefault(step_of(curve), int(alignment.id()))
                    curve = attribute(curve, "BaseCurve")
    if not instances(model, "IfcLinearPlacement"):
        return
    for step, product in products.by_step.items():
        placement = attribute(product, "ObjectPlacement")
        place = attribute(attribute(placement, "RelativePlacement"), "Location")
        if step_of(place) and place.is_a("IfcPointByDistanceExpression"):
            rows = attribute_rows(place, schema, units, skip=frozenset())
            collector.add_shared_set([step], "LinearPlacement", rows)
            host = curves.get(step_of(attribute(place, "BasisCurve")))
            if host is not None:
                relations.link(step, "positioned_by", host)
