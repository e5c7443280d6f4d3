"""`errors.md`: codes and sentences of all errors, found by reading the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from server.problems import STATUS
from tools.reference_source import callee, calls, modules, named, sentence
from tools.reference_text import code, table
from twin.errors import ParkError

TREE = {cls.__name__: status for cls, status in STATUS.items() if cls is not ParkError}
DEFAULTS = {cls.__name__: cls.code for cls in STATUS}
Row = tuple[str, str, str]
"""(code, class, sentence)."""


def error_rows() -> list[Row]:
    """Every error that is raised with a sentence."""
    found = set()
    for module in modules().values():
        for call in calls(module):
            name = callee(call)
            if name not in TREE or not call.args:
                continue
            given = named(call, "code")
            stable = sentence(given) if given is not None else DEFAULTS.get(name, "")
            if stable and "…" not in stable:
                found.add((stable, name, sentence(call.args[0])))
    return sorted(found.union(_formed()))


def _formed() -> Iterator[Row]:
    """Errors of classes that form them in one method, of a code that they are made with: `EntryFile(…, code="mapping")`."""
    for module in modules().values():
        for made in (node for node in module.body if isinstance(node, ast.ClassDef)):
            for method in (node for node in made.body if isinstance(node, ast.FunctionDef)):
                kind = _forms(method)
                if kind:
                    said = [sentence(call.args[0]) for call in calls(made) if callee(call) == method.name and call.args]
                    yield from ((stable, kind, text) for stable in _codes(made.name) for text in said)


def _forms(method: ast.FunctionDef) -> str:
    """The class of error that a method returns with its own first argument as the sentence and a code of its object."""
    last = method.body[-1]
    if not (isinstance(last, ast.Return) and isinstance(last.value, ast.Call) and callee(last.value) in TREE):
        return ""
    arguments: Sequence[ast.expr] = last.value.args
    passed = [argument.id for argument in arguments if isinstance(argument, ast.Name)]
    own = isinstance(named(last.value, "code"), ast.Attribute)
    return callee(last.value) if own and passed == [arg.arg for arg in method.args.args[1:]] else ""


def _codes(name: str) -> set[str]:
    """Codes that objects of a class are made with."""
    found = {
        sentence(named(call, "code")) for module in modules().values() for call in calls(module) if callee(call) == name
    }
    return {stable for stable in found if stable and "…" not in stable}


def errors() -> str:
    """The page of errors."""
    rows = [(code(stable), name, TREE[name], text) for stable, name, text in error_rows()]
    return "\n\n".join(
        [
            "# Errors",
            (
                "Every error is one sentence that names the thing, the value, what was expected and the fix; `…` stands for values."
                " `code` is stable. Exit codes of the command line: [cli.md](cli.md)."
            ),
            table(["code", "kind", "HTTP", "sentence"], rows),
        ]
    )
