"""`parktwin embed`: tokens with which pages of others show the park."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from server.cli.access import access
from server.cli.output import JsonFlag, out, print_json, print_table
from twin.clock import SystemClock, iso
from twin.park import Park

DAY_MS = 86_400_000
app = typer.Typer(help="Tokens with which pages of others show the park.", no_args_is_help=True)
Folder = Annotated[Path, typer.Argument(help="Folder of the park.")]


@app.command("issue")
def issue(
    park: Folder,
    name: Annotated[str, typer.Argument(help="What the token is for, as people will look for it.")],
    *,
    layer: Annotated[list[str] | None, typer.Option(help="A layer it shows; may be repeated. None: all.")] = None,
    origin: Annotated[
        list[str] | None,
        typer.Option(
            help="A page that may use it, like https://www.example.org; may be repeated. None: [embed] origins."
        ),
    ] = None,
    live: Annotated[bool, typer.Option("--live", help="It shows live values too.")] = False,
    days: Annotated[int, typer.Option(min=0, help="Days until it expires; 0: never.")] = 365,
    json: JsonFlag = False,
) -> None:
    """Issue a token; it is printed this once."""
    expires = SystemClock().now_ms() + days * DAY_MS if days else None
    wish = {"name": name, "layers": layer or [], "origins": origin or [], "live": live, "expires_at": expires}
    with access(Park.load(park)) as store:
        made = store.issue_embed_token(wish)
    if json:
        print_json(made)
    else:
        out.print(made["token"], soft_wrap=True)
        out.print(f"Token {made['id']} for {_scope(made)}; expires: {_time(made['expires_at']) or 'never'}.")


@app.command("list")
def list_(park: Folder, *, json: JsonFlag = False) -> None:
    """List the tokens that were issued."""
    with access(Park.load(park)) as store:
        tokens = store.embed_tokens()
    if json:
        print_json({"tokens": tokens})
    elif not tokens:
        out.print(f"No token was issued yet. Next: parktwin embed issue {park} NAME")
    else:
        rows = [
            (
                t["id"],
                t["name"],
                t["state"],
                _scope(t),
                " ".join(t["origins"]),
                _time(t["expires_at"]),
                _time(t["used_at"]),
            )
            for t in tokens
        ]
        print_table(["id", "name", "state", "shows", "origins", "expires", "last used"], rows)


@app.command("revoke")
def revoke(
    park: Folder,
    token: Annotated[str, typer.Argument(help="Its id, as `embed list` shows it.")],
    *,
    json: JsonFlag = False,
) -> None:
    """End a token at once."""
    with access(Park.load(park)) as store:
        ended = store.revoke_embed_token(token)
    if json:
        print_json(ended)
    else:
        out.print(f"Token {ended['id']} ({ended['name']}) is revoked.")


def _scope(token: dict[str, Any]) -> str:
    shown = ", ".join(token["layers"]) or "all layers"
    return f"{shown} with live values" if token["live"] else shown


def _time(at: int | None) -> str:
    return "" if at is None else iso(at)
