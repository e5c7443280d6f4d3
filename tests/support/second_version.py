"""A second version of a published building: the ingested source with planted changes, built but not published."""

from __future__ import annotations

from pathlib import Path

import ifcopenshell
import ifcopenshell.guid

from scenes.build import ingest
from scenes.build.ingesting import terrain_of
from twin.graph.layerfile import read_version, version_folder, versions
from twin.park import Park


def change(source: Path, target: Path) -> dict[str, list[str]]:
    """Write `source` with changes; {kind of change: GlobalIds}."""
    model = ifcopenshell.open(str(source))
    walls = [item for item in model.by_type("IfcWall") if item.Representation and not item.HasOpenings]
    doors = [
        item for item in model.by_type("IfcFurnishingElement") + model.by_type("IfcFlowTerminal") if item.Representation
    ]
    gone, moved, higher, renamed = walls[0], doors[:6], walls[3:9], walls[10:14]
    planted = {
        "deleted": [gone.GlobalId],
        "moved": [item.GlobalId for item in moved],
        "reshaped": [item.GlobalId for item in higher],
        "renamed": [item.GlobalId for item in renamed],
    }
    for item in moved:
        point = item.ObjectPlacement.RelativePlacement.Location
        fresh = model.create_entity("IfcCartesianPoint", (point.Coordinates[0] + 1.2, *point.Coordinates[1:]))
        axis = item.ObjectPlacement.RelativePlacement
        own = model.create_entity("IfcAxis2Placement3D", fresh, axis.Axis, axis.RefDirection)
        item.ObjectPlacement = model.create_entity("IfcLocalPlacement", item.ObjectPlacement.PlacementRelTo, own)
    for item in higher:
        item.Representation = _taller(model, item.Representation)
    for number, item in enumerate(renamed):
        item.Name = f"改名 {number}"
    for inverse in model.get_inverse(gone):
        if inverse.is_a("IfcRelationship"):
            _drop(model, inverse, gone)
    model.remove(gone)
    model.write(str(target))
    return planted


def _taller(model, shape):
    """The same shape with its extrusions 0.4 m higher, as entities of its own."""
    representations = []
    for representation in shape.Representations:
        items = []
        for item in representation.Items:
            values = list(item)
            if item.is_a("IfcExtrudedAreaSolid"):
                values[3] += 0.4
                items.append(model.create_entity(item.is_a(), *values))
            else:
                items.append(item)
        values = list(representation)
        values[3] = items
        representations.append(model.create_entity(representation.is_a(), *values))
    return model.create_entity("IfcProductDefinitionShape", None, None, representations)


def _drop(model, relation, thing) -> None:
    """Take one thing out of a relation; the relation goes where nothing is left."""
    for place, value in enumerate(list(relation)):
        if value == thing:
            model.remove(relation)
            return
        if isinstance(value, tuple) and thing in value:
            rest = tuple(one for one in value if one != thing)
            if not rest:
                model.remove(relation)
                return
            relation[place] = rest


def second_version(folder: Path, layer: str, source: Path) -> tuple[str, str, dict[str, list[str]]]:
    """(first version, second version, planted changes) of a layer of the park in `folder`."""
    park = Park.load(folder)
    first = versions(park, layer)[-1]
    target = folder / f"{source.stem}-2.ifc"
    planted = change(source, target)
    rows = [
        {"layer": path.parent.name, "version": path.name, "kind": read_version(path).kind}
        for path in park.layers_folder.glob("*/[!.]*")
    ]
    built = ingest(park, target, layer=layer, terrain=terrain_of(park, rows)).version
    assert version_folder(park, layer, built.version).is_dir()
    return first.version, built.version, planted
