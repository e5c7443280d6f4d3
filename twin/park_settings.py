"""Changes park.toml where a command or the server must: what people wrote, comments too, stays as it is."""

from __future__ import annotations

import fcntl
import json
import os
import re
import tomllib
from pathlib import Path

from twin.errors import Conflict, Unavailable
from twin.park import FILE, Park, write_atomic
from twin.placing import Placing


def placing_of(park: Park, layer: str) -> Placing:
    """The placing that park.toml remembers for a layer; an empty one where there is none. Raises Invalid."""
    row = park.layers.get(layer, {}).get("placing")
    return Placing.from_dict(row) if isinstance(row, dict) else Placing()


def remember_placing(folder: Path, layer: str, placing: Placing) -> Park:
    """Write a layer's placing to park.toml, or take it away where it is empty; returns the park as it is now.

    Raises Conflict where the file is written so that the entry cannot be put in (an inline table of layers),
    Unavailable where it cannot be written. One writer at a time; a reader sees the old or the new file.
    """
    path = folder / FILE
    try:
        lock = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            old = path.read_text(encoding="utf-8")
            new = _with_table(old, f"layers.{layer}.placing", placing.as_dict() if placing else {})
            if new != old:
                try:
                    written = tomllib.loads(new).get("layers", {}).get(layer, {}).get("placing", {})
                except tomllib.TOMLDecodeError as error:
                    raise Conflict(
                        f"{path} is written so that [layers.{layer}.placing] cannot be put in ({error}): add it by hand",
                        code="park-file",
                    ) from error
                if written != (placing.as_dict() if placing else {}):
                    raise Conflict(
                        f"{path} already sets the placing of layer {layer} another way: change it there",
                        code="park-file",
                    )
                write_atomic(path, new)
        finally:
            os.close(lock)
    except OSError as error:
        raise Unavailable(f"{path} cannot be written: {error.strerror}", code="disk") from error
    return Park.load(folder)


def _with_table(text: str, name: str, row: dict[str, object]) -> str:
    """The document with table `name` set to `row`, taken out where the row is empty."""
    header = re.compile(r"^\[" + re.escape(name) + r"\][ \t]*(?:#.*)?\n(?:(?!\s*\[).*\n?)*", re.MULTILINE)
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in row.items()]
    block = "\n".join([f"[{name}]", *lines]) + "\n" if row else ""
    if header.search(text):
        rest = header.sub(lambda match: block + ("\n" if block and match.end() < len(text) else ""), text, count=1)
        return re.sub(r"\n{3,}", "\n\n", rest)
    return text if not block else text.rstrip("\n") + "\n\n" + block
