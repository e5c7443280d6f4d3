"""`cli.md`: every command with its arguments, options and the exit codes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import typer
from typer.models import ArgumentInfo, OptionInfo

from server.cli import app
from server.cli.app import EXIT_CODES
from tools.reference_text import code, first_line, table

FIXED = (
    (0, "done"),
    (1, "something unexpected, or `tiles check` and `doctor` found an error"),
    (2, "wrong usage: an unknown command or option"),
    (130, "stopped with Ctrl+C"),
)
NAMES: dict[Any, str] = {Path: "path", str: "text", int: "whole number", float: "number", bool: "flag"}


def commands(found: typer.Typer | None = None, prefix: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    """(name as typed after `parktwin`, function) of every command, groups opened."""
    found = app if found is None else found
    for command in found.registered_commands:
        if command.callback is not None:
            yield f"{prefix}{command.name or command.callback.__name__}", command.callback
    for group in found.registered_groups:
        if group.typer_instance is not None:
            yield from commands(group.typer_instance, f"{prefix}{group.name} ")


def parameters(function: Callable[..., Any]) -> list[tuple[str, str, str, str]]:
    """(name as typed, type, default, help) of a command's arguments, then its options."""
    hints = get_type_hints(function, include_extras=True)
    arguments, options = [], []
    for name, parameter in inspect.signature(function).parameters.items():
        kind, info = _annotation(hints[name])
        required = parameter.default is inspect.Parameter.empty
        default = "required" if required else _default(parameter.default)
        if isinstance(info, ArgumentInfo):
            many = get_origin(kind) is list
            shown = f"{name.upper()}…" if many else name.upper()
            arguments.append((shown, _type(kind), default, info.help or ""))
        else:
            given = (info.default, *(info.param_decls or ()))  # in Annotated the first name stands as the default
            flags = [flag for flag in given if isinstance(flag, str) and flag.startswith("-")]
            shown = ", ".join(flags) if flags else f"--{name.replace('_', '-')}"
            options.append((shown, _type(kind), "" if kind is bool else default, info.help or ""))
    return [*arguments, *options]


def _annotation(hint: object) -> tuple[Any, ArgumentInfo | OptionInfo]:
    kind, *marks = get_args(hint)
    return kind, next(mark for mark in marks if isinstance(mark, ArgumentInfo | OptionInfo))


def _type(kind: Any) -> str:
    members = [member for member in get_args(kind) if member is not type(None)]
    inner: Any = members[0] if members else kind
    return NAMES.get(inner) or str(getattr(inner, "__name__", inner))


def _default(value: object) -> str:
    return "" if value in (None, "", False) else f"{value:g}" if isinstance(value, float) else str(value)


def usage(name: str, function: Callable[..., Any]) -> str:
    """`parktwin ingest PARK FILES… [OPTIONS]`."""
    rows = parameters(function)
    arguments = [row[0] if row[2] == "required" else f"[{row[0]}]" for row in rows if not row[0].startswith("-")]
    rest = ["[OPTIONS]"] if any(row[0].startswith("-") for row in rows) else []
    return " ".join(["parktwin", name, *arguments, *rest])


def page() -> str:
    """The page."""
    parts = [
        "# Command line",
        (
            "`parktwin` is `.venv/bin/parktwin` after `make setup`. A command that finds a server serving the park talks to"
            " it; otherwise it opens the park's database itself. With `--json` one JSON document is printed on standard"
            " output; progress and errors go to standard error."
        ),
        "## Exit codes",
        table(
            ["code", "meaning"],
            sorted(
                [*FIXED, *((number, _meaning(cls.__name__, cls.__doc__)) for cls, number in EXIT_CODES.items())],
                key=lambda row: int(str(row[0])),
            ),
        ),
        (
            'A failing command prints one sentence `parktwin: …`, and with `--json` also `{"error": {"code", "message"}}`.'
            " The codes are listed in [errors.md](errors.md)."
        ),
    ]
    for name, function in commands():
        parts += [
            f"## parktwin {name}",
            inspect.cleandoc(function.__doc__ or ""),
            f"```sh\n{usage(name, function)}\n```",
        ]
        rows = [(code(row[0]), row[1], row[2], row[3]) for row in parameters(function)]
        if rows:
            parts.append(table(["name", "type", "default", "what"], rows))
    return "\n\n".join(parts)


def _meaning(name: str, doc: str | None) -> str:
    words = "".join(f" {sign.lower()}" if sign.isupper() else sign for sign in name).strip()
    return f"{words}: {first_line(doc)}"
