"""Identity: `gid` is `<layer>/<id in the source>` and survives re-import (architecture, 3)."""

from __future__ import annotations

import re

from twin.errors import Invalid

LAYER_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
MAX_STATE = 1 << 24
"""State indices stay below this, so that a float32 in a shader holds them exactly."""


def layer_name(text: str) -> str:
    """Check a layer name: lower-case letters, digits, `-` and `_`, at most 63 characters. Raises Invalid."""
    if not LAYER_NAME.fullmatch(text):
        raise Invalid(
            f"Layer name {text!r} is not usable: expected 1 to 63 lower-case letters, digits, '-' or '_'",
            code="layer-name",
        )
    return text


def layer_name_from(stem: str) -> str:
    """A usable layer name made from a file's stem; falls back to `layer` where nothing is left."""
    name = re.sub(r"[^a-z0-9_]+", "-", stem.lower()).strip("-_")[:63]
    return name or "layer"


def gid(layer: str, local: str) -> str:
    """The stable id of an object: `<layer>/<id in the source>`."""
    return f"{layer}/{local}"


def split_gid(value: str) -> tuple[str, str]:
    """`(layer, id in the source)` of a gid. Raises Invalid."""
    layer, slash, local = value.partition("/")
    if not (slash and layer and local):
        raise Invalid(f"Object id {value!r} is not usable: expected <layer>/<id>", code="gid")
    return layer, local
