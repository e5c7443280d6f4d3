"""What sensors, meters and alarms monitor, and what actuators and controllers control."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bim.graph.hierarchy import Hierarchy
from bim.graph.products import Products
from bim.graph.relations import Relations

MONITORS, CONTROLS = "monitors", "controls"
KIND = {
    "IfcSensor": MONITORS, "IfcAlarm": MONITORS, "IfcFlowInstrument": MONITORS, "IfcFlowMeter": MONITORS,
    "IfcActuator": CONTROLS, "IfcController": CONTROLS, "IfcUnitaryControlElement": CONTROLS,
    "IfcProtectiveDeviceTrippingUnit": CONTROLS,
}  # fmt: skip
"""By class; IFC2X3 tells it by the type's (IfcSensorType)."""


def read_sensing(
    relations: Relations, products: Products, hierarchy: Hierarchy, joined: Iterable[tuple[int, int]]
) -> None:
    """Relations of all control elements; the first source that names a target counts.

    In turn: IfcRelFlowControlElements and IfcRelAssignsToProduct; what its port is joined to (joined: pairs of elements
    by STEP id); the space or the element that holds it.
    """
    devices = {step: kind for step, entity in products.by_step.items() if (kind := _kind(step, entity, products))}
    told: set[int] = set()
    links = hierarchy.links
    for element, controls in links.fans("IfcRelFlowControlElements", 5, 4):
        for step in controls:
            relations.link(step, devices.get(step, MONITORS), element)
            told.add(step)
    for target, assigned in links.fans("IfcRelAssignsToProduct", 6, 4):
        for step in assigned:
            relations.link(step, devices.get(step, "assigned_to"), target)
            told.add(step)
    told |= _over_ports(relations, devices, told, joined)
    for step, kind in devices.items():
        above = hierarchy.parent.get(step)
        if step not in told and above is not None and _is_target(products.by_step[above]):
            relations.link(step, kind, above)


def _over_ports(
    relations: Relations, devices: dict[int, str], told: set[int], joined: Iterable[tuple[int, int]]
) -> set[int]:
    found = set()
    for pair in joined:
        for step, other in (pair, pair[::-1]):
            if step in devices and step not in told and other not in devices:
                relations.link(step, devices[step], other)
                found.add(step)
    return found


def _kind(step: int, entity: Any, products: Products) -> str | None:
    kind = KIND.get(entity.is_a())
    of_type = products.types.get(step)
    if kind is None and of_type is not None:
        kind = KIND.get(of_type.is_a().removesuffix("Type"))
    return kind


def _is_target(entity: Any) -> bool:
    """A space or an element; a storey or a building says only where the thing hangs."""
    return bool(entity.is_a("IfcSpace") or entity.is_a("IfcSpatialZone") or entity.is_a("IfcElement"))
