"""An IFC model opened from any file, or one clear sentence why not."""

from __future__ import annotations

import re
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ifcopenshell

from bim.source.archive import unpack
from bim.source.kind import SourceKind, source_kind
from bim.source.lean_text import LeanText, lean_text
from bim.source.mangled_text import Repaired, restore_text
from bim.source.step_file import ALIASES, step_schema
from bim.source.step_text import StepText
from bim.source.text_encoding import escape_raw_text, has_raw_text
from bim.source.whole_model import WholeModel, put_whole
from twin.errors import Invalid, NotFound
from twin.finding import Finding, Severity

_WANTED = "expected an IFC model (.ifc or .ifcxml, or .ifczip with one inside)"
_REFUSED = {
    SourceKind.EMPTY: "is empty: " + _WANTED + "; export or copy it again",
    SourceKind.SQLITE: "is an SQLite database: " + _WANTED + "; export it as .ifc",
    SourceKind.IFCX: "is an IFC5 draft (JSON): " + _WANTED + "; export it as IFC4 or IFC4X3",
    SourceKind.OTHER: "is no IFC model, its content starts like another format: " + _WANTED,
}
_SCHEMA = re.compile(rb"(FILE_SCHEMA\s*\(\s*\(\s*')([^']*)(')", re.IGNORECASE)
_NO_SUCH_LITERAL = "[VAL012]"
"""The parser's code for a literal that its enumeration does not have: the attribute is nothing, the instance stays."""


@dataclass(frozen=True)
class OpenModel:
    """A parsed model and what was noticed while opening it.

    file: ifcopenshell.file; texts: mended ones by STEP id; text: what was parsed, for reading much of it at once, None
    where it is not written plainly enough, or the parser found faults in it.
    """

    file: Any
    schema: str
    findings: list[Finding] = field(default_factory=list)
    texts: dict[int, Repaired] = field(default_factory=dict)
    text: StepText | None = None


def open_model(source: Path, *, lean: bool = False, scratch: Path | None = None) -> OpenModel:
    """Open .ifc, .ifcxml or .ifczip. Raises NotFound, or Invalid with one sentence naming file, fault and fix.

    lean: leave out of the parsed model what a reader of the text does not ask it for (`lean_text`). scratch: a folder to
    write in, which the caller empties.
    """
    if not source.is_file():
        raise NotFound(f"File {source} does not exist: expected an IFC model", code="source")
    if scratch is not None:
        return _open(source, source.name, scratch, lean=lean)
    with tempfile.TemporaryDirectory(prefix="parktwin-ifc-") as folder:
        return _open(source, source.name, Path(folder), lean=lean)


def _open(path: Path, name: str, folder: Path, *, lean: bool) -> OpenModel:
    kind = source_kind(path)
    if kind is SourceKind.ZIP:
        path = unpack(path, folder)
        name = f"{name} ({path.suffix} inside)"
        kind = source_kind(path)
    if kind in _REFUSED:
        raise Invalid(f"{name} {_REFUSED[kind]}", code="not-ifc")
    if kind is SourceKind.ZIP:
        raise Invalid(f"{name} holds another archive: {_WANTED}", code="archive")
    if kind is SourceKind.IFCXML:
        from bim.source.ifcxml import convert  # noqa: PLC0415 - seldom needed

        converted = convert(path, name, folder)
        model = _parse(converted.path, name)
        faults = _parser_errors()
        findings = [*converted.findings, *_parser_findings(faults)]
        return OpenModel(model, converted.schema, findings, text=_text(converted.path, faults))
    findings = []
    schema = step_schema(path, name)
    if has_raw_text(path):
        path, encoding = _escaped(path, folder)
        findings.append(_encoding_finding(encoding))
    restored = folder / "restored.ifc"
    texts = restore_text(path, restored)
    path = _with_plain_schema(restored if texts else path, folder, schema)
    model, faults, text = _parsed(path, name, folder, schema if lean else None)
    return OpenModel(model, schema, [*findings, *_parser_findings(faults)], texts, text)


def _parsed(path: Path, name: str, folder: Path, schema: str | None) -> tuple[Any, list[str], StepText | None]:
    """The parsed model, the parser's faults, and the text if it is plain. schema: given where the model may be lean."""
    text = None if schema is None else StepText.open(path)
    left = None if text is None or schema is None else lean_text(text, schema)
    if text is not None and left is not None:
        part = folder / "lean.ifc"
        part.write_bytes(left.data)
        with suppress(Invalid):
            model = _parse(part, name)
            faults = _parser_errors()
            if _is_plain(faults):
                put_whole(model, WholeModel(text, left))
                return model, [_as_in_file(fault, left) for fault in faults], text
    model = _parse(path, name)
    faults = _parser_errors()
    return model, faults, _text(path, faults) if text is None or not _is_plain(faults) else text


def _text(path: Path, faults: list[str]) -> StepText | None:
    """The text of a file whose instances the parser has all, each as it is written.

    A literal that an enumeration lacks costs the parser this one attribute; of a file with any other fault it may have
    left out what its text says.
    """
    return StepText.open(path) if _is_plain(faults) else None


def _is_plain(faults: list[str]) -> bool:
    return all(_NO_SUCH_LITERAL in fault for fault in faults)


def _as_in_file(fault: str, left: LeanText) -> str:
    """A fault with the place where it stands in the file itself."""
    return re.sub(r"(?<= at offset )\d+", lambda offset: str(left.place(int(offset[0]))), fault)


def _escaped(path: Path, folder: Path) -> tuple[Path, str]:
    target = folder / "escaped.ifc"
    return target, escape_raw_text(path, target)


def _with_plain_schema(path: Path, folder: Path, schema: str) -> Path:
    """The same file with the schema named as the parser knows it."""
    with path.open("rb") as stream:
        head = stream.read(65_536)
    written = _SCHEMA.search(head)
    if written is None or written.group(2).strip().upper().decode("ascii", "replace") not in ALIASES:
        return path
    target = folder / "schema.ifc"
    with path.open("rb") as stream, target.open("wb") as out:
        head = stream.read(65_536)
        out.write(head[: written.start(2)] + schema.encode() + head[written.end(2) :])
        while chunk := stream.read(1 << 20):
            out.write(chunk)
    return target


def _parse(path: Path, name: str) -> Any:
    _parser_errors()  # what other files of this process left in the log; reading it empties it
    try:
        model = ifcopenshell.open(path, format=".ifc")
    except (ifcopenshell.Error, OSError, RuntimeError) as error:
        cause = _cause(_parser_errors(), str(error))
        raise Invalid(f"{name} cannot be parsed: {cause}; export it again", code="syntax") from error
    return model


def _cause(lines: list[str], otherwise: str = "") -> str:
    """The parser's first error message."""
    return re.sub(r"^(\[[^\]]*\]\s*)+", "", lines[0])[:200] if lines else otherwise[:200]


def _parser_errors() -> list[str]:
    """What the parser complained about since this was asked last."""
    return [line for line in ifcopenshell.get_log().splitlines() if line.startswith("[error]")]


def _parser_findings(lines: list[str]) -> list[Finding]:
    """Faults in the text that the parser could step over: what they concern may be missing."""
    if not lines:
        return []
    return [
        Finding(
            code="ifc-syntax",
            severity=Severity.MAJOR,
            zh=f"文件有 {len(lines)} 处语法或取值错误，相关内容可能缺失",
            en=f"The file has {len(lines)} faults of syntax or value, the first: {_cause(lines)}; what they concern may be missing",
            fix_zh="在建模软件中重新导出，或用 buildingSMART 校验服务检查",
            fix_en="Export the model again, or check it with the buildingSMART validation service",
            value=float(len(lines)),
            limit=0.0,
        )
    ]


def _encoding_finding(encoding: str) -> Finding:
    return Finding(
        code="ifc-encoding",
        severity=Severity.NOTICE,
        zh=f"文件文字未按 ISO 10303-21 转义，已按 {encoding} 编码读取",
        en=f"The file's text is not escaped as ISO 10303-21 asks; it was read as {encoding}",
        fix_zh="在建模软件的导出设置中选用标准 IFC 文字编码",
        fix_en="Choose standard IFC text encoding in the authoring tool's export settings",
        repaired=True,
    )
