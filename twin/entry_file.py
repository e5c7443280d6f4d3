"""YAML files that are a list of entries: each wrong entry is named with its line and what was expected."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from twin.errors import Invalid

Entry = TypeVar("Entry", bound=BaseModel)
OLD_TRUTH = frozenset({"on", "off", "yes", "no"})
"""Words that YAML 1.1 took for true and false."""


class _Loader(yaml.SafeLoader):
    """As YAML 1.2: `on`, `off`, `yes`, `no` are texts, and `1e-5` is a number."""

    yaml_implicit_resolvers = {  # noqa: RUF012  as the base class declares it
        first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:bool"]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false|True|False)$"), list("tfTF"))
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?\d+(?:\.\d*)?[eE][-+]?\d+$"), list("-+0123456789")
)


class Placed(NamedTuple, Generic[Entry]):
    """An entry with its first line (from 1), and where its text begins and ends in the file, in characters."""

    entry: Entry
    line: int
    begin: int
    end: int


class EntryFile(Generic[Entry]):
    """Reads files whose entries are `model`s.

    code: of the errors; title: the key that may stand above the list; noun: what an entry with an `id` is called in
    errors, "" where entries have none.
    """

    def __init__(self, model: type[Entry], *, code: str, title: str, noun: str = "") -> None:
        self._model, self._code, self._title, self._noun = model, code, title, noun

    def read(self, path: Path) -> list[Placed[Entry]]:
        """Entries in file order; no file is none. Raises Invalid naming file, line and expectation."""
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return []
        except (OSError, UnicodeDecodeError) as error:
            raise self._wrong(f"{path} cannot be read as UTF-8 text: {error}") from error
        return self.parse(text, str(path))

    def parse(self, text: str, where: str) -> list[Placed[Entry]]:
        """The same of a text. Raises Invalid."""
        try:
            root = yaml.compose(text, Loader=_Loader)
            return [self._placed(where, node) for node in self._nodes(where, root)]
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            place = f", line {mark.line + 1}" if mark is not None else ""
            problem = getattr(error, "problem", None) or str(error)
            raise self._wrong(f"{where}{place}: no valid YAML: {problem}") from error
        except RecursionError as error:
            raise self._wrong(f"{where}: the entries stand too deep in each other") from error

    def _nodes(self, where: str, root: yaml.Node | None) -> Sequence[yaml.MappingNode]:
        if isinstance(root, yaml.MappingNode):
            keys = [str(key.value) for key, _ in root.value]
            if keys != [self._title]:
                unknown = next((key for key in keys if key != self._title), "nothing")
                raise self._wrong(
                    f"{where}, line {_line(root)}: {unknown!r} is unknown; expected {self._title}: and a list"
                )
            root = root.value[0][1]
        if root is None or (isinstance(root, yaml.ScalarNode) and root.value in {"", "null", "~"}):
            return []
        if not isinstance(root, yaml.SequenceNode):
            raise self._wrong(f"{where}, line {_line(root)}: expected a list of entries")
        for node in root.value:
            if not isinstance(node, yaml.MappingNode):
                raise self._wrong(f"{where}, line {_line(node)}: expected an entry with {', '.join(self._required())}")
        return list(root.value)

    def _placed(self, where: str, node: yaml.MappingNode) -> Placed[Entry]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise self._wrong(
                    f"{where}, line {_line(key)}: {key.value!r} stands twice in one entry; expected it once"
                )
            seen.add(str(key.value))
        loader = _Loader("")
        try:
            data: Any = loader.construct_document(node)
        finally:
            loader.dispose()
        lines = {str(key.value): _line(key) for key, _ in node.value}
        try:
            entry = self._model.model_validate(data)
        except ValidationError as error:
            key, message = said(error, data)
            name = f"{self._noun} {data.get('id')!r}: " if self._noun else ""
            place = lines.get(key.partition(".")[0], _line(node))
            raise self._wrong(f"{where}, line {place}: {name}{message}") from error
        return Placed(entry, _line(node), node.start_mark.index, node.end_mark.index)

    def _required(self) -> list[str]:
        return [name for name, item in self._model.model_fields.items() if item.is_required()]

    def _wrong(self, message: str) -> Invalid:
        return Invalid(message, code=self._code)


def said(error: ValidationError, data: object) -> tuple[str, str]:
    """(key, sentence) of the first fault in an entry; data: the entry's fields as they were given."""
    first = error.errors()[0]
    key, kind, given = _key(first["loc"], data), first["type"], first["input"]
    if kind == "missing":
        return key, f"{key} is missing"
    if kind == "extra_forbidden":
        return key, f"{key} is unknown"
    message = str(first["msg"]).removeprefix("Value error, ")
    if kind == "bool_type" and str(given).lower() in OLD_TRUTH:
        message = "expected true or false (YAML 1.2 has no other words for them)"
    if not key:
        return key, message
    part = kind == "value_error" and isinstance(given, Mapping)  # a part's own sentence names its values
    return key, f"{key}: {message}" if part else f"{key} is {given!r}: {message}"


def _key(place: tuple[int | str, ...], data: object) -> str:
    """`limits.high`, `suppress_when.0.op`: of pydantic's place what leads through the data; it also names branches."""
    parts = list[str]()
    for number, part in enumerate(place):
        if isinstance(data, Mapping):
            leads = part in data or (number == len(place) - 1 and part != "[key]")  # the last may be what is missing
            data = data.get(part) if leads else data
        else:
            leads = isinstance(part, int) and isinstance(data, Sequence)
            data = data[int(part)] if leads and isinstance(data, Sequence) else data
        if leads:
            parts.append(str(part))
    return ".".join(parts)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
