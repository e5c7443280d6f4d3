"""The open elements of a document: each frame knows what its children mean.

Two notations are read by one set of frames. ISO 10303-28 as IFC2X3 uses it writes every attribute as an
element; buildingSMART's configuration for IFC4 and IFC4X3 writes simple ones as XML tag, leaves the
class's name out where the schema tells it, and nests relations as inverse attributes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from bim.source.ifcxml.literals import has_decimal_comma, listed, literal, shaped
from bim.source.ifcxml.problems import Problem
from bim.source.ifcxml.step_writer import Record
from bim.source.ifcxml.tag import NO_TAG, Tag
from bim.source.ifcxml.targets import PointingBack, Setter, Target
from bim.source.ifcxml.types import Aggregate, Entity, Enumeration, Select, Simple, Type, leaf

if TYPE_CHECKING:
    from bim.source.ifcxml.convert import Reader

Sink = Callable[[str, Record | None], None]
"""Takes a reference and the new instance behind it, None where it only refers to one."""
_LONGEST_PLACE = 64
_HEADERS = {"header", "iso_10303_28_header"}
_CONTAINERS = {"uos", "ifcXML", "iso_10303_28"}
_ASIDE = {"express", "express_schema", "schema_population", "language_map", "configuration", "schema", "document"}
"""Parts of ISO 10303-28 documents that hold no instances."""


class Frame(ABC):
    """An open element. It takes children, text and its own end."""

    __slots__ = ()

    @abstractmethod
    def start(self, reader: Reader, name: str, tag: Tag) -> Frame:
        """The frame of a child."""

    def text(self, data: str) -> None:  # noqa: B027
        """Text between the tags; most elements have none that counts."""

    def end(self, reader: Reader) -> None:  # noqa: B027
        """The element is whole; most have nothing left to do."""


class Skip(Frame):
    """Everything in here is left out."""

    __slots__ = ()

    def start(self, reader: Reader, name: str, tag: Tag) -> Frame:  # noqa: ARG002
        """Children are left out too."""
        return self


SKIP = Skip()


class HeaderFrame(Frame):
    """The header: its texts by element name, however they are nested."""

    __slots__ = ("_name", "_parts", "_reader")

    def __init__(self, reader: Reader, name: str = "") -> None:
        self._reader, self._name = reader, name
        self._parts: list[str] = []

    def start(self, reader: Reader, name: str, tag: Tag) -> Frame:
        """A field, or a group of fields."""
        for key, value in tag.own.items():
            reader.header.texts.setdefault(key, []).append(value)
        return HeaderFrame(reader, name)

    def text(self, data: str) -> None:
        """A field's text."""
        self._parts.append(data)

    def end(self, reader: Reader) -> None:
        """Keep the field."""
        if self._name and (text := "".join(self._parts).strip()):
            reader.header.texts.setdefault(self._name, []).append(text)


class Document(Frame):
    """The root and the units of serialisation: instances stand in them."""

    __slots__ = ()

    def start(self, reader: Reader, name: str, tag: Tag) -> Frame:
        """An instance, the header, or another container."""
        if name in _HEADERS:
            return HeaderFrame(reader)
        if name in _CONTAINERS:
            reader.note_edition(tag.meta)
            return self
        if name in _ASIDE:
            return SKIP
        return open_entity(reader, name, tag, lambda _token, _record: None)


class EntityFrame(Frame):
    """An instance: its children are attributes and inverse attributes."""

    __slots__ = ("record",)

    def __init__(self, record: Record) -> None:
        self.record = record

    def start(self, reader: Reader, name: str, tag: Tag) -> Frame:
        """An attribute's value, or relations that point back."""
        found = self.record.spec.attributes.get(name)
        if found is not None:
            index, node = found
            return value_frame(reader, node, tag, Setter(self.record, index, node))
        inverse = self.record.spec.inverses.get(name)
        if inverse is not None:
            return value_frame(
                reader, Aggregate(Entity(inverse.entity), 0, -1), tag, PointingBack(reader, self.record, inverse)
            )
        reader.problem(Problem.ATTRIBUTE, f"{self.record.spec.name}.{name}")
        return SKIP

    def end(self, reader: Reader) -> None:
        """Write it."""
        reader.write(self.record)


class _Item(Target):
    """Adds to the list of the value around it."""

    __slots__ = ("_listed", "_place", "_type_name", "_values")

    def __init__(self, values: ValueFrame, place: tuple[int, ...], *, listed: bool, type_name: str = "") -> None:
        self._values, self._place, self._listed, self._type_name = values, place, listed, type_name

    def value(self, text: str) -> None:
        if self._type_name:
            text = f"{self._type_name.upper()}({text})"
        self._values.items.append((self._place, text, self._listed))


class ValueFrame(Frame):
    """The value of an attribute, or one value in it: text, values, instances, or an instance without its name."""

    __slots__ = ("_bits", "_node", "_parts", "_size", "_target", "items")

    def __init__(self, node: Type, tag: Tag, target: Target) -> None:
        self._node, self._target = node, target
        self._size = _numbers(tag.meta.get("arraySize", ""))
        self._bits = _numbers(tag.meta.get("extraBits", ""))
        self._parts: list[str] = []
        self.items: list[tuple[tuple[int, ...], str, bool]] = []

    def start(self, reader: Reader, name: str, tag: Tag) -> Frame:
        """One value of a list, the one value that a select needs a name for, or an attribute of an unnamed instance."""
        node, inner = self._node, leaf(self._node)
        bare = name.removesuffix("-wrapper")
        spec = reader.schema.entity(name)
        place = _numbers(tag.meta.get("pos", ""))
        if spec is not None and isinstance(inner, Entity | Select):
            return open_entity(reader, name, tag, self._sink(reader, inner, place, spec.name))
        if isinstance(inner, Select) and (found := reader.schema.value_type(bare)) is not None:
            if found[0] not in inner.types:
                reader.problem(Problem.PLACE, f"{found[0]} where {inner.name} belongs")
                return SKIP
            return value_frame(reader, found[1], tag, _Item(self, place, listed=False, type_name=found[0]))
        element = node.element if isinstance(node, Aggregate) else None
        if isinstance(inner, Simple | Enumeration):
            # A wrapper of one value, or of a whole row where rows stand in the list.
            row = isinstance(element, Aggregate) and (name.startswith("Seq-") or len(place) < 2)
            wanted = element if row else inner
            return ValueFrame(wanted or inner, tag, _Item(self, place, listed=isinstance(wanted, Aggregate)))
        if isinstance(element, Aggregate) and not name.startswith("Ifc"):
            return ValueFrame(element, tag, _Item(self, place, listed=True))
        if isinstance(inner, Entity) and not name.startswith("Ifc") and not self.items:
            return self._become(reader, inner, name, tag)
        reader.problem(Problem.CLASS, name)
        return SKIP

    def text(self, data: str) -> None:
        """The value's text."""
        self._parts.append(data)

    def end(self, reader: Reader) -> None:
        """Hand the value on."""
        node, text = self._node, "".join(self._parts)
        try:
            if self.items:
                value = self._gathered(node)
            elif isinstance(node, Simple) and node.kind == "string":
                value = literal(node, text)
            elif not text.strip():
                if not isinstance(node, Aggregate):
                    return
                value = "()"
            else:
                value = from_text(reader, node, text, self._bits)
        except (ValueError, OverflowError) as error:
            reader.problem(Problem.VALUE, str(error) if self.items else repr(text.strip()))
            return
        self._target.value(value)

    def _sink(self, reader: Reader, inner: Entity | Select, place: tuple[int, ...], name: str) -> Sink:
        def sink(token: str, record: Record | None) -> None:
            kind = name if record is None else record.spec.name
            bases = frozenset({inner.name}) if isinstance(inner, Entity) else inner.entities
            # A reference need not say what it leads to.
            if reader.schema.entity(kind) is not None and not reader.schema.is_a(kind, bases):
                reader.problem(Problem.PLACE, f"{kind} where {inner.name} belongs")
            elif not self._target.reference(token, record):
                self.items.append((place, token, False))

        return sink

    def _become(self, reader: Reader, inner: Entity, name: str, tag: Tag) -> Frame:
        """The element is an instance itself: its class goes without saying."""
        frame = open_entity(reader, inner.name, NO_TAG, self._sink(reader, inner, (), inner.name))
        if not isinstance(frame, EntityFrame):
            return SKIP
        self._deliver(reader)
        reader.replace(frame)
        return frame.start(reader, name, tag)

    def _deliver(self, reader: Reader) -> None:
        if self.items:
            self.end(reader)

    def _gathered(self, node: Type) -> str:
        """Items as one value. Raises ValueError where they make none."""
        if not isinstance(node, Aggregate):
            if len(self.items) > 1:
                raise ValueError(f"{len(self.items)} values where one belongs")
            return self.items[0][1]
        items = self.items
        if all(place for place, _, _ in items):
            items = sorted(items, key=lambda item: item[0])
        if not isinstance(node.element, Aggregate) or all(row for _, _, row in items):
            return _list(text for _, text, _ in items)
        if all(len(place) == 2 for place, _, _ in items):
            rows: dict[int, list[str]] = {}
            for place, text, _ in items:
                rows.setdefault(place[0], []).append(text)
            return _list(_list(row) for row in rows.values())
        return shaped(node, [text for _, text, _ in items], self._size)


def value_frame(reader: Reader, node: Type, tag: Tag, target: Target) -> Frame:
    """The frame of an attribute's element: a reference, nothing, an instance with attributes, or a value."""
    inner = leaf(node)
    if isinstance(inner, Entity | Select):
        reference = tag.reference
        type_name = tag.type_name
        shows = reference or type_name or tag.own or tag.meta.get("id", "")
        if shows and (isinstance(inner, Entity) or type_name or reference):
            if isinstance(inner, Select) and type_name and (found := reader.schema.value_type(type_name)):
                frame = ValueFrame(node, NO_TAG, target)
                return value_frame(reader, found[1], NO_TAG, _One(frame, reader, found[0]))
            name = type_name or (inner.name if isinstance(inner, Entity) else "")
            frame = ValueFrame(node, NO_TAG, target)
            child = open_entity(reader, name, tag, frame._sink(reader, inner, (), name))  # noqa: SLF001
            frame._deliver(reader)  # noqa: SLF001
            return child
    if tag.meta.get("nil", "") in {"true", "1"}:
        return SKIP
    return ValueFrame(node, tag, target)


class _One(_Item):
    """The only value of a select that names its type by xsi:type: handed on at once."""

    __slots__ = ("_frame", "_reader")

    def __init__(self, frame: ValueFrame, reader: Reader, type_name: str) -> None:
        super().__init__(frame, (), listed=False, type_name=type_name)
        self._frame, self._reader = frame, reader

    def value(self, text: str) -> None:
        super().value(text)
        self._frame.end(self._reader)


def open_entity(reader: Reader, name: str, tag: Tag, sink: Sink) -> Frame:
    """The frame of an instance; the sink gets its reference at once."""
    reference = tag.reference
    if reference:
        sink(f"#{reader.number_of(reference)}", None)
        return SKIP
    if tag.meta.get("nil", "") in {"true", "1"}:
        return SKIP
    spec = reader.schema.entity(tag.type_name or name)
    if spec is None or spec.abstract:
        reader.problem(Problem.CLASS, (tag.type_name or name) if spec is None else f"{name} (abstract)")
        return SKIP
    record = reader.new_record(spec, tag.meta.get("id", ""))
    for key, text in tag.own.items():
        found = spec.attributes.get(key)
        if found is None:
            reader.problem(Problem.ATTRIBUTE, f"{spec.name}.{key}")
            continue
        try:
            record.values[found[0]] = from_text(reader, found[1], text)
        except (ValueError, OverflowError):
            if text.strip():
                reader.problem(Problem.VALUE, f"{spec.name}.{key} = {text!r}")
    sink(record.token, record)
    return EntityFrame(record)


def from_text(reader: Reader, node: Type, text: str, bits: tuple[int, ...] = ()) -> str:
    """A value from its text alone. Raises ValueError where it takes more than text, or another one."""
    if "," in text and isinstance(leaf(node), Simple) and has_decimal_comma(text.strip()):
        reader.problem_comma(leaf(node), text.strip())
    if isinstance(node, Simple | Enumeration):
        return literal(node, text, bits[0] if bits else 0)
    if isinstance(node, Aggregate):
        return listed(node, text)
    if isinstance(node, Select) and len(node.types) == 1 and not node.entities:
        name, found = reader.schema.value_type(next(iter(node.types))) or ("", node)
        return f"{name.upper()}({from_text(reader, found, text, bits)})"
    raise ValueError(text)


def _numbers(text: str) -> tuple[int, ...]:
    """Whole numbers parted by blanks; none where anything else stands there."""
    if not text or len(text) > _LONGEST_PLACE:
        return ()
    parts = text.split()
    return tuple(map(int, parts)) if all(part.isdecimal() for part in parts) else ()


def _list(values: Iterable[str]) -> str:
    return f"({','.join(values)})"
