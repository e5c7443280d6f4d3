"""Spaces with usage, classification, quantities and tenants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scenes.sample_park.model.file import Model, Storey
from scenes.sample_park.model.solids import box
from scenes.sample_park.parts.placed import SLAB, WALL, Placed
from scenes.sample_park.plan.rooms import USAGES, Room
from scenes.sample_park.plan.walls import Between

TABLE = "光谷示范科技园空间用途表"


class Spaces:
    """Writes spaces of one file; keeps its classification and tenants."""

    def __init__(self, model: Model, tenants: Sequence[tuple[str, str]]) -> None:
        self._model = model
        create = model.file.create_entity
        self._table = create("IfcClassification", "光谷示范科技园 (invented)", "2026", None, TABLE, None, None, None)
        model.file.create_entity(
            "IfcRelAssociatesClassification",
            model.guid("classification"),
            None,
            None,
            None,
            [model.project],
            self._table,
        )
        self._references: dict[str, Any] = {}
        self._tenants = [self._tenant(index, *names) for index, names in enumerate(tenants)]

    def _tenant(self, index: int, zh: str, en: str) -> tuple[Any, Any]:
        create = self._model.file.create_entity
        organization = create("IfcOrganization", f"T-{self._model.title.key.upper()}-{index + 1}", zh, en, None, None)
        occupant = create(
            "IfcOccupant", self._model.guid(f"tenant/{index}"), None, zh, en, None, organization, "TENANT"
        )
        zone = create("IfcZone", self._model.guid(f"zone/{index}"), None, f"{zh}租区", en, "租户", f"Leased by {en}")
        return occupant, zone

    def _reference(self, usage: str) -> Any:
        if usage not in self._references:
            use = USAGES[usage]
            self._references[usage] = self._model.file.create_entity(
                "IfcClassificationReference", None, use.code, use.zh, self._table, use.en, None
            )
        return self._references[usage]

    def write(
        self, storey: Storey, rooms: Sequence[Room], doors: dict[Between, Room], slab: float = SLAB
    ) -> list[Placed]:
        """A space for each room; `doors` says on which wall each room's door stands."""
        by_room = {room: wall for wall, room in doors.items()}
        return [self._space(storey, room, by_room.get(room), slab) for room in rooms]

    def _space(self, storey: Storey, room: Room, wall: Between | None, slab: float) -> Placed:
        model, use, half = self._model, room.use, WALL / 2
        clear = round(storey.height - slab, 3)
        dx, dy = room.width - WALL, room.depth - WALL
        name = room.name or use.zh
        parking = room.usage == "parking"
        entity = model.element(
            "IfcSpace",
            storey,
            room.number or f"{storey.key}-{use.code}",
            (room.x0 + half, room.y0 + half, 0.0),
            [box(0, 0, 0, dx, dy, clear, "space")],
            tail=(),
            whole=storey.entity,
            object_type=use.zh,
        )
        # IfcSpace has LongName where elements have Tag.
        entity.LongName = name
        entity.CompositionType = "ELEMENT"
        entity.PredefinedType = "PARKING" if parking else "INTERNAL"
        common: dict[str, Any] = {
            "Reference": use.code,
            "IsExternal": False,
            "GrossPlannedArea": ("IfcAreaMeasure", round(dx * dy, 2)),
            "PubliclyAccessible": use.walk,
            "HandicapAccessible": room.usage not in ("shaft", "stair"),
        }
        model.properties.give(entity, "Pset_SpaceCommon", common)
        people = int(dx * dy / use.person_m2) if use.person_m2 else 0
        if people:
            model.properties.give(
                entity,
                "Pset_SpaceOccupancyRequirements",
                {"OccupancyType": use.zh, "OccupancyNumber": ("IfcCountMeasure", people)},
            )
        model.properties.give(
            entity, "Pset_SpaceLightingRequirements",
            {"ArtificialLighting": True, "Illuminance": ("IfcIlluminanceMeasure", float(use.lux))},
        )  # fmt: skip
        model.properties.measure(
            entity,
            "Qto_SpaceBaseQuantities",
            {
                "Height:m": clear,
                "FinishCeilingHeight:m": clear,
                "GrossFloorArea:m2": room.area,
                "NetFloorArea:m2": dx * dy,
                "GrossPerimeter:m": 2 * (dx + dy),
                "NetVolume:m3": dx * dy * clear,
            },
        )
        model.relations.classify(self._reference(room.usage), entity)
        if use.rent and self._tenants:
            occupant, zone = self._tenants[(room.tenant or 0) % len(self._tenants)]
            model.relations.occupy(occupant, entity)
            model.relations.member(zone, entity)
        side = at = None
        if wall is not None:
            side = wall.side_of(room)
            middle = (wall.a + wall.b) / 2
            at = (middle, wall.line) if wall.along == "x" else (wall.line, middle)
        return Placed(room, entity, entity.GlobalId, f"{model.title.key}/{entity.GlobalId}", storey, clear, side, at)
