"""`parktwin sql`: one read-only query on the park's database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from server.cli.access import access
from server.cli.output import JsonFlag, print_json, print_table
from twin.park import Park


def sql(
    park: Annotated[Path, typer.Argument(help="Folder of the park.")],
    query: Annotated[str, typer.Argument(help="One SELECT statement.")],
    *,
    json: JsonFlag = False,
) -> None:
    """Run one SELECT, such as: parktwin sql PARK "SELECT type, count(*) FROM object GROUP BY type"."""
    with access(Park.load(park)) as store:
        names, rows = store.select(query)
    if json:
        print_json({"columns": names, "rows": rows})
    else:
        print_table(names, rows)
