"""The Typer application and its exit codes."""

from __future__ import annotations

import errno
import json
import sys
from collections.abc import Sequence

import click
import typer

from server.cli import (
    alarms,
    demo,
    devices,
    diff,
    doctor,
    embed,
    export,
    georef,
    history,
    ingest,
    layers,
    new,
    order,
    password,
    picture,
    points,
    publish,
    serve,
    sql,
    tiles,
)  # fmt: skip
from twin.errors import Conflict, Denied, Invalid, NotFound, ParkError, Unavailable

EXIT_CODES: dict[type[ParkError], int] = {Invalid: 3, NotFound: 4, Conflict: 5, Denied: 6, Unavailable: 7}
"""0 done · 1 unexpected · 2 wrong usage · 3 input cannot be used · 4 not found · 5 conflict · 6 denied · 7 unavailable · 130 stopped."""

app = typer.Typer(
    name="parktwin",
    help="Digital twin of a smart park: BIM, GIS and live devices as one scene. 智慧园区数字孪生。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("demo")(demo.demo)
app.command("new")(new.new)
app.command("ingest")(ingest.ingest)
app.command("georef")(georef.georef)
app.command("layers")(layers.layers)
app.command("order")(order.order)
app.command("diff")(diff.diff)
app.command("publish")(publish.publish)
app.command("export")(export.export)
app.command("picture")(picture.picture)
app.command("points")(points.points)
app.command("serve")(serve.serve)
app.command("password")(password.password)
app.command("sql")(sql.sql)
app.add_typer(alarms.app, name="alarms")
app.add_typer(devices.app, name="devices")
app.add_typer(embed.app, name="embed")
app.add_typer(tiles.app, name="tiles")
app.add_typer(history.app, name="history")
app.command("doctor")(doctor.doctor)


def exit_code(error: ParkError) -> int:
    """The exit code of an error, by the nearest class in the table."""
    return next((EXIT_CODES[cls] for cls in type(error).__mro__ if cls in EXIT_CODES), 1)


def _fail(error: ParkError, arguments: Sequence[str]) -> int:
    if "--json" in arguments:
        print(json.dumps({"error": {"code": error.code, "message": str(error)}}, ensure_ascii=False))
    print(f"parktwin: {error}", file=sys.stderr)
    return exit_code(error)


def run(arguments: Sequence[str]) -> int:
    """Run a command; every foreseen failure is one sentence on standard error. Returns the exit code."""
    try:
        code = app(args=list(arguments), standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except ParkError as error:
        return _fail(error, arguments)
    except (KeyboardInterrupt, click.Abort):
        print("parktwin: stopped", file=sys.stderr)
        return 130
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EDQUOT}:
            raise
        place = error.filename or "The disk"
        return _fail(Unavailable(f"{place} cannot be written: {error.strerror}", code="disk"), arguments)


def main() -> None:
    """Entry point of the `parktwin` command."""
    sys.exit(run(sys.argv[1:]))
