"""What a reader (bim, gis) hands to the builder: tables as Arrow, meshes in a spool.

Ids in these tables are *local*: the id in the source (IFC GlobalId, feature id). The builder turns
them into gids `<layer>/<id>` and gives ordinals in tile order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from twin.finding import Finding
from twin.geometry.frame import Frame
from twin.geometry.heightfield import HeightField
from twin.placing import Placing

_text = pa.string()

OBJECTS = pa.schema(
    [
        ("id", _text),  # unique in the layer; a repeated id gets ~2, ~3 … and a finding
        ("type", _text),  # CIM type: IFC class without 'Ifc', or Building, Road, Tree, Terrain …
        ("ifc_class", _text),  # IfcWall …; null for GIS
        ("predefined_type", _text),
        ("name", _text),
        ("description", _text),
        ("tag", _text),
        ("parent", _text),  # id of the object that contains or aggregates it; null at a root
        ("storey", _text),  # id of its storey, null where it has none
        ("building", _text),  # id of its building, null where it has none
        ("discipline", _text),  # architecture | structure | hvac | electrical | plumbing | fire | site | space | other
        ("cim_level", pa.int8()),  # 1..7, `standards.md` 3.2
        ("elevation", pa.float64()),  # storeys: metres in the park frame; null elsewhere
        ("engine", _text),  # geometry engine that made its mesh; null without mesh
    ]
)
CONCEPTS = pa.schema(  # nodes of the graph that are no products: types, systems, zones, groups, materials …
    [("id", _text), ("kind", _text), ("ifc_class", _text), ("name", _text), ("description", _text)]
)
RELATIONS = pa.schema([("source", _text), ("kind", _text), ("target", _text)])
PROPERTIES = pa.schema(
    [
        ("id", _text),  # object or concept
        ("set", _text),
        ("name", _text),
        ("value", _text),  # as a person reads it
        ("number", pa.float64()),  # SI value where it is a number or a boolean (0/1)
        ("unit", _text),  # SI unit symbol where it has one: m, m2, m3, W, K, Pa …
        ("origin", _text),  # occurrence | type
    ]
)
QUANTITIES = pa.schema(
    [
        ("id", _text),
        ("set", _text),
        ("name", _text),
        ("value", pa.float64()),  # SI
        ("unit", _text),
        ("origin", _text),  # declared | measured
    ]
)
PLACEMENTS = (
    pa.schema(  # where the source itself puts its objects: rows of a (3, 4) matrix, metres, in the source's own frame
        [("id", _text), ("matrix", pa.list_(pa.float64(), 12))]
    )
)
RELATION_KINDS = frozenset(
    {
        "contains",  # spatial container → element
        "aggregates",  # whole → part
        "nests",  # host → nested part (ports, parts of an alignment, inner space boundaries)
        "voids",  # opening → element it is cut from; openings are concepts, no objects
        "fills",  # door or window → opening that it fills, and straight → element that opening is cut from
        "located_in",  # GIS object → area; element → further space that it reaches into
        "serves",  # system → storey, space or building
        "member_of",  # object → system, zone, group; classification or document reference → what it is a part of
        "typed_by",  # object → type
        "reflects",  # object → the one that its shape and properties repeat (IfcRelDefinesByObject)
        "declares",  # project or library → type, process, group
        "made_of",  # object → material
        "classified_as",  # object → classification reference
        "bounds",  # element, and the boundary that it provides → space
        "provides",  # element → space boundary
        "corresponds_to",  # space boundary → the one on the other side of its element
        "connects",  # port, element or joint → port or element
        "feeds",  # element → element that its flow goes to
        "covers",  # covering → element or space
        "adheres_to",  # surface feature → element
        "monitors",  # sensor → object
        "controls",  # actuator or controller → object
        "positioned_by",  # object → alignment, grid or referent that its place is measured from
        "occupies",  # tenant → space
        "documents",  # document → object
        "approved_by",  # object → approval
        "constrained_by",  # object → objective or metric
        "precedes",  # process → process after it
        "played_by",  # actor → person or organization
        "assigned_to",  # object → process, control, resource, actor
    }
)
AXES = pa.schema(  # middle lines of long things, in the layer's frame: x y z of point after point, in the source's direction
    [("id", _text), ("points", pa.list_(pa.float64()))]
)


@dataclass(frozen=True)
class Meshed:
    """What a reader knows of its meshes beside the spool.

    boxes (p, 6): by placement, metres in the source's own frame; content (s,): hashes of the shapes without their materials;
    index: where things stand in the source's text, as the reader keeps it for the next version.
    """

    boxes: npt.NDArray[np.float64]
    content: tuple[bytes, ...]
    index: bytes | None = None


class LayerKind(StrEnum):
    """What a layer was made from; decides tiles and place in the scene."""

    BIM = "bim"
    VECTOR = "vector"
    TERRAIN = "terrain"
    MODEL = "model"  # a mesh without elements: glTF, OBJ, STL, PLY


@dataclass(frozen=True)
class LayerDraft:
    """All that a reader found. Meshes stand in the spool that the reader was given."""

    kind: LayerKind
    title: str
    frame: Frame  # the frame the geometry is in; a park without origin adopts it
    objects: pa.Table
    concepts: pa.Table = field(default_factory=CONCEPTS.empty_table)
    relations: pa.Table = field(default_factory=RELATIONS.empty_table)
    properties: pa.Table = field(default_factory=PROPERTIES.empty_table)
    quantities: pa.Table = field(default_factory=QUANTITIES.empty_table)
    georef: dict[str, object] = field(default_factory=dict)  # what was found, used, and where it lands
    crs: str = ""
    findings: Sequence[Finding] = ()
    engines: Mapping[str, int] = field(default_factory=dict)  # geometry engine → number of objects
    solids: frozenset[str] = frozenset()  # open meshes that the source declares closed solids, face by face
    terrain: HeightField | None = None  # a terrain layer's grid, kept beside its tiles for draping
    placements: pa.Table = field(default_factory=PLACEMENTS.empty_table)
    axes: pa.Table = field(
        default_factory=AXES.empty_table
    )  # of lines in maps; those of a model's segments are measured
    source_matrix: tuple[float, ...] | None = (
        None  # (4, 4) by rows: the source's own frame → `frame`; None: they are one
    )
    meshed: Meshed | None = None  # of readers whose versions can be remade with other shapes


Progress = Callable[[float, str], None]
"""Called with the done fraction 0..1 and a phase name (read, graph, geometry, tiles, …)."""


@dataclass(frozen=True)
class ReadContext:
    """What a reader may know of the park.

    frame: None where the park has no origin yet: the reader proposes one. crs: the user's override;
    placing: the same and more for building models.
    terrain: the park's published terrain, for draping. extent_m: features farther from the origin
    are clipped away; None keeps all. unit, up: length unit (mm, cm, m, in, ft) and upward axis (y, z) of a
    mesh model, where the user names them. silence_s, memory: how long and with how many bytes a geometry
    kernel may work on one product before it is stopped and the product left to the next engine.
    kept: what a reader may leave in memory instead of freeing it object by object, by a process that ends soon.
    expendable: whether this process may be lost to a shape; it is then started again with this off.
    """

    source: Path
    layer: str
    frame: Frame | None = None
    crs: str | None = None
    placing: Placing = field(default_factory=Placing)
    terrain: HeightField | None = None
    extent_m: float | None = None
    unit: str | None = None
    up: str | None = None
    progress: Progress = lambda _done, _phase: None
    silence_s: float = 60.0
    memory: int = 6 << 30
    kept: list[object] | None = None
    expendable: bool = False
