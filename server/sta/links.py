"""Addresses of entities and of further pages."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode

ROOT = "/sta/v1.1"
SAFE = "/:$!*,;=@~-._"
"""Signs of ids that stay as they are; brackets and quotes would end one."""


def quoted(ident: str) -> str:
    """An id as it stands between brackets: in quotes, with those inside doubled."""
    return "'" + quote(ident, safe=SAFE + "'").replace("'", "''") + "'"


def path_link(root: str, path: str) -> str:
    """The address of a path as it was read, encoded again."""
    kept = quote(path, safe=f"{SAFE}'()")
    return f"{root}/{kept}"


def self_link(root: str, entity_set: str, ident: str) -> str:
    """The address of an entity; root: that of the service."""
    return f"{root}/{entity_set}({quoted(ident)})"


def next_link(address: str, pairs: list[tuple[str, str]], changed: Mapping[str, str]) -> str:
    """The address of the next page: the same query with `$skip` or `$skiptoken` changed."""
    kept = [(name, value) for name, value in pairs if _full(name) not in ("$skip", "$skiptoken")]
    return f"{address}?{urlencode([*kept, *changed.items()], safe='$(),/', quote_via=quote)}"


def _full(name: str) -> str:
    return name if name.startswith("$") else f"${name}"
