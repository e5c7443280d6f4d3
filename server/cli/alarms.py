"""`parktwin alarms`: check the alarm rules of a park, and put them in force."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from server.cli.access import ServerAccess, running_server
from server.cli.output import JsonFlag, out, print_json
from twin.errors import Unavailable
from twin.park import Park

app = typer.Typer(help="Alarm rules of a park.", no_args_is_help=True)
Folder = Annotated[Path, typer.Argument(help="Folder of the park.")]


@app.command("check")
def check(park: Folder, *, json: JsonFlag = False) -> None:
    """Read `alarms.yaml`: what is wrong is one sentence with line, rule and expectation (exit code 3)."""
    from twin.rules.rule_file import FILE, read_rules  # noqa: PLC0415 - pydantic's models, needed here only

    rules = read_rules(Park.load(park).folder / FILE)
    if json:
        print_json({"rules": [rule.model_dump(mode="json", exclude_defaults=True) for rule in rules]})
    else:
        out.print(f"{len(rules)} rules, no fault.")


@app.command("reload")
def reload(park: Folder, *, json: JsonFlag = False) -> None:
    """Put `alarms.yaml` in force in the running server; where it is wrong the rules before go on."""
    loaded = Park.load(park)
    server = running_server(loaded)
    if server is None:
        raise Unavailable(f"No server runs {loaded.folder}: it reads alarms.yaml when it starts", code="no-server")
    remote = ServerAccess(loaded, server["url"], server["token"])
    try:
        found = remote.reload_alarm_rules()
    finally:
        remote.close()
    if json:
        print_json(found)
        return
    out.print(f"{len(found['items'])} rules on {found['rows']:,} points are in force.")
    for name in found["without_points"]:
        out.print(f"  {name} watches no point")
    for problem in found["problems"]:
        out.print(f"  {problem}")
