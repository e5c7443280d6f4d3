"""`parktwin password`: a new password for somebody who lost theirs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from server.cli.access import LocalAccess, running_server
from server.cli.output import JsonFlag, out, print_json
from twin.clock import SystemClock
from twin.errors import Conflict
from twin.park import Park


def password(
    park: Annotated[Path, typer.Argument(help="Folder of the park.")],
    *,
    user: Annotated[str, typer.Option(help="Name of the user.")] = "admin",
    json: JsonFlag = False,
) -> None:
    """Give a user a new generated password and end their sessions; the server must not run."""
    from server.accounts import AccountStore, AuditLog  # noqa: PLC0415 - Argon2 is not needed by other commands
    from server.settings import Settings  # noqa: PLC0415

    loaded = Park.load(park)
    if running_server(loaded):
        raise Conflict(f"{loaded.folder} is being served: stop the server, or change the password on its page")
    store = LocalAccess(loaded)
    try:
        accounts = AccountStore(store.graph.db, SystemClock(), Settings.from_environment())
        made = accounts.reset_password(user)
        AuditLog(store.graph.db, SystemClock()).write("command line", "user.password", user, {}, "")
    finally:
        store.graph.close()
    if json:
        print_json({"user": user, "password": made})
    else:
        out.print(f"{user}  /  {made}")
