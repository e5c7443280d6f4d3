"""An ifcXML document converted to a STEP file, in one pass and with memory for the ids alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TextIO

from bim.source.ifcxml.edition import edition
from bim.source.ifcxml.events import XmlFeed
from bim.source.ifcxml.frames import Document, Frame
from bim.source.ifcxml.literals import real
from bim.source.ifcxml.problems import Problem, Problems
from bim.source.ifcxml.schema_map import EntitySpec, SchemaMap, schema_map
from bim.source.ifcxml.step_writer import END, Header, Record, patch
from bim.source.ifcxml.summary import ROOT as SUMMARY
from bim.source.ifcxml.summary import SummaryFrame, summary_finding
from bim.source.ifcxml.tag import Tag
from bim.source.ifcxml.types import Simple, Type
from twin.errors import Invalid
from twin.finding import Finding

_ROOTS = {"ifcXML", "iso_10303_28", "uos"}


@dataclass(frozen=True)
class Converted:
    """The STEP file, the schema it follows, and what could not be read."""

    path: Path
    schema: str
    findings: list[Finding]


def convert(source: Path, name: str, folder: Path) -> Converted:
    """Write the model in `source` as STEP into `folder`. name: the file as the user knows it.

    Handles ISO 10303-28 documents of IFC2X3, buildingSMART's notation of IFC4 and IFC4X3, and IfcConvert's summary. What the
    schema does not know is left out and told as a finding. Raises Invalid with one sentence on a document
    that is no well-formed XML, declares a DTD, exceeds the limits, or is no ifcXML.
    """
    raw = folder / "converted.ifc"
    with raw.open("w", encoding="ascii", newline="\n") as out:
        reader = Reader(out, name, source)
        reader.feed.run(reader)
        if not reader.written:
            raise Invalid(f"{name} holds no IFC object: expected an ifcXML model; export it again", code="empty-model")
        out.write(END)
    missing, target = reader.missing(), raw
    if missing or reader.later:
        target = folder / "mended.ifc"
        patch(raw, target, missing, reader.later)
        raw.unlink()
    return Converted(target, reader.schema.name, reader.findings())


@dataclass
class Reader:
    """Takes the parser's events and writes instances as they end."""

    out: TextIO
    name: str
    source: Path
    header: Header = field(default_factory=Header)
    problems: Problems = field(default_factory=Problems)
    written: int = 0
    later: dict[int, list[tuple[int, str, bool]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.feed = XmlFeed(self.source, self.name)
        self._stack: list[Frame] = []
        self._hints: list[str] = []
        self._numbers: dict[str, int] = {}
        self._known: set[str] = set()
        self._last = 0
        self._summary: SummaryFrame | None = None

    @cached_property
    def schema(self) -> SchemaMap:
        """The schema, decided when the first instance needs it."""
        texts = [
            *self._hints,
            *self.header.texts.get("schema_identifiers", ()),
            *self.header.texts.get("schema_name", ()),
        ]
        return schema_map(edition(texts, self.name))

    def findings(self) -> list[Finding]:
        """What could not be read."""
        found = self.problems.findings(self.schema.name)
        return found if self._summary is None else [summary_finding(self._summary.make.left_out), *found]

    def start(self, space: str, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self.namespace(space)
        if self._stack:
            self._stack.append(self._stack[-1].start(self, name, Tag.of(attributes)))
            return
        if name == SUMMARY:
            self._summary = SummaryFrame(self)
            self._stack.append(self._summary)
            return
        if name not in _ROOTS:
            raise Invalid(
                f"{self.name} is XML with the root <{name[:40]}>: expected an ifcXML model (<ifcXML> or <iso_10303_28>);"
                " export it as .ifc or ifcXML",
                code="not-ifc",
            )
        self.note_edition(Tag.of(attributes).meta)
        self._stack.append(Document())

    def end(self) -> None:
        """The innermost element ends."""
        self._stack.pop().end(self)

    def text(self, data: str) -> None:
        """Text in the innermost element."""
        if self._stack:
            self._stack[-1].text(data)

    def namespace(self, uri: str) -> None:
        """A namespace, which may name the edition."""
        if not self.written and uri not in self._hints:
            self._hints.append(uri)

    def note_edition(self, meta: dict[str, str]) -> None:
        """Keep what the attributes of a container may say of the edition."""
        self._hints += [meta[name] for name in ("schemaLocation", "configuration") if name in meta]

    def replace(self, frame: Frame) -> None:
        """The innermost element turned out to be something else."""
        self._stack[-1] = frame

    def number_of(self, reference: str) -> int:
        """The STEP number of an id, whether or not its instance has come yet."""
        if reference not in self._numbers:
            self._last += 1
            self._numbers[reference] = self._last
        return self._numbers[reference]

    def new_record(self, spec: EntitySpec, id_: str) -> Record:
        """An instance that begins. id_: '' where nothing refers to it."""
        if id_ and id_ in self._known:
            self.problem(Problem.TWICE, f"{id_} of {spec.name}")
            id_ = ""
        if not id_:
            self._last += 1
            return Record(self._last, spec)
        self._known.add(id_)
        return Record(self.number_of(id_), spec)

    def write(self, record: Record) -> None:
        """An instance is whole."""
        if not self.written:
            self.out.write(self.header.step(self.schema.name))
        self.written += 1
        self.out.write(record.line())

    def add_later(self, token: str, index: int, back: str, *, many: bool) -> None:
        """Let an instance that stands elsewhere point back."""
        self.later.setdefault(int(token[1:]), []).append((index, back, many))

    def missing(self) -> set[int]:
        """Numbers that are referred to and stand nowhere; each is noted as a problem."""
        found = {id_: number for id_, number in self._numbers.items() if id_ not in self._known}
        for id_ in found:
            self.problems.add(Problem.REFERENCE, id_, 0)
        return set(found.values())

    def problem(self, kind: Problem, what: str) -> None:
        """Note something that cannot be read, at the parser's line."""
        self.problems.add(kind, what, self.feed.line)

    def problem_comma(self, node: Type, text: str) -> None:
        """Note a decimal comma where a real is meant."""
        if isinstance(node, Simple) and node.kind in {"real", "number"}:
            real(text)
            self.problem(Problem.COMMA, repr(text))
