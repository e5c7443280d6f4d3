"""What building layouts share: their description, and storeys from heights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scenes.sample_park.model.file import Model, Storey, Title
from scenes.sample_park.parts.facade import Facade
from scenes.sample_park.parts.lifts import lift
from scenes.sample_park.parts.placed import Placed
from scenes.sample_park.parts.spaces import Spaces
from scenes.sample_park.plan.walls import Run


@dataclass(frozen=True)
class Building:
    """A building of the park: title, layout, tenants; its lot is `site.LOTS[title.key]`."""

    title: Title
    layout: Callable[[Model, Spaces], None]
    tenants: tuple[tuple[str, str], tuple[str, str]]
    storeys: int
    millimetres: bool = False


def stack(model: Model, heights: Sequence[float], roof: float = 3.0) -> list[Storey]:
    """Storeys 1F … from below with these heights, then the roof storey."""
    made, level = [], 0.0
    for index, height in enumerate(heights):
        made.append(model.storey(f"f{index + 1:02d}", f"{index + 1}F", round(level, 3), height))
        level += height
    top = model.storey("rf", "屋面层", round(level, 3), roof)
    # The roof as an external space without body: something for points and findings to speak of.
    space = model.element("IfcSpace", top, "RF00", (0.0, 0.0, 0.0), tail=(), whole=top.entity, object_type="屋面")
    space.LongName, space.CompositionType, space.PredefinedType = "屋面", "ELEMENT", "EXTERNAL"
    made.append(top)
    return made


def everywhere(style: Facade) -> Callable[[Run], Facade]:
    """The same façade on every run."""
    return lambda _run: style


def lifts(model: Model, placed: Sequence[Placed], storeys: Sequence[Storey]) -> None:
    """A lift in each lift room of the lowest storey."""
    shafts = [space for space in placed if space.room.usage == "lift"]
    for number, space in enumerate(shafts, start=1):
        lift(model, space, number, len(storeys), storeys[-1].elevation - storeys[0].elevation)


def describe(model: Model, building: Building, width: float, depth: float, height: float, gross: float) -> None:
    """Property sets and quantities of the IfcBuilding."""
    model.properties.give(
        model.building,
        "Pset_BuildingCommon",
        {
            "BuildingID": ("IfcIdentifier", building.title.key.upper()),
            "OccupancyType": building.title.usage,
            "NumberOfStoreys": building.storeys,
            "FireProtectionClass": "一级",
            "SprinklerProtection": True,
            "GrossPlannedArea": ("IfcAreaMeasure", round(gross, 2)),
            "YearOfConstruction": "2025",
        },
    )
    model.properties.measure(
        model.building,
        "Qto_BuildingBaseQuantities",
        {"Height:m": height, "FootprintArea:m2": width * depth, "GrossFloorArea:m2": gross},
    )
