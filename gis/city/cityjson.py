"""CityJSON 1.0, 1.1 and 2.0, and CityJSON text sequences (one feature a line)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from gis.city import said
from gis.city.json_bodies import JsonBodies, SurfaceTextures, lod_text
from gis.city.lift import parse_lines
from gis.city.model import Attributes, Bodies, CityModel, Objects
from gis.city.numbers import triples
from gis.city.polygons import F64, I64
from gis.city.textures import TextureMaterials
from gis.notes import Notes
from twin.errors import Invalid
from twin.geometry.spool import MeshSpool
from twin.layer import Progress

VERSIONS = ("1.0", "1.1", "2.0")
MAX_BYTES = 1 << 30
"""A whole document is held in memory some eight times over; sequences are read some lines at once."""
BATCH = 4 << 20
"""Bytes of a sequence that are parsed at once."""
_GREY = (0.78, 0.78, 0.78, 1.0)


def read_document(data: bytes, name: str, spool: MeshSpool, notes: Notes, textures: TextureMaterials) -> CityModel:
    """One CityJSON document. Raises Invalid where it is broken, of another version, or without city objects."""
    root = _load([data], [name])[0]
    reader = _Reader(root, name, spool, notes, textures)
    reader.feature(root, name)
    return reader.model()


def read_sequence(
    lines: Iterable[bytes],
    size: int,
    name: str,
    spool: MeshSpool,
    notes: Notes,
    textures: TextureMaterials,
    progress: Progress,
) -> CityModel:
    """A CityJSONSeq: a first line with the header, then one CityJSONFeature a line. Raises Invalid as `read_document`."""
    reader: _Reader | None = None
    done = 0
    for texts, numbers in _batches(lines):
        whats = [f"{name}, line {number}," for number in numbers]
        for root, what in zip(_load(texts, whats), whats, strict=True):
            if reader is None:
                reader = _Reader(root, name, spool, notes, textures)
            elif root.get("type") != "CityJSONFeature":
                raise Invalid(
                    f"{what} has the type {root.get('type')!r}: expected a CityJSONFeature after the first line",
                    code="json",
                )
            reader.feature(root, what)
        done += sum(map(len, texts))
        progress(0.4 * min(done / max(size, 1), 1.0), "read")
    if reader is None:
        raise Invalid(f"{name} is empty: expected a CityJSON line first", code="empty-file")
    return reader.model()


def _batches(lines: Iterable[bytes]) -> Iterator[tuple[list[bytes], list[int]]]:
    """Lines that are not empty, some BATCH bytes at once, and their numbers."""
    texts: list[bytes] = []
    numbers: list[int] = []
    size = 0
    for number, line in enumerate(lines, 1):
        text = line.strip().lstrip(b"\x1e")
        if text:
            texts.append(text)
            numbers.append(number)
            size += len(text)
            if size >= BATCH:
                yield texts, numbers
                texts, numbers, size = [], [], 0
    if texts:
        yield texts, numbers


def is_sequence(head: bytes) -> bool:
    """Whether a file that begins so is a CityJSONSeq: a whole document on its first line and more after it."""
    first, newline, rest = head.lstrip().partition(b"\n")
    if not newline or not rest.strip():
        return False
    try:
        root = orjson.loads(first)
    except orjson.JSONDecodeError:
        return False
    return isinstance(root, dict) and root.get("type") == "CityJSON"


def load_file(path: Path, name: str) -> bytes:
    """The bytes of a whole document. Raises Invalid where it is too large for that."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise Invalid(
            f"{name} is one CityJSON document of {size >> 20} MB: expected at most {MAX_BYTES >> 20} MB;"
            " split it up, or send it as CityJSONSeq (.city.jsonl)",
            code="city-size",
        )
    return path.read_bytes()


def _load(texts: list[bytes], names: list[str]) -> list[dict[str, Any]]:
    """Documents with boundaries and vertices as text, see `gis.city.lift`. Raises Invalid."""
    try:
        roots = parse_lines(texts)
    except orjson.JSONDecodeError:
        roots = [_loaded(text, name) for text, name in zip(texts, names, strict=True)]
    for root, name in zip(roots, names, strict=True):
        if not isinstance(root, dict):
            raise Invalid(
                f"{name} is JSON but no CityJSON: expected an object with the type CityJSON", code="source-kind"
            )
    return roots


def _loaded(text: bytes, name: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Invalid(f"{name} is no valid JSON, perhaps cut off: {error}", code="json") from error


class _Reader:
    """Gathers the features of one file."""

    def __init__(
        self, root: dict[str, Any], name: str, spool: MeshSpool, notes: Notes, textures: TextureMaterials
    ) -> None:
        if root.get("type") != "CityJSON":
            raise Invalid(
                f"{name} begins with the type {root.get('type')!r}: expected a CityJSON object first",
                code="source-kind",
            )
        self.version = str(root.get("version", ""))
        if not self.version.startswith(VERSIONS):
            raise Invalid(
                f"{name} is CityJSON {self.version or 'without a version'}: expected {', '.join(VERSIONS)};"
                " convert it with 'cjio FILE upgrade save OUT'",
                code="city-version",
            )
        self.name, self.spool, self.notes, self.textures = name, spool, notes, textures
        self.scale, self.translate = _transform(root, name)
        self.metadata = _object(root.get("metadata"))
        self.objects, self.attributes = Objects(), Attributes()
        self.keys: list[str] = []
        self.items: list[dict[str, Any]] = []
        self.vertices: list[F64 | bytes] = []
        self.whats: list[str] = []
        self.counts: list[int] = []
        appearance = _object(root.get("appearance"))
        self.theme = appearance.get("default-theme-material")
        self.texture_theme = appearance.get("default-theme-texture")
        self.colours, self.surface_textures = self._materials(appearance), self._textures(appearance)
        self.bodies = JsonBodies(notes, self.theme, self.texture_theme)
        self.templates, self.bad_templates = self._read_templates(root)

    def _materials(self, appearance: dict[str, Any]) -> list[int]:
        """Material index in the spool by number; X3D's default grey where no colour is given."""
        found = []
        materials = appearance.get("materials")
        for item in materials if isinstance(materials, list) else ():
            colour, title = _GREY, ""
            if isinstance(item, dict):
                colour, title = _rgba(item), str(item.get("name", ""))
            found.append(self.spool.material(colour, title[:100]))
        return found

    def _textures(self, appearance: dict[str, Any]) -> SurfaceTextures:
        """The textures of an appearance; an image is opened when a surface shows it."""
        textures = appearance.get("textures")
        if not isinstance(textures, list):
            return SurfaceTextures()

        @cache
        def material(number: int) -> int:
            item = textures[number]
            return self.textures.material(str(item["image"]), item.get("wrapMode"))

        try:
            given = np.array(appearance.get("vertices-texture") or (), np.float64).reshape(-1, 2)
        except (TypeError, ValueError):
            return SurfaceTextures()
        return SurfaceTextures(material, given * (1.0, -1.0) + (0.0, 1.0))

    def _read_templates(self, root: dict[str, Any]) -> tuple[Bodies, set[int]]:
        """Template geometries, their number as row, and numbers of those that cannot be used."""
        given = root.get("geometry-templates")
        templates = given.get("templates") if isinstance(given, dict) else None
        if not isinstance(given, dict) or not isinstance(templates, list) or not templates:
            return Bodies.empty(), set()
        vertices = _vertices(given.get("vertices-templates"), f"{self.name}, geometry-templates,")
        collected = JsonBodies(self.notes, self.theme, self.texture_theme)
        collected.feature(0, self.colours, self.surface_textures)
        self.bodies.template_lods = [
            lod_text(geometry.get("lod")) if isinstance(geometry, dict) else "" for geometry in templates
        ]
        collected.add([[geometry] for geometry in templates], [len(vertices)])
        lost: set[int] = set()
        bodies = collected.bodies(vertices, lambda rows: lost.update(rows.tolist()))
        return bodies, lost | set(collected.malformed) | set(collected.pointlike)

    def feature(self, root: dict[str, Any], what: str) -> None:
        """Add the city objects of a document or a feature."""
        objects = root.get("CityObjects")
        if not isinstance(objects, dict):
            raise Invalid(f"{what} has no CityObjects: expected an object of city objects by id", code="json")
        if not set(map(type, objects.values())) <= {dict}:
            key = next(key for key, item in objects.items() if not isinstance(item, dict))
            raise Invalid(f"{what} has the city object {key[:60]!r} that is no JSON object", code="json")
        given = root.get("vertices", [])
        vertices = given if isinstance(given, bytes) else _vertices(given, what)
        colours, textures = self.colours, self.surface_textures
        if root.get("type") == "CityJSONFeature" and isinstance(root.get("appearance"), dict):
            colours = self._materials(root["appearance"])
            textures = self._textures(root["appearance"])
        self.bodies.feature(len(self.keys), colours, textures)
        self.vertices.append(vertices)
        self.whats.append(what)
        self.keys += objects
        self.items += objects.values()

    def _objects(self) -> list[Any]:
        """Ids, classes, relations and attributes of all city objects; returns their geometries."""
        kinds: list[Any] = []
        given: list[Any] = []
        shapes: list[Any] = []
        located = False
        self.objects.id, self.objects.parent = self.keys, [None] * len(self.keys)
        for row, item in enumerate(self.items):
            kinds.append(item.get("type"))
            given.append(item.get("attributes"))
            shapes.append(item.get("geometry"))
            if "parents" in item or "children" in item or "members" in item:
                self._relate(row, item)
            if "address" in item:
                located = True
        self.objects.kind = _classes(kinds)
        if not set(map(type, given)) <= {dict}:
            given = [item if isinstance(item, dict) else {} for item in given]
        sets: list[str | None] = [None]
        rows: Sequence[int] = range(len(given))
        if located:
            given, sets, rows = _with_addresses(given, self.items)
        counts = list(map(len, given))
        attributes = self.attributes
        attributes.name = list(chain.from_iterable(given))
        attributes.value = list(chain.from_iterable(map(dict.values, given)))
        attributes.unit = [None] * len(attributes.name)
        attributes.set_ = list(chain.from_iterable(map(repeat, sets, counts))) if located else attributes.unit.copy()
        attributes.count = np.bincount(rows, counts, len(shapes)).astype(np.int64).tolist()
        return shapes

    def _relate(self, row: int, item: dict[str, Any]) -> None:
        key, parents = self.keys[row], item.get("parents")
        if isinstance(parents, list):
            names = [name for name in parents if isinstance(name, str)]
            self.objects.parent[row] = names[0] if names else None
            self.objects.several += [(key, name) for name in names[1:]]
        for name in ("children", "members"):  # members: groups of CityJSON 1.0
            children = item.get(name)
            if isinstance(children, list):
                self.objects.members += [(child, key) for child in children if isinstance(child, str)]

    def model(self) -> CityModel:
        """All features as one model. Raises Invalid where there are none."""
        if not self.items:
            raise Invalid(f"{self.name} has no city objects: expected at least one in CityObjects", code="no-features")
        shapes = self._objects()
        self.items.clear()
        ids = self.objects.id
        vertices, counts = self._points()
        self.bodies.add(shapes, counts)
        vertices = vertices * self.scale + self.translate
        try:
            bodies = self.bodies.bodies(vertices, self._missing)
            instances, unusable = self.bodies.instances(vertices, len(self.bodies.template_lods))
        except orjson.JSONDecodeError as error:
            raise Invalid(f"{self.name} is no valid JSON in its boundaries: {error}", code="json") from error
        if self.bad_templates:
            lost = np.isin(instances.template, list(self.bad_templates))
            unusable += instances.row[lost].tolist()
        notes = self.notes
        notes.add("city-malformed", said.MALFORMED, [ids[row] for row in self.bodies.malformed])
        notes.add("city-no-surfaces", said.NO_SURFACES, [ids[row] for row in dict.fromkeys(self.bodies.pointlike)])
        notes.add("city-lods", said.LOWER_LODS, [ids[row] for row in self.bodies.many])
        notes.add("city-template", said.TEMPLATE, [ids[row] for row in unusable])
        return CityModel(
            format_=f"CityJSON {self.version}",
            title=str(self.metadata.get("title") or ""),
            crs=_crs(self.metadata),
            ordered=False,
            objects=self.objects,
            attributes=self.attributes,
            bodies=bodies,
            templates=self.templates,
            instances=instances,
        )

    def _points(self) -> tuple[F64, list[int]]:
        """(v, 3) vertices of all features as the file writes them, and their number by feature."""
        texts = [item for item in self.vertices if isinstance(item, bytes)]
        if len(texts) == len(self.vertices):
            found = triples(texts)
            if found is not None:
                return found, [text.count(b"[") - 1 for text in texts]
        parts = [
            _vertices(_loaded(item, what), what) if isinstance(item, bytes) else item
            for item, what in zip(self.vertices, self.whats, strict=True)
        ]
        return np.concatenate(parts), list(map(len, parts))

    def _missing(self, rows: I64) -> None:
        self.notes.add("city-no-vertex", said.NO_VERTEX, [self.objects.id[row] for row in rows.tolist()])


def _classes(given: list[Any]) -> list[str]:
    """Classes of city objects; those of extensions lose their plus sign."""
    try:
        plain = {kind: (kind.lstrip("+") if isinstance(kind, str) else "") or "CityObject" for kind in set(given)}
    except TypeError:  # a list or an object
        return _classes([kind if isinstance(kind, str) else None for kind in given])
    return list(map(plain.__getitem__, given))


def _with_addresses(
    attributes: list[dict[str, Any]], items: list[dict[str, Any]]
) -> tuple[list[dict[str, Any]], list[str | None], list[int]]:
    """Attributes and addresses in the order of the objects, the set of each, and the row of its object."""
    given: list[dict[str, Any]] = []
    sets: list[str | None] = []
    rows: list[int] = []
    for row, (own, item) in enumerate(zip(attributes, items, strict=True)):
        addresses = item.get("address", [])
        given.append(own)
        sets.append(None)
        rows.append(row)
        for number, address in enumerate(addresses if isinstance(addresses, list) else [addresses], 1):
            if isinstance(address, dict):
                given.append({name: value for name, value in address.items() if name != "location"})
                sets.append("Address" if number == 1 else f"Address {number}")
                rows.append(row)
    return given, sets, rows


def _object(value: Any) -> dict[str, Any]:
    """A JSON object; an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def _crs(metadata: dict[str, Any]) -> str:
    name = metadata.get("referenceSystem")
    if not name and isinstance(metadata.get("crs"), dict):  # CityJSON before 1.0, still written by some
        name = metadata["crs"].get("epsg")
    return str(name) if isinstance(name, str | int) and name else ""


def _numbers(values: Sequence[Any]) -> bool:
    return set(map(type, values)) <= {int, float}


def _transform(root: dict[str, Any], name: str) -> tuple[F64, F64]:
    given = root.get("transform")
    if given is None:
        return np.ones(3), np.zeros(3)
    parts = [given.get(part) if isinstance(given, dict) else None for part in ("scale", "translate")]
    if not all(isinstance(part, list) and len(part) == 3 and _numbers(part) for part in parts):
        raise Invalid(
            f"{name} has the transform {str(given)[:80]!r}: expected scale and translate of three numbers each",
            code="json",
        )
    scale, translate = np.array(parts, np.float64)
    if not (scale != 0).all():
        raise Invalid(f"{name} has a transform with the scale {scale.tolist()}: expected none to be zero", code="json")
    return scale, translate


def _vertices(given: Any, what: str) -> F64:
    if not isinstance(given, list) or not set(map(type, given)) <= {list} or not set(map(len, given)) <= {3}:
        raise Invalid(f"{what} has vertices that are not lists of three numbers: expected [x, y, z]", code="json")
    flat = list(chain.from_iterable(given))
    if not _numbers(flat):
        odd = next(value for value in flat if type(value) not in {int, float})
        raise Invalid(f"{what} has {str(odd)[:40]!r} for a coordinate: expected a number", code="json")
    return np.array(flat, np.float64).reshape(-1, 3)


def _rgba(item: dict[str, Any]) -> tuple[float, float, float, float]:
    colour, clear = item.get("diffuseColor"), item.get("transparency", 0.0)
    if not (isinstance(colour, list) and len(colour) == 3 and _numbers(colour)):
        return _GREY
    alpha = 1.0 - float(clear) if _numbers([clear]) else 1.0
    red, green, blue, opaque = (min(max(float(value), 0.0), 1.0) for value in (*colour, alpha))
    return red, green, blue, opaque
