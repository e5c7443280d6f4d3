"""A made-up layer of any size: a site of buildings, storeys, spaces and elements, for the store's races."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scenes.build.tables import write_tables
from tests.support.layers import FRAME
from twin.graph.layerfile import MANIFEST, TILES, LayerVersion, version_folder
from twin.layer import OBJECTS, PROPERTIES, QUANTITIES, RELATIONS, LayerDraft, LayerKind
from twin.park import Park

LAYER, VERSION = "made", "v1"
STOREYS, SPACES, ELEMENTS = 20, 10, 100
"""Storeys per building, spaces per storey, elements per space: some 20,000 objects a building, five levels."""
CLASSES = ("Wall", "Slab", "Door", "Window", "Column", "FlowTerminal", "Furniture", "Sensor")
PREFIX = ("外墙", "Slab", "门", "Window", "Column", "风口", "Desk", "Sensor")


def _ids(letter: str, numbers: np.ndarray) -> pa.Array:
    """Texts of the length of a GlobalId."""
    return pc.binary_join_element_wise(letter, pc.utf8_lpad(pa.array(numbers).cast(pa.string()), 21, "0"), "")


def draft(objects: int) -> LayerDraft:
    """A layer of about so many objects, with a relation, two properties and a quantity for each element."""
    buildings = max(1, round(objects / (1 + STOREYS * (1 + SPACES * (1 + ELEMENTS)))))
    storeys, spaces = buildings * STOREYS, buildings * STOREYS * SPACES
    count = spaces * ELEMENTS
    number = np.arange(count)
    space = number // ELEMENTS
    kind = pa.DictionaryArray.from_arrays(pa.array(number % len(CLASSES), pa.int32()), CLASSES).cast(pa.string())
    word = pa.DictionaryArray.from_arrays(pa.array(number % len(PREFIX), pa.int32()), PREFIX).cast(pa.string())
    element = _ids("e", number)
    tables = [
        _table(1, id=["s"], type="Site", ifc_class="IfcSite", name="Site"),
        _table(
            buildings,
            **_tree("b", buildings, "Building"),
            parent=pa.array(["s"] * buildings),
        ),
        _table(
            storeys,
            **_tree("f", storeys, "BuildingStorey"),
            parent=_ids("b", np.arange(storeys) // STOREYS),
            building=_ids("b", np.arange(storeys) // STOREYS),
            elevation=pa.array(4.0 * (np.arange(storeys) % STOREYS)),
        ),
        _table(
            spaces,
            **_tree("r", spaces, "Space"),
            parent=_ids("f", np.arange(spaces) // SPACES),
            storey=_ids("f", np.arange(spaces) // SPACES),
            building=_ids("b", np.arange(spaces) // (SPACES * STOREYS)),
        ),
        _table(
            count,
            id=element,
            type=kind,
            ifc_class=pc.binary_join_element_wise("Ifc", kind, ""),
            name=pc.binary_join_element_wise(word, pa.array(number).cast(pa.string()), " "),
            tag=pa.array(number * 7919 % 10_000_019).cast(pa.string()),
            parent=_ids("r", space),
            storey=_ids("f", space // SPACES),
            building=_ids("b", space // (SPACES * STOREYS)),
            discipline="architecture",
            engine="made",
        ),
    ]
    return LayerDraft(
        kind=LayerKind.BIM,
        title="Made",
        frame=FRAME,
        objects=pa.concat_tables(tables),
        relations=_columns(RELATIONS, count, source=_ids("r", space), kind="contains", target=element),
        properties=pa.concat_tables(
            [
                _columns(PROPERTIES, count, id=element, set="Pset_Common", name=name, value=value, origin="occurrence")
                for name, value in (("Reference", "R-200"), ("IsExternal", "true"))
            ]
        ),
        quantities=_columns(
            QUANTITIES,
            count,
            id=element,
            set="Measured",
            name="Volume",
            value=pa.array(number % 1000 / 100),
            unit="m3",
            origin="measured",
        ),
        crs="EPSG:4547",
    )


def make(park: Park, objects: int) -> LayerVersion:
    """Write the layer as a complete version of `park`, through the builder's own table writer."""
    made = draft(objects)
    count = len(made.objects)
    folder = version_folder(park, LAYER, VERSION)
    (folder / TILES).mkdir(parents=True)
    low = np.column_stack((np.arange(count) % 1000, np.arange(count) // 1000 % 1000, np.arange(count) % 80)).astype(
        float
    )
    write_tables(folder, LAYER, made, np.arange(count), np.hstack((low, low + 1.0)))
    version = LayerVersion(
        layer=LAYER,
        version=VERSION,
        kind=made.kind.value,
        title=made.title,
        source="made.ifc",
        sha256="0" * 64,
        crs=made.crs,
        built_at="2026-01-01T00:00:00Z",
        count=count,
        box=(0.0, 0.0, 0.0, 1000.0, 1000.0, 81.0),
        frame=made.frame.as_dict(),
    )
    (folder / MANIFEST).write_text(version.to_json(), encoding="utf-8")
    return version


def _tree(letter: str, count: int, kind: str) -> dict:
    number = np.arange(count)
    name = pc.binary_join_element_wise(kind, pa.array(number).cast(pa.string()), " ")
    return {"id": _ids(letter, number), "type": kind, "ifc_class": f"Ifc{kind}", "name": name}


def _table(count: int, **columns: object) -> pa.Table:
    return _columns(OBJECTS, count, **columns)


def _columns(schema: pa.Schema, count: int, **columns: object) -> pa.Table:
    """A table of `count` rows; texts and numbers stand for a whole column, missing columns are null."""
    arrays = []
    for part in schema:
        value = columns.get(part.name)
        if value is None or isinstance(value, str | int | float):
            arrays.append(pa.repeat(pa.scalar(value, part.type), count))
        else:
            arrays.append(pa.array(value, part.type) if isinstance(value, list) else value.cast(part.type))
    return pa.table(arrays, schema=schema)
