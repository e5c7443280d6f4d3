"""`viewer.md`: what the viewer core and its plugins can do, read from their TypeScript."""

from __future__ import annotations

import re

from tools.reference_text import code, table
from tools.reference_web import read

INTERFACES = ("Viewer", "StateTable", "ViewerEvents", "PickOptions", "Section", "GroundView")
NO_API = {"update", "overlay", "grab", "loaded"}
"""Members that the core calls: no business of a host."""


def sentence(comment: str) -> str:
    """A doc comment as one line of text."""
    lines = [
        re.sub(r"^\s*\*?\s?", "", line) for line in comment.strip().removeprefix("/**").removesuffix("*/").splitlines()
    ]
    return " ".join(line.strip() for line in lines if line.strip())


def members(body: str) -> list[tuple[str, str]]:
    """(signature, comment) of every member of an interface's body."""
    found = re.findall(
        r"^  (/\*\*.*?\*/\n  )?((?:readonly )?\w+[?]?(?:<.*?>)?[(:].*?)$", body, re.MULTILINE | re.DOTALL
    )
    return [
        (signature.strip().removeprefix("readonly "), sentence(comment) if comment else "")
        for comment, signature in found
    ]


def inherited(source: str, path: str) -> list[tuple[str, str]]:
    """Methods of the class in a file beside it that a plugin extends."""
    base = re.search(r"export class \w+ extends (\w+)", source)
    where = re.search(rf"import \{{[^}}]*\b{base.group(1)}\b[^}}]*\}} from '\./([\w-]+)'", source) if base else None
    return methods(read(f"viewer/{path.rpartition('/')[0]}/{where.group(1)}.ts")) if where else []


def interface(name: str) -> list[tuple[str, str]]:
    """Members of an interface of `types.ts`. Raises ValueError where it is not there."""
    found = re.search(rf"^export interface {name} \{{\n(.*?)^\}}", read("viewer/types.ts"), re.MULTILINE | re.DOTALL)
    if found is None:
        raise ValueError(f"web/src/viewer/types.ts has no interface {name}")
    return members(found.group(1))


def plugins() -> dict[str, tuple[str, str]]:
    """(class, module under web/src/viewer) by plugin name."""
    return {
        name: (made, path)
        for name, path, made in re.findall(
            r"(\w+): async \(host\) => new \(await import\('\./([\w/-]+)'\)\)\.(\w+)\(host\)", read("viewer/plugins.ts")
        )
    }


def methods(source: str) -> list[tuple[str, str]]:
    """(signature, comment) of a class's public methods and getters."""
    rows: list[tuple[str, str]] = []
    comment = ""
    for line in source.splitlines():
        if line.startswith("  /**") or (comment and not comment.rstrip().endswith("*/")):
            comment = line if line.startswith("  /**") else f"{comment}\n{line}"
            continue
        found = re.match(r"  (?:async |get )?((\w+)(?:<.*>)?\(.*\)(?:: .+)?) \{$", line)
        if found and found[2] not in {*NO_API, "constructor", "dispose", "drawn"}:
            # A getter is read, not called.
            signature = found[1].replace("()", "", 1) if line.startswith("  get ") else found[1]
            rows.append((signature, sentence(comment) if comment else ""))
        comment = ""
    return rows


def page() -> str:
    """The page."""
    parts = [
        "# The viewer core",
        (
            "`createViewer(options)` of `web/src/viewer/index.ts` fills a container with a park and gives a `Viewer`; `<park-viewer>` has it"
            " as `element.viewer`. Positions are park metres (x east, y north, z up), points of the stage CSS pixels from its left top,"
            " colours `0xRRGGBB`, objects state indices. What `viewer.use(name)` gives is fetched when it is first asked for."
        ),
    ]
    for name in INTERFACES:
        rows = [(code(signature), comment) for signature, comment in interface(name)]
        parts += [f"## {name}", table(["member", "meaning"], rows)]
    for name, (made, path) in plugins().items():
        source = read(f"viewer/{path}.ts")
        about = re.search(rf"(/\*\*(?:(?!\*/).)*?\*/)\nexport class {made}\b", source, re.DOTALL)
        rows = [(code(signature), comment) for signature, comment in methods(source) + inherited(source, path)]
        parts += [
            f"## Plugin `{name}`",
            f"{sentence(about.group(1)) if about else ''} Module: {code(f'web/src/viewer/{path}.ts')}.".strip(),
            table(["member", "meaning"], rows),
        ]
    return "\n\n".join(parts)
