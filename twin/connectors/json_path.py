"""JSONPath (RFC 9535), compiled once: plain paths are walked by ourselves, others by python-jsonpath."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from twin.errors import Invalid

STEP = re.compile(r"""\.([A-Za-z_][\w-]*)|\[(\d{1,9})\]|\['([^'\\]+)'\]|\["([^"\\]+)"\]""")
MAX_LEAVES = 200
Found = list[Any]
Getter = Callable[[Any], Found]


def compile_path(path: str) -> Getter:
    """A function: document → the nodes of a path, in order. Raises Invalid where the path is none."""
    steps = _plain(path)
    if steps is not None:
        return lambda document: _walk(document, steps)
    import jsonpath  # noqa: PLC0415  slow to import, and rarely needed

    try:
        compiled = jsonpath.compile(path)
    except (jsonpath.JSONPathError, RecursionError) as error:
        raise Invalid(f"{path!r} is no JSONPath: {error}; expected one like $.data.value", code="json-path") from error

    def find(document: Any) -> Found:
        try:
            return list(compiled.findall(document))
        except (jsonpath.JSONPathError, RecursionError) as error:
            raise Invalid(f"JSONPath {path!r} cannot be followed: {error}", code="json-path") from error

    return find


def leaves(document: object) -> list[str]:
    """Paths of all numbers, texts, and true or false in a document, the first 200: to choose one from."""
    found: list[str] = []

    def visit(node: object, path: str, depth: int) -> None:
        if len(found) >= MAX_LEAVES or depth > 20:
            return
        if isinstance(node, dict):
            for name, item in node.items():
                visit(
                    item, f"{path}.{name}" if re.fullmatch(r"[A-Za-z_][\w-]*", name) else f"{path}['{name}']", depth + 1
                )
        elif isinstance(node, list):
            for number, item in enumerate(node[:MAX_LEAVES]):
                visit(item, f"{path}[{number}]", depth + 1)
        elif node is not None:
            found.append(path)

    visit(document, "$", 0)
    return found


def _plain(path: str) -> Sequence[str | int] | None:
    if not path.startswith("$"):
        return None
    steps: list[str | int] = []
    place = 1
    while place < len(path):
        step = STEP.match(path, place)
        if step is None:
            return None
        name, number, single, double = step.groups()
        steps.append(int(number) if number is not None else name or single or double)
        place = step.end()
    return tuple(steps)


def _walk(node: Any, steps: Sequence[str | int]) -> Found:
    for step in steps:
        if isinstance(step, str):
            if not isinstance(node, dict) or step not in node:
                return []
            node = node[step]
        else:
            if not isinstance(node, list) or step >= len(node):
                return []
            node = node[step]
    return [node]
