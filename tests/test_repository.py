"""What holds for the tree as a whole."""

from __future__ import annotations

import re
import subprocess
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MAX_LINES = 600
CODE = {".py", ".ts", ".tsx", ".css", ".js", ".mjs"}
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))


def tracked() -> list[Path]:
    found = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True)
    return [path for name in found.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


FILES = tracked()


def text_of(path: Path) -> str | None:
    """The text of a file; None of what is no text."""
    data = path.read_bytes()
    if b"\0" in data[:8192]:
        return None
    return data.decode("utf-8", "replace")


def hits(pattern: str, paths: list[Path]) -> list[str]:
    found = []
    expression = re.compile(pattern)
    for path in paths:
        text = text_of(path) or ""
        found += [
            f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
            for number, line in enumerate(text.splitlines(), 1)
            if expression.search(line)
        ]
    return found


def test_the_tree_was_listed() -> None:
    assert len(FILES) > 400


def test_no_folder_of_tests_is_passed_over(request: pytest.FixtureRequest) -> None:
    """Pytest leaves out folders by their name, without a word: `build` and `dist` are in its own list."""
    folders = {
        name for path in FILES if path.is_relative_to(ROOT / "tests") for name in path.relative_to(ROOT).parts[:-1]
    }
    left_out = request.config.getini("norecursedirs")
    assert {name for name in folders if any(fnmatch(name, pattern) for pattern in left_out)} == set()


def test_no_file_is_too_long() -> None:
    code = [path for path in FILES if path.suffix in CODE and ".generated." not in path.name]
    long = {path.relative_to(ROOT).as_posix(): len((text_of(path) or "").splitlines()) for path in code}
    assert {name: lines for name, lines in long.items() if lines > MAX_LINES} == {}


def test_no_address_of_a_registry_or_content_network() -> None:
    hosts = (
        ("registry", "npmjs.org"), ("registry", "npmmirror.com"), ("registry", "yarnpkg.com"), ("pypi", "org"),
        ("files.pythonhosted", "org"), ("cdn", "jsdelivr.net"), ("unpkg", "com"), ("cdnjs", "cloudflare.com"),
        ("fonts", "googleapis.com"), ("fonts", "gstatic.com"), ("esm", "sh"), ("tuna.tsinghua", "edu.cn"),
    )  # fmt: skip
    pattern = "|".join(re.escape(".".join(host)) for host in hosts)
    assert hits(rf"(?i)(?:{pattern})\b", FILES) == []


def test_no_path_of_somebodys_machine() -> None:
    roots = "|".join(("wo" + "rk", "ro" + "ot", "ho" + "me", "Us" + "ers"))
    assert hits(rf"(?<![\w./:\-}}$)])/(?:{roots})/[\w.]", FILES) == []


def test_nothing_is_marked_unfinished() -> None:
    marks = "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK"))
    code = [path for path in FILES if path.suffix in CODE | {".md", ".yaml", ".toml", ".j2", ".typ", ".html", ""}]
    assert hits(rf"\b(?:{marks})\b", code) == []
    assert hits(r"raise NotImplemented" + "Error", code) == []


def test_no_python_file_is_empty_talk() -> None:
    """Every module says in its first statement what it is; tests and package marks may be silent."""
    code = [path for path in FILES if path.suffix == ".py" and "tests" not in path.relative_to(ROOT).parts]
    silent = [str(path.relative_to(ROOT)) for path in code if (text := text_of(path)) and not re.match(r'r?"""', text)]
    assert silent == []


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_decisions_have_their_parts(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.match(r"# \d{4} ", text)
    assert text.startswith(f"# {path.name[:4]} ")
    places = [text.find(word) for word in ("Context", "Decision", "Consequences")]
    assert -1 not in places
    assert places == sorted(places)


def test_decisions_are_numbered_once() -> None:
    numbers = [path.name[:4] for path in DECISIONS]
    assert numbers
    assert len(set(numbers)) == len(numbers)


def test_changelog_has_a_place_for_the_next_change() -> None:
    heads = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert heads[0] == "Unreleased"


def test_both_readmes_tell_the_same() -> None:
    def shape(name: str) -> tuple[list[str], list[str]]:
        text = (ROOT / name).read_text(encoding="utf-8")
        plain = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
        commands = [line.partition(" --name")[0] for line in re.findall(r"^(?:make|\.venv/bin).*$", text, re.MULTILINE)]
        return re.findall(r"^(#+) ", plain, re.MULTILINE), commands

    english, chinese = shape("README.md"), shape("README.zh-CN.md")
    assert english == chinese
    assert len(english[0]) > 5
    assert "](README.zh-CN.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "](README.md)" in (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")


def test_licence_is_named_the_same_everywhere() -> None:
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert 'license = "Apache-2.0"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert '"license": "Apache-2.0"' in (ROOT / "web" / "package.json").read_text(encoding="utf-8")
