"""`findings.md`: what reading and building note, found by reading the source."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from tools.reference_source import callee, calls, modules, named, sentence
from tools.reference_text import code, table


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
    own = {path: _texts(module) for path, module in modules().items()}
    for path, module in modules().items():
        texts = own[path] | _imported_texts(module, own)
        for call in calls(module):
            row = _finding(call) or _note(call, texts)
            if row and "…" not in row.code:
                found.setdefault(row.code, row)
    return [found[name] for name in sorted(found)]


def _texts(module: ast.Module) -> dict[str, ast.Call]:
    """The `Text`s that a module assigns to names."""
    return {
        target.id: node.value
        for node in ast.walk(module)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and callee(node.value) == "Text"
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
    places = {"Finding": FINDING, "Fault": FAULT}.get(callee(call))
    if places is None:
        return None
    stable = _field(call, "code", places)
    if places is FAULT and not isinstance(_field(call, "severity", places), ast.Attribute):
        return None  # a class of that name elsewhere: the sample park's planned faults
    return _row(sentence(stable), call, places, "by case") if isinstance(stable, ast.Constant) else None


def _note(call: ast.Call, texts: dict[str, ast.Call]) -> FindingRow | None:
    if callee(call) != "add" or len(call.args) < 2 or not isinstance(call.args[0], ast.Constant):
        return None
    text = texts.get(ast.unparse(call.args[1]))
    return None if text is None else _row(sentence(call.args[0]), text, NOTE, "notice")


def _row(stable: str, call: ast.Call, places: Sequence[str], usual: str) -> FindingRow:
    severity = _field(call, "severity", places)
    repaired = named(call, "repaired")
    words = [sentence(_field(call, name, places)) for name in ("zh", "en", "fix_zh", "fix_en")]
    return FindingRow(
        stable,
        usual if severity is None else _severity(severity),
        isinstance(repaired, ast.Constant) and bool(repaired.value),
        *words,
    )


def _field(call: ast.Call, name: str, places: Sequence[str]) -> ast.expr | None:
    """A field by name, else by its place."""
    place = places.index(name) if name in places else len(call.args)
    return named(call, name) or (call.args[place] if len(call.args) > place else None)


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
