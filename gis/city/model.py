"""What both formats are read into, before anything is placed: objects, attributes, and bodies of polygons."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from gis.city.polygons import F64, I64, Polygons, offsets, spread

U16 = npt.NDArray[np.uint16]


@dataclass
class Objects:
    """City objects in the order of the file; every list has one entry an object.

    id: as written, "" where the file gives none; kind: CityGML class; parent: as written, None at a root;
    several: (child, further parent) pairs; members: (member, group) pairs of ids.
    """

    id: list[str] = field(default_factory=list)
    kind: list[str] = field(default_factory=list)
    parent: list[str | None] = field(default_factory=list)
    several: list[tuple[str, str]] = field(default_factory=list)
    members: list[tuple[str, str]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.id)


@dataclass
class Attributes:
    """Attributes as columns of one long table: count[i] entries belong to object i, in order.

    set_: None stands for the thematic attributes of the class itself; unit: as the file writes it.
    """

    count: list[int] = field(default_factory=list)
    set_: list[str | None] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    value: list[object] = field(default_factory=list)
    unit: list[str | None] = field(default_factory=list)


@dataclass(frozen=True)
class Bodies:
    """The chosen geometry of objects: polygons (p) in runs by body.

    first (b + 1,) first polygon of each body; row (b,) its object (of templates: its number); lod (b,) as written;
    solid (b,): the polygons of `shell` bound it; paint (p,) -1, or a material of the spool that the file gives;
    surface (p,) -1, or a number of `gis.city.looks.SURFACES`; shell (p,) the polygon belongs to the solid's boundary.
    """

    polygons: Polygons
    first: I64
    row: I64
    lod: list[str]
    solid: npt.NDArray[np.bool_]
    paint: I64
    surface: I64
    shell: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.row)

    def take(self, chosen: I64) -> Bodies:
        """These bodies, in this order."""
        polygons = spread(self.first, chosen)
        return Bodies(
            self.polygons.take(polygons),
            offsets(np.diff(self.first)[chosen]),
            self.row[chosen],
            [self.lod[body] for body in chosen.tolist()],
            self.solid[chosen],
            self.paint[polygons],
            self.surface[polygons],
            self.shell[polygons],
        )

    @classmethod
    def empty(cls) -> Bodies:
        """None."""
        none, no = np.zeros(0, np.int64), np.zeros(0, np.bool_)
        return cls(Polygons.empty(), offsets([]), none, [], no, none, none, no)


@dataclass(frozen=True)
class Instances:
    """Templates put at places: template (i,) number, row (i,) object, lod, matrix (i, 4, 4), anchor (i, 3) in the model's system."""

    template: I64
    row: I64
    lod: list[str]
    matrix: F64
    anchor: F64

    @classmethod
    def empty(cls) -> Instances:
        """None."""
        none = np.zeros(0, np.int64)
        return cls(none, none, [], np.zeros((0, 4, 4)), np.zeros((0, 3)))


@dataclass(frozen=True)
class CityModel:
    """A file's content. crs: as the file names it, "" where it does not; format_: CityJSON 2.0, CityGML 2.0 …

    ordered: coordinates follow the axes of the system (latitude first), as GML does; else east comes first.
    """

    format_: str
    title: str
    crs: str
    ordered: bool
    objects: Objects
    attributes: Attributes
    bodies: Bodies
    templates: Bodies = field(default_factory=Bodies.empty)
    instances: Instances = field(default_factory=Instances.empty)

    def with_bodies(self, bodies: Bodies) -> CityModel:
        """The same with other bodies."""
        return replace(self, bodies=bodies)
