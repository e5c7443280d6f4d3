"""A small office made for comparing: every kind of thing that can change, and a way to compare two states of it."""

from __future__ import annotations

from pathlib import Path

import ifcopenshell.guid

from scenes.build.spec import Spec
from scenes.build.worker import run
from scenes.diff.compare import compare
from tests.bim.ifc_files import new_model


class Office:
    """Two storeys under one site, all placements relative; ten walls of different lengths, furniture of one shape."""

    def __init__(self, walls=10):
        m = self.model = new_model()
        f = self.file = m.file
        site, building = m.site.ObjectPlacement, m.building.ObjectPlacement
        building.PlacementRelTo = site
        m.storey.ObjectPlacement.PlacementRelTo = building
        self.upper = m.make(
            "IfcBuildingStorey", Name="2F", Elevation=4.0, CompositionType="ELEMENT",
            ObjectPlacement=m.placement(0, 0, 4.0, building),
        )  # fmt: skip
        m.make("IfcRelAggregates", RelatingObject=m.building, RelatedObjects=(self.upper,))
        self.concrete, self.brick = (f.create_entity("IfcMaterial", Name=name) for name in ("Concrete", "Brick"))
        self.kinds = [m.make("IfcWallType", Name=name, PredefinedType="SOLIDWALL") for name in ("W200", "W300")]
        self.walls = [self._wall(k, (3.0 * k, 0.5 * k, 0.0), (2.0 + 0.15 * k, 0.2, 3.0)) for k in range(walls)]
        m.make("IfcRelDefinesByType", RelatedObjects=self.walls, RelatingType=self.kinds[0])
        m.make("IfcRelAssociatesMaterial", RelatedObjects=self.walls, RelatingMaterial=self.layers(0.2, 0.1))
        self.chairs = [
            self.element("IfcFurniture", f"Chair {k}", (3.0 * k, 8.0, 0.0), (0.5, 0.4, 0.9), self.upper)
            for k in range(6)
        ]
        self.system = m.make("IfcDistributionSystem", Name="AHU-1")
        m.make("IfcRelAssignsToGroup", RelatedObjects=self.chairs[:3], RelatingGroup=self.system)
        self.code = f.create_entity(
            "IfcClassificationReference", Identification="14-10.20.03", Name="Wall",
            ReferencedSource=f.create_entity("IfcClassification", Name="GB/T 51269"),
        )  # fmt: skip
        m.make("IfcRelAssociatesClassification", RelatedObjects=self.walls, RelatingClassification=self.code)
        self.fire = m.single("FireRating", "IfcLabel", "2.00")
        self.u = m.single("ThermalTransmittance", "IfcThermalTransmittanceMeasure", 0.24)
        m.define(m.pset("Pset_WallCommon", self.fire, self.u), *self.walls)
        self.length = f.create_entity("IfcQuantityLength", Name="Length", LengthValue=2.5)
        quantities = m.make("IfcElementQuantity", Name="Qto_WallBaseQuantities", Quantities=(self.length,))
        m.define(quantities, self.walls[0])

    def layers(self, *thickness):
        f = self.file
        parts = [f.create_entity("IfcMaterialLayer", self.concrete, float(value)) for value in thickness]
        return f.create_entity("IfcMaterialLayerSet", MaterialLayers=parts, LayerSetName="Outer")

    def element(self, ifc_class, name, at, size, storey=None, **values):
        m, storey = self.model, storey or self.model.storey
        made = m.make(
            ifc_class, Name=name, ObjectPlacement=m.placement(*at, relative_to=storey.ObjectPlacement),
            Representation=m.shape(m.box(*size)), **values,
        )  # fmt: skip
        m.contain(made, storey=storey)
        return made

    def _wall(self, number, at, size):
        return self.element("IfcWall", f"Wall {number}", at, size, Tag=f"t{number}", PredefinedType="SOLIDWALL")

    def new_ids(self, every=1):
        """Other GlobalIds for every `every`-th rooted entity."""
        for number, entity in enumerate(self.file.by_type("IfcRoot")):
            if number % every == 0:
                entity.GlobalId = ifcopenshell.guid.new()


def origin(entity):
    """The point of an entity's placement."""
    return entity.ObjectPlacement.RelativePlacement.Location


def move(entity, *by):
    point = origin(entity)
    point.Coordinates = tuple(a + b for a, b in zip(point.Coordinates, by, strict=True))


def solid(entity):
    return entity.Representation.Representations[0].Items[0]


def build(source, folder):
    """A version without tiles, in this process."""
    folder = Path(folder)
    (folder / "scratch").mkdir(parents=True)
    run(Spec(str(source), "office", folder.name, "0" * 64, "", str(folder), tiles=False))
    return folder


def compare_files(folder, old, new):
    return compare(build(old, folder / "before"), build(new, folder / "after"))


def changed(folder, edit, office=None):
    """The difference that `edit(office)` makes."""
    office = office or Office()
    old = office.model.write(folder, "old.ifc")
    edit(office)
    return compare_files(folder, old, office.model.write(folder, "new.ifc"))


def told(found):
    """{name: kinds} of the changed objects."""
    return {item.name: sorted(item.kinds) for item in found.items}


def changes(found, name):
    """The changes of one object or concept as (kind, set, name, old, new)."""
    item = next(item for item in [*found.items, *found.concepts] if item.name == name)
    return [(c.kind, c.set, c.name, c.old, c.new) for c in item.changes]
