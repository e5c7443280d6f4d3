"""How heavy a built page is before anything of it is asked for lazily."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

STATIC = re.compile(r"(?:^|[;}\s])(?:import|export)\s*(?:[\w{}*,$\s]+?from\s*)?[\"']\./([\w.-]+\.js)[\"']")


def initial(folder: Path, *names: str) -> dict[str, int]:
    """Bytes, gzipped, of the files and of all that they import statically, the files' names relative to `folder`."""
    seen: dict[str, int] = {}
    todo = list(names)
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        text = (folder / name).read_text(encoding="utf-8")
        seen[name] = len(gzip.compress(text.encode(), 9))
        todo += STATIC.findall(text)
    return seen
