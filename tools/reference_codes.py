"""`errors.md` and `findings.md`: codes and sentences, found by reading the source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
    """A sentence with its values as … or by their names, without formats."""
    if isinstance(node, ast.Constant):
        return re.sub(r"\{(\w+):[^}]*\}", r"{\1}", str(node.value))
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


@dataclass(frozen=True)
class FindingRow:
    """A kind of finding as the page shows it; `…` stands for values."""

    code: str
    severity: str
    repaired: bool
    zh: str
    en: str
    fix_zh: str
    fix_en: str


FINDING = ("code", "severity", "zh", "en")
FAULT = (*FINDING, "fix_zh", "fix_en")
NOTE = ("zh", "en", "fix_zh", "fix_en", "severity")
"""Fields by place: of a Finding, of a Fault, of a reader's Text."""


def finding_rows() -> list[FindingRow]:
    """Every finding that readers and builders note."""
    found: dict[str, FindingRow] = {}
    modules = dict(_files())
    own = {path: _texts(module) for path, module in modules.items()}
    for path, module in modules.items():
        texts = own[path] | _imported_texts(module, own)
        for call in (node for node in ast.walk(module) if isinstance(node, ast.Call)):
            row = _finding(call) or _note(call, texts)
            if row and "…" not in row.code:
                found.setdefault(row.code, row)
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


def _finding(call: ast.Call) -> FindingRow | None:
    places = {"Finding": FINDING, "Fault": FAULT}.get(_callee(call))
    if places is None:
        return None
    stable = _field(call, "code", places)
    if places is FAULT and not isinstance(_field(call, "severity", places), ast.Attribute):
        return None  # a class of that name elsewhere: the sample park's planned faults
    return _row(_text(stable), call, places, "by case") if isinstance(stable, ast.Constant) else None


def _note(call: ast.Call, texts: dict[str, ast.Call]) -> FindingRow | None:
    if _callee(call) != "add" or len(call.args) < 2 or not isinstance(call.args[0], ast.Constant):
        return None
    text = texts.get(ast.unparse(call.args[1]))
    return None if text is None else _row(_text(call.args[0]), text, NOTE, "notice")


def _row(stable: str, call: ast.Call, places: Sequence[str], usual: str) -> FindingRow:
    severity = _field(call, "severity", places)
    repaired = _named(call, "repaired")
    words = [_text(_field(call, name, places)) for name in ("zh", "en", "fix_zh", "fix_en")]
    return FindingRow(
        stable,
        usual if severity is None else _severity(severity),
        isinstance(repaired, ast.Constant) and bool(repaired.value),
        *words,
    )


def _field(call: ast.Call, name: str, places: Sequence[str]) -> ast.expr | None:
    """A field by name, else by its place."""
    place = places.index(name) if name in places else len(call.args)
    return _named(call, name) or (call.args[place] if len(call.args) > place else None)


def _severity(node: ast.expr | None) -> str:
    return node.attr.lower() if isinstance(node, ast.Attribute) else "by case"


def findings() -> str:
    """The page of findings."""
    rows = [
        (
            code(row.code),
            row.severity,
            "已修复 repaired" if row.repaired else "",
            row.zh,
            row.en,
            " ".join(filter(None, (row.fix_zh, row.fix_en))),
        )
        for row in finding_rows()
    ]
    return "\n\n".join(
        [
            "# Findings of the readers",
            (
                "What reading and building a layer may notice without stopping. They stand in `parktwin ingest` and `parktwin order` (both"
                " also with `--json`), in `layer.findings`, in `GET /api/v1/layers/{layer}/findings` and on the layer's page. *repaired*:"
                " reading mended it, and the sentence says how; all others are for the author. Findings of the BIM review are in"
                " [rules.md](rules.md)."
            ),
            table(["code", "severity", "repaired", "中文", "English", "整改 Fix"], rows),
        ]
    )
