"""One IFC4 file of the park being written: spatial structure, types, elements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ifcopenshell

from scenes.sample_park.guid import global_id
from scenes.sample_park.model.properties import Properties, Value
from scenes.sample_park.model.relations import Relations
from scenes.sample_park.model.shapes import Shapes
from scenes.sample_park.model.solids import Solid
from scenes.sample_park.model.systems import SYSTEMS
from scenes.sample_park.model.units import (
    Anchor,
    contexts,
    degrees_minutes,
    map_conversion,
    stamp_header,
    unit_assignment,
)
from scenes.sample_park.points.row import PointRow

Entity = Any
At = tuple[float, float, float]
Turn = tuple[float, float]
"""(cos, sin) of a rotation about z."""

NO_TURN: Turn = (1.0, 0.0)
QUARTER: Turn = (0.0, 1.0)
HALF: Turn = (-1.0, 0.0)
THREE_QUARTERS: Turn = (0.0, -1.0)


@dataclass(frozen=True)
class Storey:
    """A building storey; elevation above the building's ±0.000, height to the next one, metres."""

    entity: Entity
    placement: Entity
    key: str
    index: int
    elevation: float
    height: float


@dataclass(frozen=True)
class Kind:
    """A type (IfcTypeProduct) whose geometry its occurrences share."""

    cls: str
    name: str
    predefined: str
    entity: Entity
    map: Entity | None


@dataclass(frozen=True)
class Title:
    """What a file is about."""

    key: str  # a1 …: the layer's name
    zh: str
    en: str
    usage: str = ""  # Pset_BuildingCommon.OccupancyType


@dataclass
class Model:
    """A file with its project, site and building. Lengths are metres everywhere outside `Shapes`."""

    title: Title
    seed: int
    anchor: Anchor
    lonlat: tuple[float, float]
    millimetres: bool = False
    file: Any = field(init=False)
    points: list[PointRow] = field(default_factory=list)
    gross_area: float = 0.0  # m², summed over the storeys' plates
    storeys: list[Storey] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.file = ifcopenshell.file(schema="IFC4")
        scale = 1000.0 if self.millimetres else 1.0
        self.counts: Counter[str] = Counter()
        self._kinds: dict[str, Kind] = {}
        self._materials: dict[str, Entity] = {}
        self._systems: dict[str, Entity] = {}
        units = unit_assignment(self.file, millimetres=self.millimetres)
        context, body = contexts(self.file)
        map_conversion(self.file, context, self.anchor, millimetres=self.millimetres)
        self.shapes = Shapes(self.file, body, scale)
        self.relations = Relations(self.file, self.guid)
        self.properties = Properties(self.file, scale, self.guid)
        self.project = self.file.create_entity(
            "IfcProject",
            self.guid("project"),
            None,
            "光谷示范科技园",
            None,
            None,
            self.title.zh,
            None,
            [context],
            units,
        )
        self.site = self._site()
        self.building = self._building()

    def guid(self, key: str) -> str:
        """The GlobalId of a key inside this file."""
        return global_id(self.seed, f"{self.title.key}/{key}")

    def _local(self, parent: Entity | None, at: At, turn: Turn | None = None) -> Entity:
        return self.file.create_entity("IfcLocalPlacement", parent, self.shapes.axes(*at, turn))

    def _site(self) -> Entity:
        latitude, longitude = degrees_minutes(self.lonlat[1]), degrees_minutes(self.lonlat[0])
        site = self.file.create_entity(
            "IfcSite", self.guid("site"), None, "光谷示范科技园", "Optics Valley Sample Park (invented)",
            None, self._local(None, (0.0, 0.0, 0.0)), None, "园区用地", "ELEMENT", latitude, longitude,
            self.shapes.size(self.anchor.height),
        )  # fmt: skip
        self.relations.aggregate(self.project, site)
        return site

    def _building(self) -> Entity:
        address = self.file.create_entity(
            "IfcPostalAddress", "SITE", None, None, None, ["光谷示范科技园 (示例)"], None, "武汉", "湖北", None, "中国"
        )
        building = self.file.create_entity(
            "IfcBuilding", self.guid("building"), None, self.title.zh, self.title.en, self.title.usage or None,
            self._local(self.site.ObjectPlacement, (0.0, 0.0, 0.0)), None, self.title.en, "ELEMENT",
            self.shapes.size(self.anchor.height), self.shapes.size(self.anchor.height), address,
        )  # fmt: skip
        self.relations.aggregate(self.site, building)
        return building

    def storey(self, key: str, name: str, elevation: float, height: float, *, above: bool = True) -> Storey:
        """Add a storey; storeys are added from below."""
        placement = self._local(self.building.ObjectPlacement, (0.0, 0.0, elevation))
        entity = self.file.create_entity(
            "IfcBuildingStorey", self.guid(f"storey/{key}"), None, name, None, None, placement, None, name,
            "ELEMENT", self.shapes.size(elevation),
        )  # fmt: skip
        self.relations.aggregate(self.building, entity)
        self.properties.give(
            entity,
            "Pset_BuildingStoreyCommon",
            {"EntranceLevel": elevation == 0.0, "AboveGround": ("IfcLogical", above)},
        )
        made = Storey(entity, placement, key, len(self.storeys), elevation, height)
        self.storeys.append(made)
        return made

    def next_guid(self, cls: str, storey: Storey) -> tuple[str, int]:
        """GlobalId and running number of the next object of a class on a storey."""
        key = f"{cls}/{storey.key}"
        self.counts[key] += 1
        return self.guid(f"{key}/{self.counts[key]}"), self.counts[key]

    def element(
        self,
        cls: str,
        storey: Storey,
        name: str,
        at: At,
        solids: Sequence[Solid] = (),
        *,
        turn: Turn | None = None,
        kind: Kind | None = None,
        tail: tuple[Any, ...] = (None,),
        whole: Entity | None = None,
        parent: Entity | None = None,
        object_type: str | None = None,
    ) -> Entity:
        """A product at `at` in the storey's frame (or in that of `parent`, a placement).

        It shows its own solids, or the geometry of its kind. `tail` holds the attributes after Tag.
        It is contained in the storey, or is part of `whole`.
        """
        guid, number = self.next_guid(cls, storey)
        shape = None
        if kind is not None and kind.map is not None:
            shape = self.shapes.mapped(kind.map)
        elif solids:
            shape = self.shapes.product(solids)
        made = self.file.create_entity(
            cls, guid, None, name, None, object_type, self._local(parent or storey.placement, at, turn), shape,
            f"{self.title.key}-{storey.key}-{cls[3:].lower()}-{number:04d}", *tail,
        )  # fmt: skip
        if kind is not None:
            self.relations.type_of(kind.entity, made)
        if whole is None:
            self.relations.contain(storey.entity, made)
        else:
            self.relations.aggregate(whole, made)
        return made

    def place(
        self,
        kind: Kind,
        storey: Storey,
        at: At,
        turn: Turn | None = None,
        *,
        name: str = "",
        system: str = "",
        whole: Entity | None = None,
        parent: Entity | None = None,
    ) -> Entity:
        """An occurrence of a kind, a member of a system where one is named."""
        made = self.element(
            kind.cls,
            storey,
            name or kind.name,
            at,
            turn=turn,
            kind=kind,
            tail=(kind.predefined,) if kind.predefined else (),
            whole=whole,
            parent=parent,
            object_type=kind.name if kind.predefined == "USERDEFINED" else None,
        )
        if system:
            self.relations.member(self.system(system), made)
        return made

    def system(self, key: str) -> Entity:
        """The distribution system of this key (`model/systems.py`), made on first use."""
        if key not in self._systems:
            zh, en, predefined = SYSTEMS[key]
            made = self.file.create_entity(
                "IfcDistributionSystem", self.guid(f"system/{key}"), None, zh, en, None, en, predefined
            )
            self.relations.serve(made, self.building)
            self._systems[key] = made
        return self._systems[key]

    def kind(
        self,
        cls: str,
        name: str,
        solids: Sequence[Solid] = (),
        predefined: str = "NOTDEFINED",
        psets: Mapping[str, Mapping[str, Value]] | None = None,
        extra: tuple[Any, ...] = (),
        material: str = "",
    ) -> Kind:
        """The type of this name, made on first use. `extra` holds type attributes after PredefinedType."""
        made = self._kinds.get(name)
        if made is not None:
            return made
        key = f"type/{cls}/{name}"
        sets = [self.properties.property_set(f"{key}/{pset}", pset, values) for pset, values in (psets or {}).items()]
        source = self.shapes.map(solids) if solids else None
        tail = ("NOTDEFINED", predefined) if cls == "IfcFurniture" else (predefined, *extra)
        entity = self.file.create_entity(
            f"{cls}Type", self.guid(key), None, name, None, None, sets or None, [source] if source else None, None,
            name if predefined == "USERDEFINED" else None, *tail,
        )  # fmt: skip
        if material:
            self.relations.material(self.material(material), entity)
        made = self._kinds[name] = Kind(cls, name, predefined, entity, source)
        return made

    def material(self, name: str) -> Entity:
        """The material of this name."""
        if name not in self._materials:
            self._materials[name] = self.file.create_entity("IfcMaterial", name, None, None)
        return self._materials[name]

    def layers(self, name: str, layers: Sequence[tuple[str, float]], direction: str = "AXIS2") -> Entity:
        """The usage of a material layer set by name: (material, thickness in metres) from the outside in."""
        if name not in self._materials:
            rows = [
                self.file.create_entity("IfcMaterialLayer", self.material(material), self.shapes.size(thickness), None)
                for material, thickness in layers
            ]
            layer_set = self.file.create_entity("IfcMaterialLayerSet", rows, name, None)
            self._materials[name] = self.file.create_entity(
                "IfcMaterialLayerSetUsage", layer_set, direction, "POSITIVE", 0.0, None
            )
        return self._materials[name]

    def write(self, path: Path) -> None:
        """Emit relations and property sets, then the file."""
        self.relations.write()
        self.properties.write()
        stamp_header(self.file, path.name)
        self.file.write(str(path))
