"""`http.md` and `settings.md`: every route with its permission, every environment variable."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from fastapi.routing import iter_route_contexts

from server.access import Control, Declaration, Public, Requires
from server.accounts.roles import ROLES, Permission
from server.app import describe_only
from server.openapi import DESCRIPTION, document
from server.problems import STATUS
from server.settings import Settings
from tools.reference_text import code, first_line, table


def routes() -> Iterator[tuple[str, str, Any]]:
    """(method, path, route) of everything that is served, HEAD left out; a live connection's method is `WS`."""
    for context in iter_route_contexts(describe_only().routes):
        route: Any = getattr(context, "starlette_route", None) or context
        for method in sorted(set(getattr(route, "methods", None) or {"WS"}) - {"HEAD"}):
            yield method, str(route.path), route


def _calls(dependant: Any) -> Iterator[object]:
    for item in dependant.dependencies:
        yield item.call
        yield from _calls(item)


def access(route: Any) -> str:
    """What a route asks of its caller: a permission, `public` with the reason, or `command line`."""
    found = [call for call in _calls(route.dependant) if isinstance(call, Declaration)]
    return ", ".join(
        call.permission.value
        if isinstance(call, Requires)
        else f"public: {call.why}"
        if isinstance(call, Public)
        else "command line of this machine"
        if isinstance(call, Control)
        else "token of the connector"
        for call in found
    )


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    for many in ("anyOf", "oneOf", "allOf"):
        if many in schema:
            return " or ".join(dict.fromkeys(_type(item) for item in schema[many]))
    if "enum" in schema:
        return ", ".join(str(item) for item in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or "any")


def _body(operation: dict[str, Any]) -> str:
    content = operation.get("requestBody", {}).get("content", {})
    return ", ".join(
        f"{media} {_type(entry.get('schema', {}))}" if media != "application/json" else _type(entry.get("schema", {}))
        for media, entry in content.items()
    )


def _answer(operation: dict[str, Any]) -> str:
    for status, response in sorted(operation["responses"].items()):
        if status == "default":
            continue
        content = response.get("content", {})
        shown = [
            _type(entry.get("schema", {})) if media == "application/json" else media for media, entry in content.items()
        ]
        return f"{status} {', '.join(shown)}".strip()
    return ""


def page() -> str:
    """The page."""
    described = document(describe_only())
    byname = {(method, path): access(route) for method, path, route in routes()}
    groups: dict[str, list[tuple[str, str, dict[str, Any]]]] = defaultdict(list)
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            groups[(operation.get("tags") or ["other"])[0]].append((method.upper(), path, operation))
    covered = {(method, path) for rows in groups.values() for method, path, _ in rows}
    parts = [
        "# HTTP interface",
        DESCRIPTION,
        (
            "The whole description with all shapes is [openapi.json](openapi.json), served at `/api/v1/openapi.json`. The live"
            " connection is described in [live.md](live.md)."
        ),
        "## Errors",
        "`application/problem+json` with `type`, `title`, `status`, `code`, `detail`; `code` is stable ([errors.md](errors.md)).",
        table(
            ["error", "status", "meaning"], [(cls.__name__, n, first_line(cls.__doc__)) for cls, n in STATUS.items()]
        ),
        "## Roles and permissions",
        table(
            ["permission", *(role.value for role in ROLES)],
            [[code(item.value), *("✓" if item in held else "" for held in ROLES.values())] for item in Permission],
        ),
    ]
    for tag, rows in groups.items():
        parts.append(f"## {tag}")
        for method, path, operation in sorted(rows, key=lambda row: (row[1], row[0])):
            parts.append(f"### {method} {path}")
            facts = [
                operation.get("description") or operation.get("summary", ""),
                f"Permission: {byname.get((method, path), '')}",
                f"Body: {_body(operation)}" if operation.get("requestBody") else "",
                f"Answer: {_answer(operation)}" if _answer(operation) else "",
            ]
            parts.append("\n\n".join(item.strip() for item in facts if item))
            given = operation.get("parameters", [])
            if given:
                parts.append(table(["parameter", "in", "type", "default", "what"], [_parameter(row) for row in given]))
    parts += [
        "## Outside the description",
        table(
            ["method", "path", "permission"],
            sorted(
                (method, code(path), why) for (method, path), why in byname.items() if (method, path) not in covered
            ),
        ),
    ]
    return "\n\n".join(parts)


def _parameter(row: dict[str, Any]) -> tuple[object, ...]:
    schema = row.get("schema", {})
    default = "required" if row.get("required") else schema.get("default", "")
    return code(row["name"]), row["in"], _type(schema), default, row.get("description", "")


def settings() -> str:
    """The page of environment variables."""
    rows = [(code(name), code(default), text) for name, default, text in Settings.documented()]
    return "\n\n".join(
        [
            "# Settings",
            (
                "Environment variables of the server process. Everything about a park itself stands in its"
                " [park.toml](park-toml.md)."
            ),
            table(["variable", "default", "what"], rows),
            "A wrong value stops the start with one sentence naming the variable.",
        ]
    )
