"""The product's source as syntax trees, and sentences in it as pages show them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("twin", "bim", "gis", "scenes", "server")


@cache
def modules() -> dict[str, ast.Module]:
    """All modules by path."""
    return dict(_parsed())


def _parsed() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


@cache
def calls(tree: ast.AST) -> tuple[ast.Call, ...]:
    """All calls in a tree; each page asks again."""
    return tuple(node for node in ast.walk(tree) if isinstance(node, ast.Call))


def sentence(node: ast.expr | None) -> str:
    """A sentence with its values as … or by their names, without formats."""
    if isinstance(node, ast.Constant):
        return re.sub(r"\{(\w+):[^}]*\}", r"{\1}", str(node.value))
    if isinstance(node, ast.JoinedStr):
        texts = (str(part.value) if isinstance(part, ast.Constant) else None for part in node.values)
        runs = groupby(texts, key=lambda text: text is None)
        return "".join("…" if values else "".join(map(str, run)) for values, run in runs)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return sentence(node.left) + sentence(node.right)
    return "…" if node is not None else ""


def named(call: ast.Call, name: str) -> ast.expr | None:
    """An argument by its name."""
    return next((item.value for item in call.keywords if item.arg == name), None)


def callee(call: ast.Call) -> str:
    """The name of what is called, without what it belongs to."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
