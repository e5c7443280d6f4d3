"""Read `alarms.yaml`: every wrong entry is named with its line and what was expected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from twin.errors import Invalid
from twin.rules.rule import AlarmRule

FILE = "alarms.yaml"


def read_rules(path: Path) -> list[AlarmRule]:
    """Rules of a file: a list of rules, or a mapping with the one key `rules`. No file is no rules.

    Raises Invalid naming file, line, entry and expectation.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{path} cannot be read as UTF-8 text: {error}", code="alarm-rules") from error
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        entries = _entries(path, root)
        rules = [(line, _rule(path, line, node)) for line, node in entries]
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        place = f", line {where.line + 1}" if where is not None else ""
        problem = getattr(error, "problem", None) or str(error)
        raise Invalid(f"{path}{place}: no valid YAML: {problem}", code="alarm-rules") from error
    seen: dict[str, int] = {}
    for line, rule in rules:
        if rule.id in seen:
            raise Invalid(
                f"{path}, line {line}: rule id {rule.id!r} stands already at line {seen[rule.id]}; "
                "expected each id once",
                code="alarm-rules",
            )
        seen[rule.id] = line
    return [rule for _line, rule in rules]


def _entries(path: Path, root: yaml.Node | None) -> list[tuple[int, yaml.MappingNode]]:
    if root is None:
        return []
    if isinstance(root, yaml.MappingNode):
        _check_keys(path, root)
        keys = [key.value for key, _value in root.value]
        if keys != ["rules"]:
            unknown = next((key for key in keys if key != "rules"), "nothing")
            raise Invalid(
                f"{path}, line {_line(root)}: {unknown!r} is unknown; expected rules: and a list", code="alarm-rules"
            )
        root = root.value[0][1]
    if isinstance(root, yaml.ScalarNode) and root.value == "":
        return []
    if not isinstance(root, yaml.SequenceNode):
        raise Invalid(f"{path}: expected a list of rules", code="alarm-rules")
    for node in root.value:
        if not isinstance(node, yaml.MappingNode):
            raise Invalid(f"{path}, line {_line(node)}: expected a rule with id, kind, op …", code="alarm-rules")
        _check_keys(path, node)
    return [(_line(node), node) for node in root.value]


def _check_keys(path: Path, node: yaml.MappingNode) -> None:
    seen: set[str] = set()
    for key, _value in node.value:
        if key.value in seen:
            raise Invalid(
                f"{path}, line {_line(key)}: {key.value!r} stands twice in one entry; expected it once",
                code="alarm-rules",
            )
        seen.add(key.value)


def _rule(path: Path, line: int, node: yaml.MappingNode) -> AlarmRule:
    loader = yaml.SafeLoader("")
    try:
        data: Any = loader.construct_document(node)
    finally:
        loader.dispose()
    try:
        return AlarmRule.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        key = _key(first["loc"])
        lines = {item.value: _line(item) for item, _value in node.value}
        place = lines.get(str(first["loc"][0]), line) if first["loc"] else line
        given = f" is {first['input']!r}" if key and first["type"] not in {"missing", "extra_forbidden"} else ""
        if first["type"] == "value_error" and key:
            given = ""  # a part's own sentence names its values
        says = {"missing": "is missing", "extra_forbidden": "is unknown"}.get(first["type"], "")
        message = first["msg"].removeprefix("Value error, ")
        raise Invalid(
            f"{path}, line {place}: rule {data.get('id')!r}: "
            + (f"{key} {says}" if says else f"{key}{given}: {message}" if key else message),
            code="alarm-rules",
        ) from error


def _key(loc: tuple[int | str, ...]) -> str:
    """`limits.high`, `suppress_when.0.op`: the names of a union's branches are pydantic's, not the file's."""
    return ".".join(str(part) for part in loc if part not in {"float", "LevelLimit", "[key]"})


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
