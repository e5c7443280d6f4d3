"""`parktwin points`: bind measured values to objects."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from server.cli.access import access
from server.cli.output import JsonFlag, out, print_json
from twin.errors import NotFound
from twin.park import Park, write_atomic


def points(
    park: Annotated[Path, typer.Argument(help="Folder of the park.")],
    file: Annotated[Path, typer.Argument(help="CSV: point_id,gid,device,kind,unit,min,max,role,name,address.")],
    *,
    json: JsonFlag = False,
) -> None:
    """Make a file's points the park's points; a running server binds them at once."""
    loaded = Park.load(park)
    if not file.exists():
        raise NotFound(f"{file} does not exist: check the path", code="no-file")
    with access(loaded) as store:
        findings = store.load_points(file)
        count = store.select("SELECT count(*) FROM point")[1][0][0]
    target = loaded.folder / "points.csv"
    if target.resolve() != file.resolve():
        write_atomic(target, file.read_text(encoding="utf-8"))
    if json:
        print_json({"points": count, "findings": [finding.as_dict() for finding in findings]})
    else:
        out.print(f"{count:,} points.")
        for finding in findings:
            out.print(f"  {finding.severity}: {finding.zh} / {finding.en}")
