"""From a path to a report: what is there, who judges it, and the glTF validator at the end."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from scenes.tiles.check.buffers import check_buffers, read_views
from scenes.tiles.check.content import check_data, detect
from scenes.tiles.check.gltf.validate import validate
from scenes.tiles.check.issues import CheckReport, Issue, Issues
from scenes.tiles.check.run import Context, Run, Where
from scenes.tiles.check.schema import check_schema
from scenes.tiles.check.shape import every
from scenes.tiles.check.source import Place, Unreadable, parse, read
from scenes.tiles.check.subtree import check_subtree
from scenes.tiles.check.table import check_table, check_table_data
from scenes.tiles.check.tileset import check_tileset
from twin.errors import NotFound

TILESET = "tileset.json"


def check_path(path: Path, context: Context | None = None) -> CheckReport:
    """Judge a tileset, a tile, a package, a schema, a subtree, or every tileset of a folder or park.

    context: schema and implicit tiling for a subtree or property table that is judged on its own; without them
    only what they say themselves is. Raises NotFound where there is nothing to judge, Unavailable where Node or
    the npm package gltf-validator is missing and there is a glTF to judge.
    """
    if not path.exists():
        raise NotFound(f"{path} does not exist: check the path", code="no-file")
    # Numbers near the end of float64 overflow on the way to being found too large.
    with TemporaryDirectory(prefix="tiles-check-") as scratch, np.errstate(all="ignore"):
        run = Run(Path(scratch), check_tileset)
        found: list[tuple[str, Issues]] = []
        for file in _files(path):
            if file.resolve() in run.done:
                continue
            issues = Issues()
            found.append(("" if path.is_file() else file.relative_to(path).as_posix(), issues))
            _check_file(run, issues, file, context or Context())
        validate(run)
        result = [_below(prefix, issue) for prefix, issues in found for issue in issues.settle()]
        return CheckReport(result, run.files)


def _below(prefix: str, issue: Issue) -> Issue:
    return dataclasses.replace(issue, path=f"{prefix}{issue.path}") if prefix else issue


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if (path / "park.toml").is_file():
        files = sorted(path.glob(f"layers/*/*/tiles/{TILESET}"))
    else:
        # Those nearer to the top refer to those further down, which are then judged with them.
        files = sorted(path.rglob(TILESET), key=lambda file: (len(file.parts), file))
    if not files:
        raise NotFound(f"{path} has no {TILESET} in it: name a tileset, a tile, or a folder or park with tilesets")
    return files


def _check_file(run: Run, issues: Issues, file: Path, context: Context) -> None:
    if not run.count(issues, ""):
        return
    place = Place(file.resolve().parent)
    try:
        data = read(file)
        kind = detect(data)
        if file.suffix == ".subtree" or kind == "subtree":
            check_subtree(issues, data, place, context)
        elif kind == "tables":
            _tables(issues, parse(data), place, context)
        elif kind in {"schema", "json"}:
            check_schema(issues, "", parse(data))
        else:
            check_data(run, issues, data, file.resolve(), place, Where(), ())
    except Unreadable as error:
        issues.add(error.kind, "", str(error))
    except RecursionError:
        issues.add("CHECK_LIMIT_REACHED", "", "the file is nested too deeply")


def _tables(issues: Issues, raw: dict[str, Any], place: Place, context: Context) -> None:
    """Buffers, buffer views and property tables that stand alone, as in a subtree."""
    if not check_buffers(issues, "", raw):
        return
    tables = raw.get("propertyTables") or []
    if not isinstance(tables, list):
        issues.add("TYPE_MISMATCH", "/propertyTables", "propertyTables is no array")
        return
    objects = raw.get("bufferViews") or []
    fine = every(check_table(issues, f"/propertyTables/{i}", t, context.schema, objects) for i, t in enumerate(tables))
    views = read_views(issues, "", raw, place) if fine else None
    if views is not None and context.schema is not None:
        for index, table in enumerate(tables):
            check_table_data(issues, f"/propertyTables/{index}", table, context.schema, views)
