"""`errors.md` and `findings.md`: codes and sentences, found by reading the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from server.problems import STATUS
from tools.reference_text import code, table
from twin.errors import ParkError

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("twin", "bim", "gis", "scenes", "server")
TREE = {cls.__name__: status for cls, status in STATUS.items() if cls is not ParkError}
DEFAULTS = {cls.__name__: cls.code for cls in STATUS}


def _files() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def _text(node: ast.expr | None) -> str:
    """A sentence with its values as …"""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _text(node.left) + _text(node.right)
    return "…" if node is not None else ""


def _named(call: ast.Call, name: str) -> ast.expr | None:
    return next((item.value for item in call.keywords if item.arg == name), None)


def _callee(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def error_rows() -> list[tuple[str, str, str]]:
    """(code, class, sentence) of every error that is raised with a sentence."""
    found = set()
    for _path, module in _files():
        for call in (node for node in ast.walk(module) if isinstance(node, ast.Call)):
            name = _callee(call)
            if name not in TREE or not call.args:
                continue
            given = _named(call, "code")
            stable = _text(given) if given is not None else DEFAULTS.get(name, "")
            if stable and "…" not in stable:
                found.add((stable, name, _text(call.args[0])))
    return sorted(found)


def errors() -> str:
    """The page of errors."""
    rows = [(code(stable), name, TREE[name], sentence) for stable, name, sentence in error_rows()]
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


def finding_rows() -> list[tuple[str, str, str, str]]:
    """(code, severity, Chinese, English) of every finding that readers and builders note."""
    found: dict[str, tuple[str, str, str, str]] = {}
    modules = dict(_files())
    own = {path: _texts(module) for path, module in modules.items()}
    for path, module in modules.items():
        texts = own[path] | _imported_texts(module, own)
        for call in (node for node in ast.walk(module) if isinstance(node, ast.Call)):
            row = _finding(call) or _note(call, texts)
            if row and "…" not in row[0]:
                found.setdefault(row[0], row)
    return [found[name] for name in sorted(found)]


def _texts(module: ast.Module) -> dict[str, ast.Call]:
    """The `Text`s that a module assigns to names."""
    return {
        target.id: node.value
        for node in ast.walk(module)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and _callee(node.value) == "Text"
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _imported_texts(module: ast.Module, own: dict[str, dict[str, ast.Call]]) -> dict[str, ast.Call]:
    """The `Text`s of modules that a module imports by name, as `said.NAME`."""
    return {
        f"{alias.asname or alias.name}.{name}": text
        for node in module.body
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
        for name, text in own.get(f"{node.module.replace('.', '/')}/{alias.name}.py", {}).items()
    }


def _finding(call: ast.Call) -> tuple[str, str, str, str] | None:
    if _callee(call) != "Finding":
        return None
    parts = [
        _named(call, name) or (call.args[number] if len(call.args) > number else None)
        for number, name in enumerate(("code", "severity", "zh", "en"))
    ]
    if not isinstance(parts[0], ast.Constant):
        return None
    return _text(parts[0]), _severity(parts[1]), _text(parts[2]), _text(parts[3])


def _note(call: ast.Call, texts: dict[str, ast.Call]) -> tuple[str, str, str, str] | None:
    if _callee(call) != "add" or len(call.args) < 2 or not isinstance(call.args[0], ast.Constant):
        return None
    text = texts.get(ast.unparse(call.args[1]))
    if text is None:
        return None
    zh, en = (
        _text(_named(text, name) or (text.args[number] if len(text.args) > number else None))
        for number, name in enumerate(("zh", "en"))
    )
    severity = _named(text, "severity") or (text.args[4] if len(text.args) > 4 else None)
    return _text(call.args[0]), _severity(severity) if severity is not None else "notice", zh, en


def _severity(node: ast.expr | None) -> str:
    return node.attr.lower() if isinstance(node, ast.Attribute) else "by case"


def findings() -> str:
    """The page of findings."""
    rows = [(code(name), severity, zh, en) for name, severity, zh, en in finding_rows()]
    return "\n\n".join(
        [
            "# Findings of the readers",
            (
                "What reading and building a layer may notice without stopping. They stand in `parktwin ingest` (also with `--json`),"
                " in `layer.findings` and in `GET /api/v1/layers/{layer}`. Findings of the BIM review are in [rules.md](rules.md)."
            ),
            table(["code", "severity", "中文", "English"], rows),
        ]
    )
