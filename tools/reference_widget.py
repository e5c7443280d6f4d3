"""`widget.md`: the widget's commands, events and shapes, read from its published types; its sentences by code."""

from __future__ import annotations

import re

from tools.reference_text import table
from tools.reference_web import read

TYPES = "embed/types.ts"
INTRODUCTION = """\
Version 1. How to use them: [the widget](../guides/widget.md). Positions are metres of the park's frame: x east, y north,
z up. Wherever gids are taken, a layer's name, a building's or a storey's gid stands for all objects in it."""
ON_COMMANDS = """\
Methods of the element, and messages to the frame. A member that is unknown, missing or out of range is refused before anything is done,
with `bad-message` and a sentence that names it."""


def interface(name: str) -> list[tuple[str, str, str]]:
    """(member, type, its comment or the one before it) of an interface of the types. Raises ValueError where it is not there."""
    found = re.search(rf"^export interface {name} .*?\{{\n(.*?)^\}}", read(TYPES), re.MULTILINE | re.DOTALL)
    if found is None:
        raise ValueError(f"web/src/{TYPES} has no interface {name}")
    rows, comment = [], ""
    for line in re.split(r"^(?=  (?:/\*\*|\w+\??:))", found.group(1), flags=re.MULTILINE):
        said = re.match(r"  /\*\* (.*?) \*/\s*$", line, re.DOTALL)
        member = re.match(r"  (\w+)\??: (.+)", line, re.DOTALL)
        if said:
            comment = " ".join(said.group(1).split())
        elif member:
            rows.append((member.group(1), " ".join(member.group(2).split()), comment))
            comment = ""
    return rows


def commands() -> list[tuple[str, str, str, str]]:
    """(command, parameters, result, what it does)."""
    rows = []
    for name, shape, what in interface("Commands"):
        found = re.fullmatch(r"\{ params: (.+?);? result: (.+?);? \}", shape)
        if found is None:
            raise ValueError(f"Command {name} of web/src/{TYPES} is not written as {{ params: …; result: … }}")
        takes, answers = (part.replace("Record<string, never>", "{}") for part in found.groups())
        rows.append((name, takes, answers, what))
    return rows


def sentences() -> list[tuple[str, str]]:
    """(code, Chinese sentence) of what the widget says on itself; values in it as `…`."""
    source = read("embed/sentences.ts")
    found = re.findall(r"^  '?([\w-]+)'?: \{\s*zh: \([^)]*\) => [`'](.*?)[`'],", source, re.MULTILINE)
    return [(name, re.sub(r"\$\{[^}]*\}", "…", text)) for name, text in found]


def page() -> str:
    """The page."""
    source = read(TYPES)
    shapes = source[source.index("export type Vec3") : source.index("/** What each command takes")].strip()
    return "\n\n".join(
        [
            "# Widget messages",
            INTRODUCTION,
            "## Commands",
            ON_COMMANDS,
            table(
                ["command", "takes", "answers", "what"],
                [(f"`{name}`", f"`{a}`", f"`{b}`", what) for name, a, b, what in commands()],
            ),
            "## Events",
            "DOM events of the element with this `detail`, and messages from the frame.",
            table(
                ["event", "detail", "when"],
                [(f"`{name}`", f"`{kind}`", what) for name, kind, what in interface("Events")],
            ),
            "## Sentences",
            "What the widget says on itself, in Chinese or English by the nearest `lang`; the same `code` comes in an `error` event.",
            table(["code", "in Chinese"], [(f"`{name}`", text) for name, text in sentences()]),
            "## Shapes",
            "As published in `/embed/park-viewer.d.ts`.",
            f"```ts\n{shapes}\n```",
        ]
    )
