"""Names that stand in a file beside a tile: a picture needs none of them, and they are half of a far view's bytes.

The GLB names the file in the `extras` of its scene (`names`); its property table keeps `ordinal` and `class`. The file is
JSON: for each column a list with a text for each feature of the tile.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

NAMES = "names"
APART = ("gid", "name", "storey")


def names_file(tile: str) -> str:
    """The name of the file beside a tile."""
    return f"{tile.removesuffix('.glb')}.names.json"


def names_of(document: dict[str, Any]) -> str | None:
    """The file that a GLB's document names, None where its table holds all columns."""
    found = document["scenes"][0].get("extras", {}).get(NAMES)
    return None if found is None else str(found)


def encode(columns: pa.Table) -> bytes:
    """The file's bytes. columns: with those of APART, by feature."""
    return _json({name: columns.column(name).to_pylist() for name in APART})


def renamed(file: Path, names: Mapping[int, str]) -> bytes:
    """The file with other names. names: by feature."""
    columns = json.loads(file.read_bytes())
    columns["name"] = [names.get(feature, name) for feature, name in enumerate(columns["name"])]
    return _json(columns)


def _json(columns: dict[str, list[str]]) -> bytes:
    return json.dumps(columns, ensure_ascii=False, separators=(",", ":")).encode()
